import type { Clock } from "../../clock.ts";

/** A lease as an engine sees it. */
export interface HeldLease {
  /** Whether calls may leave now. False as soon as the lease could be someone else's. */
  held(): boolean;
  /** Since when it has been held without a break; null while it is not held. */
  readonly since: Date | null;
  /** When it was last lost, and when it was back. */
  readonly lost: { at: Date; backAt: Date | null } | null;
}

/** The time for which this process holds the lease. */
export interface Tenure extends HeldLease {
  /** The end unless it is renewed; monotonic. */
  readonly until: number;
  /** The database has answered: it is held until then (monotonic); -Infinity means that another process holds it. */
  setEnd(until: number): void;
  begin(): void;
  /** It has run out unrenewed. Returns false when that was known. */
  lapse(): boolean;
  /** It is held again, after a break. */
  resume(): void;
  /** Given back, or taken by another process. */
  end(): void;
}

export function createTenure(clock: Clock): Tenure {
  let until = -Infinity;
  let since: Date | null = null;
  let lost: Tenure["lost"] = null;

  const held = () => clock.monotonic() < until;

  return {
    held,
    get until() {
      return until;
    },
    get since() {
      return held() ? since : null;
    },
    get lost() {
      return lost;
    },
    setEnd(end) {
      until = end;
    },
    begin() {
      since = clock.now();
    },
    lapse() {
      if (!since) return false;
      since = null;
      lost = { at: clock.now(), backAt: null };
      return true;
    },
    resume() {
      if (since) lost = { at: clock.now(), backAt: null };
      since = clock.now();
      lost = lost && { ...lost, backAt: since };
    },
    end() {
      until = -Infinity;
      since = null;
    },
  };
}
