import { type SQL, and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Audience } from "../audience/segment.ts";
import type { Content } from "../content/content.ts";
import { type Scope, inTransaction } from "../db/connect.ts";
import { bots, campaigns } from "../db/schema.ts";
import type { CampaignState, PauseReason } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import { record } from "./audit.ts";
import { type Campaign, type Move } from "./campaign.ts";
import { detailsGone, findByOrigin, getCampaign, listRunning, toCampaign } from "./queries.ts";
import { recount, reviveAlike, reviveRetryable } from "./retry.ts";

/**
 * Saves a new draft. `originKey` names the update that it comes from: the same update handled twice
 * (a crash before the dialog's state was written) finds the draft that it already made.
 */
export async function createDraft(
  scope: Scope,
  draft: { content: Content; audience: Audience; createdBy: number; originKey: string },
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const last = await lockLastNumber(tx);
    // Behind the lock: of two that handle the same update, the second sees what the first made.
    const existing = await findByOrigin(tx, draft.originKey);
    if (existing) return existing;
    const id = last + 1;
    await tx.db.update(bots).set({ lastCampaign: id }).where(eq(bots.botId, tx.botId));
    const [row] = await tx.db
      .insert(campaigns)
      .values({ botId: tx.botId, id, ...draft })
      .returning();
    if (!row) throw new Error("an insert returned no row");
    await record(tx, draft.createdBy, "campaign.created", id);
    return toCampaign(row);
  });
}

/**
 * Changes the post or the audience of a draft, as it was at `revision`: of two admins who change it at once, the
 * second is told instead of undoing what the first did.
 * @throws DomainError `conflict` once it is no draft any more, `changed` when it is not at that revision.
 */
export async function editDraft(
  scope: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  change: { content?: Content; audience?: Audience },
  actorId: number,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const [row] = await tx.db
      .update(campaigns)
      .set({ ...change, revision: revision + 1, updatedAt: sql`now()` })
      .where(and(is(tx, id, ["draft"]), eq(campaigns.revision, revision)))
      .returning();
    if (!row) throw await changed(tx, id);
    await record(tx, actorId, "campaign.edited", id);
    return toCampaign(row);
  });
}

/** Deletes a draft. Returns false when it is none (any more). */
export async function discardDraft(scope: Scope, id: number, actorId: number): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    const gone = await tx.db
      .delete(campaigns)
      .where(is(tx, id, ["draft"]))
      .returning({ id: campaigns.id });
    if (gone.length > 0) await record(tx, actorId, "campaign.discarded", id);
    return gone.length > 0;
  });
}

/**
 * A draft is confirmed for `startsAt` as it was at `revision`; the dispatcher starts it then. What the admin agreed
 * to is what is sent: if somebody changed it since, nothing happens.
 * @throws DomainError `conflict`, `changed`
 */
export async function confirm(
  scope: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  startsAt: Date,
  actorId: number,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const asAgreed = eq(campaigns.revision, revision);
    const campaign = await tryMove(tx, id, "draft", "scheduled", { startsAt }, asAgreed);
    if (!campaign) throw await changed(tx, id);
    await record(tx, actorId, "campaign.confirmed", id);
    return campaign;
  });
}

/** A scheduled campaign starts. Null when somebody else was first. */
export async function launch(scope: Scope, id: number, now: Date): Promise<Campaign | null> {
  return tryMove(scope, id, "scheduled", "running", { startedAt: now });
}

/** An admin pauses a running campaign. @throws DomainError `conflict` */
export async function pause(scope: Scope, id: number, actorId: number): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const campaign = await move(tx, id, "running", "paused", { pauseReason: "admin", pauseDetail: null });
    await record(tx, actorId, "campaign.paused", id);
    return campaign;
  });
}

/** The engine pauses a campaign by itself. Null when it was not running any more. */
export async function pauseBecause(
  scope: Scope,
  id: number,
  reason: PauseReason,
  detail: string,
): Promise<Campaign | null> {
  return tryMove(scope, id, "running", "paused", { pauseReason: reason, pauseDetail: detail });
}

/** Pauses every running campaign of the bot. Returns those that it paused. */
export async function pauseAll(scope: Scope, reason: PauseReason, detail: string): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const { id } of await listRunning(scope)) {
    const campaign = await pauseBecause(scope, id, reason, detail);
    if (campaign) paused.push(campaign);
  }
  return paused;
}

/**
 * A paused campaign goes on. After a pause for `errors` those who failed before are tried again,
 * and their failing no longer pauses it: the admin has looked.
 * @throws DomainError `conflict`
 */
export async function resume(scope: Scope, id: number, actorId: number): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const before = await getCampaign(tx, id);
    const waived = before.pauseReason === "errors";
    const campaign = await move(tx, id, "paused", "running", {
      pauseReason: null,
      pauseDetail: null,
      ...(waived && { errorsWaived: true }),
    });
    await record(tx, actorId, "campaign.resumed", id);
    if (!waived) return campaign;
    await reviveAlike(tx, id);
    return toCampaign(await recount(tx, id));
  });
}

