import type { ChatSummary } from "../../live/protocol.ts";
import { addressOf } from "../address.ts";
import { Avatar } from "../avatar.tsx";
import { go, here } from "../here.ts";
import { Icon } from "../icon.tsx";
import { connected } from "../live.ts";
import { useSelected, useStore } from "../store.ts";
import { PersonMenu } from "./person-menu.tsx";
import { statusOf } from "./status.ts";

/** Whose chat it is and how they stand with the bot. */
export function Header({ summary, isOwner }: { summary: ChatSummary; isOwner: boolean }) {
  const isConnected = useStore(connected);
  const overlaid = useSelected(here, ({ part }) => part === "telegram");
  return (
    <header class="chat-header">
      <a
        class="round back"
        href={addressOf({ part: "chats", chatId: summary.id })}
        aria-label="Back to the chats"
      >
        <Icon name="back" />
      </a>
      <Avatar {...summary} />
      <div class="chat-who">
        <h2>{summary.title}</h2>
        <p>{isConnected ? statusOf(summary, isOwner) : "Connecting…"}</p>
      </div>
      <button
        class="round to-telegram"
        aria-label="What Telegram sees"
        aria-expanded={overlaid}
        title="What Telegram sees"
        onClick={() => go(overlaid ? "chat" : "telegram")}
      >
        <Icon name="chart" />
      </button>
      {summary.type === "private" && <PersonMenu summary={summary} />}
    </header>
  );
}
