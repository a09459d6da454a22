import type { OpenChat, ShownMessage } from "../../shared/protocol.ts";
import { Icon } from "../ui/icon.tsx";
import { More } from "./message-menu.tsx";
import { clock, wholeDate } from "./moments.ts";
import { t } from "../state/locale.ts";

/** When a message was sent, its marks, and its menu button. */
export function Foot({
  parts,
  chat,
  isStop,
  look,
}: {
  parts: readonly ShownMessage[];
  chat: OpenChat;
  /** Whether the button is a tab stop. */
  isStop: boolean;
  /** In the last line of a text, over a picture, or on a line of its own. */
  look: "afloat" | "alone" | "over";
}) {
  const last = parts.at(-1);
  if (last === undefined) return null;
  const { date, effect_id: effect, author_signature: signature, has_protected_content: kept } = last.message;
  const edits = parts.flatMap(({ message }) => message.edit_date ?? []);
  const edited = edits.length === 0 ? undefined : Math.max(...edits);
  const isPinned = parts.some(({ message }) => chat.pinned.includes(message.message_id));
  const title =
    wholeDate(date) + (edited === undefined ? "" : `\n${t("edited-at", { date: wholeDate(edited) })}`);
  return (
    <div class={`foot ${look}`} title={title}>
      <More parts={parts} chat={chat} isStop={isStop} />
      {effect !== undefined && (
        <span role="img" aria-label={t("with-effect")} title={t("with-effect")}>
          ✨
        </span>
      )}
      {kept && (
        <span role="img" aria-label={t("protected")} title={t("protected-what")}>
          <Icon name="lock" />
        </span>
      )}
      {isPinned && (
        <span role="img" aria-label={t("pinned")} title={t("pinned")}>
          <Icon name="pin" />
        </span>
      )}
      {signature !== undefined && <span>{signature}</span>}
      {edited !== undefined && <span>{t("edited")}</span>}
      <time dateTime={new Date(date * 1000).toISOString()}>{clock(date)}</time>
      {last.own && chat.summary.type === "private" && <Icon name="ticks" />}
    </div>
  );
}
