import type { KeyboardButtonRequestChat } from "@grammyjs/types";
import type { ChatSummary } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { Avatar } from "../ui/avatar.tsx";
import { overview } from "../state/stream.ts";
import { useStore } from "../state/store.ts";
import { Dialog } from "./dialog.tsx";
import { moveFocus } from "../ui/focus.ts";
import { t } from "../state/locale.ts";

interface ChatPickerProps {
  from: number;
  label: string;
  wanted: KeyboardButtonRequestChat;
  /** Called with whether a chat was picked. */
  onClose: (isDone: boolean) => void;
}

/** The groups or channels that a bot asks for. What the page cannot check, the playground checks and reports. */
export function ChatPicker({ from, label, wanted, onClose }: ChatPickerProps) {
  const chats = (useStore(overview)?.chats ?? []).filter((chat) => mayFit(chat, wanted));
  const kind = wanted.chat_is_channel ? "channel" : "group";

  const close = (value: string) => {
    onClose(value !== "");
    if (value !== "") void act("shares", { from, requestId: wanted.request_id, chat: Number(value) });
  };

  return (
    <Dialog label={label} onClose={close}>
      {chats.length === 0 && <p class="composer-note">{t(`picker-no-${kind}`)}</p>}
      <div class="picker-list" onKeyDown={(event) => void moveFocus(event, event.currentTarget)}>
        {chats.map((chat) => (
          <button key={chat.id} value={chat.id}>
            <Avatar {...chat} />
            <span class="composer-label">
              {chat.title}
              <span class="composer-hint">
                {chat.username === undefined ? t(`picker-private-${kind}`) : `@${chat.username}`}
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
