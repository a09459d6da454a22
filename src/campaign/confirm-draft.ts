import { and, count, eq, isNull } from "drizzle-orm";
import type { Actor } from "../access/actor.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";
import { holdBot } from "./home-bots.ts";
import { toColumns } from "./json-columns.ts";
import { confirmedContent } from "./known-attributes.ts";
import { noteAction } from "./news/news.ts";
import { lockNumbers } from "./numbering.ts";
import { getDraft, notStarted } from "./queries.ts";
import { startSeries } from "./series.ts";
import { checkTime } from "./start-time.ts";
import { steer } from "./steering.ts";
import { type Change, changed, tryMove } from "./transition.ts";

/* The transitions to scheduled, for launch() and sendOverdue(), which do all other checks. */

/**
 * Confirms a draft at `revision` for `startsAt`, when the launcher starts it. Only what was confirmed is sent: if
 * someone has changed the draft since, nothing happens. A draft that repeats becomes the first run of a series.
 * `agreedCount` is the number of people that the actor confirmed.
 * @throws DomainError `conflict`, `changed`, `bot-unknown`
 */
export async function confirmDraft(
  scope: Scope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  startsAt: Date,
  agreedCount: number | null = null,
): Promise<Campaign> {
  return steer(scope, async (tx) => {
    await holdBot(tx);
    const campaign = await moveToScheduled(tx, { id, revision }, { startsAt, agreedCount });
    await noteAction(tx, campaign, "confirmed", actor);
    return campaign.recurrence ? startSeries(tx, campaign, campaign.recurrence) : campaign;
  });
}

/** @throws DomainError `conflict`, `changed`; `no-campaign` for a draft that is to answer /start, or to be a step */
export async function moveToScheduled(
  tx: Scope,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  change: Change,
): Promise<Campaign> {
  const asAgreed = and(
    eq(campaigns.revision, revision),
    isNull(campaigns.welcomeFor),
    isNull(campaigns.step),
  );
  const content = await confirmedContent(tx, await getDraft(tx, id));
  const confirmed = { ...change, ...toColumns({ content }) };
  const campaign = await tryMove(tx, id, "draft", "scheduled", confirmed, asAgreed);
  if (!campaign) throw await changed(tx, id);
  return campaign;
}

/** When a campaign should start, and what was confirmed. */
export interface Plan {
  startsAt: Date;
  /** The number of people that the actor confirmed. */
  agreedCount: number;
  now: Date;
  /** How many campaigns of the bot may be scheduled at once. */
  mostScheduled: number;
}

/**
 * Confirms a draft, at its revision, for a future time.
 * @throws DomainError `conflict`, `changed`, `bot-unknown`; `past`, `too-far`, `too-many`
 */
export async function scheduleDraft(
  scope: Scope,
  actor: Actor,
  draft: Pick<Campaign, "id" | "revision">,
  plan: Plan,
): Promise<Campaign> {
  checkTime(plan.startsAt, plan.now);
  return inTransaction(scope, async (tx) => {
    await holdBot(tx); // before the numbers, as wherever both are locked
    await lockNumbers(tx); // so that two at once cannot both take the last place
    await checkPlaces(tx, plan.mostScheduled);
    return confirmDraft(tx, actor, draft, plan.startsAt, plan.agreedCount);
  });
}

/** @throws DomainError `too-many` if no further campaign of the bot may be scheduled. Call it with the numbers locked. */
export async function checkPlaces(tx: Scope, most: number): Promise<void> {
  if ((await countScheduled(tx)) >= most) throw new DomainError("too-many", { count: most });
}

async function countScheduled({ db, botId }: Scope): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.state, "scheduled")));
  return row?.count ?? 0;
}

/**
 * Confirms that an overdue campaign, at `revision`, is sent after all, to the `agreedCount` people that the actor
 * confirmed.
 * It starts at once, however late.
 * @throws DomainError `conflict` when it is no longer paused before its start, `changed` when it is not at that
 *   revision
 */
export async function confirmOverdue(
  scope: Scope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  agreedCount: number,
): Promise<Campaign> {
  return steer(scope, async (tx) => {
    const change = { pauseReason: null, latePolicy: "send", agreedCount } as const;
    const asAgreed = and(notStarted, eq(campaigns.revision, revision));
    const campaign = await tryMove(tx, id, "paused", "scheduled", change, asAgreed);
    if (!campaign) throw await changed(tx, id);
    await noteAction(tx, campaign, "resumed", actor);
    return campaign;
  });
}
