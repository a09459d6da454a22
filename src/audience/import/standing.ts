import type { Filter } from "./columns.ts";
import { isMoment } from "./date-cells.ts";

/** What a file says about whether a person can be written to; null if it says nothing. */
export type Standing = "active" | "opted-out" | "blocked" | "bot" | "elsewhere" | null;

const YES = list("1 true yes y t on да истина");
const NO = list("0 false no n f off нет ложь");

/** Words in a column such as `status`, as `bare` spells them. No numbers: 0 may mean anything there. */
const ACTIVE = list(`active subscribed subscriber enabled member confirmed ok
  активен активна активный активная подписан подписана подписчик`);
const OPTED_OUT = list(`unsubscribed optedout optout left stopped inactive notactive disabled banned
  отписан отписана отписался отписалась отписка вышел вышла забанен забанена
  неактивен неактивна неактивный неактивная неподписан неподписана`);
const BLOCKED = list(`blocked botblocked blockedbot kicked deleted deactivated
  заблокирован заблокирована заблокировал заблокировала заблокировалбота заблокировалабота ботзаблокирован
  удален удалена`);

/** In a column such as `platform`: Telegram, and the other platforms in Botmother's manual. */
const TELEGRAM = list("tg telegram телеграм");
const ELSEWHERE = list(`viber fb facebook facebookmessenger vk vkontakte ok odnoklassniki instagram
  wa whatsapp whatsapppact whatsappedna max`);

function list(words: string): Set<string> {
  return new Set(words.split(/\s+/));
}

/** What a cell of such a column says; "unclear" for an unknown word. */
export function readStanding(filter: Filter, text: string | null): Standing | "unclear" {
  if (text === null) return null;
  const word = bare(text);
  if (filter === "status") return standingOf(word);
  if (filter === "platform") return TELEGRAM.has(word) ? null : ELSEWHERE.has(word) ? "elsewhere" : "unclear";
  const isSo = readFlag(word, text);
  // A flag column may hold a status word instead, such as "blocked" in `active`.
  if (isSo === null) return filter === "active" ? standingOf(word) : "unclear";
  if (filter === "active") return isSo ? "active" : "opted-out";
  return isSo ? FLAGGED[filter] : null;
}

/** What each flag means when it is set. */
const FLAGGED = { unsubscribed: "opted-out", blocked: "blocked", is_bot: "bot" } as const;

function standingOf(word: string): Standing | "unclear" {
  if (ACTIVE.has(word)) return "active";
  if (OPTED_OUT.has(word)) return "opted-out";
  return BLOCKED.has(word) ? "blocked" : "unclear";
}

/** True if a flag is set. A date means yes, since then. MySQL's 0000-00-00 means no; null if the word is unknown. */
function readFlag(word: string, text: string): boolean | null {
  if (YES.has(word) || isMoment(text)) return true;
  return NO.has(word) || text.startsWith("0000-00-00") ? false : null;
}

/** A word without case, spaces and punctuation; `1.0` is 1. */
function bare(text: string): string {
  return text
    .replace(/^(\d)\.0$/, "$1")
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
