import type { Clock } from "../../../clock.ts";
import type { Said } from "./take-tap.ts";

/** Impatient people tap again before the answer arrives. Taps on one button within this time count as one. */
const ONE_TAP_MS = 1_000;

/** What people have been told recently. */
export function createLastTaps(clock: Clock) {
  const last = new Map<number, { data: string; said: Said; at: number }>(); // by person, the oldest first
  return {
    /** What this person was told a moment ago above the same button, if anything. */
    saidTo(userId: number, data: string): Said | null {
      const tap = last.get(userId);
      return tap?.data === data && clock.monotonic() - tap.at < ONE_TAP_MS ? tap.said : null;
    },
    note(userId: number, data: string, said: Said): void {
      last.delete(userId);
      last.set(userId, { data, said, at: clock.monotonic() });
      for (const [id, { at }] of last) {
        if (clock.monotonic() - at < ONE_TAP_MS) break;
        last.delete(id);
      }
    },
  };
}
