import type { Message } from "@grammyjs/types";
import { checkAction } from "./reply-markup.ts";
import { isRecord, Params } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";
import { receiveRich } from "../content/rich-blocks.ts";
import { type Call, target } from "./call.ts";
import { readMedia } from "./media.ts";
import { send } from "./send.ts";

/** Sends a rich message given as blocks. The playground does not parse rich HTML and Markdown. */
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
