import type { World } from "../world.ts";
import type { Ledger } from "./ledger.ts";
import type { Meter } from "./protocol.ts";

/** A minute, at two a second. */
const KEPT = 120;

/** What Telegram has seen in the last minute. */
export class Meters {
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #inFlight: () => number;
  #taken: Meter[] = [];

  constructor(world: World, ledger: Ledger, inFlight: () => number) {
    this.#world = world;
    this.#ledger = ledger;
    this.#inFlight = inFlight;
  }

  /** Oldest first. */
  get minute(): readonly Meter[] {
    return this.#taken;
  }

  /** Takes one more; to be called twice a second. */
  take(): Meter {
    const { records, limiter } = this.#world;
    const meter: Meter = {
      at: Date.now(),
      rate: records.rate(),
      limit: limiter.free,
      inFlight: this.#inFlight(),
      worstSecond: records.worstSecond(),
      ...this.#ledger.counts,
    };
    this.#taken = [...this.#taken, meter].slice(-KEPT);
    return meter;
  }
}
