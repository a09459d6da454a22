import { isDeepStrictEqual } from "node:util";
import { and, count, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/connect.ts";
import { campaigns, series } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import { record } from "./audit.ts";
import { type Campaign, POST_FAULTS, canBeMended, hasNotStarted } from "./campaign.ts";
import { confirm, createDraft } from "./lifecycle.ts";
import { nextRunWithin } from "../schedule/runs.ts";
import { changed, conflict } from "./moves.ts";
import { lockNumbers } from "./numbers.ts";
import { getCampaign, getDraft, toCampaign } from "./queries.ts";
import { findSeries, lockSeries, notStarted, startSeries } from "./series.ts";

/** Two years: nothing is scheduled further ahead. */
const MOST_AHEAD_MS = 731 * 86_400_000;

/** A time that passed while the admin confirmed it is still meant. */
const JUST_NOW_MS = 60_000;

/** When a campaign is to start, and what the admin agreed to. */
export interface Plan {
  startsAt: Date;
  /** How many people they were asked about. */
  agreedCount: number;
  now: Date;
  /** How many campaigns of the bot may wait for their time. */
  mostScheduled: number;
}

/**
 * A draft is confirmed for a time to come, as it was at its revision.
 * @throws DomainError `conflict`, `changed`; `past`, `too-far`, `too-many`
 */
export async function schedule(
  scope: Scope,
  draft: Pick<Campaign, "id" | "revision">,
  plan: Plan,
  actorId: number,
): Promise<Campaign> {
  checkTime(plan);
  return inTransaction(scope, async (tx) => {
    await lockNumbers(tx); // or two at once would both be the last that fits
    if ((await countScheduled(tx)) >= plan.mostScheduled)
      throw new DomainError("too-many", { count: plan.mostScheduled });
    return confirm(tx, draft, plan.startsAt, actorId, plan.agreedCount);
  });
}

/**
 * A draft that holds a campaign which waits for its time, to be changed and put back whole: until then the campaign
 * stays as it is and starts when it is due. Of one that paused because its post is at fault, the post can be changed.
 * `originKey` as in createDraft.
 * @throws DomainError `conflict` when it is neither
 */
export async function beginChange(
  scope: Scope,
  id: number,
  actorId: number,
  originKey: string,
): Promise<Campaign> {
  const campaign = await getCampaign(scope, id);
  if (!hasNotStarted(campaign) && !canBeMended(campaign)) throw await conflict(scope, id);
  const { content, audience, startsAt, window, latePolicy, recurrence, revision } = campaign;
  return createDraft(scope, {
    content,
    audience,
    startsAt,
    window,
    latePolicy,
    recurrence,
    createdBy: actorId,
    originKey,
    changes: id,
    changesRevision: revision,
  });
}

/** Of a repeating campaign, what a change is meant for: this run, or this and all that follow. */
export type Reach = "run" | "series";

/**
 * Puts the changes of such a draft into its campaign, whole or not at all, and deletes the draft. A paused campaign
 * waits for its (new) time again.
 * @throws DomainError `conflict` when the campaign has started or ended meanwhile, `changed` when it or the draft was
 *   changed by somebody else; `past`, `too-far`
 */
export async function applyChanges(
  scope: Scope,
  draft: Pick<Campaign, "id" | "revision">,
  plan: Omit<Plan, "mostScheduled">,
  reach: Reach,
  actorId: number,
): Promise<Campaign> {
  checkTime(plan);
  return inTransaction(scope, async (tx) => {
    const taken = await takeChange(tx, draft);
    const { changes, changesRevision, content, audience, window, latePolicy, recurrence } = taken;
    const { startsAt, agreedCount } = plan;
    const whole = { content, audience, window, latePolicy, recurrence, agreedCount };
    const [row] = await tx.db
      .update(campaigns)
      .set({
        ...whole,
        startsAt,
        state: "scheduled",
        pauseReason: null,
        remindedAt: null,
        revision: changesRevision + 1,
        updatedAt: sql`now()`,
      })
      .where(and(isCampaign(tx, changes), eq(campaigns.revision, changesRevision), notStarted))
      .returning();
    if (!row) throw await outrun(tx, changes);
    await record(tx, actorId, "campaign.changed", changes);
    const campaign = toCampaign(row);
    if (campaign.seriesId === null) return recurrence ? startSeries(tx, campaign, recurrence) : campaign;
    if (reach === "series") await changeSeries(tx, campaign, plan.now);
    return campaign;
  });
}

/**
 * Puts the post of such a draft into its campaign, which paused because the one that it has is at fault, and deletes the
 * draft. Who has got the post keeps it; the others get this one when the campaign is resumed.
 * @throws DomainError `conflict` when it is not paused for that any more, `changed` when it or the draft was changed
 */
export async function mend(
  scope: Scope,
  draft: Pick<Campaign, "id" | "revision">,
  actorId: number,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const { changes, changesRevision, content } = await takeChange(tx, draft);
    const atFault = and(
      eq(campaigns.state, "paused"),
      isNotNull(campaigns.startedAt),
      inArray(campaigns.pauseReason, [...POST_FAULTS]),
    );
    const [row] = await tx.db
      .update(campaigns)
      .set({ content, revision: changesRevision + 1, updatedAt: sql`now()` })
      .where(and(isCampaign(tx, changes), eq(campaigns.revision, changesRevision), atFault))
      .returning();
    if (!row) throw await outrun(tx, changes);
    await record(tx, actorId, "campaign.changed", changes);
    return toCampaign(row);
  });
}

