import type { OpenChat } from "../../shared/protocol.ts";
import { Icon } from "../ui/icon.tsx";
import { snippet } from "../message/words.ts";
import { showMessage } from "../state/show-message.ts";
import { t } from "../state/locale.ts";

/** The newest of the pinned messages; a click goes to it. */
export function Pinned({ chat }: { chat: OpenChat }) {
  const id = chat.pinned.at(-1);
  if (id === undefined) return null;
  const message = chat.messages.find((shown) => shown.message.message_id === id)?.message;
  return (
    <button class="pinned" disabled={message === undefined} onClick={() => showMessage(id)}>
      <Icon name="pin" />
      <span class="pinned-title">
        {chat.pinned.length > 1 ? t("pinned-last", { count: chat.pinned.length }) : t("pinned-message")}
      </span>
      <span class="pinned-words">{message === undefined ? t("too-far-back") : snippet(message)}</span>
    </button>
  );
}
