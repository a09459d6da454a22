import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import type { Say } from "../say.ts";

/** The first report; each further one comes after twice the wait, up to the longest. */
const FIRST_MS = 3_000;
const LONGEST_MS = 30_000;

/** How long to wait for the list of blockers. */
const ASK_MS = 2_000;

export interface Waiting {
  db: Db;
  /** The `application_name` of the connections that wait. */
  session: string;
  /** What it is waiting to do, such as "to take the lease". */
  what: string;
  say: Say;
}

/**
 * Waits for `work`, and reports how long it has taken and who holds the lock it waits for, as far as that is visible.
 */
export async function sayingWhoBlocks<T>(waiting: Waiting, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  void watch(waiting, done.signal);
  try {
    return await work;
  } finally {
    done.abort();
  }
}

async function watch({ db, session, what, say }: Waiting, done: AbortSignal): Promise<void> {
  let seconds = 0;
  for (let ms = FIRST_MS; ; ms = Math.min(ms * 2, LONGEST_MS)) {
    await pause(ms, done);
    if (done.aborted) return;
    seconds += ms / 1000;
    const blockers = await Promise.race([
      listBlockers(db, session).catch(() => []),
      pause(ASK_MS, done).then(() => []),
    ]);
    if (done.aborted) return;
    const who = blockers.map(describe).join("; ");
    say(
      `Waiting ${what} for ${seconds} s. ` +
        (who ? `The lock is held by ${who}.` : "Who holds it up cannot be seen from here."),
    );
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

interface Blocker {
  pid: number;
  name: string | null;
  user: string | null;
  address: string | null;
  seconds: number | null;
}

/** The sessions that block a session's connections. PostgreSQL may show only the names of other users' sessions. */
async function listBlockers(db: Db, session: string): Promise<Blocker[]> {
  const rows: unknown = await db.execute(
    sql`select b.pid, nullif(h.application_name, '') as name, h.usename as user, host(h.client_addr) as address,
          extract(epoch from now() - h.xact_start)::int as seconds
        from (select distinct unnest(pg_blocking_pids(pid)) as pid from pg_stat_activity
            where application_name = ${session} and datname = current_database() and wait_event_type = 'Lock') b
          left join pg_stat_activity h on h.pid = b.pid`,
  );
  return rows as Blocker[]; // postgres.js returns an array
}

function describe({ pid, name, user, address, seconds }: Blocker): string {
  const known = [
    name && `"${name}"`,
    user && `user ${user}`,
    address && `from ${address}`,
    seconds !== null && `in a transaction for ${seconds} s`,
  ].filter(Boolean);
  // A prepared transaction has no process.
  const process = pid === 0 ? "a prepared transaction" : `process ${pid}`;
  return known.length > 0 ? `${process} (${known.join(", ")})` : process;
}
