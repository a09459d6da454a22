import type { OpenChat, ShownMessage } from "../../live/protocol.ts";
import { act } from "../act.ts";
import { actorIn } from "../actor.ts";
import { Icon } from "../icon.tsx";
import { Menu } from "../menu.tsx";
import { say } from "../notices.ts";
import { copy } from "./clipboard.ts";
import { kindOf } from "./words.ts";

interface DeedsProps {
  parts: readonly ShownMessage[];
  chat: OpenChat;
}

interface MoreProps extends DeedsProps {
  /** Id of the element that names the message. */
  name: string;
  /** Whether the Tab key stops at it; arrow keys lead to the others. */
  isStop: boolean;
}

/** What can be done with a message, behind a button beside it. */
export function More({ parts, chat, name, isStop }: MoreProps) {
  return (
    <div class="more">
      <Menu
        label="More about this message"
        face={<Icon name="more" />}
        button={{ tabIndex: isStop ? 0 : -1, "aria-describedby": name }}
      >
        <Deeds parts={parts} chat={chat} />
      </Menu>
    </div>
  );
}

function Deeds({ parts, chat }: DeedsProps) {
  const from = actorIn(chat).from;
  const messages = parts.map(({ message }) => message);
  const text = messages
    .map(({ text, caption }) => text ?? caption ?? "")
    .join("\n")
    .trim();
  const isProtected = messages.some(({ has_protected_content: kept }) => kept);
  const canForward = !isProtected && messages.every((message) => kindOf(message) !== undefined);
  const canCopy = text !== "" && !isProtected;
  const canDelete = chat.summary.type === "private";
  const forward = async () => {
    const ids = messages.map(({ message_id: id }) => id);
    if ((await act("forwards", { from, chat: chat.summary.id, ids })) !== undefined) say("Forwarded");
  };
  const remove = async () => {
    for (const { message_id: id } of messages) await act("deletes", { from, id });
  };
  return (
    <>
      {canForward && (
        <button type="button" role="menuitem" onClick={() => void forward()}>
          Forward to the bot <Icon name="share" />
        </button>
      )}
      {canCopy && (
        <button type="button" role="menuitem" onClick={() => void copy(text)}>
          Copy text <Icon name="copy" />
        </button>
      )}
      {canDelete && (
        <button type="button" role="menuitem" class="menu-bad" onClick={() => void remove()}>
          Delete <Icon name="bin" />
        </button>
      )}
      {!canForward && !canCopy && !canDelete && (
        <button type="button" role="menuitem" aria-disabled="true">
          This message is protected.
        </button>
      )}
    </>
  );
}
