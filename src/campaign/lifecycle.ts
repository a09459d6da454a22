import { type SQL, and, eq, isNull, lte, or, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/connect.ts";
import { campaigns } from "../db/schema.ts";
import type { PauseReason } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import { record } from "./audit.ts";
import { type Campaign, hasNotStarted } from "./campaign.ts";
import { changed, goneOrConflict, is, move, tryMove } from "./moves.ts";
import { lockNumbers, nextNumber } from "./numbers.ts";
import { findByOrigin, getCampaign, listRunning, toCampaign } from "./queries.ts";
import { recount, reviveAlike, reviveRetryable } from "./retry.ts";
import { lockSeries, makeNextRun, startSeries } from "./series.ts";

/** What a draft holds. Without `startsAt` it is to be sent at once; see the columns of `campaigns`. */
export type Draft = Pick<Campaign, "content" | "audience"> &
  Partial<Pick<Campaign, "startsAt" | "window" | "latePolicy" | "recurrence">>;

/**
 * Saves a new draft. `originKey` names the update that it comes from: the same update handled twice
 * (a crash before the dialog's state was written) finds the draft that it already made.
 */
export async function createDraft(
  scope: Scope,
  draft: Draft &
    Pick<Campaign, "createdBy" | "originKey"> &
    Partial<Pick<Campaign, "changes" | "changesRevision">>,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await lockNumbers(tx);
    // Behind the lock: of two that handle the same update, the second sees what the first made.
    const existing = await findByOrigin(tx, draft.originKey);
    if (existing) return existing;
    const id = await nextNumber(tx);
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
 * Changes a draft, as it was at `revision`: of two admins who change it at once, the
 * second is told instead of undoing what the first did.
 * @throws DomainError `conflict` once it is no draft any more, `changed` when it is not at that revision.
 */
export async function editDraft(
  scope: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  change: Partial<Draft>,
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
 * to is what is sent: if somebody changed it since, nothing happens. One that is to repeat becomes the first run of a series.
 * `agreedCount` is the number of people that the admin was asked about. Whether the time is a sensible one is for
 * schedule() to say (scheduling.ts).
 * @throws DomainError `conflict`, `changed`
 */
export async function confirm(
  scope: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  startsAt: Date,
  actorId: number,
  agreedCount: number | null = null,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const asAgreed = eq(campaigns.revision, revision);
    const campaign = await tryMove(tx, id, "draft", "scheduled", { startsAt, agreedCount }, asAgreed);
    if (!campaign) throw await changed(tx, id);
    await record(tx, actorId, "campaign.confirmed", id);
    return campaign.recurrence ? startSeries(tx, campaign, campaign.recurrence) : campaign;
  });
}

/** A start that is later than this is late: its report says so. */
export const LATE_MS = 60_000;

/**
 * A scheduled campaign starts, and in the same transaction the next run of its series is made, so that there always is
 * one to see and to change. Null when somebody else was first.
 */
export async function launch(scope: Scope, id: number, now: Date): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const late = sql`extract(epoch from ${now.toISOString()}::timestamptz - ${campaigns.startsAt})`;
    const lateSeconds = sql`case when ${late} > ${LATE_MS / 1000} then ${late}::int end`;
    const change = { startedAt: now, lateSeconds };
    const campaign = await tryMove(tx, id, "scheduled", "running", change, isDue(now));
    if (campaign) await makeNextRun(tx, campaign, now);
    return campaign;
  });
}

/** SQL: its time has come. It may have been moved since somebody found it due. */
function isDue(now: Date): SQL | undefined {
  return or(isNull(campaigns.startsAt), lte(campaigns.startsAt, now));
}

/**
 * A campaign is found due too late to be sent without a word: it expires, or waits for its author's decision. The next
 * run of its series is made, as with a start. Null when somebody else was first.
 */
