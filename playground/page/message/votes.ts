import type { Poll } from "@grammyjs/types";

/**
 * The share of each option in whole percent. Where everybody has one vote the shares make 100: what rounding leaves
 * goes to those that lost most by it, and equal counts get equal shares.
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

/** What stands under the question: "Anonymous poll", "Quiz", "Final results". */
export function pollLabel({ type, is_anonymous: anonymous, is_closed: closed }: Poll): string {
  if (closed) return "Final results";
  const noun = type === "quiz" ? "quiz" : "poll";
  return anonymous ? `Anonymous ${noun}` : noun === "quiz" ? "Quiz" : "Public poll";
}

/** "No votes yet", "1 answer", "24 votes". */
export function votesLabel({ type, total_voter_count: voters }: Poll): string {
  const noun = type === "quiz" ? "answer" : "vote";
  if (voters === 0) return `No ${noun}s yet`;
  return `${voters.toLocaleString("en-GB")} ${noun}${voters === 1 ? "" : "s"}`;
}
