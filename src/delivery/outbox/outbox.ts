import { isForChats } from "../../audience/segment/audience.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type ApiCall, type SendApi, weightOf } from "../../telegram/api-call.ts";
import type { Claimed } from "../shared/claimed.ts";
import { createFlight } from "../pace/flight.ts";
import type { Flood } from "../pace/flood.ts";
import type { Lanes } from "../pace/lanes.ts";
import type { Pacer } from "../pace/pacer.ts";
import type { Paid } from "../pace/paid-rate.ts";
import type { Hours } from "../pace/sending-hours.ts";
import type { Settlement } from "../shared/settlement.ts";
import { createAttempts } from "./attempts.ts";
import { callsLeft } from "./calls-left.ts";
import { createChatPosts } from "./chat-posts.ts";
import { createDepartures } from "./departures.ts";
import { type Entry, withheld } from "./entry.ts";
import type { Silence } from "./silence.ts";
import { createUnfinishedPosts } from "./unfinished.ts";

/**
 * Claimed deliveries on their way to Telegram: each waits for its turn, leaves, and comes back as an outcome. A post of two
 * calls takes two turns. If the second one does not leave after the first, the delivery comes back with what is done, and
 * continues from there another time.
 */
export interface Outbox {
  /** Adds claimed deliveries. They leave in the order in which they were added. `claimMs` is how long the claim took. */
  add(campaign: Campaign, batch: readonly Claimed[], claimMs: number): void;
  /** How many messages to claim now, so that the next call need not wait for the database. */
  wants(): number;
  /** Deliveries that are claimed and not yet settled in the database, with the number of messages they still needed. */
  readonly inHand: ReadonlyMap<Claimed, number>;
  readonly inFlight: number;
  /** The most calls that have been in flight at once. */
  readonly peakInFlight: number;
  /** Takes back what belongs to any other campaign. */
  keepOnly(campaigns: readonly Campaign[]): void;
  /** These are in the database now. */
  settled(settlements: readonly Settlement[]): void;
  /** The clock was set. What waits for its chat might wait for as long as it was set by, so it is taken back. */
  clockWasSet(): void;
  /** After a stop: what has not left is taken back. Calls in flight may still be answered. */
  close(): void;
}

export interface OutboxDeps {
  clock: Clock;
  log: Log;
  api: SendApi;
  pacer: Pacer;
  paid: Paid;
  flood: Flood;
  lanes: Lanes;
  lease: { held(): boolean };
  hours: Pick<Hours, "isOpen">;
  silence: Pick<Silence, "on" | "trying" | "left">;
  /** For how many ms one claim is to last, at least. */
  batchMs: () => number;
  stop: AbortSignal;
  onOutcome: (settlement: Settlement) => void;
  /** More may be claimed. */
  onRoom: () => void;
}

/**
 * How many seconds' work is claimed ahead: little, because what is claimed when the process dies becomes uncertain, and
 * because it still leaves after an admin taps Pause; but enough for the next claim to be back before it is sent.
 */
const AHEAD_SECONDS = 1 / 20;
/**
 * On a slow disk, it is as much longer as claims take: each ends with a flush, and may have to wait for that of an outcome.
 * With flushes of 100 ms, two messages ahead would be 10 a second instead of 28 (bench/flushes).
 */
const SLOW_AHEAD_SECONDS = 1 / 2;
const CLAIMS_AHEAD = 1.5;
/** How much the slowest claim so far counts at the next one. */
const FADING = 0.95;
/** In messages. */
const LARGEST_CLAIM = 500;

