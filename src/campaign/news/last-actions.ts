import { and, desc, eq, inArray } from "drizzle-orm";
import type { AuditAction } from "../../access/audit.ts";
import type { HomeScope } from "../../db/scope.ts";
import { audit } from "../../db/schema.ts";

/** What admins do to campaigns that others have started, and a card shows with their names. */
export const SHOWN_ACTIONS = [
  "campaign.paused",
  "campaign.changed",
  "campaign.cancelled",
] as const satisfies readonly AuditAction[];
export type ShownAction = (typeof SHOWN_ACTIONS)[number];

/** When each was done last, and by whom; what was never done is absent. */
export type LastActions = Partial<Record<ShownAction, { by: number; at: Date }>>;

export async function lastActions({ db, homeId }: HomeScope, campaignId: number): Promise<LastActions> {
  const rows = await db
    .selectDistinctOn([audit.action], { action: audit.action, by: audit.actorId, at: audit.at })
    .from(audit)
    .where(
      and(eq(audit.homeId, homeId), eq(audit.subject, campaignId), inArray(audit.action, [...SHOWN_ACTIONS])),
    )
    .orderBy(audit.action, desc(audit.id));
  return Object.fromEntries(rows.map(({ action, by, at }) => [action, { by, at }])) as LastActions;
}
