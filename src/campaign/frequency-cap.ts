import { and, eq, gt, gte, inArray, isNull, ne, or } from "drizzle-orm";
import { isForChats } from "../audience/segment/audience.ts";
import type { GotCampaign, Restraint } from "../audience/segment/restraint.ts";
import { storedAudience } from "../audience/segment/stored-audience.ts";
import { campaigns } from "../db/schema.ts";
import type { HomeScope } from "../db/scope.ts";
import type { Campaign } from "./campaign.ts";
import { getSettings } from "./settings.ts";

/** At most `most` campaigns in `days` days for one person, from one bot. */
export interface FrequencyCap {
  /** 0: nobody gets any campaign, but those of categories that the cap does not hold back. */
  most: number;
  days: number;
}

export const HIGHEST_CAP = 100;
const LONGEST_CAP_DAYS = 90;
const DAY_MS = 86_400_000;

/** The longest time a cap can look back on: as long as deliveries are kept; `retentionDays` is RETENTION_DAYS, 0 for ever. */
export function longestCapDays(retentionDays: number): number {
  return retentionDays === 0 ? LONGEST_CAP_DAYS : Math.min(LONGEST_CAP_DAYS, retentionDays);
}

/**
 * What keeps a campaign from people whom its bots could reach when it starts at that time. What counts as got is what was
 * sent to them, or may have been, by the same bot; not what is still on its way.
 */
export async function restraintOf(
  home: HomeScope,
  { id, category }: Pick<Campaign, "id" | "category">,
  bots: readonly number[],
  at: Date,
): Promise<Restraint> {
  const { cap, categories = [] } = await getSettings(home);
  if (!cap || categories.some((one) => one.id === category && one.uncapped)) return { category, cap: null };
  const since = new Date(at.getTime() - cap.days * DAY_MS);
  const got = cap.most === 0 ? [] : await listGot(home, bots, id, since);
  return { category, cap: { most: cap.most, since, campaigns: got } };
}

/** Campaigns to people that can have reached anyone since then, but not this one. */
async function listGot(
  { db, homeId }: HomeScope,
  bots: readonly number[],
  id: number,
  since: Date,
): Promise<GotCampaign[]> {
  const rows = await db
    .select({
      botId: campaigns.botId,
      id: campaigns.id,
      total: campaigns.total,
      audience: campaigns.audience,
    })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.homeId, homeId),
        inArray(campaigns.botId, [...bots]),
        ne(campaigns.id, id),
        gt(campaigns.total, 0),
        isNull(campaigns.detailsDroppedAt),
        // The series for newcomers is not part of it.
        isNull(campaigns.joinedCursor),
        or(inArray(campaigns.state, ["running", "paused"]), gte(campaigns.finishedAt, since)),
      ),
    );
  return rows.flatMap(({ audience, ...row }) =>
    isForChats(storedAudience.parse(audience, `campaign ${row.id}`)) ? [] : [row],
  );
}
