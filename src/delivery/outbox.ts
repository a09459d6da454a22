import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { versionFor } from "../content/content.ts";
import { type ApiCall, type SendApi, render, weightOf } from "../content/render.ts";
import type { Log } from "../log.ts";
import type { Claimed } from "./claim.ts";
import { createFlight } from "./flight.ts";
import type { Flood } from "./flood.ts";
import type { Hours } from "./hours.ts";
import type { Lanes } from "./lanes.ts";
import type { Lease } from "./lease.ts";
import type { Outcome } from "./outcome.ts";
import type { Pacer } from "./pacer.ts";
import { FALLBACK_RATE, type Paid } from "./paid.ts";
import { isPayable, send } from "./sender.ts";
import type { Settlement } from "./outcome.ts";

/**
 * What is claimed, on its way to Telegram: each delivery waits for its turn, leaves, and comes back as an outcome. A post
 * of two calls takes two turns. When the second does not leave after the first, the delivery comes back with what is
 * done, and goes on behind it another time.
 */
export interface Outbox {
  /** They leave in the order in which they came. */
  add(campaign: Campaign, batch: readonly Claimed[]): void;
  /** How many messages should be claimed now, so that the next call need not wait for the database. */
  wants(): number;
  /** Claimed, and not in the database as settled yet; with the number of messages that were still to come. */
  readonly inHand: ReadonlyMap<Claimed, number>;
  readonly inFlight: number;
  /** So many calls in a row had no answer that nothing leaves until `answered`. */
  readonly silent: boolean;
  /** Telegram answers again. */
  answered(): void;
  /** Only what belongs to these campaigns still leaves. */
  keepOnly(campaigns: readonly Campaign[]): void;
  /** These are in the database. */
  settled(settlements: readonly Settlement[]): void;
  /** Somebody set the clock: what waits for its chat may wait for as long as it was set by, and is taken back. */
  clockWasSet(): void;
  /** After a stop: what has not left stays here. Calls in flight may still come back. */
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
  lease: Pick<Lease, "held">;
  hours: Pick<Hours, "isOpen">;
  stop: AbortSignal;
  onOutcome: (settlement: Settlement) => void;
  /** More may be claimed. */
  onRoom: () => void;
}

/**
 * So many seconds' work are claimed ahead: little, because what is claimed when the process dies is uncertain, and
 * because after a pause it still leaves; enough that the next claim is back before it is sent. All in messages.
 */
const AHEAD_SECONDS = 1 / 20;
const LARGEST_CLAIM = 200;

/** At most two seconds' work is in hand, or this much: while the database cannot be written, nothing piles up. */
const MOST_IN_HAND = 1_000;
const LEAST_IN_HAND = 16;

/**
 * So many calls in a row that Telegram did not answer: it is away, or the network swallows them. Each more would be
 * uncertain or one of its attempts, and a night of it would cost the whole audience.
 */
const SILENT_CALLS = 10;

/**
 * So many may wait for their chats at once, each for a chat of its own. They are claimed, so a crash would call them
 * uncertain; the others wait in the database.
 */
const MOST_WAITING = 100;
const ASK_AGAIN_MS = 1_000;

/** Whoever waits for a chat for longer than this has to wait; the others are about to leave. */
const PASSING_MS = 50;

/** A call of a delivery on its way out. */
interface Entry {
  campaign: Campaign;
  delivery: Claimed;
  call: ApiCall;
  /** Its turn has come; or it has not, and the delivery goes back. Called once. */
  go: (leaves: boolean) => void;
}

