import { and, asc, eq, gt, isNull, lt, lte, or } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";

/**
 * Where each person gets a bundle once, its campaigns freeze one after another, in their order: so a person gets the post from
 * the first bot that reaches them. Returns the first one after `from` that is still to freeze, and how far it is, to see whether
 * it gets on; null if it is this campaign's turn. Not waited for is one that is paused or over, or that is to start later.
 */
export async function progressAhead(
  { db, homeId, botId }: Scope,
  id: number,
  from = 0,
): Promise<{ id: number; progress: string } | null> {
  const [own] = await db
    .select({
      bundleId: campaigns.bundleId,
      eachOnce: campaigns.eachOnce,
      startsAt: campaigns.startsAt,
      frozenAt: campaigns.frozenAt,
    })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)));
  if (!own?.eachOnce || own.bundleId === null || own.startsAt === null || own.frozenAt) return null;
  const willFreeze = or(
    eq(campaigns.state, "running"),
    and(eq(campaigns.state, "scheduled"), lte(campaigns.startsAt, own.startsAt)),
  );
  const [ahead] = await db
    .select({ id: campaigns.id, state: campaigns.state, freezeCursor: campaigns.freezeCursor })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.homeId, homeId),
        eq(campaigns.bundleId, own.bundleId),
        gt(campaigns.id, from),
        lt(campaigns.id, id),
        isNull(campaigns.frozenAt),
        willFreeze,
      ),
    )
    .orderBy(asc(campaigns.id))
    .limit(1);
  return ahead ? { id: ahead.id, progress: `${ahead.state} ${ahead.freezeCursor ?? ""}` } : null;
}
