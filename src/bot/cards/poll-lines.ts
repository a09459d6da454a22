import { type OptionResult, type PollResults, resultsOf } from "../../campaign/report/poll-results.ts";
import type { PollTotal } from "../../campaign/votes/poll-votes.ts";
import type { Content } from "../../content/content.ts";
import { barOf } from "../ui/bar.ts";
import { type Translate, cut } from "../ui/words.ts";

/* What cards and statistics say about polls. */

/** Options that a card shows. A poll has up to 12, but people can add some. */
const MOST_OPTIONS = 20;
/** Telegram allows options of 100 characters, but a card has only one line for each. */
const LONGEST_OPTION = 40;

/** A shorter limit, because captions of pictures are short. */
const LONGEST_IN_SUMMARY = 20;

/** The results of a post's poll: one option per line, with its share of the voters. */
export function pollLines(t: Translate, content: Content, totals: readonly PollTotal[]): string[] {
  const results = resultsOf(content, totals);
  if (!results) return [];
  // Telegram reports only the polls that a bot made itself, and a forwarded poll is usually not its own.
  if (content.options?.forward && results.voters === 0) return ["", t("card-poll-forward")];
  const { voters, judged, right, options } = results;
  const more = options.length > MOST_OPTIONS ? ["…"] : [];
  return [
    "",
    t("card-poll", { count: voters }),
    ...options.slice(0, MOST_OPTIONS).map((option) => optionLine(t, option, voters)),
    ...more,
    ...(judged > 0 ? [t("card-poll-right", { right, judged })] : []),
  ];
}

function optionLine(t: Translate, { text, votes, isRight }: OptionResult, voters: number): string {
  const share = shareOf(votes, voters);
  return t("card-poll-option", {
    bar: barOf(share),
    share,
    option: `${isRight ? "✅ " : ""}${cut(text, LONGEST_OPTION, "…")}`,
    count: votes,
  });
}

/** A percentage of those who voted. If several answers are allowed, the shares add up to more than 100. */
export function shareOf(votes: number, voters: number): number {
  return voters > 0 ? Math.round((votes / voters) * 100) : 0;
}

/** "#12 · 15 voted · Tea 60 %"; for a quiz "#12 · 15 voted · 80 % right". */
export function pollSummary(
  t: Translate,
  id: number,
  { voters, judged, right, options }: PollResults,
): string {
  const facts = { id: String(id), count: voters };
  if (judged > 0) return t("stats-quiz", { ...facts, share: shareOf(right, judged) });
  const [first] = options.toSorted((one, other) => other.votes - one.votes);
  return t("stats-poll", {
    ...facts,
    option: cut(first?.text ?? "", LONGEST_IN_SUMMARY, "…"),
    share: shareOf(first?.votes ?? 0, voters),
  });
}
