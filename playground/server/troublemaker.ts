import type { Fault } from "./faults.ts";
import type { Trouble } from "../shared/protocol.ts";
import type { ApiServer } from "./api-server.ts";
import type { World } from "../world/world.ts";

/** Trouble that lasts for a while and ends by itself. */
export class Troublemaker {
  readonly #world: World;
  readonly #server: ApiServer;
  /** When each ends (ms, monotonic). */
  #floodUntil = 0;
  #cutUntil = 0;
  #cuts: Fault[] = [];
  #mending: NodeJS.Timeout | undefined;

  constructor(world: World, server: ApiServer) {
    this.#world = world;
    this.#server = server;
  }

  /** The current trouble. */
  get now(): Trouble {
    return {
      latency: this.#server.latency,
      flood: left(this.#floodUntil),
      cut: left(this.#cutUntil),
    };
  }

  /** Answers every send and edit with 429 and the remaining seconds; 0 ends it. */
  flood(seconds: number): void {
    this.#floodUntil = performance.now() + seconds * 1000;
    this.#world.limiter.hold(this.#floodUntil);
  }

  /**
   * Cuts the connection of each call, alternately before and after it is accepted; 0 ends it. getUpdates is always
   * cut before, because it takes nothing from the queue that could be lost.
   */
  cut(seconds: number): void {
    this.#mend();
    if (seconds <= 0) return;
    const { faults } = this.#server;
    this.#cuts = [
      faults.order({ method: "getUpdates", times: Infinity }, { cut: "before" }),
      faults.order({ times: Infinity }, (hits) => ({ cut: hits % 2 === 1 ? "before" : "after" })),
    ];
    // A waiting poll would go on delivering updates; its client polls again, and is cut then.
    for (const bot of this.#world.bots.values()) bot.stop();
    this.#cutUntil = performance.now() + seconds * 1000;
    this.#mending = setTimeout(() => this.#mend(), seconds * 1000).unref();
  }

  /** Ends flood and cuts; the latency stays. */
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
