import { bundleIn, listBundle } from "../../campaign/bundle.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { Share } from "../../audience/segment/joint-count.ts";
import type { SendingBot } from "./sending-bots.ts";
import { nameOfBot } from "./sending-bots.ts";
import type { Translate } from "./words.ts";

/* Several campaigns, and several bots, in a line. */

/** Numbers with runs drawn together: "12–14, 16". The sentences have the sign before them. */
export function rangesOf(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && id === range.last + 1) range.last = id;
    else ranges.push({ first: id, last: id });
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}–${last}`)).join(", ");
}

/** Bots named in a line; the others are only counted. */
const NAMED = 3;

/** "@shop_bot, @news_bot"; of many, the first and how many more. */
export function nameBots(t: Translate, bots: readonly SendingBot[], ids: readonly number[]): string {
  const names = ids.slice(0, NAMED).map((id) => nameOfBot(bots, id) ?? String(id));
  const more = ids.length - names.length;
  return more > 0 ? t("chats-more", { names: names.join(", "), count: more }) : names.join(", ");
}

/** Bots whose people are named in a card. */
const SHARES_SHOWN = 10;

/** How many each of several bots sends to, and how many people have several of them. */
export function shareLines(
  t: Translate,
  bots: readonly SendingBot[],
  { shares, several, eachOnce }: { shares: readonly Share[]; several: number; eachOnce: boolean },
): string[] {
  const shown = shares
    .slice(0, SHARES_SHOWN)
    .map(({ botId, sends }) => t("share", { bot: nameOfBot(bots, botId) ?? String(botId), count: sends }));
  const more = shares.length - shown.length;
  const names = shown.join(" · ");
  return [
    more > 0 ? t("chats-more", { names, count: more }) : names,
    ...(several > 0 ? [t(eachOnce ? "share-once" : "share-each", { count: several })] : []),
  ];
}

/** The number of a campaign, or the numbers of a bundle, as cards and news name them. */
export async function nameSubject(home: HomeScope, subject: number): Promise<string> {
  const bundleId = bundleIn(subject);
  if (bundleId === null) return String(subject);
  const bundle = await listBundle(home, bundleId);
  return rangesOf(bundle.length > 0 ? bundle.map(({ id }) => id) : [bundleId]);
}
