import { type SQL, and, eq, inArray, isNotNull, lte, sql } from "drizzle-orm";
import { repeat } from "../background/rounds.ts";
import type { NamedService, Service } from "../background/service.ts";
import type { Clock } from "../clock.ts";
import { query } from "../db/connect.ts";
import { campaigns, cards, news, senders, troubles } from "../db/schema.ts";
import type { Log } from "../log.ts";
import type { HomeScope } from "../db/scope.ts";

/** Deletes the rows of removed senders in small batches, so that no statement holds up another bot. */
export interface Purge extends Service {
  /** Deletes what is due now; resolves when that is done, Herald stops, or `mayRun` says no. */
  sweep(): Promise<void>;
}

export interface PurgeParts {
  home: HomeScope;
  clock: Clock;
  log: Log;
  /** Only one process purges a home: the one that holds its lease. */
  mayRun: () => boolean;
  /** After a removal, this long is left for the engines of all processes to stop. Default 30 s. */
  graceMs?: number;
}

const EVERY_MS = 30_000;
const GRACE_MS = 30_000;

/** As for old deliveries (delivery/upkeep/retention.ts): a statement takes some 10 ms, and the database rests in between. */
const BATCH = 2_000;
const WAIT_FOR_EACH_MS = 9;
const SHORTEST_WAIT_MS = 50;

/** Tables of a sender, each with what follows `bot_id` in its primary key, in order, and the types. */
const TABLES: readonly [table: string, key: readonly (readonly [column: string, type: string])[]][] = [
  [
    "follow_ups",
    [
      ["campaign_id", "bigint"],
      ["seq", "int"],
      ["what", "text"],
    ],
  ],
  [
    "sent_edits",
    [
      ["campaign_id", "bigint"],
      ["number", "int"],
    ],
  ],
  [
    "deliveries",
    [
      ["campaign_id", "bigint"],
      ["seq", "int"],
    ],
  ],
  [
    "votes",
    [
      ["campaign_id", "bigint"],
      ["user_id", "bigint"],
    ],
  ],
  [
    "departures",
    [
      ["campaign_id", "bigint"],
      ["user_id", "bigint"],
    ],
  ],
  [
    "taps",
    [
      ["campaign_id", "bigint"],
      ["what", "text"],
      ["button", "text"],
    ],
  ],
  [
    "poll_answers",
    [
      ["campaign_id", "bigint"],
      ["poll_id", "text"],
      ["voter_id", "bigint"],
    ],
  ],
  [
    "poll_totals",
    [
      ["campaign_id", "bigint"],
      ["version", "text"],
      ["what", "text"],
      ["option", "text"],
    ],
  ],
  ["polls", [["poll_id", "text"]]],
  ["series", [["id", "bigint"]]],
  ["welcomes", [["id", "bigint"]]],
  [
    "topics",
    [
      ["chat_id", "bigint"],
      ["thread_id", "int"],
    ],
  ],
  ["chats", [["chat_id", "bigint"]]],
  ["media", [["file_unique_id", "text"]]],
  ["heard_updates", [["subject", "text"]]],
  ["forgotten", [["hash", "text"]]],
  [
    "list_members",
    [
      ["list_id", "bigint"],
      ["chat_id", "bigint"],
    ],
  ],
  ["lists", [["id", "bigint"]]],
  ["segments", [["id", "bigint"]]],
  ["queued_updates", [["update_id", "bigint"]]],
  ["inbox_messages", [["id", "bigint"]]],
  ["inbox_threads", [["chat_id", "bigint"]]],
  // One row, whose key is the bot alone.
  ["inboxes", [["bot_id", "bigint"]]],
  ["recipients", [["chat_id", "bigint"]]],
  // Last, because cards and news are found by them.
  ["campaigns", [["id", "bigint"]]],
];

/** The tables that a purge empties of a sender; a test compares them with the schema. */
export const PURGED_TABLES = TABLES.map(([table]) => table);

