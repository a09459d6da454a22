import { repeat } from "../../background/rounds.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import { TTL_MS, giveBackLease, takeLease } from "./lease-row.ts";
import { createStandby } from "./standby.ts";
import { type HeldLease, createTenure } from "./tenure.ts";

/** The right to send for a bot, and to poll its updates. One process holds it. */
export interface Lease extends HeldLease {
  /** Waits until this process holds the lease, then keeps it. Resolves false when stopped before that. */
  acquire(): Promise<boolean>;
  /** It may be free: if it is waited for, it is tried at once instead of a second after the last try. */
  nudge(): void;
  /** Gives it back, so that a stand-by takes over at once. */
  release(): Promise<void>;
}

const RENEW_MS = 2_500;

/** The holder stops this long before the end, so that hardly any call of its own leaves beside another's. */
export const MARGIN_MS = 2_000;

export interface LeaseDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** Names this process, and on a server each of its connections; unique. */
  holder: string;
  /** No other process can reach this database, so anyone else who held the lease is dead. */
  exclusive: boolean;
  events: Pick<Events, "emit">;
}

export function createLease({ scope, clock, log, events, holder, exclusive }: LeaseDeps): Lease {
  const stopping = new AbortController();
  const tenure = createTenure(clock);
  let acquiring: Promise<boolean> = Promise.resolve(false);

  const renewals = repeat({
    clock,
    log,
    everyMs: RENEW_MS,
    waitsFirst: true,
    complaint: { note: (error) => tenure.held() || lapse(error) },
    work: renew,
  });

  async function take(patient = false): Promise<boolean> {
    // Counted from before the statement: by the database's clock, the lease begins later than this.
    const askedAt = clock.monotonic();
    const taken = await takeLease(scope, { holder, exclusive, patient });
    tenure.setEnd(taken ? (exclusive ? Infinity : askedAt + TTL_MS - MARGIN_MS) : -Infinity);
    return taken;
  }

  const standby = createStandby({ scope, clock, log, holder, exclusive, take, stop: stopping.signal });

  async function acquire(): Promise<boolean> {
    if (!(await standby.takeOver())) return false;
    tenure.begin();
    if (!exclusive) await renewals.start();
    return true;
  }

  async function renew(): Promise<"done" | void> {
    const { until } = tenure;
    const answered = new AbortController();
    // On a connection that leads nowhere, a renewal hangs for minutes without an error.
    void clock
      .sleep(until - clock.monotonic(), answered.signal)
      .then(() => answered.signal.aborted || lapse());
    try {
      const taken = await take();
      const hasLapsed = clock.monotonic() >= until; // it was nobody's for a moment, or someone else's
      if (!taken) {
        tenure.end();
        log.error("lease lost to another process");
        events.emit("leaseTaken", null);
        return "done";
      }
      if ((tenure.since && !hasLapsed) || !tenure.held()) return; // the answer, too, may have come too late
      tenure.resume();
      log.info("lease regained");
      events.emit("leaseRegained", null);
    } finally {
      answered.abort();
    }
  }

  /** Says so once. */
  function lapse(error?: unknown): void {
    if (tenure.lapse()) log.warn(error ? { err: error } : {}, "lease lost, nothing is sent until it is back");
  }

  return {
    held: tenure.held,
    get since() {
      return tenure.since;
    },
    get lost() {
      return tenure.lost;
    },
    acquire() {
      acquiring = acquire();
      return acquiring;
    },
    nudge: standby.nudge,
    async release() {
      stopping.abort();
      // A renewal on its way would take the lease again behind our back.
      await acquiring.catch(() => false);
      await renewals.stop();
      tenure.end();
      try {
        await giveBackLease(scope, holder);
      } catch (error) {
        log.warn({ err: error }, "the lease cannot be given back; it runs out by itself");
      }
    },
  };
}