export async function holdLate(
  scope: Scope,
  { id, latePolicy }: Campaign,
  now: Date,
): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const campaign =
      latePolicy === "expire"
        ? await tryMove(tx, id, "scheduled", "expired", { finishedAt: now }, isDue(now))
        : await tryMove(
            tx,
            id,
            "scheduled",
            "paused",
            { pauseReason: "late", pauseDetail: null, pauseLanguage: null },
            isDue(now),
          );
    if (campaign) await makeNextRun(tx, campaign, now);
    return campaign;
  });
}

/**
 * An admin pauses a campaign; one that waits for its time is held, and with it its series, until it is resumed.
 * @throws DomainError `conflict`
 */
export async function pause(scope: Scope, id: number, actorId: number): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const campaign = await move(tx, id, ["running", "scheduled"], "paused", {
      pauseReason: "admin",
      pauseDetail: null,
      pauseLanguage: null,
      // Whoever is changing it right now must not set it going again without having seen this.
      revision: sql`${campaigns.revision} + case when ${campaigns.startedAt} is null then 1 else 0 end`,
    });
    await record(tx, actorId, "campaign.paused", id);
    return campaign;
  });
}

/**
 * The engine pauses a campaign by itself; `language` is that of the version at fault, null the default one. Null when it
 * was not running any more.
 */
export async function pauseBecause(
  scope: Scope,
  id: number,
  reason: PauseReason,
  detail: string,
  language: string | null = null,
): Promise<Campaign | null> {
  return tryMove(scope, id, "running", "paused", {
    pauseReason: reason,
    pauseDetail: detail,
    pauseLanguage: language,
  });
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
 * A paused campaign goes on; one that had not started waits for its time again, and is sent at once when that has
 * passed, however late. After a pause for `errors` those who failed before are tried again,
 * and their failing no longer pauses it: the admin has looked. So with `incomplete`, where nobody is tried again.
 * Without `now` the database says what time it is.
 * @throws DomainError `conflict`
 */
export async function resume(scope: Scope, id: number, actorId: number, now?: Date): Promise<Campaign> {
  const by = now ? sql`${now.toISOString()}::timestamptz` : sql`now()`;
  return inTransaction(scope, async (tx) => {
    const before = await getCampaign(tx, id);
    const waived = before.pauseReason === "errors";
    const incomplete = before.pauseReason === "incomplete";
    const campaign = await move(tx, id, "paused", hasNotStarted(before) ? "scheduled" : "running", {
      pauseReason: null,
      pauseDetail: null,
      pauseLanguage: null,
      ...(hasNotStarted(before) && {
        latePolicy: sql`case when ${campaigns.startsAt} <= ${by} then 'send' else ${campaigns.latePolicy} end`,
      }),
      ...(waived && { errorsWaived: true }),
      ...(incomplete && { incompleteWaived: true }),
    });
    await record(tx, actorId, "campaign.resumed", id);
    if (!waived) return campaign;
    await reviveAlike(tx, id);
    return toCampaign(await recount(tx, id));
  });
}

/**
 * Ends a campaign for good; what was sent stays sent. Of a series it ends this run only: when it had not started, the
 * next one is made in its place. endSeries() ends them all (series.ts).
 * @throws DomainError `conflict`
 */
export async function cancel(scope: Scope, id: number, now: Date, actorId: number): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    await lockSeries(tx, id);
    const campaign = await move(tx, id, ["scheduled", "running", "paused"], "cancelled", { finishedAt: now });
    await record(tx, actorId, "campaign.cancelled", id);
    await makeNextRun(tx, campaign, now);
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

/** A new draft with the same post, audience and hours. `originKey` as in createDraft. */
export async function duplicate(
  scope: Scope,
  id: number,
  actorId: number,
  originKey: string,
): Promise<Campaign> {
  const { content, audience, window } = await getCampaign(scope, id);
  return createDraft(scope, { content, audience, window, createdBy: actorId, originKey });
}
