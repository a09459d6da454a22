import { and, eq, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { pollAnswers } from "../../db/schema.ts";

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
