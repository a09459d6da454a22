import type { ChatSummary } from "../../shared/protocol.ts";
import { addressOf } from "../state/address.ts";
import { Avatar } from "../ui/avatar.tsx";
import { briefly } from "../ui/dates.ts";
import type { Face } from "../ui/face.ts";
import { t } from "../state/locale.ts";

interface RowProps {
  chat: ChatSummary;
  /** How it is shown: like the chat itself, except that the owner's own chat has the bot's name. */
  face: Face;
  current: boolean;
  unread: boolean;
  /** Whether it is a tab stop. */
  stop: boolean;
}

/** A chat in the list. */
export function Row({ chat, face, current, unread, stop }: RowProps) {
  const { id, last, languageCode, admin } = chat;
  const state = stateOf(chat);
  return (
    <li>
      <a
        class="row"
        href={addressOf({ part: "chat", chatId: id })}
        aria-current={current ? "page" : undefined}
        tabIndex={stop ? 0 : -1}
      >
        <Avatar {...face} />
        <span class="row-head">
          <span class="row-name">{face.title}</span>
          {admin && face === chat && <span class="tag tag-admin">{t("admin")}</span>}
          {languageCode !== undefined && face === chat && <span class="tag">{languageCode}</span>}
          <span class="row-time">{last && briefly(last.date, Date.now() / 1000)}</span>
        </span>
        {(state !== undefined || last !== undefined) && (
          <span class="row-foot">
            <span class={isOut(chat) ? "row-last row-out" : "row-last"}>
              {state ?? (
                <>
                  {last?.byBot === false && <span class="row-you">{t("you-said")} </span>}
                  {last && (last.text ?? t(`kind-${last.kind}`))}
                </>
              )}
            </span>
            {unread && (
              <span class="dot">
                <span class="unseen">{t("new")}</span>
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

/** What is unusual about a chat; undefined if nothing is. */
function stateOf(chat: ChatSummary): string | undefined {
  if (chat.deactivated) return t("account-deleted");
  if (chat.blocked) return t("row-blocked");
  if (isOut(chat)) return t("row-no-member");
  if (!chat.open && chat.last === undefined) return t("row-not-started");
  return undefined;
}
