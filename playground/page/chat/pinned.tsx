import type { OpenChat } from "../../live/protocol.ts";
import { Icon } from "../icon.tsx";
import { snippet } from "../message/words.ts";
import { showMessage } from "./show-message.ts";

/** The newest of the pinned messages; a tap goes there. */
export function Pinned({ chat }: { chat: OpenChat }) {
  const id = chat.pinned.at(-1);
  if (id === undefined) return null;
  const message = chat.messages.find((shown) => shown.message.message_id === id)?.message;
  return (
    <button class="pinned" disabled={message === undefined} onClick={() => showMessage(id)}>
      <Icon name="pin" />
      <span class="pinned-title">
        {chat.pinned.length > 1 ? `Pinned message, the last of ${chat.pinned.length}` : "Pinned message"}
      </span>
      <span class="pinned-words">{message === undefined ? "Too far back to show" : snippet(message)}</span>
    </button>
  );
}
