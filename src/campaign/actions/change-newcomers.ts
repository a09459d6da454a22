import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { EVERYONE } from "../../audience/segment/audience.ts";
import { forNewCampaign, withRetiredButtons } from "../../content/button-ids.ts";
import { type HomeScope, type Scope, inTransaction, scopeOf } from "../../db/scope.ts";
import { campaigns, deliveries } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { Campaign } from "../campaign.ts";
import { countFree } from "../code-pool.ts";
import { isSendable } from "../findings.ts";
import { giveCodes, givesCodes } from "../give-codes.ts";
import { holdBot } from "../home-bots.ts";
import { toColumns } from "../json-columns.ts";
import { confirmedContent } from "../known-attributes.ts";
import { insertDraft } from "../new-draft.ts";
import { type Step, dueUpTo, storedStep } from "../step-plan.ts";
import { type LiveStep, isStep, listSteps, lockStep, setStep } from "../live-steps.ts";
import { getCampaign, getDraft } from "../queries.ts";
import { steer } from "../steering.ts";
import { changed, conflict, is, tryMove } from "../transition.ts";

/* The series for newcomers: its steps are campaigns whose audience grows. */

/**
 * Puts a draft into the series as it was shown at `revision`, or its post in the place of the one that it replaces. People
 * who have been due for it by `now` are passed over; so is everyone who joined before the series began.
 * @throws DomainError `forbidden`, `not-found`, `bot-unknown`; `conflict` when it is not a draft of a step, or the step that it
 *   replaces is being sent or gone; `changed`; `unsendable`; `codes-lacking` when people who wait for the step would need a code
 */
export async function putStep(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  now: Date,
): Promise<LiveStep> {
  const scope = await authorizeOn(home, { actor, action: "change-newcomers", id });
  return inTransaction(scope, async (tx) => {
    await holdBot(tx);
    const draft = await getDraft(tx, id);
    if (!isStep(draft)) throw await conflict(tx, id);
    if (draft.revision !== revision) throw new DomainError("changed", { id });
    if (!(await isSendable(tx, draft))) throw new DomainError("unsendable", { id });
    const { replaces, ...step } = draft.step;
    return replaces === undefined
      ? add(tx, actor, { ...draft, step }, now)
      : replacePost(tx, actor, draft, replaces);
  });
}

async function add(tx: Scope, actor: Actor, draft: LiveStep, now: Date): Promise<LiveStep> {
  const begun = (await listSteps(tx)).map(({ step }) => step.since).toSorted()[0];
  const step: Step = { ...draft.step, since: begun ?? now.toISOString() };
  const due = dueUpTo(step.after, now);
  const since = new Date(step.since);
  const change = {
    ...toColumns({ content: await confirmedContent(tx, draft) }),
    step: storedStep.store(step),
    joinedCursor: due > since ? due : since,
    freezeCursor: 0,
    startedAt: now,
    finishedAt: now,
    frozenAt: now,
  };
  const added = await tryMove(
    tx,
    draft.id,
    "draft",
    "finished",
    change,
    eq(campaigns.revision, draft.revision),
  );
  if (!added || !isStep(added)) throw await changed(tx, draft.id);
  await record(tx, actor, "step.added", draft.id);
  return added;
}

async function replacePost(tx: Scope, actor: Actor, draft: LiveStep, id: number): Promise<LiveStep> {
  const before = await getCampaign(tx, id);
  const post = withRetiredButtons(draft.content, before.content);
  const content = await confirmedContent(tx, { ...draft, content: post });
  const { codePool, codeRound } = draft;
  const [row] = await tx.db
    .update(campaigns)
    .set({
      ...toColumns({ content }),
      codePool,
      codeRound,
      contentRevision: sql`${campaigns.contentRevision} + 1`,
      updatedAt: sql`now()`,
    })
    .where(and(is(tx, id, ["finished", "paused"]), sql`${campaigns.step} is not null`))
    .returning();
  if (!row) throw await conflict(tx, id);
  const changed = { ...before, content, codePool, codeRound, step: before.step ?? draft.step };
  // From now on, nobody is added without a code.
  if (givesCodes(changed)) await giveCodesToWaiting(tx, changed);
  await tx.db.delete(campaigns).where(is(tx, draft.id, ["draft"]));
  await record(tx, actor, "step.changed", id);
  return changed;
}

/** Those who were added before the post asked for a code, and have not got it. */
async function giveCodesToWaiting(tx: Scope, step: LiveStep & { codePool: number }): Promise<void> {
  const rows = await tx.db
    .select({ chatId: deliveries.chatId })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.botId, tx.botId),
        eq(deliveries.campaignId, step.id),
        inArray(deliveries.state, ["pending", "failed"]),
      ),
    )
    .orderBy(asc(deliveries.seq));
  if (rows.length === 0) return;
  const lacking = await giveCodes(
    tx,
    step,
    rows.map(({ chatId }) => chatId),
  );
  if (lacking > 0)
    throw new DomainError("codes-lacking", {
      id: step.id,
      lacking,
      codes: await countFree(tx, step.codePool),
    });
}

/** A draft with the post of a step, which it replaces once it is used. `originKey` as in NewDraft. */
export async function beginStepChange(
  home: HomeScope,
  actor: Actor,
  { botId, id, content, codePool, codeRound, step }: LiveStep,
  originKey: string,
): Promise<Campaign> {
  await authorize(home, actor, { action: "create-draft", botId });
  return insertDraft(scopeOf(home, { botId }), actor, {
    content: forNewCampaign(content),
    audience: EVERYONE,
    step: { ...step, replaces: id },
    codePool,
    codeRound,
    originKey,
  });
}

/**
 * Gives a step another time, and other people. Those who have it do not get it again; the others get it by the new time, unless they
 * are a day late for it by then.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is no longer a step
 */
export async function retimeStep(
  home: HomeScope,
  actor: Actor,
  id: number,
  plan: Pick<Step, "after" | "source" | "tag">,
): Promise<void> {
  const scope = await authorizeOn(home, { actor, action: "change-newcomers", id });
  await inTransaction(scope, async (tx) => {
    const found = await lockStep(tx, id);
    if (!found) throw await conflict(tx, id);
    const { since, lacksCodesSince } = found.step;
    await setStep(tx, id, { ...plan, since, ...(lacksCodesSince !== undefined && { lacksCodesSince }) });
    await record(tx, actor, "step.changed", id);
  });
}

/**
 * Removes a step from the series, so that nobody else gets it. Its report stays in the list of finished campaigns.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is no longer a step
 */
export async function removeStep(home: HomeScope, actor: Actor, id: number, now: Date): Promise<void> {
  const scope = await authorizeOn(home, { actor, action: "change-newcomers", id });
  await steer(scope, async (tx) => {
    await tryMove(tx, id, ["running", "paused"], "cancelled", { finishedAt: now });
    const gone = await tx.db
      .update(campaigns)
      .set({ step: null, finishedAt: now, updatedAt: sql`now()` })
      .where(
        and(
          eq(campaigns.botId, tx.botId),
          eq(campaigns.id, id),
          inArray(campaigns.state, ["finished", "cancelled"]),
          sql`${campaigns.step} is not null`,
        ),
      )
      .returning({ id: campaigns.id });
    if (gone.length === 0) throw await conflict(tx, id);
    await record(tx, actor, "step.removed", id);
  });
}
