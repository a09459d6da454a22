import { repeat } from "../background/rounds.ts";
import type { Service } from "../background/service.ts";
import { type Standing, listStandings } from "../campaign/campaign-standing.ts";
import { OUTCOMES } from "../campaign/counters.ts";
import type { Clock } from "../clock.ts";
import type { HomeScope } from "../db/scope.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";

export interface ElsewhereParts {
  home: HomeScope;
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
  /** True if another process may be sending by some of the home's bots. */
  isShared: () => boolean;
  /** True if the bot's engine runs in this process, and says itself what it does. */
  isHere: (botId: number) => boolean;
  /** The end of the pause that Telegram asked a bot for; null while there is none. */
  quietUntil: (botId: number) => Date | null;
}

/** As often as a card is redrawn. */
const EVERY_MS = 3_000;

/** A transaction takes the time of its beginning and is seen at its end; clocks of two machines differ. */
const SETTLING_MS = 60_000;

/** Pauses that the engine makes, of which admins are told. */
const PAUSED_BY_ENGINE: ReadonlySet<Standing["pauseReason"]> = new Set([
  "errors",
  "content",
  "incomplete",
  "segment",
  "attribute",
  "codes",
  "unauthorized",
]);

/**
 * What engines in other processes do to campaigns, read from the tables, as events for the cards and notices of the process
 * that has the home. Start it with the home's lease.
 */
export function watchElsewhere(parts: ElsewhereParts): Service {
  const { home, clock, log, events, isShared, isHere, quietUntil } = parts;
  const known = new Map<number, Standing>();
  /** Pauses, in ms since 1970, by campaign. */
  const pauses = new Map<number, number>();
  /** What happened before was told by this process, or by the one that had the home before. */
  let unsharedAt = clock.now();

  async function look(): Promise<number> {
    if (!isShared()) {
      known.clear();
      pauses.clear();
      unsharedAt = clock.now();
      return EVERY_MS;
    }
    const since = new Date(clock.now().getTime() - SETTLING_MS);
    const standings = await listStandings(home, { since, open: false, numbers: [...known.keys()] });
    for (const standing of standings) {
      const { id, botId, state } = standing;
      const quiet = state === "running" && !isHere(botId) ? quietUntil(botId) : null;
      // Meanwhile no counter moves.
      if ((pauses.get(id) ?? 0) !== (quiet?.getTime() ?? 0))
        events.emit("progress", { campaignId: id, outcomes: 0 });
      if (quiet) pauses.set(id, quiet.getTime());
      else pauses.delete(id);
      const before = known.get(id);
      if (botId === home.homeId || isHere(botId)) known.delete(id);
      else {
        if (before || standing.updatedAt > unsharedAt) tell(standing, before);
        if (state === "running" || standing.updatedAt > since) known.set(id, standing);
        else known.delete(id);
      }
    }
    return EVERY_MS;
  }

  function tell(now: Standing, before: Standing | undefined): void {
    const campaignId = now.id;
    const outcomes = before ? countOf(now) - countOf(before) : 0;
    if (outcomes !== 0 || now.total !== before?.total)
      events.emit("progress", { campaignId, outcomes: Math.max(0, outcomes) });
    if (now.state === before?.state) return;
    // Redraws the card at once, and tells the news that the other process has written down.
    events.emit("steered", { campaignId });
    if (now.state === "paused" && PAUSED_BY_ENGINE.has(now.pauseReason))
      events.emit("paused", { campaignId, reason: now.pauseReason ?? "" });
    if (now.state === "expired" || now.pauseReason === "late" || now.pauseReason === "overdue")
      events.emit("late", { campaignId });
  }

  return repeat({
    clock,
    log,
    everyMs: EVERY_MS,
    complaint: "what other processes send cannot be read",
    work: look,
  });
}

function countOf(standing: Standing): number {
  return OUTCOMES.reduce((sum, counter) => sum + standing[counter], 0);
}
