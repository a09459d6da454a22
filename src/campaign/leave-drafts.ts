import { and, eq, sql } from "drizzle-orm";
import { campaigns } from "../db/schema.ts";
import type { HomeScope } from "../db/scope.ts";

/**
 * Takes a bot that is being removed out of the drafts that others are to send as well, so that they are not deleted with it.
 * What an admin is about to confirm has changed then, and is asked again.
 */
export async function leaveDrafts({ db, homeId }: HomeScope, botId: number): Promise<void> {
  const drafts = await db
    .select({ botId: campaigns.botId, id: campaigns.id, bots: campaigns.bots })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.homeId, homeId),
        eq(campaigns.state, "draft"),
        sql`${botId}::bigint = any(${campaigns.bots})`,
      ),
    );
  for (const draft of drafts) {
    const left = (draft.bots ?? []).filter((bot) => bot !== botId);
    await db
      .update(campaigns)
      .set({
        botId: left[0] ?? draft.botId,
        bots: left.length > 1 ? left : null,
        revision: sql`${campaigns.revision} + 1`,
        updatedAt: sql`now()`,
      })
      .where(and(eq(campaigns.botId, draft.botId), eq(campaigns.id, draft.id), eq(campaigns.state, "draft")));
  }
}