/** At most two seconds' work is in hand, within these limits, so that nothing piles up while the database cannot be written. In messages. */
const MOST_IN_HAND = 1_000;
const LEAST_IN_HAND = 16;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, log, pacer, lanes, silence, batchMs, onOutcome, onRoom } = deps;
  const flight = createFlight(
    () => pacer.rate,
    () => silence.trying,
  );
  const inHand = new Map<Claimed, number>();
  let messagesInHand = 0;
  const unfinished = createUnfinishedPosts();
  const attempts = createAttempts({ ...deps, flight });
  const departures = createDepartures({
    ...deps,
    flight,
    onLeft: () => (departures.messages < fewest() ? onRoom() : undefined),
    onHalt: () => takeBack(() => true),
  });
  const chatPosts = createChatPosts({ clock, lanes, attempts, unfinished, departures, onOutcome, onRoom });

  let slowestClaimMs = 0;
  const aheadSeconds = () =>
    Math.min(SLOW_AHEAD_SECONDS, Math.max(AHEAD_SECONDS, (CLAIMS_AHEAD * slowestClaimMs) / 1000));
  const messagesIn = (seconds: number) =>
    silence.trying ? 1 : Math.min(LARGEST_CLAIM, Math.ceil(pacer.rate * seconds));
  /** With fewer messages ahead, it is time for the next claim. */
  const fewest = () => messagesIn(aheadSeconds());
  const claimSize = () => messagesIn(Math.max(aheadSeconds(), batchMs() / 1_000));

  function toPerson(
    campaign: Campaign,
    delivery: Claimed,
    call: ApiCall,
    rest: ApiCall[],
    messages: number,
  ): Entry {
    const go = (leaves: boolean) => {
      if (!leaves) return onOutcome(withheld(delivery));
      const ended = attempts.begin(call);
      const post = unfinished.begin(campaign, rest);
      void attempts.make(campaign, call).then((outcome) => {
        const settlement = unfinished.next(post, ended(outcome, delivery), rest);
        return settlement ? onOutcome(settlement) : follow(campaign, delivery, rest);
      });
    };
    return { campaign, delivery, call, messages, go };
  }

  /** Queues the next call of a post right behind the one before it. */
  function follow(campaign: Campaign, delivery: Claimed, [call, ...rest]: ApiCall[]): void {
    if (call) departures.pushFirst(toPerson(campaign, delivery, call, rest, inHand.get(delivery) ?? 0));
    departures.wake();
  }

  function add(campaign: Campaign, delivery: Claimed): void {
    const calls = callsLeft(campaign, delivery, log);
    const messages = Array.isArray(calls) ? calls.reduce((sum, call) => sum + weightOf(call), 0) : 0;
    inHand.set(delivery, messages);
    messagesInHand += messages;
    if (!Array.isArray(calls)) return onOutcome({ delivery, outcome: calls });
    const [call, ...rest] = calls;
    if (isForChats(campaign.audience)) chatPosts.add(campaign, delivery, calls, messages);
    else departures.push(toPerson(campaign, delivery, call, rest, messages));
  }

  function takeBack(which: (campaign: Campaign) => boolean): void {
    unfinished.takeBack(which);
    for (const { go } of [...chatPosts.takeBack(which), ...departures.takeBack(which)]) go(false);
  }

  return {
    inHand,
    get inFlight() {
      return flight.count;
    },
    get peakInFlight() {
      return flight.peak;
    },
    add(campaign, batch, claimMs) {
      slowestClaimMs = Math.max(claimMs, slowestClaimMs * FADING);
      for (const delivery of batch) add(campaign, delivery);
      departures.wake();
    },
    wants() {
      const soon = messagesOf(chatPosts.passing());
      if (departures.messages + soon >= fewest()) return 0;
      const most = Math.max(LEAST_IN_HAND, Math.min(MOST_IN_HAND, Math.ceil(pacer.rate * 2)));
      const held = messagesOf(chatPosts.waiting()) - soon; // these hold nobody up
      return Math.max(0, Math.min(claimSize(), most - (messagesInHand - held)));
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      takeBack(({ id }) => !kept.has(id));
    },
    settled(settlements) {
      for (const { delivery } of settlements) {
        messagesInHand -= inHand.get(delivery) ?? 0;
        inHand.delete(delivery);
      }
      onRoom();
    },
    clockWasSet() {
      for (const { go } of chatPosts.takeBack()) go(false);
      lanes.clear();
    },
    close() {
      departures.wake();
      takeBack(() => true);
    },
  };
}

function messagesOf(entries: Iterable<Entry>): number {
  let sum = 0;
  for (const { messages } of entries) sum += messages;
  return sum;
}
