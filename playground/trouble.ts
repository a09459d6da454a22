import type { Fault } from "./faults.ts";
import type { Trouble } from "./live/protocol.ts";
import type { ApiServer } from "./server.ts";
import type { World } from "./world.ts";

/** Trouble that lasts for a while, and then is over by itself. */
export class Troublemaker {
  readonly #world: World;
  readonly #server: ApiServer;
  /** When each is over (ms, monotonic). */
  #floodUntil = 0;
  #cutUntil = 0;
  #cuts: Fault[] = [];
  #mending: NodeJS.Timeout | undefined;

  constructor(world: World, server: ApiServer) {
    this.#world = world;
    this.#server = server;
  }

  /** What is wrong at this moment. */
  get now(): Trouble {
    return {
      latency: this.#server.latency,
      flood: left(this.#floodUntil),
      cut: left(this.#cutUntil),
    };
  }

  /** Every send and edit is answered 429 with the seconds that are left; 0 ends it. */
  flood(seconds: number): void {
    this.#floodUntil = performance.now() + seconds * 1000;
    this.#world.limiter.hold(this.#floodUntil);
  }

  /**
   * Cuts the connection of each call, alternately before and after it was accepted; 0 mends it. Waiting for updates is
   * cut, too, and always before: a poll takes nothing, so that there is nothing to lose after it.
   */
  cut(seconds: number): void {
    this.#mend();
    if (seconds <= 0) return;
    const { faults } = this.#server;
    this.#cuts = [
      faults.order({ method: "getUpdates", times: Infinity }, { cut: "before" }),
      faults.order({ times: Infinity }, (hits) => ({ cut: hits % 2 === 1 ? "before" : "after" })),
    ];
    // A poll that waits already would bring updates all the while; its client comes again, and then is cut.
    for (const bot of this.#world.bots.values()) bot.stop();
    this.#cutUntil = performance.now() + seconds * 1000;
    this.#mending = setTimeout(() => this.#mend(), seconds * 1000).unref();
  }

  /** Ends all that would end by itself; the latency stays. */
  end(): void {
    this.flood(0);
    this.#mend();
  }

  #mend(): void {
    clearTimeout(this.#mending);
    this.#cutUntil = 0;
    for (const fault of this.#cuts.splice(0)) fault.remove();
  }
}

function left(until: number): number {
  return Math.max(0, Math.ceil(until - performance.now()));
}
