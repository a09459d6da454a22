import type { Message } from "@grammyjs/types";
import { checkAction } from "../markup.ts";
import { isRecord, Params } from "../params.ts";
import { badRequest } from "../refusal.ts";
import { receiveRich } from "../rich.ts";
import { type Call, target } from "./call.ts";
import { readMedia } from "./media.ts";
import { send } from "./send.ts";

/** Sends a rich message given as blocks; of its HTML and Markdown the playground knows nothing. */
export function sendRichMessage(call: Call): Message {
  const given = call.params.json("rich_message");
  if (!isRecord(given)) throw badRequest("rich message must be non-empty");
  if (given["blocks"] === undefined && (given["html"] !== undefined || given["markdown"] !== undefined))
    throw badRequest("the playground does not parse rich HTML and Markdown; send blocks");
  const place = target(call);
  const rich = receiveRich(
    given,
    (kind, media) => {
      if (!isRecord(media)) throw badRequest("can't parse InputMedia: expected an Object");
      const params = new Params(media, call.params.uploads);
      return {
        media: readMedia(call, kind, params, "media"),
        ...(params.flag("has_spoiler") && { has_spoiler: true }),
      };
    },
    (button) => checkAction(button, place),
  );
  return send(call, { rich_message: call.world.intern(rich) });
}
