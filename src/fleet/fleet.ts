import type { Api } from "grammy";
import pLimit from "p-limit";
import { repeat } from "../background/rounds.ts";
import type { Service } from "../background/service.ts";
import type { SenderStatus } from "../bot/ui/bot-context.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import { RENEW_MS, createLeasePool } from "../delivery/upkeep/lease-pool.ts";
import { type FleetSender, type ListSenders, needsRestart } from "./fleet-sender.ts";
import type { RunParts } from "./run-parts.ts";
import { type SenderFacts, type SenderRun, createSenderRun } from "./sender-run.ts";
import { reportOf, statusElsewhere } from "./sender-status.ts";

/**
 * The senders of a home besides the home itself: runs the engine of each whose lease this process gets, and answers its
 * people if Herald is to. Several processes on one database share them.
 */
export interface Fleet extends Service {
  /** A sender was added, changed or removed, or a lease may be free: looks at once. */
  nudge(): void;
  /** Campaigns of a bot are due or were changed; without a bot, of any. */
  poke(botId?: number): void;
  /** Updates of a bot may have been stored; without a bot, of any. False if this process does not run it. */
  nudgeUpdates(botId?: number): boolean;
  /** The senders that this process runs. */
  facts(): ReadonlyMap<number, SenderFacts>;
  /** All senders; what another process does is known as of a few seconds ago, and its troubles are in the tables. */
  statuses(): ReadonlyMap<number, SenderStatus>;
  /** Null if the home has no such sender. */
  statusOf(botId: number): SenderStatus | null;
  /** The Api of a sender that this process runs beside another program; null for all others. */
  apiOf(botId: number): Api | null;
  /** True if the home has senders that another process may be running. */
  isShared(): boolean;
}

type Shared = Pick<RunParts, "batchMs" | "calmMs" | "freezesInTurn" | "startsInTurn">;

export interface FleetParts extends Omit<RunParts, keyof Shared> {
  home: HomeScope;
  listSenders: ListSenders;
}

/** How often to look for the first sender, in ms; a nudge says when there is one. */
const NO_SENDERS_MS = 10_000;

/**
 * How often a bot looks for work at rest. Nudges say at once when there is some; only behind a pooler that swallows them does
 * a campaign begin this much later. Each look takes three statements, so a thousand bots look every 50 s.
 */
const SHORTEST_CALM_MS = 5_000;
const CALM_MS_EACH = 50;

const STARTS_AT_ONCE = 20;

/** Of ten connections, so many may be freezing audiences. */
const FREEZES_AT_ONCE = 3;

/**
 * One bot waits for 50 ms' worth of messages, fifty wait for 250: at 28 a second each, claims and outcomes of two messages are
 * most of what fifty bots cost the process and the database.
 */
const BATCH_MS_EACH = 5;
const SHORTEST_BATCH_MS = 50;
const LONGEST_BATCH_MS = 250;

