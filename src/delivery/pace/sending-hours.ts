import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import { closesAt, opensAt } from "../../schedule/window.ts";

/** Says whether a campaign may be sent now, by the hours that it is bound to. Asked before each message. */
export interface Hours {
  isOpen(campaign: Pick<Campaign, "id" | "window">): boolean;
  /** Only these campaigns still matter. */
  keepOnly(campaigns: readonly Pick<Campaign, "id">[]): void;
}

/** Until its end the answer stays the same; by the wall clock, so that one that is set is followed. */
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
