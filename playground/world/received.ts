import type { Message } from "@grammyjs/types";
import { kindOf } from "../content/kinds.ts";
import type { World } from "./world.ts";

/** Whether a bot sent this message; service messages about what a bot did (a pin, a new topic) do not count. */
export function isSentByBot(world: World, message: Message): boolean {
  return world.isBots(message) && kindOf(message) !== "service";
}

/** How many of the bots' messages in each chat match. Chats without any are left out. */
export function countReceived(world: World, predicate: (message: Message) => boolean): Map<number, number> {
  const counts = new Map<number, number>();
  for (const place of world.places.values()) {
    let count = 0;
    for (const message of place.messages ?? [])
      if (isSentByBot(world, message) && predicate(message)) count += 1;
    if (count > 0) counts.set(place.id, count);
  }
  return counts;
}