/** A draft that changes a campaign, which it then is no more; what it is a change of is locked. */
async function takeChange(
  tx: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
): Promise<Campaign & { changes: number; changesRevision: number }> {
  const draft = await getDraft(tx, id);
  const { changes, changesRevision } = draft;
  if (changes === null || changesRevision === null) throw await conflict(tx, id);
  await lockSeries(tx, changes);
  const gone = await tx.db
    .delete(campaigns)
    .where(and(isCampaign(tx, id), eq(campaigns.revision, revision)))
    .returning({ id: campaigns.id });
  if (gone.length === 0) throw await changed(tx, id);
  return { ...draft, changes, changesRevision };
}

/** The runs to come are made from the campaign as it is now; without a recurrence there are none. */
async function changeSeries(tx: Scope, campaign: Campaign, now: Date): Promise<void> {
  const before = await findSeries(tx, campaign.seriesId);
  const { id, run, seriesId, content, audience, window, latePolicy, recurrence, agreedCount, startsAt } =
    campaign;
  // A time that was chosen for one run does not move those that follow.
  const isSameRule =
    isDeepStrictEqual(before?.recurrence.rule, recurrence?.rule) &&
    before?.recurrence.zone === recurrence?.zone;
  const written = await tx.db
    .update(series)
    .set({
      content,
      audience,
      window,
      latePolicy,
      agreedCount,
      ...(recurrence
        ? { recurrence, endedAt: null, ...(startsAt && !isSameRule && { lastAt: startsAt }) }
        : { endedAt: now }),
    })
    .where(and(eq(series.botId, tx.botId), eq(series.id, seriesId ?? 0), eq(series.made, run ?? 0)))
    .returning({ id: series.id });
  // A later run waits already; the series is changed from there.
  if (written.length === 0) throw new DomainError("changed", { id });
}

async function countScheduled({ db, botId }: Scope): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.state, "scheduled")));
  return row?.count ?? 0;
}

/** Why nothing can be scheduled for an instant; null when it can. */
export function faultOf(startsAt: Date, now: Date): "past" | "too-far" | null {
  const ahead = startsAt.getTime() - now.getTime();
  if (ahead < -JUST_NOW_MS) return "past";
  return ahead > MOST_AHEAD_MS ? "too-far" : null;
}

function checkTime({ startsAt, now }: Pick<Plan, "startsAt" | "now">): void {
  const fault = faultOf(startsAt, now);
  if (fault) throw new DomainError(fault);
}

/**
 * When a draft would start if it were confirmed now; null means at once. A new repeat whose time has passed goes on with
 * its next; of a run that exists, that time may belong to the run after it.
 */
export function startOf(
  { startsAt, recurrence, window, changes }: Pick<Campaign, "startsAt" | "recurrence" | "window" | "changes">,
  now: Date,
): Date | null {
  if (!startsAt || !recurrence || startsAt > now || changes !== null) return startsAt;
  return nextRunWithin(recurrence, window, now, 0) ?? startsAt;
}

function isCampaign({ botId }: Scope, id: number) {
  return and(eq(campaigns.botId, botId), eq(campaigns.id, id));
}

/** The error for a campaign that started, ended or was changed while its draft was written. */
async function outrun(scope: Scope, id: number): Promise<DomainError> {
  const campaign = await getCampaign(scope, id);
  const isOpen = hasNotStarted(campaign) || canBeMended(campaign);
  return isOpen ? new DomainError("changed", { id }) : conflict(scope, id);
}
