import { type Content, type PollFields, versionsOf } from "../../content/content.ts";
import { distinct } from "../../content/poll-tally.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { type PollTotal, listPollTotals, listPolled } from "../votes/poll-votes.ts";
import { botsOfHome } from "../home-bots.ts";
import { getCampaign } from "../queries.ts";

/** The results of a campaign's polls, over all versions. */
export interface PollResults {
  question: string;
  voters: number;
  /** For a quiz: how many voters can be judged, and how many of those were right. */
  judged: number;
  right: number;
  options: OptionResult[];
}

export interface OptionResult {
  /** The text in the default version, or in the first version that has the option. */
  text: string;
  votes: number;
  isRight: boolean;
}

/**
 * The results of a post that is a poll; null if it is not and never was. Versions ask the same question in other
 * languages, so their options are added up by position. Options that an edit removed or people added follow with their
 * own texts, but only if someone chose them.
 */
export function resultsOf(content: Content, totals: readonly PollTotal[]): PollResults | null {
  const asked = pollsIn(content);
  if (asked.length === 0 && totals.length === 0) return null;
  const sum = (what: PollTotal["what"]) =>
    totals.reduce((all, total) => all + (total.what === what ? total.count : 0), 0);
  const options: OptionResult[] = [];
  const positions = new Map<string, number>();
  for (const { version, poll } of asked)
    for (const [index, text] of distinct(poll.options.map(({ text }) => text)).entries()) {
      positions.set(keyOf(version, text), index);
      options[index] ??= { text, votes: 0, isRight: poll.correct_option_ids?.includes(index) ?? false };
    }
  const others = new Map<string, OptionResult>();
  for (const { version, what, option, count } of totals) {
    if (what !== "option") continue;
    const position = positions.get(keyOf(version, option));
    const other = others.get(option) ?? { text: option, votes: 0, isRight: false };
    const place = position === undefined ? other : options[position];
    if (!place) continue;
    place.votes += count;
    if (place === other) others.set(option, other);
  }
  return {
    question: asked[0]?.poll.question ?? "",
    voters: sum("voters"),
    judged: sum("judged"),
    right: sum("right"),
    options: [...options, ...[...others.values()].filter(({ votes }) => votes > 0)],
  };
}

/** A campaign with votes in its poll. */
export interface PolledCampaign {
  id: number;
  results: PollResults;
}

/** The newest campaigns of the home, or of one of its bots, with votes in their polls, at most `limit`. */
export async function lastPolls(home: HomeScope, limit: number, bot?: number): Promise<PolledCampaign[]> {
  const ids: number[] = [];
  for (const botId of bot === undefined ? await botsOfHome(home) : [bot])
    ids.push(...(await listPolled(scopeOf(home, { botId }), limit)));
  const found: PolledCampaign[] = [];
  for (const id of ids.toSorted((a, b) => b - a).slice(0, limit)) {
    const campaign = await getCampaign(home, id);
    const results = resultsOf(campaign.content, await listPollTotals(scopeOf(home, campaign), id));
    if (results) found.push({ id, results });
  }
  return found;
}

/** The polls of a post by the language of the version ("" is the default one). */
export function pollsIn(content: Content): { version: string; poll: PollFields }[] {
  return versionsOf(content).flatMap(({ language, version }) =>
    version.kind === "poll" ? [{ version: language ?? "", poll: version.poll }] : [],
  );
}

function keyOf(version: string, option: string): string {
  return `${version}\n${option}`;
}
