import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { type SendApi, render } from "../content/render.ts";
import type { Log } from "../log.ts";
import type { Claimed } from "./claim.ts";
import { createFlight } from "./flight.ts";
import type { Flood } from "./flood.ts";
import type { Hours } from "./hours.ts";
import type { Lanes } from "./lanes.ts";
import type { Lease } from "./lease.ts";
import type { Outcome } from "./outcome.ts";
import type { Pacer } from "./pacer.ts";
import type { Paid } from "./paid.ts";
import { send } from "./sender.ts";
import type { Settlement } from "./settle.ts";

/** What is claimed, on its way to Telegram: each delivery waits for its turn, leaves, and comes back as an outcome. */
export interface Outbox {
  /** They leave in the order in which they came. */
  add(campaign: Campaign, batch: readonly Claimed[]): void;
  /** How many should be claimed now, so that the next call need not wait for the database. */
  wants(): number;
  /** Claimed, and not in the database as settled yet. */
  readonly inHand: ReadonlySet<Claimed>;
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
 * because after a pause it still leaves; enough that the next claim is back before it is sent.
 */
const AHEAD_SECONDS = 1 / 20;
const LARGEST_CLAIM = 200;

/** At most two seconds' work is in hand, or this many: while the database cannot be written, nothing piles up. */
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

/** A delivery on its way out. */
interface Entry {
  campaign: Campaign;
  delivery: Claimed;
  /** Its turn has come; or it has not, and the delivery goes back. Called once. */
  go: (leaves: boolean) => void;
}

/** What a call that left came to, and what that means for others. */
type Ended = (outcome: Outcome, delivery: Claimed) => Settlement;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, log, api, pacer, paid, flood, lanes, lease, hours, stop, onOutcome, onRoom } = deps;
  const flight = createFlight(() => pacer.rate);
  const inHand = new Set<Claimed>();
  let ready: Entry[] = [];
  /** Posts to groups and channels that wait for their chat, in the throttle of the Api, and since when (monotonic). */
  const waiting = new Map<Entry, number>();
  let unanswered = 0; // calls in a row
  let arrived: (() => void) | null = null; // wakes whoever waits for something to send
  const claimSize = () => Math.min(LARGEST_CLAIM, Math.ceil(pacer.rate * AHEAD_SECONDS));

  async function run(): Promise<void> {
    while (!stop.aborted) {
      if (ready.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      await flight.room();
      if ((await pacer.turn(stop)) && lease.held() && unanswered < SILENT_CALLS) leave();
      else withhold(() => true);
    }
  }

  function leave(): void {
    const next = ready.shift();
    next?.go(hours.isOpen(next.campaign));
    if (ready.length < claimSize()) onRoom();
  }

  function toPerson(campaign: Campaign, delivery: Claimed): void {
    const go = (leaves: boolean) => {
      if (!leaves) return withheld(delivery);
      const ended = begin();
      void attempt(campaign, delivery).then((outcome) => onOutcome(ended(outcome, delivery)));
    };
    ready.push({ campaign, delivery, go });
  }

  /**
   * A group or channel takes little, so its posts wait for it first, all beside each other, and then for the bot's turn
   * among all others. Until then they are in nobody's way: neither in flight nor in the queue.
   */
  async function toChat(campaign: Campaign, delivery: Claimed): Promise<void> {
    const lane = waiting.size < MOST_WAITING ? lanes.enter(delivery.chatId) : { waitMs: ASK_AGAIN_MS };
    if ("waitMs" in lane)
      return onOutcome({ delivery, outcome: { type: "postponed", ...lane, description: "others go first" } });
    const fate: { isBack: boolean; ended?: Ended; decide?: (leaves: boolean) => void } = { isBack: false };
    const turn = new Promise<boolean>((resolve) => (fate.decide = resolve));
    const go = (leaves: boolean) => {
      if (leaves) fate.ended = begin();
      else withheld(delivery);
      fate.isBack = !leaves;
      fate.decide?.(leaves);
    };
    const entry: Entry = { campaign, delivery, go };
    const since = clock.monotonic();
    waiting.set(entry, since);
    void clock.sleep(PASSING_MS).then(() => (waiting.has(entry) ? onRoom() : undefined));
    // Asked when the chat's turn has come; taken back meanwhile, it does not leave.
    const outcome = await attempt(campaign, delivery, async () => {
      if (waiting.delete(entry)) {
        ready.push(entry);
        arrived?.();
      }
      return turn;
    });
    waiting.delete(entry);
    lane.leave();
    if (fate.isBack) return;
    // An Api without the throttle lets it leave unasked.
    const unasked = () => ({ delivery, outcome: judge(outcome, delivery, since, paid.on) });
    onOutcome(fate.ended?.(outcome, delivery) ?? unasked());
  }

  function withheld(delivery: Claimed): void {
    onOutcome({ delivery, outcome: { type: "withheld" } });
  }

  /** A call leaves now. Returns what is to be done when it has come to something. */
  function begin(): Ended {
    const leftAt = clock.monotonic();
    const isPaid = paid.on;
    flight.begin();
    return (outcome, delivery) => {
      const answered = outcome.type !== "uncertain" && outcome.type !== "stumbled";
      flight.end(answered ? clock.monotonic() - leftAt : null);
      unanswered = answered ? 0 : unanswered + 1;
      if (unanswered === SILENT_CALLS) log.warn("Telegram does not answer; nothing leaves until it does");
      return { delivery, outcome: judge(outcome, delivery, leftAt, isPaid) };
    };
  }

  async function attempt(
    { id, content }: Campaign,
    { chatId, threadId, seq }: Claimed,
    mayLeave?: () => Promise<boolean>,
  ): Promise<Outcome> {
    try {
      const [call] = render(content, { chatId, threadId, campaignId: id, seq });
      if (!call) throw new Error("a post without a call");
      return await send(api, call, mayLeave);
    } catch (error) {
      // A fault of ours. It would hit everyone, so it stops the campaign as a wrong post does.
      log.error({ err: error, campaign: id }, "a post cannot be sent");
      return { type: "refused", class: "content", description: String(error) };
    }
  }

  /** What an outcome means for the calls after it. */
  function judge(outcome: Outcome, { chatId }: Claimed, leftAt: number, isPaid: boolean): Outcome {
    if (outcome.type === "sent") flood.through(chatId);
    if (outcome.type === "deferred") {
      // A person takes a message a second, and gets one: their 429 is the bot's own. Groups and channels (negative ids)
      // may be written to by others, too.
      const isPerson = chatId > 0;
      if (!isPerson) lanes.rest(chatId, outcome.waitMs);
      if (!isPerson && flood.onlyThisChat(chatId, outcome.waitMs)) return { ...outcome, type: "postponed" };
      const until = pacer.tooFast(outcome.waitMs, leftAt);
      log.warn({ until, rate: pacer.rate }, "Telegram asks to wait");
      return { ...outcome, until };
    }
    if (outcome.type === "refused" && outcome.class === "no-stars" && isPaid) {
      paid.refused();
      return { type: "unpaid" };
    }
    return outcome;
  }

  function withhold(which: (campaign: Campaign) => boolean): void {
    const back = [...waiting.keys(), ...ready].filter(({ campaign }) => which(campaign));
    ready = ready.filter(({ campaign }) => !which(campaign));
    for (const entry of back) {
      waiting.delete(entry);
      entry.go(false);
    }
  }

  /** Claimed, and held up by nothing but the pace of all. */
  function passing(): number {
    let held = 0;
    for (const since of waiting.values()) if (clock.monotonic() - since >= PASSING_MS) held += 1;
    return waiting.size - held;
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
      for (const delivery of batch) {
        inHand.add(delivery);
        if (delivery.chatId > 0) toPerson(campaign, delivery);
        else void toChat(campaign, delivery);
      }
      arrived?.();
    },
    wants() {
      const soon = passing();
      if (ready.length + soon >= claimSize()) return 0;
      const most = Math.max(LEAST_IN_HAND, Math.min(MOST_IN_HAND, Math.ceil(pacer.rate * 2)));
      const held = waiting.size - soon; // they take nobody's place
      return Math.max(0, Math.min(claimSize(), most - (inHand.size - held)));
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      withhold(({ id }) => !kept.has(id));
    },
    settled(settlements) {
      for (const { delivery } of settlements) inHand.delete(delivery);
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
