import { type Limit, mayUse } from "../../access/actor.ts";
import { type Repeated, repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import { type Standing, databaseTime, listStandings } from "../../campaign/campaign-standing.ts";
import type { Clock } from "../../clock.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { CampaignState } from "../../db/states.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import { OUTCOMES } from "../../campaign/counters.ts";

/** What somebody who watches is told: how a campaign stands now. */
export interface CampaignEvent {
  /** The state that the campaign is in, or `progress` if only its counters have moved. */
  name: CampaignState | "progress";
  standing: Standing;
  /** By the database's clock: with all events up to this one, a watcher knows everything until then. */
  at: Date;
}

export interface Watcher {
  /** The bots whose campaigns are watched; null for all. */
  bots: Limit;
  /** The only campaign that is watched; null for all. */
  number: number | null;
  /** Until when it knows everything; null if it knows nothing. */
  since: Date | null;
  hear(event: CampaignEvent): void;
}

/**
 * One reader for all who watch. What it tells comes from the tables, so that it makes no difference which process moves
 * a campaign; events and nudges only tell it when to look. It reads nothing while nobody watches.
 */
export interface CampaignFeed extends Service {
  /**
   * From the next moment on: first how the campaigns stand that the watcher does not know, then what happens. Returns a
   * function that ends it.
   */
  watch(watcher: Watcher): () => void;
}

export interface CampaignFeedParts {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  events: Events;
  /** Called before anything is told, to end the watches of those who may no longer see it. */
  beforeRound: () => Promise<void>;
}

/** Between two reads, unless something happens, and between two `progress` of a campaign. */
const EVERY_MS = 1_000;
const IDLE_MS = 3_600_000;

/**
 * A transaction takes the time of its beginning, and is seen at its end; and the counters of a campaign that has stopped
 * move until the last calls are answered. Both take less.
 */
const SETTLING_MS = 60_000;

interface Told {
  standing: Standing;
  /** Monotonic. */
  at: number;
}

export function createCampaignFeed(parts: CampaignFeedParts): CampaignFeed {
  const { scope, clock, log, events, beforeRound } = parts;
  const watchers = new Set<Watcher>();
  const newcomers = new Set<Watcher>();
  const told = new Map<number, Told>();
  let readAt: Date | null = null;

  async function round(): Promise<number> {
    if (watchers.size === 0) {
      told.clear();
      readAt = null;
      return IDLE_MS;
    }
    await beforeRound();
    const joining = [...newcomers];
    const at = await databaseTime(scope);
    const settling = before(readAt ?? at);
    const standings = await listStandings(scope, {
      since: earliest([settling, ...joining.flatMap(({ since }) => (since ? before(since) : []))]),
      open: joining.some(({ number, since }) => number === null && since === null),
      numbers: joining.flatMap(({ number }) => number ?? []),
    });
    for (const standing of standings) {
      const name = newsOf(standing, settling);
      if (name) tell({ name, standing, at });
    }
    for (const watcher of joining) welcome(watcher, standings, at);
    for (const [id, { standing }] of told)
      if (standing.state !== "running" && standing.updatedAt <= before(at)) told.delete(id);
    readAt = at;
    return EVERY_MS;
  }

  /** What there is to tell of a campaign; null if nothing. */
  function newsOf(standing: Standing, settling: Date): CampaignEvent["name"] | null {
    const now = clock.monotonic();
    const last = told.get(standing.id);
    const isFirstRound = readAt === null;
    // Rows from before are here because a newcomer asked for them, or settle still.
    if (!last) {
      told.set(standing.id, { standing, at: now });
      return !isFirstRound && standing.updatedAt > settling ? standing.state : null;
    }
    const moved = isMoved(last.standing, standing);
    const counted = OUTCOMES.some((counter) => last.standing[counter] !== standing[counter]);
    const grown = last.standing.total !== standing.total;
    if (!moved && !(counted || grown)) return null;
    if (!moved && now - last.at < EVERY_MS) return null;
    told.set(standing.id, { standing, at: now });
    return moved ? standing.state : "progress";
  }

  function tell(event: CampaignEvent): void {
    for (const watcher of watchers)
      if (!newcomers.has(watcher) && concerns(watcher, event.standing)) watcher.hear(event);
  }

  function welcome(watcher: Watcher, standings: readonly Standing[], at: Date): void {
    if (!newcomers.delete(watcher)) return; // it has gone meanwhile
    const { number, since } = watcher;
    const isNew = ({ state, updatedAt }: Standing) =>
      number !== null ||
      state === "running" ||
      (since ? updatedAt > before(since) : state === "scheduled" || state === "paused");
    for (const standing of standings)
      if (concerns(watcher, standing) && isNew(standing))
        watcher.hear({ name: standing.state, standing, at });
  }

  const loop: Repeated = repeat({
    clock,
    log,
    everyMs: EVERY_MS,
    complaint: "what happens to campaigns cannot be read for those who watch",
    work: round,
  });
  const deaf: (() => void)[] = [];

  return {
    start() {
      for (const name of ["started", "finished", "paused", "late", "steered", "nudged"] as const)
        deaf.push(events.on(name, () => watchers.size > 0 && loop.nudge()));
      return loop.start();
    },
    watch(watcher) {
      watchers.add(watcher);
      newcomers.add(watcher);
      loop.nudge();
      return () => {
        watchers.delete(watcher);
        newcomers.delete(watcher);
      };
    },
    async stop() {
      for (const end of deaf.splice(0)) end();
      await loop.stop();
    },
  };
}

function concerns({ number, bots }: Watcher, { id, botId }: Standing): boolean {
  return (number === null || number === id) && mayUse(bots, botId);
}

function isMoved(last: Standing, now: Standing): boolean {
  return last.state !== now.state || last.updatedAt.getTime() !== now.updatedAt.getTime();
}

function before(time: Date): Date {
  return new Date(time.getTime() - SETTLING_MS);
}

function earliest(times: readonly Date[]): Date {
  return new Date(Math.min(...times.map((time) => time.getTime())));
}
