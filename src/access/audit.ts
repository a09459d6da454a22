import type { HomeScope } from "../db/scope.ts";
import { audit } from "../db/schema.ts";
import { type Actor, actorId } from "./actor.ts";

export type AuditAction =
  | "campaign.created"
  | "campaign.edited"
  | "campaign.codes-added"
  | "campaign.codes-released"
  | "campaign.discarded"
  | "campaign.confirmed"
  | "campaign.paused"
  | "campaign.resumed"
  | "campaign.cancelled"
  | "campaign.changed"
  | "campaign.retried"
  | "edit.paused"
  | "edit.resumed"
  | "edit.stopped"
  | "series.ended"
  | "step.added"
  | "step.changed"
  | "step.removed"
  | "welcome.set"
  | "welcome.removed"
  | "inbox.set"
  | "inbox.off"
  | "inbox.blocked"
  | "inbox.unblocked"
  | "media.kept"
  | "recipient.changed"
  | "recipient.erased"
  | "recipients.imported"
  | "recipients.tagged"
  | "list.created"
  | "list.renamed"
  | "list.changed"
  | "list.deleted"
  | "segment.saved"
  | "segment.renamed"
  | "segment.deleted"
  | "settings.changed"
  | "admin.added"
  | "admin.limited"
  | "admin.removed"
  | "key.created"
  | "key.limited"
  | "key.revoked"
  | "webhook.created"
  | "webhook.changed"
  | "webhook.rotated"
  | "webhook.deleted"
  | "sender.added"
  | "sender.renamed"
  | "sender.token-replaced"
  | "sender.handling-set"
  | "sender.rate-set"
  | "sender.removed";

/** Records who did what, in the same transaction. `subject` is a campaign's
 * number, a user's id, a key's or a bot's; null for the home. */
export async function record(
  { db, homeId }: HomeScope,
  actor: Actor,
  action: AuditAction,
  subject: number | null,
): Promise<void> {
  await db.insert(audit).values({ homeId, actorId: actorId(actor), action, subject });
}
