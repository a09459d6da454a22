import type { ChatSummary } from "../../live/protocol.ts";
import { addressOf } from "../address.ts";
import { Avatar } from "../avatar.tsx";
import { briefly } from "../dates.ts";

interface RowProps {
  chat: ChatSummary;
  current: boolean;
  unread: boolean;
  /** Whether the Tab key stops at it. */
  stop: boolean;
}

/** A chat in the list. */
export function Row({ chat, current, unread, stop }: RowProps) {
  const { id, title, last, languageCode } = chat;
  const state = stateOf(chat);
  return (
    <li>
      <a
        class="row"
        href={addressOf({ part: "chat", chatId: id })}
        aria-current={current ? "page" : undefined}
        tabIndex={stop ? 0 : -1}
      >
        <Avatar {...chat} />
        <span class="row-head">
          <span class="row-name">{title}</span>
          {languageCode !== undefined && <span class="tag">{languageCode}</span>}
          <span class="row-time">{last && briefly(last.date, Date.now() / 1000)}</span>
        </span>
        {(state !== undefined || last !== undefined) && (
          <span class="row-foot">
            <span class={isOut(chat) ? "row-last row-out" : "row-last"}>
              {state ?? (
                <>
                  {last?.byBot === false && <span class="row-you">You: </span>}
                  {last?.text}
                </>
              )}
            </span>
            {unread && (
              <span class="dot">
                <span class="unseen">New</span>
              </span>
            )}
          </span>
        )}
      </a>
    </li>
  );
}

/** Whether the bot can no longer write there. */
function isOut({ deactivated, blocked, botStatus }: ChatSummary): boolean {
  return deactivated === true || blocked === true || botStatus === "left" || botStatus === "kicked";
}

/** What is to be known of a chat before one opens it; undefined when nothing is out of the ordinary. */
function stateOf(chat: ChatSummary): string | undefined {
  if (chat.deactivated) return "Account deleted";
  if (chat.blocked) return "Blocked the bot";
  if (isOut(chat)) return "Bot isn't a member";
  if (!chat.open && chat.last === undefined) return "Has not started the bot";
  return undefined;
}
