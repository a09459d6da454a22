import type { Message } from "@grammyjs/types";
import type { OpenChat, ShownMessage } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { actorIn } from "../state/actor.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { say } from "../state/notices.ts";
import { copy } from "./clipboard.ts";
import { kindOf } from "./words.ts";
import { t } from "../state/locale.ts";

interface DeedsProps {
  parts: readonly ShownMessage[];
  chat: OpenChat;
}

interface MoreProps extends DeedsProps {
  /** Whether it is a tab stop; arrow keys lead to the others. */
  isStop: boolean;
}

/** The id of the element that names a message. */
export function nameOfMessage({ message_id: id }: Message): string {
  return `message${id}`;
}

/** A message's menu, in the corner of its bubble. */
export function More({ parts, chat, isStop }: MoreProps) {
  const [first] = parts;
  return (
    <div class="more">
      <Menu
        label={t("more-about")}
        face={<Icon name="more" />}
        button={{
          title: t("more"),
          tabIndex: isStop ? 0 : -1,
          ...(first && { "aria-describedby": nameOfMessage(first.message) }),
        }}
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
    if ((await act("forwards", { from, chat: chat.summary.id, ids })) !== undefined) say(t("forwarded"));
  };
  const remove = async () => {
    for (const { message_id: id } of messages) await act("deletes", { from, id });
  };
  return (
    <>
      {canForward && (
        <button type="button" role="menuitem" onClick={() => void forward()}>
          {t("forward-to-bot")} <Icon name="share" />
        </button>
      )}
      {canCopy && (
        <button type="button" role="menuitem" onClick={() => void copy(text)}>
          {t("copy-text")} <Icon name="copy" />
        </button>
      )}
      {canDelete && (
        <button type="button" role="menuitem" class="menu-bad" onClick={() => void remove()}>
          {t("delete")} <Icon name="bin" />
        </button>
      )}
      {!canForward && !canCopy && !canDelete && (
        <button type="button" role="menuitem" aria-disabled="true">
          {t("is-protected")}
        </button>
      )}
    </>
  );
}
