import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import { closesAt, opensAt } from "../../schedule/window.ts";

/** Says whether a campaign may be sent now, by its sending hours. Asked before each message, so the answer is cached. */
export interface Hours {
  isOpen(campaign: Pick<Campaign, "id" | "window">): boolean;
  /** Forgets all other campaigns. */
  keepOnly(campaigns: readonly Pick<Campaign, "id">[]): void;
}

/** The time for which an answer holds; by the wall clock, so that it follows a clock that was set. */
interface Span {
  from: number;
  to: number;
  open: boolean;
}

export function createHours(clock: Clock): Hours {
  const spans = new Map<number, Span>();

  return {
    isOpen({ id, window }) {
      if (!window) return true;
      const now = clock.now();
      const known = spans.get(id);
      if (known && known.from <= now.getTime() && now.getTime() < known.to) return known.open;
      const span = spanAt(window, now);
      spans.set(id, span);
      return span.open;
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      for (const id of spans.keys()) if (!kept.has(id)) spans.delete(id);
    },
  };
}

function spanAt(window: NonNullable<Campaign["window"]>, now: Date): Span {
  const closing = closesAt(window, now);
  const end = closing ?? opensAt(window, now);
  return { from: now.getTime(), to: end.getTime(), open: closing !== null };
}
