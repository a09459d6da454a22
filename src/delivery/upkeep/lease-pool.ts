import pLimit from "p-limit";
import { createTroubleLog } from "../../background/trouble-log.ts";
import type { Clock } from "../../clock.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import {
  type SurveyedLease,
  disconnectDead,
  listOthers,
  forgetDeadProcesses,
  leaveHome,
  surveyLeases,
  takeFreeLeases,
} from "./held-leases.ts";
import { MARGIN_MS } from "./lease.ts";
import { TTL_MS, giveBackLease } from "./lease-row.ts";
import type { ProcessReport, ReportedSender } from "./process-report.ts";
import { PATIENCE_MS, isDenied } from "./standby.ts";
import { type HeldLease, type Tenure, createTenure } from "./tenure.ts";

/**
 * The leases of a home's senders that this process has. The processes share the senders: each takes what is free up to its
 * share, and says which it has too many of.
 */
export interface LeasePool {
  /**
   * Renews the leases, takes free ones of these senders, and learns which are lost. Call it every RENEW_MS or more often.
   * `report` is for the other processes.
   * @throws when the database does not answer; the leases run out by themselves if that lasts.
   */
  renew(botIds: readonly number[], report?: ProcessReport): Promise<void>;
  /** The senders whose lease is or was just held, each with the lease for its engine. */
  readonly held: ReadonlyMap<number, HeldLease>;
  /** What other processes do, by bot, as of the last renewal. */
  readonly elsewhere: ReadonlyMap<number, Elsewhere>;
  /** How many leases this process should give back, so that others get their share. */
  readonly surplus: number;
  /** Gives one back. Its engine must have stopped. */
  giveBack(botId: number): Promise<void>;
  /** Gives all back. */
  leave(): Promise<void>;
}

/** A sender whose lease this process does not have. */
export interface Elsewhere {
  /** Null if no process has it. */
  holder: string | null;
  /** What its process reports of it; null if it simply sends at its rate. */
  report: ReportedSender | null;
  quietUntil: Date | null;
}

export interface LeasePoolParts {
  home: HomeScope;
  clock: Clock;
  log: Log;
  /** Names this process; unique. */
  holder: string;
  /** No other process can reach this database: all senders are this process's. */
  exclusive: boolean;
  /** The lease of a sender had run out, and is back: another process may have sent in between. */
  onRegained: (botId: number) => void;
}

const NOTHING: ProcessReport = { senders: {} };

/** How often to renew, in ms. Three renewals may fail before a lease is lost. */
export const RENEW_MS = 2_500;

