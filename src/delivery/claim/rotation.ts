import type { Campaign } from "../../campaign/campaign.ts";
import { withOwnFiles } from "../../campaign/own-files.ts";
import { listRunning } from "../../campaign/queries.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";

/** How often the list of running campaigns is read, and one that has nothing to send is asked again. */
export const LOOK_MS = 1_000;

/** The running campaigns, and whose turn it is to be claimed from. */
export interface Rotation {
  /** Their posts hold this bot's own file_ids. */
  readonly running: readonly Campaign[];
  /** The list is older than a second, or was called stale. */
  readonly isStale: boolean;
  /** Reads the list. Those that waited for their turn stay in front. */
  read(): Promise<Changes>;
  /** The one whose turn it is, of those that were not `asked` yet. */
  next(asked: ReadonlySet<number>): Campaign | undefined;
  /** What came of asking one. */
  asked(campaignId: number, hadSomething: boolean): void;
  /** There is nothing to claim of it for a second, unless it is woken. */
  rest(campaignId: number): void;
  isResting(campaignId: number): boolean;
  /** Something of it may be due again, or it may be done. */
  wake(campaignId: number): void;
  /** The waits of all of them are over. */
  wakeAll(): void;
  /** Campaigns may be other ones, or in another state, than a moment ago. */
  makeStale(): void;
}

/** How the list differs from the one before. */
export interface Changes {
  hasNew: boolean;
  /** They are no longer running. */
  left: number[];
}

export function createRotation(scope: Scope, clock: Clock): Rotation {
  let running: Campaign[] = []; // whose turn it is comes first
  let readAt = -Infinity; // monotonic
  const idle = new Set<number>(); // campaigns that had nothing when they were asked last
  let idleNext = false;
  const resting = new Map<number, number>(); // until when, monotonic

  return {
    get running() {
      return running;
    },
    get isStale() {
      return clock.monotonic() - readAt >= LOOK_MS;
    },
    async read() {
      readAt = clock.monotonic(); // before the query: what changes meanwhile asks for another
      const known = running.map(({ id }) => id);
      const listed = await withOwnFiles(scope.db, scope.botId, await listRunning(scope));
      running = listed.toSorted((a, b) => known.indexOf(a.id) - known.indexOf(b.id));
      const ids = new Set(listed.map(({ id }) => id));
      for (const id of idle) if (!ids.has(id)) idle.delete(id);
      return {
        hasNew: listed.some(({ id }) => !known.includes(id)),
        left: known.filter((id) => !ids.has(id)),
      };
    },
    /**
     * By turns one of those that had something when they were asked last, and one of those that had not. Forty posts that
     * wait for their chat would else be asked, one after the other, between any two claims of a broadcast: it went at 20 a
     * second instead of 28.
     */
    next(asked) {
      idleNext = !idleNext;
      const left = running.filter(({ id }) => !asked.has(id));
      const next = left.find(({ id }) => idle.has(id) === idleNext) ?? left[0];
      if (next) running = [...running.filter(({ id }) => id !== next.id), next];
      return next;
    },
    asked(campaignId, hadSomething) {
      if (hadSomething) idle.delete(campaignId);
      else idle.add(campaignId);
    },
    rest: (campaignId) => void resting.set(campaignId, clock.monotonic() + LOOK_MS),
    isResting: (campaignId) => (resting.get(campaignId) ?? -Infinity) > clock.monotonic(),
    wake: (campaignId) => void resting.delete(campaignId),
    wakeAll: () => resting.clear(),
    makeStale() {
      readAt = -Infinity;
    },
  };
}
