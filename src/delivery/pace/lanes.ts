import type { Clock } from "../../clock.ts";

/**
 * One lane for each group or channel: one message is on its way there at a time, the others are told when to come again
 * and wait in the database meanwhile, where a crash does them no harm.
 */
export interface Lanes {
  /** Takes the lane of a chat, or says in how many milliseconds to ask again; each who asks gets a later time. */
  enter(chatId: number): Lane | { waitMs: number };
  /** Telegram wants no message in this chat for so long. */
  rest(chatId: number, waitMs: number): void;
  /** One call made so many messages there. Those beyond the first have their time, too, before the next may enter. */
  took(chatId: number, messages: number): void;
  /** All lanes are free. Who is in one may go on; to leave it does nothing any more. */
  clear(): void;
}

export interface Lane {
  leave(): void;
}

/** 20 a minute. Who comes too early waits in the throttle, or is told another time. */
const PACE_MS = 3_000;

/** Lanes that nobody is in are forgotten when there are so many. */
const MOST_KEPT = 1_000;

interface State {
  taken: boolean;
  /** Nobody enters before. Monotonic, as all times here. */
  restsUntil: number;
  /** The latest time that somebody was given. */
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