/** What a call that left came to, and what that means for others. */
type Ended = (outcome: Outcome, delivery: Claimed) => Settlement;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, log, api, pacer, paid, flood, lanes, lease, hours, stop, onOutcome, onRoom } = deps;
  const flight = createFlight(() => pacer.rate);
  const inHand = new Map<Claimed, number>();
  let messagesInHand = 0;
  let ready: Entry[] = [];
  let next: Entry | null = null; // waits for its turn, before those that are ready
  /** Posts to groups and channels that wait for their chat, in the throttle of the Api, and since when (monotonic). */
  const waiting = new Map<Entry, number>();
  /** Posts whose next call follows when the one before is answered; who is taken back meanwhile does not go on. */
  const between = new Set<{ campaign: Campaign }>();
  let unanswered = 0; // calls in a row
  let arrived: (() => void) | null = null; // wakes whoever waits for something to send
  const claimSize = () => Math.min(LARGEST_CLAIM, Math.ceil(pacer.rate * AHEAD_SECONDS));

  async function run(): Promise<void> {
    while (!stop.aborted) {
      if (ready.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      await flight.room();
      // Off the queue before its turn: the turn is as long as this call is heavy.
      next = ready.shift() ?? null;
      if (!next) continue;
      const mayLeave = await pacer.turn(stop, weightOf(next.call), slotsFor(next.call));
      if (mayLeave && lease.held() && unanswered < SILENT_CALLS) leave();
      else withhold(() => true);
    }
  }

  function leave(): void {
    const entry = next;
    next = null;
    // Half a post does not wait overnight for the other half.
    entry?.go(entry.delivery.callsDone > 0 || hours.isOpen(entry.campaign));
    if (messagesAhead() < claimSize()) onRoom();
  }

  /** What nobody can pay for takes as many slots as keep it to the free rate while others are paid for. */
  function slotsFor(call: ApiCall): number {
    const isFree = paid.on && !isPayable(call.method);
    return weightOf(call) * (isFree ? Math.max(1, pacer.rate / FALLBACK_RATE) : 1);
  }

  function toPerson(campaign: Campaign, delivery: Claimed, call: ApiCall, rest: ApiCall[]): Entry {
    const go = (leaves: boolean) => {
      if (!leaves) return withheld(delivery);
      const ended = begin(call);
      const post = { campaign };
      if (rest.length > 0) between.add(post);
      void attempt(campaign, call).then((outcome) => {
        const settlement = goesOn(post, ended(outcome, delivery), rest);
        return settlement ? onOutcome(settlement) : follow(campaign, delivery, rest);
      });
    };
    return { campaign, delivery, call, go };
  }

  /** The next call of a post, right behind the one before. */
  function follow(campaign: Campaign, delivery: Claimed, [call, ...rest]: ApiCall[]): void {
    if (call) ready.unshift(toPerson(campaign, delivery, call, rest));
    arrived?.();
  }

  /** Null when the next call of the post is to follow; else what the delivery came to. */
  function goesOn(post: { campaign: Campaign }, settlement: Settlement, rest: ApiCall[]): Settlement | null {
    const { delivery, outcome } = settlement;
    const wanted = between.delete(post);
    if (rest.length === 0 || outcome.type !== "sent") return settlement;
    delivery.callsDone += 1;
    delivery.messageIds.push(...outcome.messageIds);
    return wanted ? null : { delivery, outcome: { type: "withheld" } };
  }

  /**
   * A group or channel takes little, so its posts wait for it first, all beside each other, and then for the bot's turn
   * among all others. Until then they are in nobody's way: neither in flight nor in the queue. One post has the lane for
   * all of its calls.
   */
  async function toChat(campaign: Campaign, delivery: Claimed, calls: ApiCall[]): Promise<void> {
    const lane = waiting.size < MOST_WAITING ? lanes.enter(delivery.chatId) : { waitMs: ASK_AGAIN_MS };
    if ("waitMs" in lane)
      return onOutcome({ delivery, outcome: { type: "postponed", ...lane, description: "others go first" } });
    let settlement: Settlement | null = null;
    for (const [index, call] of calls.entries()) {
      const rest = calls.slice(index + 1);
      const post = { campaign };
      if (rest.length > 0) between.add(post);
      const ended = await throughThrottle(campaign, delivery, call);
      settlement = ended && goesOn(post, ended, rest);
      between.delete(post);
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
      if (leaves) fate.ended = begin(call);
      else withheld(delivery);
      fate.isBack = !leaves;
      fate.decide?.(leaves);
    };
    const entry: Entry = { campaign, delivery, call, go };
    const since = clock.monotonic();
    waiting.set(entry, since);
    void clock.sleep(PASSING_MS).then(() => (waiting.has(entry) ? onRoom() : undefined));
    // Asked when the chat's turn has come; taken back meanwhile, it does not leave.
    const outcome = await attempt(campaign, call, async () => {
      if (waiting.delete(entry)) {
        ready.push(entry);
        arrived?.();
      }
      return turn;
    });
    waiting.delete(entry);
    if (fate.isBack) return null;
    // An Api without the throttle lets it leave unasked.
    const unasked = () => ({ delivery, outcome: judge(outcome, delivery, call, since, paid.on) });
    return fate.ended?.(outcome, delivery) ?? unasked();
  }

  function withheld(delivery: Claimed): void {
    onOutcome({ delivery, outcome: { type: "withheld" } });
  }

  /** A call leaves now. Returns what is to be done when it has come to something. */
  function begin(call: ApiCall): Ended {
    const leftAt = clock.monotonic();
    const isPaid = paid.on;
    flight.begin();
    return (outcome, delivery) => {
      const answered = outcome.type !== "uncertain" && outcome.type !== "stumbled";
      flight.end(answered ? clock.monotonic() - leftAt : null);
      unanswered = answered ? 0 : unanswered + 1;
      if (unanswered === SILENT_CALLS) log.warn("Telegram does not answer; nothing leaves until it does");
      return { delivery, outcome: judge(outcome, delivery, call, leftAt, isPaid) };
    };
  }

  async function attempt(
    campaign: Campaign,
    call: ApiCall,
    mayLeave?: () => Promise<boolean>,
  ): Promise<Outcome> {
    try {
      return await send(api, call, mayLeave);
    } catch (error) {
      return faulty(campaign, error);
    }
  }

  /** A fault of ours. It would hit everyone, so it stops the campaign as a wrong post does. */
  function faulty({ id }: Campaign, error: unknown): Outcome {
    log.error({ err: error, campaign: id }, "a post cannot be sent");
    return { type: "refused", class: "content", description: String(error) };
  }

  function add(campaign: Campaign, delivery: Claimed): void {
    inHand.set(delivery, 0);
    const calls = callsLeft(campaign, delivery);
    if (!Array.isArray(calls)) return onOutcome({ delivery, outcome: calls });
    const messages = calls.reduce((sum, call) => sum + weightOf(call), 0);
    inHand.set(delivery, messages);
    messagesInHand += messages;
    const [call, ...rest] = calls;
    if (delivery.chatId > 0) ready.push(toPerson(campaign, delivery, call, rest));
    else void toChat(campaign, delivery, calls);
  }

  function callsLeft(campaign: Campaign, delivery: Claimed): [ApiCall, ...ApiCall[]] | Outcome {
    const { content } = campaign;
    if (delivery.callsDone === 0) delivery.version = versionFor(content, delivery.person?.language).language;
    const person = delivery.person && { ...delivery.person, language: delivery.version };
    try {
      const [call, ...rest] = render(content, { ...delivery, person }).slice(delivery.callsDone);
      if (!call) throw new Error("no call of the post is left");
      return [call, ...rest];
    } catch (error) {
      return faulty(campaign, error);
    }
  }

  /** What an outcome means for the calls after it. */
  function judge(
    outcome: Outcome,
    { chatId }: Claimed,
    call: ApiCall,
    leftAt: number,
    isPaid: boolean,
  ): Outcome {
    if (outcome.type === "sent") flood.through(chatId);
    if (chatId < 0 && (outcome.type === "sent" || outcome.type === "uncertain"))
      lanes.took(chatId, weightOf(call));
    if (outcome.type === "deferred") {
      // A person takes a message a second, and gets one: their 429 is the bot's own. Groups and channels (negative ids)
      // may be written to by others, too.
      const isPerson = chatId > 0;
      if (!isPerson) lanes.rest(chatId, outcome.waitMs);
      if (!isPerson && flood.onlyThisChat(chatId, outcome.waitMs)) return { ...outcome, type: "postponed" };
      const until = pacer.tooFast(outcome.waitMs, leftAt);
      log.warn({ until, rate: Math.round(pacer.rate * 10) / 10 }, "Telegram asks to wait");
      return { ...outcome, until };
    }
    if (outcome.type === "refused" && outcome.class === "no-stars" && isPaid) {
      paid.refused();
      return { type: "unpaid" };
    }
    return outcome;
  }

  function withhold(which: (campaign: Campaign) => boolean): void {
    const all = [...waiting.keys(), ...(next ? [next] : []), ...ready];
    const back = all.filter(({ campaign }) => which(campaign));
    ready = ready.filter(({ campaign }) => !which(campaign));
    if (next && which(next.campaign)) next = null;
    for (const post of between) if (which(post.campaign)) between.delete(post);
    for (const entry of back) {
      waiting.delete(entry);
      entry.go(false);
    }
  }

  function messagesOf(entries: Iterable<Entry>): number {
    let sum = 0;
    for (const { delivery } of entries) sum += inHand.get(delivery) ?? 0;
    return sum;
  }

  /** About to leave, one after the other. */
  function messagesAhead(): number {
    return messagesOf(ready) + (next ? messagesOf([next]) : 0);
  }

  /** Claimed, and held up by nothing but the pace of all. */
  function passing(): Entry[] {
    const now = clock.monotonic();
    return [...waiting].filter(([, since]) => now - since < PASSING_MS).map(([entry]) => entry);
  }

  void run();

  return {
    inHand,
    get inFlight() {
      return flight.count;
    },
    get silent() {
      return unanswered >= SILENT_CALLS;
    },
    answered() {
      unanswered = 0;
    },
    add(campaign, batch) {
      for (const delivery of batch) add(campaign, delivery);
      arrived?.();
    },
    wants() {
      const soon = messagesOf(passing());
      if (messagesAhead() + soon >= claimSize()) return 0;
      const most = Math.max(LEAST_IN_HAND, Math.min(MOST_IN_HAND, Math.ceil(pacer.rate * 2)));
      const held = messagesOf(waiting.keys()) - soon; // they take nobody's place
      return Math.max(0, Math.min(claimSize(), most - (messagesInHand - held)));
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      withhold(({ id }) => !kept.has(id));
    },
    settled(settlements) {
      for (const { delivery } of settlements) {
        messagesInHand -= inHand.get(delivery) ?? 0;
        inHand.delete(delivery);
      }
      onRoom();
    },
    clockWasSet() {
      for (const entry of waiting.keys()) {
        waiting.delete(entry);
        entry.go(false);
      }
      lanes.clear();
    },
    close() {
      arrived?.();
      withhold(() => true);
    },
  };
}