/** Ends a campaign for good; what was sent stays sent. @throws DomainError `conflict` */
export async function cancel(scope: Scope, id: number, actorId: number): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const campaign = await move(tx, id, ["scheduled", "running", "paused"], "cancelled", {
      finishedAt: sql`now()`,
    });
    await record(tx, actorId, "campaign.cancelled", id);
    return campaign;
  });
}

/** A running campaign ends when everyone has an outcome. Null while somebody has none. */
export async function finish(scope: Scope, id: number, now: Date): Promise<Campaign | null> {
  const everyoneHasAnOutcome = sql`${campaigns.frozenAt} is not null and ${campaigns.total} =
    ${campaigns.sent} + ${campaigns.blocked} + ${campaigns.deactivated} + ${campaigns.unreachable}
    + ${campaigns.failed} + ${campaigns.skipped} + ${campaigns.uncertain}`;
  return tryMove(scope, id, "running", "finished", { finishedAt: now }, everyoneHasAnOutcome);
}

/**
 * A finished campaign is sent again to those who failed (and can be reached now) or, when the admin
 * asks for it by name, to those of whom it is not known.
 * @throws DomainError `conflict` when it is not finished, `details-gone` when its deliveries were dropped, `nobody`
 *   when there is nobody to retry.
 */
export async function retry(
  scope: Scope,
  id: number,
  which: "failed" | "uncertain",
  actorId: number,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    // The start moves by as long as the campaign lay finished, so that the report tells how long sending took.
    const startedAt = sql`now() - (${campaigns.finishedAt} - ${campaigns.startedAt})`;
    // In the same UPDATE as the move: the dropping of old deliveries moves the same row first.
    const kept = isNull(campaigns.detailsDroppedAt);
    const campaign = await tryMove(tx, id, "finished", "running", { finishedAt: null, startedAt }, kept);
    if (!campaign) throw await goneOrConflict(tx, id);
    if ((await reviveRetryable(tx, id, which)) === 0) throw new DomainError("nobody", { id });
    await record(tx, actorId, "campaign.retried", id);
    return toCampaign(await recount(tx, id));
  });
}

/** A new draft with the same post and audience. `originKey` as in createDraft. */
export async function duplicate(
  scope: Scope,
  id: number,
  actorId: number,
  originKey: string,
): Promise<Campaign> {
  const { content, audience } = await getCampaign(scope, id);
  return createDraft(scope, { content, audience, createdBy: actorId, originKey });
}

/**
 * The number of the bot's newest campaign, locked to the end of the transaction. Numbers run on without gaps,
 * bot by bot; a sequence would leave 32 out after a crash.
 */
async function lockLastNumber({ db, botId }: Scope): Promise<number> {
  const [row] = await db
    .insert(bots)
    .values({ botId })
    .onConflictDoUpdate({ target: bots.botId, set: { botId } })
    .returning({ last: bots.lastCampaign });
  if (!row) throw new Error("an upsert returned no row");
  return row.last;
}

type Change = { [K in keyof typeof campaigns.$inferInsert]?: (typeof campaigns.$inferInsert)[K] | SQL };

/** @throws DomainError `conflict` when the campaign is in none of `from`, `not-found` when there is none. */
async function move<From extends CampaignState>(
  scope: Scope,
  id: number,
  from: From | readonly From[],
  to: Move<From>,
  change: Change,
): Promise<Campaign> {
  const campaign = await tryMove(scope, id, from, to, change);
  if (!campaign) throw await conflict(scope, id);
  return campaign;
}

/** The one way a state changes: a conditional UPDATE. Null when the condition did not hold any more. */
async function tryMove<From extends CampaignState>(
  scope: Scope,
  id: number,
  from: From | readonly From[],
  to: Move<From>,
  change: Change,
  condition?: SQL,
): Promise<Campaign | null> {
  const [row] = await scope.db
    .update(campaigns)
    .set({ ...change, state: to, updatedAt: sql`now()` })
    .where(and(is(scope, id, [from].flat()), condition))
    .returning();
  return row ? toCampaign(row) : null;
}

function is({ botId }: Scope, id: number, states: CampaignState[]): SQL | undefined {
  return and(eq(campaigns.botId, botId), eq(campaigns.id, id), inArray(campaigns.state, states));
}

/** The error for a draft that is not as it was: changed meanwhile, or no draft any more. */
async function changed(scope: Scope, id: number): Promise<DomainError> {
  const { state } = await getCampaign(scope, id);
  return state === "draft" ? new DomainError("changed", { id }) : conflict(scope, id);
}

/** The error for a retry that was not possible: nothing is left to retry from, or it is not finished. */
async function goneOrConflict(scope: Scope, id: number): Promise<DomainError> {
  const campaign = await getCampaign(scope, id);
  return campaign.detailsDroppedAt ? detailsGone(campaign) : conflict(scope, id);
}

/** The error for a move that was not possible; it names the state that the campaign is in. */
async function conflict(scope: Scope, id: number): Promise<DomainError> {
  const { state } = await getCampaign(scope, id);
  return new DomainError("conflict", { id, state });
}
