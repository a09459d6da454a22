import type { Clock } from "../../clock.ts";
import { type Waiting, sayingWhoBlocks } from "../../db/server/lock-holders.ts";
import type { Scope } from "../../db/scope.ts";
import { type Log, rootCause } from "../../log.ts";
import { disconnectLapsed, endOfLease } from "./lease-row.ts";

export interface StandbyDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** Names this process. */
  holder: string;
  /** No other process can reach this database: the lease is taken at once. */
  exclusive: boolean;
  /** Tries to take the lease; `patient` leaves one alone that has run out. Resolves true when this process has it. */
  take: (patient: boolean) => Promise<boolean>;
  stop: AbortSignal;
}

const RETRY_MS = 1_000;

/**
 * After the database was away, or went back to an older state, a lease may have run out only there: its holder may be
 * alive, and is the only one that knows what it sent. A stand-by gives it this long to take its lease again.
 */
export const PATIENCE_MS = 10_000;

export interface Standby {
  /** Waits for the lease of another process, and takes it. Resolves false when `stop` aborted before that. */
  takeOver(): Promise<boolean>;
  /** The lease may be free: the next try begins at once, or right after the one under way. */
  nudge(): void;
}

export function createStandby(deps: StandbyDeps): Standby {
  const { scope, clock, log, holder, exclusive, take, stop } = deps;
  const blocked: Waiting = {
    db: scope.db,
    session: holder,
    what: "to take the lease",
    say: (sentence) => log.warn(sentence),
  };
  let told = false;
  let newestEnd = -Infinity; // of the lease, by the database's clock
  let patientUntil = -Infinity; // monotonic
  let nap = new AbortController();
  let nudged = false;

  /** Some hosts do not let everyone call every function. */
  function allowDenied(error: unknown): void {
    if (!isDenied(error)) throw error;
    if (!told) log.warn({ err: error }, "the connections of another holder could not be ended");
  }

  async function attempt(): Promise<boolean> {
    if (exclusive) return take(false);
    const end = await endOfLease(scope);
    if (end !== null && end < newestEnd) patientUntil = clock.monotonic() + PATIENCE_MS;
    newestEnd = Math.max(newestEnd, end ?? -Infinity);
    const patient = clock.monotonic() < patientUntil;
    if (!patient) await disconnectLapsed(scope).catch(allowDenied);
    return sayingWhoBlocks(blocked, take(patient));
  }

  async function doze(): Promise<void> {
    if (nudged) return;
    nap = new AbortController();
    await clock.sleep(RETRY_MS, AbortSignal.any([stop, nap.signal]));
  }

  return {
    async takeOver() {
      while (!stop.aborted) {
        nudged = false;
        try {
          if (await attempt()) return true;
          if (!told) log.info("another process runs this bot; standing by");
        } catch (error) {
          if (!told) log.warn({ err: error }, "the database does not answer; standing by");
          patientUntil = clock.monotonic() + PATIENCE_MS;
        }
        told = true;
        await doze();
      }
      return false;
    },
    nudge() {
      nudged = true;
      nap.abort("nudged"); // without a reason, an error with its stack would be made each time
    },
  };
}

/** The database does not let this user do that. */
export function isDenied(error: unknown): boolean {
  const cause = error instanceof Error ? rootCause(error) : {};
  return "code" in cause && cause.code === "42501";
}
