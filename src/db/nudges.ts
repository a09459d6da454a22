import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import type { Service } from "../background/service.ts";
import type { Db } from "./connect.ts";
import type { Say } from "./say.ts";

/** What other processes are told is worth a look. */
export const NUDGES = [
  /** Someone started, changed, paused, resumed or cancelled a campaign. */
  "campaigns",
  /** The lease was given back. */
  "lease",
  /** Somebody made, changed or deleted a webhook. */
  "webhooks",
  /** Somebody added, changed or removed a bot. */
  "senders",
  /** Telegram has posted updates of a bot that this process may run. */
  "updates",
  /** What a card shows of a campaign has changed, and not only its counters. */
  "progress",
] as const;
export type Nudge = (typeof NUDGES)[number];

/**
 * NOTIFY and LISTEN: tell the other processes on a server that something has changed. The tables stay the truth. A nudge
 * can get lost, so code that waits for one also polls, only less often.
 */
export interface Nudges {
  /** Tells every process of the bot, this one included, once the transaction that `db` is in commits. */
  send(db: Db, botId: number, what: Nudge, campaignId?: number): Promise<void>;
  /**
   * Calls `onNudge` for each nudge that concerns the bot, on a connection of its own. When it begins to listen, and each
   * time that it listens again after its connection was lost, it calls it for every kind, because it may have missed one.
   * `onOther` hears of other bots in the same way, of those of other homes as well; null stands for any of them.
   */
  listener(
    botId: number,
    onNudge: (what: Nudge, campaignId?: number) => void,
    onOther?: (botId: number | null, what: Nudge) => void,
  ): Service;
}

export interface NudgesParts {
  /** A connection for listening only. */
  connect: () => postgres.Sql;
  /** The pool: other connections than the one that listens. */
  db: Db;
  say: Say;
}

/** The same for all bots on a database, so that a process with several needs one connection. */
const CHANNEL = "herald";

/** A notification that has not come by then does not come. Usually it takes a millisecond. */
const PROOF_MS = 3_000;
/** One may get lost, when the connection breaks right then. */
const PROOFS = 2;
const LONGEST_PAUSE_MS = 60_000;

const DEAF =
  "Notifications of PostgreSQL do not arrive on this connection, as behind a pooler in transaction mode. Herald looks " +
  "at the tables once a second instead.";

export function createNudges({ connect, db, say }: NudgesParts): Nudges {
  return {
    async send(tx, botId, what, campaignId) {
      await notify(tx, [botId, what, ...(campaignId === undefined ? [] : [campaignId])].join(" "));
    },
    listener: (botId, onNudge, onOther = () => undefined) =>
      createListener({ connect, db, say }, botId, onNudge, onOther),
  };
}

async function notify(db: Db, payload: string): Promise<void> {
  await db.execute(sql`select pg_notify(${CHANNEL}, ${payload})`);
}

function createListener(
  { connect, db, say }: NudgesParts,
  botId: number,
  onNudge: (what: Nudge, campaignId?: number) => void,
  onOther: (botId: number | null, what: Nudge) => void,
): Service {
  const stopping = new AbortController();
  const proof = `proof ${randomBytes(6).toString("hex")}`;
  const proven = new AbortController();
  let client: postgres.Sql | null = null;
  let isProving = false;

  function hear(payload: string): void {
    if (payload === proof) proven.abort();
    const [of, word, campaign] = payload.split(" ");
    const what = NUDGES.find((one) => one === word);
    if (what === undefined) return;
    if (Number(of) === botId) onNudge(what, campaign === undefined ? undefined : Number(campaign));
    else onOther(Number(of), what);
  }

  function listening(): void {
    for (const what of NUDGES) {
      onNudge(what);
      onOther(null, what);
    }
    if (isProving) return;
    isProving = true;
    void prove();
  }

  /** Sends itself a notification through the pool. A pooler may take a LISTEN and then keep back what it is for. */
  async function prove(): Promise<void> {
    const ended = AbortSignal.any([stopping.signal, proven.signal]);
    let [missed, againMs] = [0, 1_000];
    while (!ended.aborted) {
      const sent = await notify(db, proof).then(
        () => true,
        () => false, // the pool is cut off as well, and nothing is known yet
      );
      await pause(sent ? PROOF_MS : againMs, ended);
      if (sent) missed += 1;
      else againMs = Math.min(2 * againMs, LONGEST_PAUSE_MS);
      if (missed === PROOFS && !ended.aborted) await giveUp(DEAF);
    }
  }

  async function giveUp(sentence: string): Promise<void> {
    say(sentence);
    await stop();
  }

  async function stop(): Promise<void> {
    stopping.abort();
    // Not by unlisten(): once postgres.js has reconnected, it no longer knows which listener that was.
    await client?.end({ timeout: 0 });
  }

  return {
    start() {
      client = connect();
      client.listen(CHANNEL, hear, listening).catch((error: unknown) => {
        // Of a connection that failed or closed postgres.js rejects this once, and goes on trying by itself.
        const isFinal = error instanceof postgres.PostgresError && error.severity !== "FATAL";
        if (isFinal && !stopping.signal.aborted)
          void giveUp(
            `PostgreSQL refuses LISTEN (${error.message}). Herald looks at the tables once a second.`,
          );
      });
    },
    stop,
  };
}

/** Never rejects. */
async function pause(ms: number, until: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: until, ref: false }).catch(() => undefined);
}
