import type { Message } from "@grammyjs/types";
import { matchesText } from "../content/find-button.ts";
import { drawChat } from "../world/chat-transcript.ts";
import type { Place } from "../world/places.ts";
import type { World } from "../world/world.ts";

/**
 * Waits for a message of the bot, new or edited since the person last acted, that matches in text or caption. Rejects
 * with a transcript of the chat if none arrives within `within` ms.
 */
export function waitForMessage(
  world: World,
  place: Place,
  wanted: string | RegExp,
  within: number,
): Promise<Message> {
  const look = (): Message | undefined => {
    const { messages, fresh } = place;
    return messages?.findLast(
      (message) =>
        message.from?.is_bot === true &&
        (fresh === null || fresh.has(message.message_id)) &&
        matchesText(wanted, message.text ?? message.caption ?? message.poll?.question ?? ""),
    );
  };
  // Created here so that its stack leads to the test and not to a timer.
  const late = new Error();
  return new Promise((resolve, reject) => {
    const now = look();
    if (now !== undefined) return resolve(now);
    const timer = setTimeout(() => {
      unwatch();
      late.message = `${place.chat.first_name} did not see ${String(wanted)} within ${within} ms. The chat holds:\n${drawChat(place, 10)}`;
      reject(late);
    }, within);
    const unwatch = world.watch(place, () => {
      const message = look();
      if (message === undefined) return;
      clearTimeout(timer);
      unwatch();
      resolve(message);
    });
  });
}
