import type { Poll } from "grammy/types";
import { format, integer, list, object, optional, text, yes } from "../stored-json.ts";

/** The results of a poll. Stored as JSON with the poll. */
export interface Tally {
  options: TallyOption[];
  voters: number;
  /** In a quiz: how many voters can be judged, and how many of those were right. */
  judged: number;
  right: number;
}

interface TallyOption {
  /** Telegram's id of the option, which stays when others are added or deleted. */
  id: string;
  text: string;
  votes: number;
  /** In a quiz. */
  isRight?: true;
}

/** The column `tally` of polls. */
export const storedTally = format<Tally, "tally">(
  "tally",
  object<Tally>({
    options: list(object<TallyOption>({ id: text, text, votes: integer, isRight: optional(yes) })),
    voters: integer,
    judged: integer,
    right: integer,
  }),
);

/** The results in Telegram's update about a poll that the bot sent. */
export function tallyOf(poll: Poll): Tally {
  const right = new Set(poll.type === "quiz" ? poll.correct_option_ids : []);
  const texts = distinct(poll.options.map(({ text }) => text));
  const options = poll.options.map((option, index) => ({
    id: option.persistent_id,
    text: texts[index] ?? option.text,
    votes: option.voter_count,
    ...(right.has(index) && { isRight: true as const }),
  }));
  return { options, voters: poll.total_voter_count, ...judgement(poll, options) };
}

/**
 * With a single answer, a voter is right who chose a right one. With several, a voter is right who chose exactly the
 * right ones: totals reveal that only for a single voter, so polls in groups and channels are not judged.
 */
function judgement(
  { type, total_voter_count: voters, allows_multiple_answers: several }: Poll,
  options: readonly TallyOption[],
): Pick<Tally, "judged" | "right"> {
  if (type !== "quiz" || !options.some(({ isRight }) => isRight)) return { judged: 0, right: 0 };
  if (several && voters !== 1) return { judged: 0, right: 0 };
  if (several)
    return { judged: 1, right: options.every(({ votes, isRight }) => votes > 0 === !!isRight) ? 1 : 0 };
  const right = options.reduce((sum, { votes, isRight }) => sum + (isRight ? votes : 0), 0);
  return { judged: voters, right };
}

/** Texts of options as keys: repetitions are numbered. */
export function distinct(texts: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 1 ? text : `${text} (${times})`;
  });
}
