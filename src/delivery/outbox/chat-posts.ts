import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { ApiCall } from "../../telegram/api-call.ts";
import type { Claimed } from "../shared/claimed.ts";
import type { Lanes } from "../pace/lanes.ts";
import type { Settlement } from "../shared/settlement.ts";
import type { Attempts } from "./attempts.ts";
import type { Departures } from "./departures.ts";
import { type Ended, type Entry, withheld } from "./entry.ts";
import type { UnfinishedPosts } from "./unfinished.ts";

/**
 * Posts to groups and channels. A chat accepts few messages, so its posts first wait for the chat, side by side in the
 * Api's throttle, and then for their turn among all others. Until then they hold nobody up: they are neither in flight nor
 * in the queue.
 */
export interface ChatPosts {
  /** The calls make that many messages. */
  add(campaign: Campaign, delivery: Claimed, calls: readonly ApiCall[], messages: number): void;
  /** All posts that wait for their chats. */
  waiting(): Iterable<Entry>;
  /** Those of them that have only just arrived, and are about to leave. */
  passing(): Entry[];
  /** Takes back posts that wait for their chats. Without `which`, all of them. */
  takeBack(which?: (campaign: Campaign) => boolean): Entry[];
}

export interface ChatPostsDeps {
  clock: Clock;
  lanes: Pick<Lanes, "enter">;
  attempts: Attempts;
  unfinished: UnfinishedPosts;
  departures: Pick<Departures, "push" | "wake">;
  onOutcome: (settlement: Settlement) => void;
  /** A post no longer counts as passing, so more may be claimed. */
  onRoom: () => void;
}

/**
 * At most this many posts wait for their chats at once, each for a different chat. They are claimed, so a crash would make
 * them uncertain; the others wait in the database.
 */
const MOST_WAITING = 100;
const RETRY_MS = 1_000;

/** A post that has waited for longer than this has to wait for its chat; the others are about to leave. */
const PASSING_MS = 50;

export function createChatPosts(deps: ChatPostsDeps): ChatPosts {
  const { clock, lanes, attempts, unfinished, departures, onOutcome, onRoom } = deps;
  const waiting = new Map<Entry, number>(); // since when, monotonic

  /** A post keeps the lane of its chat for all of its calls. */
  async function send(
    campaign: Campaign,
    delivery: Claimed,
    calls: readonly ApiCall[],
    messages: number,
  ): Promise<void> {
    const lane = waiting.size < MOST_WAITING ? lanes.enter(delivery.chatId) : { waitMs: RETRY_MS };
    if ("waitMs" in lane)
      return onOutcome({ delivery, outcome: { type: "postponed", ...lane, description: "others go first" } });
    let settlement: Settlement | null = null;
    for (const [index, call] of calls.entries()) {
      const rest = calls.slice(index + 1);
      const post = unfinished.begin(campaign, rest);
      const ended = await throughThrottle(campaign, delivery, call, messages);
      settlement = ended && unfinished.next(post, ended, rest);
      unfinished.end(post);
      if (!ended || settlement) break;
    }
    lane.leave();
    if (settlement) onOutcome(settlement);
  }

  /** Null when it was taken back, and settled so. */
  async function throughThrottle(
    campaign: Campaign,
    delivery: Claimed,
    call: ApiCall,
    messages: number,
  ): Promise<Settlement | null> {
    const state: { isBack: boolean; ended?: Ended; decide?: (leaves: boolean) => void } = { isBack: false };
    const turn = new Promise<boolean>((resolve) => (state.decide = resolve));
    const go = (leaves: boolean) => {
      if (leaves) state.ended = attempts.begin(call);
      else onOutcome(withheld(delivery));
      state.isBack = !leaves;
      state.decide?.(leaves);
    };
    const entry: Entry = { campaign, delivery, call, messages, go };
    const since = clock.monotonic();
    waiting.set(entry, since);
    void clock.sleep(PASSING_MS).then(() => (waiting.has(entry) ? onRoom() : undefined));
    // Asked when the turn of the chat has come. If the post was taken back meanwhile, it does not leave.
    const outcome = await attempts.make(campaign, call, async () => {
      if (waiting.delete(entry)) {
        departures.push(entry);
        departures.wake();
      }
      return turn;
    });
    waiting.delete(entry);
    if (state.isBack) return null;
    // An Api without the throttle makes the call without asking.
    return (
      state.ended?.(outcome, delivery) ?? {
        delivery,
        outcome: attempts.judge(outcome, delivery, call, since),
      }
    );
  }

  return {
    add: (campaign, delivery, calls, messages) => void send(campaign, delivery, calls, messages),
    waiting: () => waiting.keys(),
    passing() {
      const now = clock.monotonic();
      return [...waiting].filter(([, since]) => now - since < PASSING_MS).map(([entry]) => entry);
    },
    takeBack(which = () => true) {
      const back = [...waiting.keys()].filter(({ campaign }) => which(campaign));
      for (const entry of back) waiting.delete(entry);
      return back;
    },
  };
}