export function createFleet(parts: FleetParts): Fleet {
  const { home, clock, log, session: holder, exclusive } = parts;
  const runs = new Map<number, SenderRun>();
  const runParts: RunParts = { ...parts, ...sharedBy(runs, () => senders) };
  const ending = new Map<number, { done: Promise<void>; forGood: boolean }>();
  let senders: readonly FleetSender[] = [];
  const pool = createLeasePool({
    home,
    clock,
    log,
    holder,
    exclusive,
    onRegained: (botId) => runs.get(botId)?.regained(),
  });

  const loop = repeat({
    clock,
    log,
    everyMs: () => (senders.length === 0 && pool.held.size === 0 ? NO_SENDERS_MS : RENEW_MS),
    againMs: RENEW_MS,
    complaint: "the bots that post cannot be looked up, trying again",
    work: look,
  });

  async function look(stop: AbortSignal): Promise<void> {
    senders = await parts.listSenders();
    if (stop.aborted) return;
    if (senders.length > 0 || pool.held.size > 0)
      await pool.renew(
        senders.map(({ botId }) => botId),
        reportOf(runs.values()),
      );
    if (!stop.aborted) follow();
  }

  /** Runs what should run and ends what should not. Nothing is waited for: leases have to be renewed meanwhile. */
  function follow(): void {
    const wanted = new Map(senders.map((sender) => [sender.botId, sender]));
    for (const [botId, run] of runs) {
      const sender = wanted.get(botId);
      if (!pool.held.has(botId)) end(run, false);
      else if (!sender) end(run, true);
      else if (needsRestart(run.sender, sender)) end(run, false);
    }
    const leaving = [...ending.values()].filter(({ forGood }) => forGood).length;
    for (const run of idlest(runs.values(), pool.surplus - leaving)) end(run, true);
    for (const [botId, lease] of pool.held) {
      const sender = wanted.get(botId);
      if (runs.has(botId) || ending.has(botId)) continue;
      if (!sender) void giveBack(botId);
      else begin(createSenderRun(sender, scopeOf(home, { botId }), lease, runParts));
    }
  }

  function status(sender: FleetSender): SenderStatus {
    const run = runs.get(sender.botId);
    return run
      ? { ...run.facts(), isHere: true }
      : statusElsewhere(sender, pool.elsewhere.get(sender.botId), parts);
  }

  function begin(run: SenderRun): void {
    runs.set(run.sender.botId, run);
    run.start();
  }

  /** With `forGood`, its lease is given back afterwards. */
  function end(run: SenderRun, forGood: boolean): void {
    const { botId } = run.sender;
    runs.delete(botId);
    const done = run
      .stop()
      .then(() => (forGood ? giveBack(botId) : undefined))
      .catch((error: unknown) => log.error({ err: error, bot: botId }, "a bot could not be stopped"))
      .finally(() => {
        ending.delete(botId);
        loop.nudge();
      });
    ending.set(botId, { done, forGood });
  }

  async function giveBack(botId: number): Promise<void> {
    await pool
      .giveBack(botId)
      .catch((error: unknown) =>
        log.warn({ err: error, bot: botId }, "a lease cannot be given back; it runs out by itself"),
      );
  }

  return {
    start: () => loop.start(),
    nudge: () => loop.nudge(),
    poke(botId) {
      if (botId !== undefined) runs.get(botId)?.poke();
      else for (const run of runs.values()) run.poke();
    },
    nudgeUpdates(botId) {
      const some = botId === undefined ? [...runs.values()] : [runs.get(botId)].flatMap((run) => run ?? []);
      for (const run of some) run.nudge();
      return some.length > 0;
    },
    apiOf: (botId) => runs.get(botId)?.api ?? null,
    isShared: () => !exclusive && senders.some(({ botId }) => !runs.has(botId)),
    facts: () => new Map([...runs].map(([botId, run]) => [botId, run.facts()])),
    statuses: () => new Map(senders.map((sender) => [sender.botId, status(sender)])),
    statusOf(botId) {
      const sender = senders.find((one) => one.botId === botId);
      return sender ? status(sender) : null;
    },
    async stop() {
      const stopped = loop.stop();
      for (const run of runs.values()) end(run, false);
      await Promise.all([...ending.values()].map(({ done }) => done));
      await stopped;
      await pool
        .leave()
        .catch((error: unknown) => log.warn({ err: error }, "leases cannot be given back; they run out"));
    },
  };
}

/** What the senders of a process share: those that it runs, of all that it knows. */
function sharedBy(runs: ReadonlyMap<number, SenderRun>, senders: () => readonly FleetSender[]): Shared {
  return {
    batchMs: () => Math.min(LONGEST_BATCH_MS, Math.max(SHORTEST_BATCH_MS, runs.size * BATCH_MS_EACH)),
    calmMs: () => Math.max(SHORTEST_CALM_MS, senders().length * CALM_MS_EACH),
    freezesInTurn: pLimit(FREEZES_AT_ONCE),
    startsInTurn: pLimit(STARTS_AT_ONCE),
  };
}

/** The `count` runs with the fewest calls in flight: that an idle one moves to another process, nobody notices. */
function idlest(runs: Iterable<SenderRun>, count: number): SenderRun[] {
  if (count <= 0) return [];
  const byCalls = [...runs].map((run) => ({ run, calls: run.facts().inFlight }));
  return byCalls
    .toSorted((a, b) => a.calls - b.calls)
    .slice(0, count)
    .map(({ run }) => run);
}
