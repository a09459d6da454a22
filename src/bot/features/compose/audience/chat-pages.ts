import type { Keyboard } from "../../../ui/card.ts";
import { type Translate, cut } from "../../../ui/words.ts";
import { draftButton } from "../dialog/draft-button.ts";

/* Pages of the list of chats and of a forum's topics. */

/** Entries per page. If there are more, a search is offered as well. */
export const PAGE_SIZE = 8;

/** About as much of a title as fits on a button, in characters. */
const TITLE_LENGTH = 40;

/** "-1001.2" as [-1001, 2]; anything that is not a whole number is 0. */
export function numbersIn(argument: string): number[] {
  const pages = argument.split(".").map(Number);
  return pages.map((number) => (Number.isSafeInteger(number) ? number : 0));
}

/** A page of a list, which may have become shorter, and the buttons to the previous and the next page. */
export function pageOf<T>(
  t: Translate,
  draft: number,
  verb: "chats" | "topics",
  items: readonly T[],
  wanted: number,
  argument = "",
): { page: number; shown: T[]; turns: Keyboard[number] } {
  const last = Math.max(0, Math.ceil(items.length / PAGE_SIZE) - 1);
  const page = Math.min(Math.max(wanted, 0), last);
  const turn = (label: string, to: number) => draftButton(draft, t(label), verb, `${argument}${to}`);
  return {
    page,
    shown: items.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
    turns: [
      ...(page > 0 ? [turn("chats-previous", page - 1)] : []),
      ...(page < last ? [turn("chats-next", page + 1)] : []),
    ],
  };
}

export function shortTitle(title: string): string {
  return cut(title, TITLE_LENGTH, "…");
}
