import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { ApiCall } from "../../telegram/api-call.ts";
import type { Claimed } from "../shared/claimed.ts";
import type { Lanes } from "../pace/lanes.ts";
import type { Settlement } from "../shared/settlement.ts";
import type { Attempts } from "./attempts.ts";
import type { Departures } from "./departures.ts";
import { type Ended, type Entry, heldBack } from "./entry.ts";
import type { UnfinishedPosts } from "./unfinished.ts";

/**
 * Posts to groups and channels. A chat takes little, so its posts wait for it first, side by side, in the throttle of the Api,
 * and then for the bot's turn among all others. Until then they are in nobody's way: neither in flight nor in the queue.
 */
export interface ChatPosts {
  add(campaign: Campaign, delivery: Claimed, calls: readonly ApiCall[]): void;
  /** All that wait for their chat. */
  waiting(): Iterable<Entry>;
  /** Those among them that have only just come, and are about to leave. */
  passing(): Entry[];
  /** Those that wait for their chat. Without `which`, all of them. */
  takeBack(which?: (campaign: Campaign) => boolean): Entry[];
}

export interface ChatPostsDeps {
  clock: Clock;
  lanes: Pick<Lanes, "enter">;
  attempts: Attempts;
  unfinished: UnfinishedPosts;
  departures: Pick<Departures, "push" | "wake">;
  onOutcome: (settlement: Settlement) => void;
  /** One no longer counts as passing, so more may be claimed. */
  onRoom: () => void;
}

/**
 * So many may wait for their chats at once, each for a chat of its own. They are claimed, so a crash would call them
 * uncertain; the others wait in the database.
 */
const MOST_WAITING = 100;
const ASK_AGAIN_MS = 1_000;

/** Whoever waits for a chat for longer than this has to wait; the others are about to leave. */
const PASSING_MS = 50;

export function createChatPosts(deps: ChatPostsDeps): ChatPosts {
  const { clock, lanes, attempts, unfinished, departures, onOutcome, onRoom } = deps;
  const waiting = new Map<Entry, number>(); // since when, monotonic

  /** One post has the lane of its chat for all of its calls. */
  async function send(campaign: Campaign, delivery: Claimed, calls: readonly ApiCall[]): Promise<void> {
    const lane = waiting.size < MOST_WAITING ? lanes.enter(delivery.chatId) : { waitMs: ASK_AGAIN_MS };
    if ("waitMs" in lane)
      return onOutcome({ delivery, outcome: { type: "postponed", ...lane, description: "others go first" } });
    let settlement: Settlement | null = null;
    for (const [index, call] of calls.entries()) {
      const rest = calls.slice(index + 1);
      const post = unfinished.begin(campaign, rest);
      const ended = await throughThrottle(campaign, delivery, call);
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
  ): Promise<Settlement | null> {
    const fate: { isBack: boolean; ended?: Ended; decide?: (leaves: boolean) => void } = { isBack: false };
    const turn = new Promise<boolean>((resolve) => (fate.decide = resolve));
    const go = (leaves: boolean) => {
      if (leaves) fate.ended = attempts.begin(call);
      else onOutcome(heldBack(delivery));
      fate.isBack = !leaves;
      fate.decide?.(leaves);
    };
    const entry: Entry = { campaign, delivery, call, go };
    const since = clock.monotonic();
    waiting.set(entry, since);
    void clock.sleep(PASSING_MS).then(() => (waiting.has(entry) ? onRoom() : undefined));
    // Asked when the chat's turn has come; taken back meanwhile, it does not leave.
    const outcome = await attempts.make(campaign, call, async () => {
      if (waiting.delete(entry)) {
        departures.push(entry);
        departures.wake();
      }
      return turn;
    });
    waiting.delete(entry);
    if (fate.isBack) return null;
    // An Api without the throttle lets it leave unasked.
    return (
      fate.ended?.(outcome, delivery) ?? { delivery, outcome: attempts.judge(outcome, delivery, call, since) }
    );
  }

  return {
    add: (campaign, delivery, calls) => void send(campaign, delivery, calls),
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
