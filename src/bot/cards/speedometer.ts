import type { Clock } from "../../clock.ts";

/** How fast each campaign has been sending lately. */
export interface Speedometer {
  add(campaignId: number, count: number): void;
  /** Outcomes per second over the last ten seconds; null if there is too little to measure. */
  speed(campaignId: number): number | null;
}

const WINDOW_MS = 10_000;

export function createSpeedometer(clock: Clock): Speedometer {
  const samples = new Map<number, { at: number; count: number }[]>();

  function recent(campaignId: number): { at: number; count: number }[] {
    const from = clock.monotonic() - WINDOW_MS;
    const kept = (samples.get(campaignId) ?? []).filter(({ at }) => at >= from);
    if (kept.length > 0) samples.set(campaignId, kept);
    else samples.delete(campaignId);
    return kept;
  }

  return {
    add(campaignId, count) {
      samples.set(campaignId, [...recent(campaignId), { at: clock.monotonic(), count }]);
    },
    speed(campaignId) {
      const [first, ...rest] = recent(campaignId);
      // The first sample only starts the clock: what was counted after it happened in the time since.
      const seconds = first ? (clock.monotonic() - first.at) / 1000 : 0;
      if (seconds < 1) return null;
      return rest.reduce((sum, { count }) => sum + count, 0) / seconds;
    },
  };
}
