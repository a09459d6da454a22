import type { Clock } from "../../clock.ts";

/**
 * One lane for each group or channel: one message at a time is on its way there. The others are told when to try again,
 * and wait in the database, where a crash does not affect them.
 */
export interface Lanes {
  /** Takes the lane of a chat, or says in how many milliseconds to try again. Everyone who asks gets a later time. */
  enter(chatId: number): Lane | { waitMs: number };
  /** Telegram wants no message in this chat for that long. */
  rest(chatId: number, waitMs: number): void;
  /** One call made that many messages there. Each beyond the first delays the next caller, too. */
  took(chatId: number, messages: number): void;
  /** Frees all lanes. Anyone who is in one may go on; leaving it no longer has an effect. */
  clear(): void;
}

export interface Lane {
  leave(): void;
}

/** 20 a minute. Anyone who comes too early waits in the throttle, or is told another time. */
const PACE_MS = 3_000;

/** With more lanes than this, those that are free are forgotten. */
const MOST_KEPT = 1_000;

interface State {
  taken: boolean;
  /** Nobody enters before. Monotonic, like all times here. */
  restsUntil: number;
  /** The latest time that anyone was given. */
  bookedUntil: number;
}

export function createLanes(clock: Clock): Lanes {
  const lanes = new Map<number, State>();

  function laneOf(chatId: number): State {
    const lane = lanes.get(chatId) ?? { taken: false, restsUntil: -Infinity, bookedUntil: -Infinity };
    if (!lanes.has(chatId) && lanes.size >= MOST_KEPT) forget();
    lanes.set(chatId, lane);
    return lane;
  }

  function forget(): void {
    const now = clock.monotonic();
    for (const [chatId, { taken, restsUntil, bookedUntil }] of lanes)
      if (!taken && restsUntil <= now && bookedUntil <= now) lanes.delete(chatId);
  }

  function rest(chatId: number, waitMs: number): void {
    const lane = laneOf(chatId);
    lane.restsUntil = Math.max(lane.restsUntil, clock.monotonic() + waitMs);
  }

  return {
    rest,
    enter(chatId) {
      const now = clock.monotonic();
      const lane = laneOf(chatId);
      if (!lane.taken && lane.restsUntil <= now) {
        lane.taken = true;
        return { leave: () => void (lane.taken = false) };
      }
      lane.bookedUntil = Math.max(lane.bookedUntil, lane.restsUntil, now) + PACE_MS;
      return { waitMs: lane.bookedUntil - now };
    },
    took(chatId, messages) {
      if (messages > 1) rest(chatId, (messages - 1) * PACE_MS);
    },
    clear() {
      lanes.clear();
    },
  };
}
