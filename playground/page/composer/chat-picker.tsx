import type { KeyboardButtonRequestChat } from "@grammyjs/types";
import type { ChatSummary } from "../../live/protocol.ts";
import { act } from "../act.ts";
import { Avatar } from "../avatar.tsx";
import { overview } from "../live.ts";
import { useStore } from "../store.ts";
import { Dialog } from "./dialog.tsx";
import { moveFocus } from "../focus.ts";

interface ChatPickerProps {
  from: number;
  label: string;
  wanted: KeyboardButtonRequestChat;
  /** Whether a chat was picked. */
  onClose: (isDone: boolean) => void;
}

/** The groups or channels that a bot asks for. What the page cannot know of them, the playground checks and says. */
export function ChatPicker({ from, label, wanted, onClose }: ChatPickerProps) {
  const chats = (useStore(overview)?.chats ?? []).filter((chat) => mayFit(chat, wanted));
  const kind = wanted.chat_is_channel ? "channel" : "group";

  const close = (value: string) => {
    onClose(value !== "");
    if (value !== "") void act("shares", { from, requestId: wanted.request_id, chat: Number(value) });
  };

  return (
    <Dialog label={label} onClose={close}>
      {chats.length === 0 && <p class="composer-note">There is no {kind} here that fits.</p>}
      <div class="picker-list" onKeyDown={(event) => void moveFocus(event, event.currentTarget)}>
        {chats.map((chat) => (
          <button key={chat.id} value={chat.id}>
            <Avatar {...chat} />
            <span class="composer-label">
              {chat.title}
              <span class="composer-hint">
                {chat.username === undefined ? `Private ${kind}` : `@${chat.username}`}
              </span>
            </span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}

function mayFit({ type, username }: ChatSummary, wanted: KeyboardButtonRequestChat): boolean {
  const { chat_is_channel: isChannel, chat_has_username: hasName } = wanted;
  if (type === "private" || (type === "channel") !== isChannel) return false;
  return hasName === undefined || hasName === (username !== undefined);
}