export function createLeasePool(parts: LeasePoolParts): LeasePool {
  const { home, clock, log, holder, exclusive } = parts;
  const held = new Map<number, Tenure>();
  const leaving = new Set<number>(); // being given back
  const patience = createPatience(clock);
  let elsewhere: ReadonlyMap<number, Elsewhere> = new Map();
  let surplus = 0;
  const survey = createSurvey(home, holder);
  let hasCleared = false;
  // A renewal on its way would take a lease again behind the back of the one that gives it back.
  const inTurn = pLimit(1);
  const allowDenied = allowingDenied(log);

  function keep(botId: number, until: number): void {
    const known = held.get(botId);
    const tenure = known ?? createTenure(clock);
    const hasLapsed = known !== undefined && !tenure.held();
    tenure.setEnd(until);
    if (!known) {
      held.set(botId, tenure);
      tenure.begin();
    } else if (hasLapsed) {
      tenure.lapse();
      tenure.resume();
      log.info({ bot: botId }, "lease regained");
      parts.onRegained(botId);
    }
  }

  function lose(botId: number): void {
    held.get(botId)?.end();
    held.delete(botId);
    leaving.delete(botId);
  }

  async function renewOnServer(botIds: readonly number[], report: ProcessReport): Promise<void> {
    // Counted from before the statement: by the database's clock, the leases begin later than this.
    const until = clock.monotonic() + TTL_MS - MARGIN_MS;
    const leases = await survey(report);
    const others = await listOthers(home, holder);
    patience.note(leases);
    for (const { botId, renewed, holder: other } of leases) {
      if (renewed && !leaving.has(botId)) keep(botId, until);
      // Otherwise the row is only locked right now.
      else if (held.has(botId) && !leaving.has(botId) && other !== holder) {
        log.warn({ bot: botId }, "the lease of a bot is lost");
        lose(botId);
      }
    }
    const known = new Set(leases.map(({ botId }) => botId));
    for (const botId of held.keys()) if (!known.has(botId)) lose(botId);
    const foreign = leases.filter(({ botId }) => !held.has(botId));
    elsewhere = new Map(foreign.map((lease) => [lease.botId, elsewhereOf(lease, others, clock)]));

    const share = Math.ceil(botIds.length / (1 + others.length));
    const mine = [...held.keys()].filter((botId) => !leaving.has(botId)).length;
    surplus = Math.max(0, mine - share);
    const wanted = new Set(botIds);
    const free = leases
      .filter(({ botId, free }) => free && wanted.has(botId) && !leaving.has(botId))
      // A lease that has run out may still be wanted by its holder, after the database was away.
      .filter(({ holder: other }) => other === null || !patience.isOn());
    if (free.length === 0 || mine >= share) return;
    if (free.some(({ holder: other }) => other !== null)) await disconnectDead(home).catch(allowDenied);
    const next = free.slice(0, share - mine).map(({ botId }) => botId);
    const taken = clock.monotonic() + TTL_MS - MARGIN_MS;
    for (const botId of await takeFreeLeases(home, holder, next)) keep(botId, taken);
  }

  async function renew(botIds: readonly number[], report: ProcessReport): Promise<void> {
    if (exclusive) {
      for (const botId of botIds) if (!leaving.has(botId)) keep(botId, Infinity);
      return;
    }
    try {
      await renewOnServer(botIds, report);
      if (hasCleared) return;
      hasCleared = true;
      await forgetDeadProcesses(home);
    } catch (error) {
      patience.begin();
      throw error;
    }
  }

  async function giveBack(botId: number): Promise<void> {
    try {
      if (!exclusive) await giveBackLease(scopeOf(home, { botId }), holder);
    } finally {
      lose(botId);
    }
  }

  return {
    held,
    get surplus() {
      return surplus;
    },
    get elsewhere() {
      return elsewhere;
    },
    renew: (botIds, report = NOTHING) => inTurn(() => renew(botIds, report)),
    giveBack: (botId) => {
      // From here on it is not this process's, whether or not the database hears of it.
      held.get(botId)?.end();
      leaving.add(botId);
      return inTurn(() => giveBack(botId));
    },
    leave: () =>
      inTurn(async () => {
        for (const botId of held.keys()) lose(botId);
        if (!exclusive) await leaveHome(home, holder);
      }),
  };
}

/** Leaves leases alone that have run out while their holder may be alive: see standby.ts. */
function createPatience(clock: Clock) {
  const newestEnds = new Map<number, number>(); // by bot, by the database's clock
  let until = -Infinity; // monotonic
  const begin = () => {
    until = clock.monotonic() + PATIENCE_MS;
  };
  return {
    begin,
    isOn: () => clock.monotonic() < until,
    /** A lease that ends earlier than it did is of a database that went back to an older state. */
    note(leases: readonly SurveyedLease[]): void {
      for (const { botId, end } of leases) {
        if (end === null) continue;
        const newest = newestEnds.get(botId) ?? -Infinity;
        if (end < newest) begin();
        newestEnds.set(botId, Math.max(newest, end));
      }
    },
  };
}

/** Some hosts do not let everyone call every function. */
function allowingDenied(log: Log): (error: unknown) => void {
  const denied = createTroubleLog((error) =>
    log.warn({ err: error }, "the connections of a dead process could not be ended"),
  );
  return (error) => {
    if (!isDenied(error)) throw error;
    denied.note(error);
  };
}

/** Surveys the leases, and tells the other processes of what has changed since the last time. */
function createSurvey(home: HomeScope, holder: string) {
  let told = "";
  return async (report: ProcessReport): Promise<SurveyedLease[]> => {
    const text = JSON.stringify(report);
    const leases = await surveyLeases(home, holder, text === told ? null : report);
    told = text;
    return leases;
  };
}

function elsewhereOf(
  { botId, holder, free, quietUntil }: SurveyedLease,
  others: readonly (ProcessReport | null)[],
  clock: Clock,
): Elsewhere {
  const reports = free ? [] : others.map((report) => report?.senders[botId]);
  const isQuiet = quietUntil !== null && quietUntil > clock.now().getTime();
  return {
    holder: free ? null : holder,
    report: reports.find((report) => report !== undefined) ?? null,
    quietUntil: isQuiet ? new Date(quietUntil) : null,
  };
}
