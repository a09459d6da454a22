import type { ChatSummary } from "../../shared/protocol.ts";
import { addressOf } from "../state/address.ts";
import { Avatar } from "../ui/avatar.tsx";
import type { Face } from "../ui/face.ts";
import { navigate, route } from "../state/route.ts";
import { Icon } from "../ui/icon.tsx";
import { connected } from "../state/stream.ts";
import { useSelected, useStore } from "../state/store.ts";
import { PersonMenu } from "./person-menu.tsx";
import { statusOf } from "./status.ts";
import { t } from "../state/locale.ts";

interface HeaderProps {
  summary: ChatSummary;
  /** How the chat is shown: see `faceOf`. */
  face: Face;
  isOwner: boolean;
}

/** The other side of the chat, and below it who you are there and that person's status. */
export function Header({ summary, face, isOwner }: HeaderProps) {
  const isConnected = useStore(connected);
  const overlaid = useSelected(route, ({ part }) => part === "telegram");
  return (
    <header class="chat-header">
      <a class="round back" href={addressOf({ part: "chats", chatId: summary.id })} aria-label={t("back")}>
        <Icon name="back" />
      </a>
      <Avatar {...face} />
      <div class="chat-who">
        <h2>{face.title}</h2>
        <p>{isConnected ? statusOf(summary, isOwner) : t("connecting")}</p>
      </div>
      <button
        class="round to-telegram"
        aria-label={t("telegram-sees")}
        aria-expanded={overlaid}
        title={t("telegram-sees")}
        onClick={() => navigate(overlaid ? "chat" : "telegram")}
      >
        <Icon name="chart" />
      </button>
      {summary.type === "private" && <PersonMenu summary={summary} />}
    </header>
  );
}
