import type { ChatSummary, OpenChat, Overview } from "../../shared/protocol.ts";
import { overview } from "../state/stream.ts";
import { useStore } from "../state/store.ts";
import icon from "../icon.svg";
import { t } from "../state/locale.ts";
import { Said } from "../ui/said.tsx";

/** An empty chat. It tells the owner what this is and how to begin. */
export function Empty({ chat, isOwner }: { chat: OpenChat; isOwner: boolean }) {
  const now = useStore(overview);
  if (now === undefined) return null;
  if (!isOwner)
    return (
      <div class="empty">
        <p>{t("nothing-yet")}</p>
        <p class="empty-hint">{hint(chat.summary, now)}</p>
      </div>
    );
  return (
    <div class="empty empty-owner">
      <img src={icon} alt="" width="56" height="56" />
      {now.herald === undefined ? (
        <AnyBot now={now} isOpen={chat.summary.open} />
      ) : (
        <Herald now={now} isOpen={chat.summary.open} />
      )}
    </div>
  );
}

interface BeginningProps {
  now: Overview;
  /** Whether the owner has started the bot. */
  isOpen: boolean;
}

/** For a Herald that the playground runs: its list holds the people who have started it. */
function Herald({ now, isOpen }: BeginningProps) {
  return (
    <>
      <h3>{t("try-herald")}</h3>
      <p>{t("try-herald-what", { count: now.people.total })}</p>
      <ol>
        <li>
          <Begin isOpen={isOpen} />
        </li>
        <li>
          <Said of="try-send" />
        </li>
        <li>{t("try-watch")}</li>
      </ol>
    </>
  );
}

/** For any other bot: people have started it, but it did not see that. */
function AnyBot({ now, isOpen }: BeginningProps) {
  return (
    <>
      <h3>{t("try-bot")}</h3>
      <p>{t("try-bot-what", { bot: now.bot.name, count: now.people.total })}</p>
      <ol>
        <li>{t("try-run")}</li>
        <li>
          <Begin isOpen={isOpen} /> {t("try-as")}
        </li>
        <li>{t("try-cope")}</li>
      </ol>
    </>
  );
}

function Begin({ isOpen }: { isOpen: boolean }) {
  return <Said of={isOpen ? "send-start" : "tap-start"} />;
}

function hint({ type, title, open }: ChatSummary, { bot, herald }: Overview): string {
  if (type === "private") return t("hint-person", { bot: bot.name, name: title });
  if (!open) return t("hint-closed");
  return herald === undefined ? t("hint-posts", { bot: bot.name }) : t("hint-broadcast");
}
