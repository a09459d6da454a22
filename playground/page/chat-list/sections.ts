import type { ChatSummary, Overview } from "../../shared/protocol.ts";
import { matches, wordsOf } from "../../shared/matching.ts";
import { t } from "../state/locale.ts";

export interface Section {
  title: string;
  chats: ChatSummary[];
}

/** The sections of the list, without empty ones. `found` are the people that a search for `query` has found so far. */
export function sectionsOf(
  now: Overview | undefined,
  query: string,
  found: ChatSummary[] | undefined,
  opened: ChatSummary | undefined,
): Section[] {
  if (now === undefined) return [];
  const words = wordsOf(query);
  const fits = ({ title, username = "" }: ChatSummary) => matches(words, `${title} @${username}`);
  const fitsOwn = (chat: ChatSummary) => fits(chat) || matches(words, `${now.bot.name} @${now.bot.username}`);
  const people =
    words.length === 0 ? withOpen(now, opened) : (found ?? now.chats.filter(isPerson).filter(fits));
  const sections = [
    {
      title: t("own-chat"),
      chats: now.chats.filter(({ id }) => id === now.owner).filter(fitsOwn),
    },
    { title: t("rooms"), chats: now.chats.filter((chat) => !isPerson(chat)).filter(fits) },
    { title: t("people-title"), chats: people.filter(({ id }) => id !== now.owner) },
  ];
  return sections.filter(({ chats }) => chats.length > 0);
}

/** The people of the overview, and the open chat if a search found it, so that the list shows where you are. */
function withOpen(now: Overview, opened: ChatSummary | undefined): ChatSummary[] {
  const people = now.chats.filter(isPerson);
  if (opened === undefined || !isPerson(opened) || people.some(({ id }) => id === opened.id)) return people;
  return [opened, ...people];
}

function isPerson({ type }: ChatSummary): boolean {
  return type === "private";
}

/** The line below the list. */
export function totals({ people: { total, blocked } }: Overview): string {
  return blocked > 0 ? t("totals-blocked", { count: total, blocked }) : t("totals", { count: total });
}
