import type { Poll } from "@grammyjs/types";
import { t } from "../state/locale.ts";

/**
 * Each option's share in whole percent. If everyone has one vote, the shares add up to 100: the remainder of rounding
 * goes to the options that lost most by it, and equal counts get equal shares.
 */
export function percents({
  options,
  total_voter_count: voters,
  allows_multiple_answers: several,
}: Poll): number[] {
  if (voters === 0) return options.map(() => 0);
  const exact = options.map(({ voter_count: votes }) => (votes / voters) * 100);
  if (several) return exact.map(Math.round);
  const shares = exact.map(Math.floor);
  let left = 100 - shares.reduce((sum, share) => sum + share, 0);
  const losses = [...new Set(exact.map((share) => share % 1))].filter((loss) => loss > 0);
  for (const loss of losses.toSorted((a, b) => b - a)) {
    const equals = exact.flatMap((share, index) => (share % 1 === loss ? [index] : []));
    if (equals.length > left) continue;
    for (const index of equals) shares[index] = (shares[index] ?? 0) + 1;
    left -= equals.length;
  }
  return shares;
}

/** The line below the question: "Anonymous poll", "Quiz", "Final results". */
export function pollLabel({ type, is_anonymous: anonymous, is_closed: closed }: Poll): string {
  if (closed) return t("poll-final");
  const noun = type === "quiz" ? "quiz" : "poll";
  return t(anonymous ? `${noun}-anonymous` : `${noun}-public`);
}

/** "No votes yet", "1 answer", "24 votes". */
export function votesLabel({ type, total_voter_count: voters }: Poll): string {
  return t(type === "quiz" ? "quiz-answers" : "poll-votes", { count: voters });
}