export function createPurge({ home, clock, log, mayRun, graceMs = GRACE_MS }: PurgeParts): Purge {
  const stopping = new AbortController();
  const stop = stopping.signal;
  let sweeping: Promise<void> = Promise.resolve();
  const mayGoOn = () => !stop.aborted && mayRun();

  const loop = repeat({
    clock,
    log,
    everyMs: EVERY_MS,
    complaint: "removed bots cannot be deleted, trying later",
    work: sweep,
  });

  function sweep(): Promise<void> {
    const done = purgeAll();
    sweeping = done.catch(() => undefined);
    return done;
  }

  async function purgeAll(): Promise<void> {
    if (!mayGoOn()) return;
    for (const botId of await listGone(home, new Date(clock.now().getTime() - graceMs)))
      if (await purgeSender(botId)) log.info({ bot: botId }, "a removed bot is deleted");
  }

  /** Resolves true when nothing is left. */
  async function purgeSender(botId: number): Promise<boolean> {
    for (const [table, key] of TABLES) {
      let from: readonly string[] | null = null;
      do {
        if (!mayGoOn()) return false;
        const began = clock.monotonic();
        if (table === "campaigns") await forgetShown(home, botId, from);
        from = await deleteBatch(home, { botId, table, key, from });
        if (from) await clock.sleep(restAfter(clock.monotonic() - began), stop);
      } while (from);
    }
    const { db, homeId } = home;
    await db.delete(troubles).where(and(eq(troubles.homeId, homeId), eq(troubles.botId, botId)));
    await db.delete(senders).where(and(eq(senders.botId, botId), isNotNull(senders.removedAt)));
    return true;
  }

  return {
    start: () => loop.start(),
    sweep,
    async stop() {
      stopping.abort();
      await loop.stop();
      await sweeping;
    },
  };
}

/** Deletes the rows of removed bots while this process runs the home. */
export function removedBots(
  { home, clock }: Pick<PurgeParts, "home" | "clock">,
  lease: { held(): boolean },
  log: Log,
): NamedService {
  const service = createPurge({ home, clock, log, mayRun: () => lease.held() });
  return { name: "removed bots", service, stops: "aside" };
}

function restAfter(tookMs: number): number {
  return Math.max(SHORTEST_WAIT_MS, tookMs * WAIT_FOR_EACH_MS);
}

/** Senders that were removed before `by`, and whose engines have stopped: nobody has their lease. */
async function listGone({ db, homeId }: HomeScope, by: Date): Promise<number[]> {
  const rows = await db
    .select({ botId: senders.botId })
    .from(senders)
    .where(
      and(
        eq(senders.homeId, homeId),
        lte(senders.removedAt, by),
        sql`(${senders.leaseUntil} is null or ${senders.leaseUntil} < now())`,
      ),
    );
  return rows.map(({ botId }) => botId);
}

interface Batch {
  botId: number;
  table: string;
  key: readonly (readonly [column: string, type: string])[];
  /** The key of the last row that was deleted; null at the beginning. */
  from: readonly string[] | null;
}

/**
 * Deletes the next rows in the order of the primary key, and returns the key of the last one; null if there were none.
 * Starting after the last one spares the scan of the index entries that were deleted before and not yet vacuumed.
 */
async function deleteBatch(
  { db }: HomeScope,
  { botId, table, key, from }: Batch,
): Promise<readonly string[] | null> {
  const name = sql.identifier(table);
  const columns = list(key.map(([column]) => sql.identifier(column)));
  const values = key.map(([, type], index) => sql`${from?.[index] ?? null}::text::${sql.raw(type)}`);
  const after = from ? sql`and (${columns}) > (${list(values)})` : sql``;
  const same = key.map(([column]) => sql`t.${sql.identifier(column)} = part.${sql.identifier(column)}`);
  // Not as an array, which postgres.js leaves unparsed here.
  const last = key.map(([column], index) => sql`${sql.identifier(column)}::text as ${sql.raw(`k${index}`)}`);
  const [row] = await query<Record<string, string>>(
    db,
    sql`with part as (
          select ${columns} from ${name} where bot_id = ${botId} ${after} order by ${columns} limit ${BATCH}::int
        ), gone as (
          delete from ${name} t using part where t.bot_id = ${botId} and ${sql.join(same, sql` and `)}
        )
        select ${list(last)} from part
        order by ${list(key.map(([column]) => sql`${sql.identifier(column)} desc`))} limit 1`,
  );
  return row ? key.map((_, index) => row[`k${index}`] ?? "") : null;
}

function list(parts: SQL[] | ReturnType<typeof sql.identifier>[]): SQL {
  return sql.join(parts as SQL[], sql`, `);
}

/** Deletes the cards and news of the campaigns that are deleted next. */
async function forgetShown(
  { db, homeId }: HomeScope,
  botId: number,
  from: readonly string[] | null,
): Promise<void> {
  const rows = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), sql`${campaigns.id} > ${from?.[0] ?? "0"}::text::bigint`))
    .orderBy(campaigns.id)
    .limit(BATCH);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await db.delete(cards).where(and(eq(cards.homeId, homeId), inArray(cards.campaignId, ids)));
  await db.delete(news).where(and(eq(news.homeId, homeId), inArray(news.campaignId, ids)));
}
