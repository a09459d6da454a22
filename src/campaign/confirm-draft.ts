import { and, count, eq } from "drizzle-orm";
import type { Actor } from "../access/actor.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";
import { noteAction } from "./news/news.ts";
import { lockNumbers } from "./numbering.ts";
import { notStarted } from "./queries.ts";
import { startSeries } from "./series.ts";
import { checkTime } from "./start-time.ts";
import { changed, tryMove } from "./transition.ts";

/* The moves to scheduled, for launch() and sendOverdue(), which check all the rest. */

/**
 * Confirms a draft for `startsAt` as it was at `revision`; the dispatcher starts it then. What was agreed to is what is
 * sent: if somebody changed it since, nothing happens. A draft that repeats becomes the first run of a series.
 * `agreedCount` is the number of people that the actor was asked about.
 * @throws DomainError `conflict`, `changed`
 */
export async function confirmDraft(
  scope: Scope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  startsAt: Date,
  agreedCount: number | null = null,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const asAgreed = eq(campaigns.revision, revision);
    const campaign = await tryMove(tx, id, "draft", "scheduled", { startsAt, agreedCount }, asAgreed);
    if (!campaign) throw await changed(tx, id);
    await noteAction(tx, campaign, "confirmed", actor);
    return campaign.recurrence ? startSeries(tx, campaign, campaign.recurrence) : campaign;
  });
}

/** When a campaign is to start, and what was agreed to. */
export interface Plan {
  startsAt: Date;
  /** How many people the actor was asked about. */
  agreedCount: number;
  now: Date;
  /** How many campaigns of the bot may be scheduled at a time. */
  mostScheduled: number;
}

/**
 * Confirms a draft for a time to come, as it was at its revision.
 * @throws DomainError `conflict`, `changed`; `past`, `too-far`, `too-many`
 */
export async function scheduleDraft(
  scope: Scope,
  actor: Actor,
  draft: Pick<Campaign, "id" | "revision">,
  plan: Plan,
): Promise<Campaign> {
  checkTime(plan.startsAt, plan.now);
  return inTransaction(scope, async (tx) => {
    await lockNumbers(tx); // or two at once would both be the last that fits
    if ((await countScheduled(tx)) >= plan.mostScheduled)
      throw new DomainError("too-many", { count: plan.mostScheduled });
    return confirmDraft(tx, actor, draft, plan.startsAt, plan.agreedCount);
  });
}

async function countScheduled({ db, botId }: Scope): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.state, "scheduled")));
  return row?.count ?? 0;
}

/**
 * Confirms that an overdue campaign, as it was at `revision`, is sent after all, to the `agreedCount` people that the actor
 * was asked about. It starts at once, however late.
 * @throws DomainError `conflict` when it is no longer paused before its start, `changed` when it is not at that revision
 */
export async function confirmOverdue(
  scope: Scope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
  agreedCount: number,
): Promise<Campaign> {
  return inTransaction(scope, async (tx) => {
    const change = { pauseReason: null, latePolicy: "send", agreedCount } as const;
    const asAgreed = and(notStarted, eq(campaigns.revision, revision));
    const campaign = await tryMove(tx, id, "paused", "scheduled", change, asAgreed);
    if (!campaign) throw await changed(tx, id);
    await noteAction(tx, campaign, "resumed", actor);
    return campaign;
  });
}
