import type { ChatSummary, OpenChat, Overview } from "../../live/protocol.ts";
import { overview } from "../live.ts";
import { useStore } from "../store.ts";
import icon from "../icon.svg";

/** What stands in a chat without messages: to the owner, what this is and how to begin. */
export function Empty({ chat, isOwner }: { chat: OpenChat; isOwner: boolean }) {
  const now = useStore(overview);
  if (now === undefined) return null;
  if (!isOwner)
    return (
      <div class="empty">
        <p>Nothing yet.</p>
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

/** The playground runs Herald, and those who have started it are on its list. */
function Herald({ now, isOpen }: BeginningProps) {
  return (
    <>
      <h3>Try Herald without a token</h3>
      <p>
        This is a private Telegram on your computer: nothing leaves it. You own the bot in this chat, and{" "}
        {people(now)} for its first broadcast.
      </p>
      <ol>
        <li>{isOpen ? <SendStart /> : <TapStart />}</li>
        <li>
          Send <code>/broadcast</code>, then the post itself.
        </li>
        <li>Watch it go out, and cause trouble along the way: Herald copes.</li>
      </ol>
    </>
  );
}

/** Any bot: the people have started it, but it hears nothing of what was before it ran. */
function AnyBot({ now, isOpen }: BeginningProps) {
  return (
    <>
      <h3>Try your bot without Telegram</h3>
      <p>
        This is a private Telegram on your computer: nothing leaves it. You own {now.bot.name} in this chat.
        Of the {now.people.total.toLocaleString("en")} people here it knows those who write to it and those
        whom you have put on its list.
      </p>
      <ol>
        <li>Run your bot with the variables that the terminal shows.</li>
        <li>{isOpen ? <SendStart /> : <TapStart />} To write as somebody else, open their chat.</li>
        <li>Cause trouble along the way, and see how it copes.</li>
      </ol>
    </>
  );
}

function SendStart() {
  return (
    <>
      Send <code>/start</code>.
    </>
  );
}

function TapStart() {
  return (
    <>
      Tap <b>Start</b> below.
    </>
  );
}

function hint({ type, title, open }: ChatSummary, { bot, herald }: Overview): string {
  if (type === "private") return `What ${bot.name} sends to ${title} will appear here.`;
  if (!open) return "The bot isn't allowed to write here.";
  if (herald === undefined) return `What ${bot.name} posts here will appear here.`;
  return "To send a broadcast here instead of to people, choose “Channels & groups…” while you compose it.";
}

function people({ people: { total } }: Overview): string {
  return total === 1
    ? "one simulated person is waiting"
    : `${total.toLocaleString("en")} simulated people are waiting`;
}
