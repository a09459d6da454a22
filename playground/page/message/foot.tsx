import type { OpenChat, ShownMessage } from "../../live/protocol.ts";
import { Icon } from "../icon.tsx";
import { clock, wholeDate } from "./moments.ts";

/** When a message was sent, and what is to be known of it besides. */
export function Foot({
  parts,
  chat,
  look,
}: {
  parts: readonly ShownMessage[];
  chat: OpenChat;
  /** In the last line of a text, over a picture, or in a line of its own. */
  look: "afloat" | "alone" | "over";
}) {
  const last = parts.at(-1);
  if (last === undefined) return null;
  const { date, effect_id: effect, author_signature: signature, has_protected_content: kept } = last.message;
  const edits = parts.flatMap(({ message }) => message.edit_date ?? []);
  const edited = edits.length === 0 ? undefined : Math.max(...edits);
  const isPinned = parts.some(({ message }) => chat.pinned.includes(message.message_id));
  const title = wholeDate(date) + (edited === undefined ? "" : `\nEdited: ${wholeDate(edited)}`);
  return (
    <span class={`foot ${look}`} title={title}>
      {effect !== undefined && (
        <span role="img" aria-label="Sent with an effect" title="Sent with an effect">
          ✨
        </span>
      )}
      {kept && (
        <span role="img" aria-label="Protected" title="Protected: it can be neither forwarded nor saved">
          <Icon name="lock" />
        </span>
      )}
      {isPinned && (
        <span role="img" aria-label="Pinned" title="Pinned">
          <Icon name="pin" />
        </span>
      )}
      {signature !== undefined && <span>{signature}</span>}
      {edited !== undefined && <span>edited</span>}
      <time dateTime={new Date(date * 1000).toISOString()}>{clock(date)}</time>
      {last.own && chat.summary.type === "private" && <Icon name="ticks" />}
    </span>
  );
}
