import type { Message } from "@grammyjs/types";
import { forwarded } from "../content/forwarding.ts";
import type { MessageBody } from "../content/message-body.ts";
import { draw } from "../content/transcript.ts";
import type { World } from "../world/world.ts";

/** What a message holds once it is forwarded. Throws for service and protected messages. */
export function forwardedBody(message: Message): MessageBody {
  const body = forwarded(message);
  if (body === undefined) throw new Error(`Telegram lets nobody forward ${draw(message)}`);
  return body;
}

/** The same for several messages that are forwarded together: the parts of an album stay an album, with a new id. */
export function forwardedBodies(world: World, messages: readonly Message[]): MessageBody[] {
  const albums = new Map<string, string>();
  return messages.map((message) => {
    const body = forwardedBody(message);
    const { media_group_id: old } = message;
    if (old === undefined) return body;
    const album = albums.get(old) ?? world.nextAlbum();
    albums.set(old, album);
    return { ...body, media_group_id: album };
  });
}
