import type { Clock } from "../../../clock.ts";

/** Says when the next message may leave for the group of an inbox. */
export interface GroupPace {
  /** Waits until that many messages may leave. False if it was aborted. */
  turn(messages: number, stop: AbortSignal): Promise<boolean>;
}

/**
 * Telegram takes 20 messages a minute in a group (Bots FAQ), and does not say from when it counts; one is left for those that
 * travel unevenly. Few leave close to each other, or it asks to wait even so.
 */
const LIMITS = [
  { most: 19, inMs: 60_000 },
  { most: 4, inMs: 4_000 },
] as const;

export function createGroupPace(clock: Clock): GroupPace {
  let left: { at: number; messages: number }[] = []; // monotonic, the oldest first

  function waitMs(messages: number): number {
    const now = clock.monotonic();
    left = left.filter(({ at }) => now - at < LIMITS[0].inMs);
    return Math.max(
      0,
      ...LIMITS.map(({ most, inMs }) => untilRoom(most, inMs, Math.min(messages, most), now)),
    );
  }

  function untilRoom(most: number, inMs: number, messages: number, now: number): number {
    const lately = left.filter(({ at }) => now - at < inMs);
    let over = lately.reduce((sum, one) => sum + one.messages, 0) + messages - most;
    for (const one of lately) {
      if (over <= 0) break;
      over -= one.messages;
      if (over <= 0) return one.at + inMs - now;
    }
    return 0;
  }

  return {
    async turn(messages, stop) {
      for (let ms = waitMs(messages); ms > 0 && !stop.aborted; ms = waitMs(messages))
        await clock.sleep(ms, stop);
      if (stop.aborted) return false;
      left.push({ at: clock.monotonic(), messages });
      return true;
    },
  };
}
