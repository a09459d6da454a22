import { type SQL, and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { CampaignState } from "../db/states.ts";
import type { Campaign } from "./campaign.ts";
import { toCampaign } from "./queries.ts";
import { type Step, inOrder } from "./step-plan.ts";

/** A step in the series. It is `finished` while nobody is due, `running` while some are sent to, or `paused`. */
export type LiveStep = Campaign & { step: Step };

export const LIVE_STATES = ["finished", "running", "paused"] as const satisfies readonly CampaignState[];

/** The steps of a bot's series, in order. */
export async function listSteps({ db, botId }: Scope): Promise<LiveStep[]> {
  const rows = await db.select().from(campaigns).where(isLive(botId));
  return inOrder(rows.map(toCampaign).filter(isStep));
}

export function isStep(campaign: Campaign): campaign is LiveStep {
  return campaign.step !== null;
}

function isLive(botId: number): SQL | undefined {
  return and(eq(campaigns.botId, botId), inArray(campaigns.state, LIVE_STATES), isNotNull(campaigns.step));
}

/** How far a step has come: everyone who joined before `at` is through and, of those at that instant, up to `chat`. */
export interface Place {
  total: number;
  /** To the microsecond, as PostgreSQL writes it. */
  at: string;
  chat: number;
}

/** Null if it is no longer a step of the series. */
export async function placeOf({ db, botId }: Scope, id: number): Promise<Place | null> {
  const [row] = await db
    .select({
      total: campaigns.total,
      at: sql<string>`${campaigns.joinedCursor}::text`,
      chat: sql<number>`coalesce(${campaigns.freezeCursor}, 0)`.mapWith(Number),
    })
    .from(campaigns)
    .where(and(isLive(botId), eq(campaigns.id, id), isNotNull(campaigns.joinedCursor)));
  return row ?? null;
}

/**
 * Records how far a step has come; with `added` people it is to be sent to them. `before` is how far it was when they were read.
 * False if it was paused meanwhile, or somebody else was first; what was added has to be rolled back then.
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
