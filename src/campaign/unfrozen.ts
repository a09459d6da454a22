import { type SQL, and, count, gt, sql } from "drizzle-orm";
import { withoutRepeats } from "../audience/chat-migration.ts";
import { reachable, wantsCategory } from "../audience/recipients.ts";
import { type People, belongsTo, isForChats } from "../audience/segment.ts";
import { type HomeScope, type Scope, scopeOf } from "../db/scope.ts";
import { recipients } from "../db/schema.ts";
import type { Campaign } from "./campaign.ts";

/** SQL: the people of an audience who are still to be frozen: reachable, willing, and after the last frozen one in key order. */
export function isToFreeze(
  scope: Scope,
  audience: People,
  { category, freezeCursor }: Pick<Campaign, "category" | "freezeCursor">,
): SQL | undefined {
  return and(
    belongsTo(scope, audience),
    reachable,
    wantsCategory("recipients", category),
    freezeCursor === null ? undefined : gt(recipients.chatId, freezeCursor),
  );
}

/**
 * How many people in the audience of a started campaign have no delivery yet, and so are missing from its `total`. It
 * scans an index of the audience, which takes a second for ten million people: call it only where the number is shown.
 */
export async function countUnfrozen(
  home: HomeScope,
  campaign: Pick<
    Campaign,
    "botId" | "audience" | "category" | "freezeCursor" | "frozenAt" | "startedAt" | "bundleId" | "eachOnce"
  >,
): Promise<number> {
  const { audience, frozenAt, startedAt } = campaign;
  if (!startedAt || frozenAt) return 0;
  if (isForChats(audience)) return withoutRepeats(audience.chats).length;
  const [row] = await home.db
    .select({ count: count() })
    .from(recipients)
    .where(and(isToFreeze(scopeOf(home, campaign), audience, campaign), isFree(home, campaign)));
  return row?.count ?? 0;
}

/** SQL: no other campaign of its bundle has taken this person, if each gets it once. */
function isFree(
  { homeId }: HomeScope,
  { bundleId, eachOnce }: Pick<Campaign, "bundleId" | "eachOnce">,
): SQL | undefined {
  if (bundleId === null || !eachOnce) return undefined;
  return sql`not exists (select from bundle_people p where p.home_id = ${homeId} and p.bundle_id = ${bundleId}
    and p.user_id = ${recipients.chatId})`;
}
