import type { Clock } from "../../clock.ts";

/** The pause that Telegram asked for by a 429, for the bot as a whole. */
export interface TelegramPause {
  /** Monotonic, so that setting the wall clock neither ends nor prolongs the pause. -Infinity if there was none. */
  readonly end: number;
  /** The end by the wall clock, or null when there is no pause now. */
  until(): Date | null;
  /** It lasts for at least `ms` from now. Never shortens it. */
  extendBy(ms: number): void;
  /** It lasts until at least this moment. Never shortens it. */
  extendTo(until: Date): void;
}

export function createTelegramPause(clock: Clock): TelegramPause {
  let end = -Infinity;

  function extendBy(ms: number): void {
    end = Math.max(end, clock.monotonic() + ms);
  }

  return {
    get end() {
      return end;
    },
    until() {
      const leftMs = end - clock.monotonic();
      return leftMs > 0 ? new Date(Math.round(clock.now().getTime() + leftMs)) : null;
    },
    extendBy,
    extendTo: (until) => extendBy(until.getTime() - clock.now().getTime()),
  };
}
