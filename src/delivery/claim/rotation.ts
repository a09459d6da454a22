import type { Campaign } from "../../campaign/campaign.ts";
import type { LeaveLabel } from "../../campaign/leave-button.ts";
import { type Unreadable, listRunning } from "../../campaign/queries.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import { createReadyPosts } from "../shared/ready-posts.ts";
import type { UnreadableWatch } from "../shared/unreadable.ts";

/** How often the list of running campaigns is read while there are some, and a campaign with nothing to send is checked again. */
export const CHECK_MS = 1_000;

/** The running campaigns, and whose turn it is to be claimed from. */
export interface Rotation {
  /** Their posts hold this bot's own file_ids, their attributes are known, and those that have it hold the button to leave. */
  readonly running: readonly Campaign[];
  /** The list is older than a second, or has been empty for longer than `emptyMs`, or was marked as stale. */
  readonly isStale: boolean;
  /**
   * Reads the list. Campaigns that are waiting for their turn stay in front. The next time comes at a random moment within the
   * second if this one had to be at once: fifty bots whose campaigns start at nine o'clock must not all read in the same
   * millisecond of each second. It stopped the process for a tenth of a second, and what then left together drew 429s.
   */
  read(): Promise<Changes>;
  /** The campaign whose turn it is, of those not in `asked`. */
  next(asked: ReadonlySet<number>): Campaign | undefined;
  /** A claim was tried; `hadSomething` says whether there was anything to claim. */
  asked(campaignId: number, hadSomething: boolean): void;
  /** Nothing of it can be claimed for a second, unless it is woken. */
  rest(campaignId: number): void;
  isResting(campaignId: number): boolean;
  /** False while posts of the campaign may still be claimed with an older content than this revision. */
  isUpToDate(campaignId: number, revision: number): boolean;
  /** Some of it may be due again, or it may be done. */
  wake(campaignId: number): void;
  /** Wakes all campaigns. */
  wakeAll(): void;
  /** Marks the list as stale: campaigns may have started, stopped, or changed. */
  makeStale(): void;
}

/** How the list differs from the one before. */
export interface Changes {
  hasNew: boolean;
  /** They are no longer running. */
  left: number[];
}

export function createRotation(
  scope: Scope,
  clock: Clock,
  leaveLabel: LeaveLabel,
  emptyMs: number,
  watch: Pick<UnreadableWatch, "seen">,
): Rotation {
  let running: Campaign[] = []; // in the order of their turns
  let staleAt = -Infinity; // monotonic
  const idle = new Set<number>(); // campaigns that had nothing at their last turn
  let idleNext = false;
  const resting = new Map<number, number>(); // until when, monotonic
  const readied = createReadyPosts(scope, leaveLabel);

  return {
    get running() {
      return running;
    },
    get isStale() {
      return clock.monotonic() >= staleAt;
    },
    async read() {
      // From before the query, so that a change during it is read next time.
      staleAt = clock.monotonic() + (staleAt === -Infinity ? Math.random() * CHECK_MS : CHECK_MS);
      const known = running.map(({ id }) => id);
      const unreadable: Unreadable[] = [];
      const listed = await readied(await listRunning(scope, unreadable));
      watch.seen("running", unreadable);
      if (listed.length === 0 && staleAt > -Infinity) staleAt = clock.monotonic() + emptyMs;
      running = listed.toSorted((a, b) => known.indexOf(a.id) - known.indexOf(b.id));
      const ids = new Set(listed.map(({ id }) => id));
      for (const id of idle) if (!ids.has(id)) idle.delete(id);
      return {
        hasNew: listed.some(({ id }) => !known.includes(id)),
        left: known.filter((id) => !ids.has(id)),
      };
    },
    /**
     * Alternates between campaigns that had something at their last turn and those that had not. Otherwise, forty posts
     * that wait for their chats would each get a turn between any two claims of a broadcast, which then ran at 20 a
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
    rest: (campaignId) => void resting.set(campaignId, clock.monotonic() + CHECK_MS),
    isResting: (campaignId) => (resting.get(campaignId) ?? -Infinity) > clock.monotonic(),
    isUpToDate: (campaignId, revision) =>
      running.every(({ id, contentRevision }) => id !== campaignId || contentRevision >= revision),
    wake: (campaignId) => void resting.delete(campaignId),
    wakeAll: () => resting.clear(),
    makeStale() {
      staleAt = -Infinity;
    },
  };
}
