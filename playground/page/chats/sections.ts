import type { ChatSummary, Overview } from "../../live/protocol.ts";
import { matches, wordsOf } from "../../shared/matching.ts";

export interface Section {
  title: string;
  chats: ChatSummary[];
}

/** The chats of the list, without empty sections. `found` are the people whom a search for `query` has found so far. */
export function sectionsOf(
  now: Overview | undefined,
  query: string,
  found: ChatSummary[] | undefined,
  opened: ChatSummary | undefined,
): Section[] {
  if (now === undefined) return [];
  const words = wordsOf(query);
  const fits = ({ title, username = "" }: ChatSummary) => matches(words, `${title} @${username}`);
  const people =
    words.length === 0 ? withOpen(now, opened) : (found ?? now.chats.filter(isPerson).filter(fits));
  const sections = [
    { title: "You", chats: now.chats.filter(({ id }) => id === now.owner).filter(fits) },
    { title: "Channels & groups", chats: now.chats.filter((chat) => !isPerson(chat)).filter(fits) },
    { title: "People", chats: people.filter(({ id }) => id !== now.owner) },
  ];
  return sections.filter(({ chats }) => chats.length > 0);
}

/** The people of the overview; and whoever was found by a search and is open now, so that the list shows where one is. */
function withOpen(now: Overview, opened: ChatSummary | undefined): ChatSummary[] {
  const people = now.chats.filter(isPerson);
  if (opened === undefined || !isPerson(opened) || people.some(({ id }) => id === opened.id)) return people;
  return [opened, ...people];
}

function isPerson({ type }: ChatSummary): boolean {
  return type === "private";
}

/** What stands below the list. */
export function totals({ people: { total, blocked } }: Overview): string {
  const count = `${total.toLocaleString("en")} ${total === 1 ? "person" : "people"}`;
  const gone = blocked > 0 ? ` · ${blocked.toLocaleString("en")} blocked the bot` : "";
  return `${count}${gone} · search to find anyone`;
}
