import type { Service } from "../background/service.ts";
import type { Clock } from "../clock.ts";
import type { HomeScope } from "../db/scope.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";

export interface TellHomeParts {
  home: HomeScope;
  clock: Clock;
  log: Log;
  events: Pick<Events, "on">;
  /** True if this process has the home, whose cards hear of everything here anyway. */
  runsHome: () => boolean;
}

/** As often as a card is redrawn. */
const EVERY_MS = 3_000;

/**
 * Tells the process that has the home of what the counters of a campaign do not show: votes, a pause that Telegram asked for,
 * the end of a freeze. Its cards are redrawn from the tables. A campaign is told of every three seconds at most.
 */
export function tellHome({ home, clock, log, events, runsHome }: TellHomeParts): Service {
  const stopping = new AbortController();
  const changed = new Set<number>();
  let telling: Promise<void> | null = null;
  const { nudges } = home;
  let forget: (() => void) | null = null;

  async function tell(): Promise<void> {
    await clock.sleep(EVERY_MS, stopping.signal);
    const campaigns = [...changed];
    changed.clear();
    telling = null;
    try {
      for (const id of campaigns) await nudges?.send(home.db, home.homeId, "progress", id);
    } catch (error) {
      log.warn({ err: error }, "the home cannot be told of votes; its cards follow later");
    }
  }

  return {
    start() {
      if (!nudges) return;
      forget = events.on("progress", ({ campaignId, outcomes }) => {
        if (outcomes > 0 || runsHome()) return;
        changed.add(campaignId);
        telling ??= tell();
      });
    },
    async stop() {
      forget?.();
      stopping.abort();
      await telling;
    },
  };
}
