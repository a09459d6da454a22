import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { pollAnswers, polls, votes } from "../../db/schema.ts";
import { tallyOf } from "./poll-votes.ts";

/**
 * Deletes who voted for what: a person's votes by buttons, and their answers in polls with the name that stands there.
 * What the campaigns counted stays counted. Returns how many there were.
 */
export async function eraseVotesOf({ db, botId }: Scope, userId: number): Promise<number> {
  // By campaign, because that is how votes are found by key.
  const taken = await query(
    db,
    sql`delete from votes v using campaigns c
        where c.bot_id = ${botId} and v.bot_id = ${botId} and v.campaign_id = c.id and v.user_id = ${userId}
        returning v.campaign_id`,
  );
  const answered = await db
    .delete(pollAnswers)
    .where(and(eq(pollAnswers.botId, botId), eq(pollAnswers.voterId, userId)))
    .returning({ pollId: pollAnswers.pollId });
  return taken.length + answered.length;
}

/** A person's vote by a button under a post, and their answers in its polls. */
export interface VotesOfPerson {
  vote: { choice: string; at: Date } | null;
  /** One for each poll: the texts of the options. */
  answers: { choices: string[]; at: Date }[];
}

/** What a person voted for in these campaigns, by campaign. */
export async function listVotesOf(
  scope: Scope,
  userId: number,
  campaignIds: readonly number[],
): Promise<Map<number, VotesOfPerson>> {
  const { db, botId } = scope;
  const found = new Map<number, VotesOfPerson>();
  if (campaignIds.length === 0) return found;
  const given = await db
    .select({ campaignId: votes.campaignId, choice: votes.choice, at: votes.votedAt })
    .from(votes)
    .where(
      and(eq(votes.botId, botId), eq(votes.userId, userId), inArray(votes.campaignId, [...campaignIds])),
    );
  for (const { campaignId, choice, at } of given)
    found.set(campaignId, { vote: { choice, at }, answers: [] });
  for (const { campaignId, ...answer } of await listAnswersOf(scope, userId, campaignIds)) {
    const before = found.get(campaignId) ?? { vote: null, answers: [] };
    found.set(campaignId, { ...before, answers: [...before.answers, answer] });
  }
  return found;
}

async function listAnswersOf({ db, botId }: Scope, userId: number, campaignIds: readonly number[]) {
  const rows = await db
    .select({
      campaignId: pollAnswers.campaignId,
      pollId: pollAnswers.pollId,
      choices: pollAnswers.choices,
      at: pollAnswers.answeredAt,
      tally: polls.tally,
    })
    .from(pollAnswers)
    .leftJoin(polls, and(eq(polls.botId, pollAnswers.botId), eq(polls.pollId, pollAnswers.pollId)))
    .where(
      and(
        eq(pollAnswers.botId, botId),
        eq(pollAnswers.voterId, userId),
        inArray(pollAnswers.campaignId, [...campaignIds]),
      ),
    )
    .orderBy(asc(pollAnswers.answeredAt));
  return rows.map(({ campaignId, choices, at, ...poll }) => {
    const options = tallyOf(poll)?.options ?? [];
    const texts = choices.map((id) => options.find((option) => option.id === id)?.text ?? `#${id}`);
    return { campaignId, choices: texts, at };
  });
}
