/**
 * Telegram counts what arrives within a second; a little more than one, because calls do not all travel equally long.
 * At 29 and 30 a second there is no room for more than the second itself.
 */
export const WINDOW_MS = 1_050;

/** An answer that Telegram holds back for longer counts as arrived by then, so that it does not block campaigns. */
const HELD_BACK_MS = 5_000;

/** Array entries that have left the window are removed in batches of this size. */
const TRIM_AT = 4_096;

/** The messages of the last second: those that have left, and those under way whose arrival is not known yet. */
export interface RecentMessages {
  /** `count` messages arrived at `now`. Monotonic milliseconds, like all times here. */
  add(now: number, count: number): void;
  /** Of those counted at `leftAt` or right before it, `weight` have arrived later than that. */
  delay(leftAt: number, arrivedAt: number, weight: number): void;
  /** `weight` messages leave. Returns a function to call once it is known when they arrived. */
  begin(now: number, weight: number): (arrivedAt: number) => void;
  /**
   * Milliseconds until `weight` more messages fit into a window of `spanMs` that holds at most `limit`; 0 if they fit
   * now. What is heavier than `limit` fits into an empty window.
   */
  untilRoom(limit: number, weight: number, spanMs: number, now: number): number;
}

export function createRecentMessages(): RecentMessages {
  let times: number[] = []; // the oldest first
  let from = 0; // entries before it have left the window
  const underWay = new Set<{ since: number; weight: number }>(); // the oldest first
  let weightUnderWay = 0;

  function add(now: number, count: number): void {
    for (let one = 0; one < count; one += 1) times.push(now);
    while ((times[from] ?? now) <= now - WINDOW_MS) from += 1;
    if (from <= TRIM_AT) return;
    times = times.slice(from);
    from = 0;
  }

  /** The number of entries up to `now`. */
  function countUntil(now: number): number {
    let count = times.length;
    while (count > from && (times[count - 1] ?? -Infinity) > now) count -= 1;
    return count;
  }

  return {
    add,
    delay(leftAt, arrivedAt, weight) {
      const end = countUntil(leftAt);
      const those = times.splice(Math.max(from, end - weight), Math.min(weight, end - from));
      times.splice(countUntil(arrivedAt), 0, ...those.map((time) => Math.max(time, arrivedAt)));
    },
    begin(now, weight) {
      const call = { since: now, weight };
      underWay.add(call);
      weightUnderWay += weight;
      return (arrivedAt) => {
        if (!underWay.delete(call)) return;
        weightUnderWay -= weight;
        add(arrivedAt, weight);
      };
    },
    untilRoom(limit, weight, spanMs, now) {
      for (const call of underWay) {
        if (now - call.since < HELD_BACK_MS) break;
        underWay.delete(call);
        weightUnderWay -= call.weight;
        add(now, call.weight);
      }
      const room = limit - Math.min(weight, limit) - weightUnderWay;
      if (room < 0) {
        const [oldest] = underWay;
        return oldest ? oldest.since + HELD_BACK_MS - now : Infinity;
      }
      const leaves = times.length - room - 1; // there is room once this one has left the window
      return leaves < from ? 0 : Math.max(0, (times[leaves] ?? -Infinity) + spanMs - now);
    },
  };
}
