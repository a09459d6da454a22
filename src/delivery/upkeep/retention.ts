import { sql } from "drizzle-orm";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import { type Begun, beginDrop, droppingUpTo, listOld } from "../../campaign/old-details.ts";
import {
  type Ballot,
  type Place,
  BALLOTS,
  dropVotesBehind,
  listVoted,
} from "../../campaign/votes/old-votes.ts";
import type { Clock } from "../../clock.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { Lease } from "./lease.ts";
import { dropBundlePeople, listSpentBundles } from "./spent-bundles.ts";

/** Deletes the deliveries of campaigns that ended long ago, and who voted for what. Their totals stay. */
export interface Retention extends Service {
  /** Deletes what is old now; resolves when that is done, Herald stops, or the lease is lost. */
  sweep(): Promise<void>;
  /** Resolves when the batch under way has ended. */
  stop(): Promise<void>;
}

export interface RetentionDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
  /** Days that deliveries and votes are kept after the end of their campaign; 0 keeps them for ever. */
  days: number;
}

/** Every hour at this minute hardly anyone starts a broadcast: those begin on the hour, the half, or the quarter. */
const AT_MINUTE = 23;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Rows deleted in one statement, which takes about 6 ms, on a server and on the embedded database, which blocks the
 * process meanwhile. A million rows take half a minute, most of it waiting.
 */
const BATCH = 2_000;

/** The database spends at most a tenth of its time on this, and leaves the rest to broadcasts. */
const WAIT_FOR_EACH_MS = 9;
const SHORTEST_WAIT_MS = 50;

export function createRetention({ scope, clock, log, lease, days }: RetentionDeps): Retention {
  const stopping = new AbortController();
  const stop = stopping.signal;
  let sweeping: Promise<void> = Promise.resolve();

  const loop = repeat({
    clock,
    log,
    everyMs: () => msUntilMinute(AT_MINUTE, clock.now()),
    waitsFirst: true,
    complaint: "old deliveries cannot be dropped, trying later",
    work: sweep,
  });

  const mayGoOn = () => !stop.aborted && lease.held();

  function sweep(): Promise<void> {
    const done = dropAllOld();
    sweeping = done.catch(() => undefined);
    return done;
  }

  async function dropAllOld(): Promise<void> {
    if (days === 0 || !mayGoOn()) return;
    const before = new Date(clock.now().getTime() - days * DAY_MS);
    for (const { id } of await listOld(scope, before)) {
      if (!mayGoOn()) return;
      const begun = await beginDrop(scope, id, before, clock.now());
      if (begun && (await dropAll(id, begun)))
        log.info({ campaign: id, deliveries: begun.total }, "old deliveries dropped");
    }
    // The people of bundles belong to the home, so the engine of its own bot sees to them.
    if (scope.botId === scope.homeId)
      for (const bundleId of await listSpentBundles(scope, before))
        if (await dropPeople(bundleId)) log.info({ bundle: bundleId }, "the people of an old bundle dropped");
    if (!mayGoOn()) return;
    for (const ballot of BALLOTS)
      for (const { id } of await listVoted(scope, ballot))
        if (await dropVotes(ballot, id)) log.info({ campaign: id, from: ballot.table }, "old votes dropped");
  }

  /** Resolves true when no delivery is left. */
  async function dropAll(campaignId: number, { droppedTo, total }: Begun): Promise<boolean> {
    for (let from = droppedTo; from < total;) {
      if (!mayGoOn()) return false;
      const to = Math.min(from + BATCH, total);
      const asked = clock.monotonic();
      if (!(await dropBatch(scope, campaignId, from, to))) return false; // another process is deleting them
      from = to;
      await rest(asked);
    }
    return true;
  }

  /** Resolves true when no vote is left. */
  async function dropVotes(ballot: Ballot, campaignId: number): Promise<boolean> {
    for (let from: Place | null = null; mayGoOn();) {
      const asked = clock.monotonic();
      const last: Place | null = await dropVotesBehind(scope, ballot, campaignId, from, BATCH);
      if (last === null) return true;
      from = last;
      await rest(asked);
    }
    return false;
  }

  /** Resolves true when nobody is left. */
  async function dropPeople(bundleId: number): Promise<boolean> {
    for (let from = 0; mayGoOn();) {
      const asked = clock.monotonic();
      const last: number | null = await dropBundlePeople(scope, bundleId, from, BATCH);
      if (last === null) return true;
      from = last;
      await rest(asked);
    }
    return false;
  }

  async function rest(asked: number): Promise<void> {
    await clock.sleep(Math.max(SHORTEST_WAIT_MS, (clock.monotonic() - asked) * WAIT_FOR_EACH_MS), stop);
  }

  return {
    start() {
      if (days > 0) return loop.start();
    },
    sweep,
    async stop() {
      stopping.abort();
      await loop.stop();
      await sweeping;
    },
  };
}

/** How long it takes until an hour's `minute` begins again. */
function msUntilMinute(minute: number, now: Date): number {
  const next = new Date(now);
  next.setMinutes(minute, 0, 0);
  const ms = next.getTime() - now.getTime();
  return ms > 0 ? ms : ms + HOUR_MS;
}

/**
 * Deletes the deliveries after `from` up to `to` and records the progress in one statement, so that after a crash the next
 * run continues there. Uses a range of the primary key, because `limit` would scan everything deleted before each time.
 * Resolves false when someone else has moved on from `from` meanwhile.
 */
async function dropBatch(
  { db, botId }: Scope,
  campaignId: number,
  from: number,
  to: number,
): Promise<boolean> {
  const rows = await query<{ id: number }>(
    db,
    sql`with moved as (
          ${droppingUpTo(botId, campaignId, from, to)}
        ), dropped as (
          delete from deliveries
          where bot_id = ${botId} and campaign_id = ${campaignId} and seq > ${from}::int and seq <= ${to}::int
            and exists (select from moved)
        )
        select id::float8 as id from moved`,
  );
  return rows.length > 0;
}
