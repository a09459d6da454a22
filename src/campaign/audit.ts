import type { Scope } from "../db/connect.ts";
import { audit } from "../db/schema.ts";

export type AuditAction =
  | "campaign.created"
  | "campaign.edited"
  | "campaign.discarded"
  | "campaign.confirmed"
  | "campaign.paused"
  | "campaign.resumed"
  | "campaign.cancelled"
  | "campaign.changed"
  | "campaign.retried"
  | "series.ended"
  | "settings.changed"
  | "admin.added"
  | "admin.removed";

/** Notes who did what, in the transaction that does it. `subject` is a campaign's number or a user's id; null for the bot. */
export async function record(
  { db, botId }: Scope,
  actorId: number,
  action: AuditAction,
  subject: number | null,
): Promise<void> {
  await db.insert(audit).values({ botId, actorId, action, subject });
}
