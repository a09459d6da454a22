import { type SQL, and, eq, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { DeliveryState, RecipientStatus } from "../db/states.ts";
import type { Campaign } from "./campaign.ts";

interface OutcomeClass {
  /** The state of its deliveries. */
  state: Extract<DeliveryState, "sent" | "failed" | "skipped" | "uncertain">;
  /** Why they failed; failures for any other reason count as `failed`. */
  reason?: string;
  /** The number of the card that includes them. */
  shownAs: "sent" | "blocked" | "failed" | "skipped" | "uncertain";
  /** A call was made, unlike for deliveries skipped at the claim. */
  wasTried: boolean;
  /** What it reveals about the campaign: that the list is this bot's, or perhaps not. */
  tells: "list-is-right" | "something-is-wrong" | null;
  /** The recipient is the cause: a corrected post or token would not help. */
  isRecipients: boolean;
  /** Neither a success nor the recipient's choice: a campaign with such outcomes ended with errors. */
  isError: boolean;
}

/**
 * The outcome classes of deliveries. Each is counted in the column of `campaigns` with the same name. The counters
 * change in the transaction that changes the deliveries, and a campaign is finished when they add up to `total`.
 */
const CLASSES = {
  sent: outcome("sent", "sent", { tells: "list-is-right" }),
  blocked: outcome("failed", "blocked", { reason: "blocked", tells: "list-is-right", isRecipients: true }),
  deactivated: outcome("failed", "failed", {
    reason: "deactivated",
    tells: "list-is-right",
    isRecipients: true,
  }),
  unreachable: outcome("failed", "failed", { reason: "unreachable", tells: "something-is-wrong" }),
  failed: outcome("failed", "failed", { tells: "something-is-wrong", isError: true }),
  skipped: outcome("skipped", "skipped", { wasTried: false }),
  uncertain: outcome("uncertain", "uncertain", { isError: true }),
} as const satisfies Partial<Record<keyof Campaign, OutcomeClass>>;

function outcome(
  state: OutcomeClass["state"],
  shownAs: OutcomeClass["shownAs"],
  more: Partial<OutcomeClass>,
): OutcomeClass {
  return { state, shownAs, wasTried: true, tells: null, isRecipients: false, isError: false, ...more };
}

export type Counter = keyof typeof CLASSES;

/** The name of each counter. */
export const OUTCOMES = Object.keys(CLASSES) as readonly Counter[];

const COUNTERS = Object.entries(CLASSES).map(([name, about]) => ({
  // Object.entries() loses the type of the keys.
  name: name as Counter,
  ...about,
}));

/** The recipient's status after a failure with each reason. */
export const STATUS_AFTER: readonly (readonly [reason: string, Exclude<RecipientStatus, "active">])[] = [
  ["blocked", "blocked"],
  ["deactivated", "deactivated"],
  ["unreachable", "unreachable"],
  ["chat-lost", "unreachable"],
];

type Counted = Pick<Campaign, Counter>;
type Which = (about: OutcomeClass) => boolean;

/** The number of a campaign's deliveries in these classes. */
export function countOf(counted: Counted, which: Which): number {
  return COUNTERS.reduce((sum, { name, ...about }) => (which(about) ? sum + counted[name] : sum), 0);
}

/** SQL: the same, over the columns of `campaigns`. */
export function sumOf(which: Which): SQL {
  const columns = COUNTERS.filter(which).map(({ name }) => sql`${campaigns[name]}`);
  return sql.join(columns, sql` + `);
}

const any: Which = () => true;

/** SQL: the audience is frozen and nobody in it is without an outcome. */
export const everyoneHasAnOutcome = sql`${campaigns.frozenAt} is not null and ${campaigns.total} = ${sumOf(any)}`;

/** The counter for a delivery in this state; null while it has no outcome. */
export function counterFor(state: DeliveryState, reason: string | null): Counter | null {
  const named = COUNTERS.find((about) => about.state === state && about.reason === (reason ?? undefined));
  return (named ?? COUNTERS.find((about) => about.state === state && !about.reason))?.name ?? null;
}

/** SQL: the number of `deliveries` rows for each counter, as columns with the counters' names. */
export function countedInDeliveries(): SQL {
  const named = COUNTERS.flatMap(({ reason }) => reason ?? []);
  const columns = COUNTERS.map(({ name, state, reason }) => {
    const which =
      state !== "failed"
        ? sql`state = ${sql.raw(`'${state}'`)}`
        : reason
          ? sql`state = 'failed' and reason = ${reason}`
          : sql`state = 'failed' and reason not in ${named}`;
    return sql`count(*) filter (where ${which})::int as ${sql.identifier(name)}`;
  });
  return sql.join(columns, sql`, `);
}

/** Reasons that are not retried when the cause of a campaign's pause is fixed. */
export const RECIPIENTS_OWN = COUNTERS.flatMap(({ isRecipients, reason }) =>
  isRecipients && reason ? [reason] : [],
);

/** Adds to all counters in one statement. Null if there is no such campaign. */
export async function addToCounters(
  { db, botId }: Scope,
  id: number,
  added: ReadonlyMap<Counter, number>,
): Promise<typeof campaigns.$inferSelect | null> {
  const moved = COUNTERS.filter(({ wasTried }) => wasTried).map(({ name }) => [
    name,
    sql`${campaigns[name]} + ${added.get(name) ?? 0}`,
  ]);
  const [row] = await db
    .update(campaigns)
    .set(Object.fromEntries(moved))
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)))
    .returning();
  return row ?? null;
}

/**
 * SQL: an UPDATE of `campaigns c` that adds these numbers, to be followed by its condition; part of statements that
 * change deliveries.
 */
export function addingTo(added: Partial<Record<Counter, SQL>>): SQL {
  const moved = Object.entries(added).map(([name, count]) => {
    const column = sql.identifier(name);
    return sql`${column} = c.${column} + ${count}`;
  });
  return sql`update campaigns c set ${sql.join(moved, sql`, `)}`;
}
