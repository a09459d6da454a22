import type { Message } from "@grammyjs/types";
import { masked } from "../../shared/spoilers.ts";
import { pictureOf } from "../state/act.ts";
import { showMessage } from "../state/show-message.ts";
import { authorOf, hash, originName, snippet } from "./words.ts";
import { t } from "../state/locale.ts";
import { Said } from "../ui/said.tsx";

/** What is above a message: its author, whom it was forwarded from, what it replies to. */
export function Head({ message, withAuthor }: { message: Message; withAuthor: boolean }) {
  const { forward_origin: origin, via_bot: via } = message;
  return (
    <>
      {withAuthor && <Author message={message} />}
      {origin !== undefined && (
        <div class="origin">
          <Said of="forwarded-from" values={{ name: originName(origin) }} />
        </div>
      )}
      {via !== undefined && (
        <div class="origin">
          <Said of="via" values={{ name: `@${via.username ?? via.first_name}` }} />
        </div>
      )}
      <Replied message={message} />
    </>
  );
}

function Author({ message }: { message: Message }) {
  const id = message.sender_chat?.id ?? message.from?.id ?? 0;
  const { sender_tag: tag } = message;
  return (
    <div class="author" style={{ "--hue": String(hash(String(id)) % 360) }}>
      {authorOf(message)}
      {tag !== undefined && <span class="author-tag">{tag}</span>}
    </div>
  );
}

/** The replied-to message in one line; a click goes there. */
function Replied({ message }: { message: Message }) {
  const { reply_to_message: replied, external_reply: external, quote } = message;
  const words = quote && masked(quote.text, quote.entities);
  const shown = replied ?? external;
  if (shown === undefined) return null;
  const inner = (
    <>
      <Thumbnail {...shown} />
      <span class="reply-words">
        <b>{replied ? authorOf(replied) : external && originName(external.origin)}</b>
        <span>{words ?? snippet(shown)}</span>
      </span>
    </>
  );
  if (replied === undefined) return <div class="reply">{inner}</div>;
  return (
    <button type="button" class="reply" onClick={() => showMessage(replied.message_id)}>
      <span class="unseen">{t("in-reply-to")} </span>
      {inner}
    </button>
  );
}

function Thumbnail({ photo, has_media_spoiler: isHidden }: Pick<Message, "has_media_spoiler" | "photo">) {
  const smallest = isHidden ? undefined : photo?.[0];
  return smallest ? <img src={pictureOf(smallest.file_id)} width={34} height={34} alt="" /> : null;
}
