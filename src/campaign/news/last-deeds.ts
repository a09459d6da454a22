import { and, desc, eq, inArray } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { audit } from "../../db/schema.ts";
import type { AuditAction } from "../../access/audit.ts";

/** What admins do to campaigns that others have started, and a card shows with their names. */
export const DEEDS = [
  "campaign.paused",
  "campaign.changed",
  "campaign.cancelled",
] as const satisfies readonly AuditAction[];
export type DeedAction = (typeof DEEDS)[number];

export interface Deed {
  by: number;
  at: Date;
}

/** Each by its last time; what was never done is absent. */
export type Deeds = Partial<Record<DeedAction, Deed>>;

export async function lastDeeds({ db, homeId }: Scope, campaignId: number): Promise<Deeds> {
  const rows = await db
    .selectDistinctOn([audit.action], { action: audit.action, by: audit.actorId, at: audit.at })
    .from(audit)
    .where(and(eq(audit.homeId, homeId), eq(audit.subject, campaignId), inArray(audit.action, [...DEEDS])))
    .orderBy(audit.action, desc(audit.id));
  return Object.fromEntries(rows.map(({ action, by, at }) => [action, { by, at }])) as Deeds;
}
