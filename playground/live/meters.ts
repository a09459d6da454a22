import type { World } from "../world/world.ts";
import type { Ledger } from "./ledger.ts";
import type { Meter } from "../shared/protocol.ts";

/** One minute, at two per second. */
const KEPT = 120;

/** What Telegram saw in the last minute. */
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

  /** Takes one more measurement; call it twice per second. */
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
