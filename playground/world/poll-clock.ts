import type { Place } from "./places.ts";
import { closePoll, endOf } from "./votes.ts";
import type { Change, World } from "./world.ts";

/** The longest delay of a Node timer (2^31 - 1 ms, 24.8 days); a poll can be open for 30 days. */
const LONGEST_TIMER = 0x7fffffff;

/** Closes polls when their `open_period` or `close_date` is over. */
export class PollClock {
  readonly #world: World;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(world: World) {
    this.#world = world;
    world.observers.add(this.#observe);
  }

  /** From now on no poll closes by itself. */
  stop(): void {
    this.#world.observers.delete(this.#observe);
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  readonly #observe = (_place: Place, change: Change): void => {
    if (change.type !== "posted") return;
    const { poll } = change.message;
    // A forwarded poll is the same poll, and ends with the original.
    if (poll === undefined || poll.is_closed || this.#timers.has(poll.id)) return;
    const end = endOf(change.message, poll);
    if (end !== Infinity) this.#await(poll.id, end * 1000);
  };

  /** `end` is in Unix ms. */
  #await(pollId: string, end: number): void {
    const left = end - Date.now();
    const act = () => {
      if (left > LONGEST_TIMER) return this.#await(pollId, end);
      this.#timers.delete(pollId);
      closePoll(this.#world, pollId);
    };
    this.#timers.set(pollId, setTimeout(act, Math.min(left, LONGEST_TIMER)).unref());
  }
}
