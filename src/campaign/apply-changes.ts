import { isDeepStrictEqual } from "node:util";
import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Actor } from "../access/actor.ts";
import { withRetiredButtons } from "../content/button-ids.ts";
import type { Content } from "../content/content.ts";
import { type HomeScope, type Scope, inTransaction } from "../db/scope.ts";
import { campaigns, series } from "../db/schema.ts";
import type { CampaignState } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import { tellWebhooks } from "./campaign-event.ts";
import { type Campaign, canBeChanged } from "./campaign.ts";
import type { Plan } from "./confirm-draft.ts";
import { confirmedContent } from "./known-attributes.ts";
import { noteAction } from "./news/news.ts";
import { canEditSent } from "./sent-edits.ts";
import { toColumns } from "./json-columns.ts";
import { getCampaign, getDraft, notStarted, toCampaign } from "./queries.ts";
import { findSeries, lockSeries, startSeries } from "./series.ts";
import { checkTime } from "./start-time.ts";
import { steer } from "./steering.ts";
import { changed, conflict } from "./transition.ts";

/* Applies change drafts to their campaigns, for saveChange() and mend(), which do all other checks. */

/** What a change to a repeating campaign applies to: this run, or this and all later ones. */
export type Reach = "run" | "series";

/**
 * Applies a change draft to its campaign, all or nothing, and deletes the draft. A paused campaign waits for its (new)
 * time again.
 * @throws DomainError `conflict` when the campaign has started or ended meanwhile, `changed` when it or the draft was
 *   changed by somebody else; `past`, `too-far`
 */
export async function applyChanges(
  scope: Scope,
  actor: Actor,
  draft: Pick<Campaign, "id" | "revision">,
  plan: Omit<Plan, "mostScheduled">,
  reach: Reach,
): Promise<Campaign> {
  checkTime(plan.startsAt, plan.now);
  return steer(scope, async (tx) => {
    const taken = await takeChange(tx, draft);
    const { changes, changesRevision, audience, category, window, latePolicy, recurrence } = taken;
    const content = await confirmedContent(tx, taken);
    const { codePool, codeRound } = taken;
    const { startsAt, agreedCount } = plan;
    const before = await getCampaign(tx, changes);
    const [row] = await tx.db
      .update(campaigns)
      .set({
        ...toColumns({ content, audience, window, recurrence }),
        category,
        codePool,
        codeRound,
        latePolicy,
        agreedCount,
        contentRevision: revisionWith(content, before),
        startsAt,
        state: "scheduled",
        pauseReason: null,
        remindedAt: null,
        revision: changesRevision + 1,
        updatedAt: sql`now()`,
      })
      .where(and(isCampaign(tx, changes), eq(campaigns.revision, changesRevision), notStarted))
      .returning();
    if (!row) throw await staleChangeError(tx, changes);
    await tellWebhooks(tx, row);
    const campaign = toCampaign(row);
    await noteAction(tx, campaign, "changed", actor);
    if (campaign.seriesId === null) return recurrence ? startAlone(tx, campaign, recurrence) : campaign;
    if (reach === "series") await changeSeries(tx, campaign, plan.now);
    return campaign;
  });
}

/**
 * Replaces the post of a campaign that has started with that of its change draft, and deletes the draft. For those who are
 * left, it has to be paused half-way; everywhere, it may also be running or finished.
 * @throws DomainError `conflict` when it is in another state, `changed` when it or the draft was changed
 */
export async function replacePost(
  scope: Scope,
  actor: Actor,
  draft: Pick<Campaign, "id" | "revision">,
  where: "for-the-rest" | "everywhere" = "for-the-rest",
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const taken = await takeChange(tx, draft);
    const { changes, changesRevision } = taken;
    const before = await getCampaign(tx, changes);
    const post = withRetiredButtons(taken.content, before.content);
    const content = await confirmedContent(tx, { ...taken, content: post });
    const states: CampaignState[] = where === "everywhere" ? ["running", "paused", "finished"] : ["paused"];
    const onItsWay = and(
      inArray(campaigns.state, states),
      isNotNull(campaigns.startedAt),
      isNull(campaigns.detailsDroppedAt),
    );
    const [row] = await tx.db
      .update(campaigns)
      .set({
        ...toColumns({ content }),
        contentRevision: revisionWith(content, before),
        revision: changesRevision + 1,
        updatedAt: sql`now()`,
      })
      .where(and(isCampaign(tx, changes), eq(campaigns.revision, changesRevision), onItsWay))
      .returning();
    if (!row && where === "everywhere" && canEditSent(await getCampaign(tx, changes)))
      throw new DomainError("changed", { id: changes });
    if (!row) throw await staleChangeError(tx, changes);
    await noteAction(tx, row, "changed", actor);
    return toCampaign(row);
  });
}

/** The campaign's content revision with `content`: it grows if the post differs. */
function revisionWith(content: Content, before: Campaign): number {
  return before.contentRevision + (isDeepStrictEqual(content, before.content) ? 0 : 1);
}

/** A campaign that comes to repeat does so without the rest of its bundle. */
async function startAlone(tx: Scope, campaign: Campaign, recurrence: Recurrence): Promise<Campaign> {
  return startSeries(tx, { ...campaign, bundleId: null, eachOnce: false }, recurrence);
}

/** Deletes the change draft and locks the series of the campaign that it edits. */
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

/** Makes the campaign the template of later runs; without a recurrence there are none. */
async function changeSeries(tx: Scope, campaign: Campaign, now: Date): Promise<void> {
  const before = await findSeries(tx, campaign.seriesId);
  const { id, run, seriesId, content, audience, category, window, latePolicy, recurrence } = campaign;
  const { agreedCount, startsAt } = campaign;
  // A time chosen for one run does not move later ones.
  const isSameRule = isDeepStrictEqual(timesOf(before?.recurrence), timesOf(recurrence));
  const written = await tx.db
    .update(series)
    .set({
      ...toColumns({ content, audience, window, ...(recurrence && { recurrence }) }),
      category,
      codePool: campaign.codePool,
      latePolicy,
      agreedCount,
      ...(recurrence
        ? { endedAt: null, ...(startsAt && !isSameRule && { lastAt: startsAt }) }
        : { endedAt: now }),
    })
    .where(and(eq(series.botId, tx.botId), eq(series.id, seriesId ?? 0), eq(series.made, run ?? 0)))
    .returning({ id: series.id });
  // A later run is already scheduled, and the series has to be changed from there.
  if (written.length === 0) throw new DomainError("changed", { id });
}

/** The part of a recurrence that decides when a series runs, which its end does not. */
function timesOf(recurrence: Recurrence | null | undefined) {
  return recurrence && { rule: recurrence.rule, zone: recurrence.zone, since: recurrence.since };
}

function isCampaign({ botId }: Scope, id: number) {
  return and(eq(campaigns.botId, botId), eq(campaigns.id, id));
}

/** The error for a campaign that started, ended or was changed while its draft was open. */
export async function staleChangeError(home: HomeScope, id: number): Promise<DomainError> {
  const campaign = await getCampaign(home, id);
  return canBeChanged(campaign) ? new DomainError("changed", { id }) : conflict(home, id);
}
