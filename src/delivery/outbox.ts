import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { type SendApi, render } from "../content/render.ts";
import type { Log } from "../log.ts";
import type { Claimed } from "./claim.ts";
import { createFlight } from "./flight.ts";
import type { Flood } from "./flood.ts";
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
  lease: Pick<Lease, "held">;
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

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, log, api, pacer, paid, flood, lease, stop, onOutcome, onRoom } = deps;
  const flight = createFlight(() => pacer.rate);
  const inHand = new Set<Claimed>();
  let ready: { campaign: Campaign; delivery: Claimed }[] = [];
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
    if (next) void deliver(next.campaign, next.delivery);
    if (ready.length < claimSize()) onRoom();
  }

  async function deliver(campaign: Campaign, delivery: Claimed): Promise<void> {
    const leftAt = clock.monotonic();
    const isPaid = paid.on;
    flight.begin();
    const outcome = await attempt(campaign, delivery);
    const answered = outcome.type !== "uncertain" && outcome.type !== "stumbled";
    flight.end(answered ? clock.monotonic() - leftAt : null);
    unanswered = answered ? 0 : unanswered + 1;
    if (unanswered === SILENT_CALLS) log.warn("Telegram does not answer; nothing leaves until it does");
    onOutcome({ delivery, outcome: judge(outcome, delivery, leftAt, isPaid) });
  }

  async function attempt({ id, content }: Campaign, { chatId }: Claimed): Promise<Outcome> {
    try {
      return await send(api, render(content, chatId));
    } catch (error) {
      // A fault of ours. It would hit everyone, so it stops the campaign as a wrong post does.
      log.error({ err: error, campaign: id }, "a post cannot be sent");
      return { type: "refused", class: "content", description: String(error) };
    }
  }

  /** What an outcome means for the calls after it. */
  function judge(outcome: Outcome, { chatId }: Claimed, leftAt: number, isPaid: boolean): Outcome {
    if (outcome.type === "deferred") {
      // A person takes a message a second, and gets one: their 429 is the bot's own. Groups and channels (negative ids)
      // may be written to by others, too.
      const isPerson = chatId > 0;
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
    const kept: typeof ready = [];
    for (const one of ready) {
      if (which(one.campaign)) onOutcome({ delivery: one.delivery, outcome: { type: "withheld" } });
      else kept.push(one);
    }
    ready = kept;
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
        ready.push({ campaign, delivery });
      }
      arrived?.();
    },
    wants() {
      if (ready.length >= claimSize()) return 0;
      const most = Math.max(LEAST_IN_HAND, Math.min(MOST_IN_HAND, Math.ceil(pacer.rate * 2)));
      return Math.max(0, Math.min(claimSize(), most - inHand.size));
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      withhold(({ id }) => !kept.has(id));
    },
    settled(settlements) {
      for (const { delivery } of settlements) inHand.delete(delivery);
      onRoom();
    },
    close() {
      arrived?.();
      withhold(() => true);
    },
  };
}
