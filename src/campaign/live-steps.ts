import { type SQL, and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { CampaignState } from "../db/states.ts";
import type { Campaign } from "./campaign.ts";
import { toCampaign } from "./queries.ts";
import { type Step, inOrder, storedStep } from "./step-plan.ts";
import { tryMove } from "./transition.ts";

/** A step in the series. It is `finished` while nobody is due, `running` while some are sent to, or `paused`. */
export type LiveStep = Campaign & { step: Step };

export const LIVE_STATES = ["finished", "running", "paused"] as const satisfies readonly CampaignState[];

/** The steps of a bot's series, in order. */
export async function listSteps({ db, botId }: Scope): Promise<LiveStep[]> {
  const rows = await db.select().from(campaigns).where(isLive(botId));
  return inOrder(rows.map(toCampaign).filter(isStep));
}

/** A step of the bot's series; null if it is none. */
export async function findStep(scope: Scope, id: number): Promise<LiveStep | null> {
  return (await listSteps(scope)).find((one) => one.id === id) ?? null;
}

export function isStep(campaign: Campaign): campaign is LiveStep {
  return campaign.step !== null;
}

/** A step of the series, so that nothing else changes it until the transaction ends; null if it is none. */
export async function lockStep({ db, botId }: Scope, id: number): Promise<LiveStep | null> {
  const [row] = await db
    .select()
    .from(campaigns)
    .where(and(isLive(botId), eq(campaigns.id, id)))
    .for("update");
  const campaign = row && toCampaign(row);
  return campaign && isStep(campaign) ? campaign : null;
}

/** Changes when people get a step, or who. The step is locked. */
export async function setStep({ db, botId }: Scope, id: number, step: Step): Promise<void> {
  await db
    .update(campaigns)
    .set({ step: storedStep.store(step), updatedAt: sql`now()` })
    .where(and(isLive(botId), eq(campaigns.id, id)));
}

/**
 * Notes that there are too few codes for those who are due. Once everybody who has one is sent to, the step pauses; it is
 * returned then.
 */
export async function noteLackOfCodes(
  scope: Scope,
  id: number,
  lacking: number,
  now: Date,
): Promise<Campaign | null> {
  return inTransaction(scope, async (tx) => {
    const found = await lockStep(tx, id);
    if (!found) return null;
    const { step } = found;
    if (step.lacksCodesSince === undefined)
      await setStep(tx, id, { ...step, lacksCodesSince: now.toISOString() });
    return tryMove(
      tx,
      id,
      "finished",
      "paused",
      { pauseReason: "codes", pauseDetail: String(lacking), pauseLanguage: null },
      isNotNull(campaigns.step),
    );
  });
}

/** Nobody waits for codes any longer. */
export async function noteCodesSuffice(scope: Scope, id: number): Promise<void> {
  await inTransaction(scope, async (tx) => {
    const found = await lockStep(tx, id);
    if (found?.step.lacksCodesSince === undefined) return;
    const { lacksCodesSince: _, ...step } = found.step;
    await setStep(tx, id, step);
  });
}

function isLive(botId: number): SQL | undefined {
  return and(eq(campaigns.botId, botId), inArray(campaigns.state, LIVE_STATES), isNotNull(campaigns.step));
}

/** How far a step has come: everyone who joined before `at` is through and, of those at that instant, up to `chat`. */
export interface Place {
  total: number;
  /** The post that those who are added next will get. */
  contentRevision: number;
  /** To the microsecond, as PostgreSQL writes it. */
  at: string;
  chat: number;
}

/** Null if it is no longer a step of the series. */
export async function placeOf({ db, botId }: Scope, id: number): Promise<Place | null> {
  const [row] = await db
    .select({
      total: campaigns.total,
      contentRevision: campaigns.contentRevision,
      at: sql<string>`${campaigns.joinedCursor}::text`,
      chat: sql<number>`coalesce(${campaigns.freezeCursor}, 0)`.mapWith(Number),
    })
    .from(campaigns)
    .where(and(isLive(botId), eq(campaigns.id, id), isNotNull(campaigns.joinedCursor)));
  return row ?? null;
}

/**
 * Records how far a step has come; with `added` people it is to be sent to them. `before` is how far it was when they were read.
 * False if it was paused or got another post meanwhile, or somebody else was first; what was added has to be rolled back then.
 */
export async function noteFed(
  { db, botId }: Scope,
  id: number,
  before: Place,
  { added, at, chat }: { added: number; at: string; chat: number },
): Promise<boolean> {
  const moved = await db
    .update(campaigns)
    .set({
      joinedCursor: sql`${at}::timestamptz`,
      freezeCursor: chat,
      ...(added > 0 && {
        total: before.total + added,
        state: "running",
        finishedAt: null,
        updatedAt: sql`now()`,
      }),
    })
    .where(
      and(
        eq(campaigns.botId, botId),
        eq(campaigns.id, id),
        inArray(campaigns.state, ["finished", "running"]),
        isNotNull(campaigns.step),
        eq(campaigns.total, before.total),
        eq(campaigns.contentRevision, before.contentRevision),
        sql`${campaigns.joinedCursor} = ${before.at}::timestamptz`,
        sql`coalesce(${campaigns.freezeCursor}, 0) = ${before.chat}::bigint`,
      ),
    )
    .returning({ id: campaigns.id });
  return moved.length > 0;
}

/** Moves a step on to where it has been before. False if it is there, or further. */
export async function skipTo(
  { db, botId }: Scope,
  id: number,
  { at, chat }: Pick<Place, "at" | "chat">,
): Promise<boolean> {
  const moved = await db
    .update(campaigns)
    .set({ joinedCursor: sql`${at}::timestamptz`, freezeCursor: chat })
    .where(
      and(
        isLive(botId),
        eq(campaigns.id, id),
        sql`(${campaigns.joinedCursor}, coalesce(${campaigns.freezeCursor}, 0)) < (${at}::timestamptz, ${chat}::bigint)`,
      ),
    )
    .returning({ id: campaigns.id });
  return moved.length > 0;
}
