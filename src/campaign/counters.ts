import { type SQL, and, eq, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { DeliveryState, RecipientStatus } from "../db/states.ts";
import type { Campaign } from "./campaign.ts";

interface OutcomeClass {
  /** Where its deliveries stand. */
  state: Extract<DeliveryState, "sent" | "failed" | "skipped" | "uncertain">;
  /** Why they failed; a failure for any reason that no class names is counted as `failed`. */
  reason?: string;
  /** Under which number a card shows them. */
  shownAs: "sent" | "blocked" | "failed" | "skipped" | "uncertain";
  /** A call was made. Those skipped at the claim were passed over on purpose. */
  wasTried: boolean;
  /** What it says of the campaign: the bot and its list belong together, or perhaps they do not. */
  tells: "list-is-right" | "something-is-wrong" | null;
  /** It lies with the recipient: a mended post or token changes nothing about it. */
  isRecipients: boolean;
  /** It is neither a success nor somebody's own choice: a campaign with such outcomes ended with errors. */
  isError: boolean;
}

/**
 * The outcome classes of deliveries. Each is counted in the column of `campaigns` of the same name; the counters are moved
 * in the transaction that moves the deliveries, and a campaign is finished when they add up to `total`.
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

const COUNTERS = Object.entries(CLASSES).map(([name, about]) => ({
  // The names of an object that was just written down.
  name: name as Counter,
  ...about,
}));

/** What failed for this reason means this of its recipient. */
export const STATUS_AFTER: readonly (readonly [reason: string, Exclude<RecipientStatus, "active">])[] = [
  ["blocked", "blocked"],
  ["deactivated", "deactivated"],
  ["unreachable", "unreachable"],
  ["chat-lost", "unreachable"],
];

type Counted = Pick<Campaign, Counter>;
type Which = (about: OutcomeClass) => boolean;

/** How many deliveries of these classes a campaign has. */
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

/** Under which counter a delivery in this state counts; null while it has no outcome. */
export function counterFor(state: DeliveryState, reason: string | null): Counter | null {
  const named = COUNTERS.find((about) => about.state === state && about.reason === (reason ?? undefined));
  return (named ?? COUNTERS.find((about) => about.state === state && !about.reason))?.name ?? null;
}

/** SQL: how many rows of `deliveries` count under each counter, as columns of their names. */
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

/** Reasons for which nobody is tried again when what made a campaign pause is mended. */
export const RECIPIENTS_OWN = COUNTERS.flatMap(({ isRecipients, reason }) =>
  isRecipients && reason ? [reason] : [],
);

/** Adds to the counters that calls move, all of them, in one statement. Null when there is no such campaign. */
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

/** SQL: an UPDATE of `campaigns c` that adds these numbers; to be followed by its condition. For statements that move deliveries. */
export function addingTo(added: Partial<Record<Counter, SQL>>): SQL {
  const moved = Object.entries(added).map(([name, count]) => {
    const column = sql.identifier(name);
    return sql`${column} = c.${column} + ${count}`;
  });
  return sql`update campaigns c set ${sql.join(moved, sql`, `)}`;
}
