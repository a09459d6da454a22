import { setImmediate as breathe } from "node:timers/promises";
import type { Campaign } from "../campaign/campaign.ts";
import { finish } from "../campaign/lifecycle.ts";
import { progressOf, secondsTaken } from "../campaign/progress.ts";
import { listRunning } from "../campaign/queries.ts";
import type { Clock } from "../clock.ts";
import { messagesOf, versionsOf } from "../content/content.ts";
import type { SendApi } from "../content/render.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { claim, needsPerson } from "./claim.ts";
import { createFlood } from "./flood.ts";
import { createFreezer } from "./freezer.ts";
import { createHours } from "./hours.ts";
import { createLanes } from "./lanes.ts";
import { createLauncher } from "./launcher.ts";
import type { Lease } from "./lease.ts";
import { createOutbox } from "./outbox.ts";
import type { Pacer } from "./pacer.ts";
import type { Paid } from "./paid.ts";
import { loadQuiet } from "./quiet.ts";
import { rescue } from "./rescuer.ts";
import type { Settlement } from "./outcome.ts";
import { createSettler } from "./settler.ts";
import { moveWaits } from "./waits.ts";

/** Finds campaigns that are due and sends them until everyone has an outcome. */
export interface Dispatcher {
  /** Begins. Goes on with what a crash left, and honours a pause that Telegram asked for before it. */
  start(): Promise<void>;
  /** Something is due, may go on, or may not; looks at once instead of at the next tick. */
  poke(): void;
  /** Another process may have had the lease: whatever stands in flight and is not ours is uncertain. */
  reclaim(): void;
  /** Calls that have left and are not answered yet. */
  readonly inFlight: number;
  /** No new calls; those under way may end (for 8 s at most) and are settled. */
  stop(): Promise<void>;
}

export interface DispatcherDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: SendApi;
  /** Asks Telegram for anything; rejects when it does not answer, or `stop` aborts. */
  probe: (stop: AbortSignal) => Promise<void>;
  pacer: Pacer;
  paid: Paid;
  lease: Pick<Lease, "held">;
  /** Recipients frozen in one transaction; see FREEZE_SIZE. */
  freezeSize: number;
  /** A campaign's numbers or state changed; `outcomes` of attempts came since the last call. */
  onProgress: (campaignId: number, outcomes: number) => void;
  /** A campaign found due later than this is held, and its author asked, or it expires. */
  lateLimitMs: number;
  /** The engine paused a campaign by itself; its admins must hear of it. */
  onPaused: (campaign: Campaign) => void;
  /** A campaign was found due too late: it is paused, or has expired. */
  onLate: (campaign: Campaign) => void;
  /** Everyone has an outcome; after a retry, again. Default: nothing. */
  onFinished?: (campaign: Campaign) => void;
  /** Somebody set the clock. For what counts by it, such as the throttle of `api`. Default: nothing. */
  onClockSet?: () => void;
}

/** How often the list of running campaigns is read, and one that has nothing to send is asked again. */
const LOOK_MS = 1_000;

/** A claim whose answer was lost may happen after the look for it; while a campaign stands still, one looks again. */
const LOOK_AGAIN_MS = 5_000;

/** By more than this a clock does not drift, it is set. */
const CLOCK_SET_MS = 5_000;

/** Docker kills 10 s after it asked to stop. */
const STOP_MS = 8_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { scope, clock, log, pacer, paid, lease } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;

  let running: Campaign[] = []; // whose turn it is comes first
  let listedAt = -Infinity; // monotonic
  const hours = createHours(clock);
  const shut = new Set<number>(); // campaigns outside their hours
  const idle = new Set<number>(); // campaigns whose last claim found nothing
  let idleNext = false;
  const resting = new Map<number, number>(); // campaigns with nothing to claim, until when
  /** Where the last claim of a campaign ended, and when (monotonic) one looked from the front for what is due again. */
  const reached = new Map<number, { seq: number; lookedAt: number }>();
  let adrift = true; // deliveries may stand as `sending` that nobody holds
  let troubled = false;
  let clockOffset = clock.now().getTime() - clock.monotonic();
  let rescuedAt = clock.monotonic();
  let loop: Promise<void> = Promise.resolve();
  let nap = new AbortController();
  let woken = false; // since the last round began

  const wake = () => {
    woken = true;
    nap.abort("woken"); // without a reason, an error with its stack would be made each time
  };
  const settler = createSettler({ scope, clock, log, onSettled });
  const outbox = createOutbox({
    ...deps,
    stop,
    hours,
    flood: createFlood(clock),
    lanes: createLanes(clock),
    onOutcome: (settlement) => settler.add(settlement),
    onRoom: wake,
  });
  const freezer = createFreezer({
    scope,
    lease,
    stop,
    size: deps.freezeSize,
    onChunk(campaignId, complete) {
      deps.onProgress(campaignId, 0);
      if (complete) listedAt = -Infinity;
      resting.delete(campaignId);
      wake();
    },
    onTrouble: trouble,
  });
  const launcher = createLauncher({
    scope,
    clock,
    log,
    lease,
    stop,
    lateLimitMs: deps.lateLimitMs,
    onLaunched: (campaignId) => deps.onProgress(campaignId, 0),
    onLate: deps.onLate,
    onLooked: lookAnew,
    onTrouble: trouble,
  });

  /** One line when it begins, not one for each attempt. */
  function trouble(error: unknown): void {
    if (!troubled) log.error({ err: error }, "cannot go on sending, trying again");
    troubled = true;
  }

  /** The campaigns may be other ones, or in another state, than a moment ago. */
  function lookAnew(): void {
    listedAt = -Infinity;
    resting.clear();
    wake();
  }

  async function run(): Promise<void> {
    while (!stop.aborted) {
      let busy = false;
      woken = false;
      try {
        busy = await round();
        if (troubled) log.info("sending goes on");
        troubled = false;
      } catch (error) {
        trouble(error);
        adrift = true; // the claim may have happened although its answer was lost
        await clock.sleep(1_000, stop);
      }
      if (!busy) await doze();
    }
  }

  /** Claims what the outbox wants next, from each running campaign in turn: a small one is not stuck behind a large one. */
  async function round(): Promise<boolean> {
    await breathe(); // an embedded database answers without leaving the event loop's turn
    if (!lease.held()) return false;
    if (adrift) await takeUp();
    if (clock.monotonic() - listedAt >= LOOK_MS) await list();
    await followClock();
    if (pacer.quietUntil()) {
      // What Telegram answered before may have been the last.
      for (const { id, frozenAt } of running) if (frozenAt) await finishIfDone(id);
      return false;
    }
    if (outbox.silent && !(await answersAgain())) return false;
    let busy = false;
    const asked = new Set<number>(); // in this round, and had nothing
    for (let turns = 2 * running.length; turns > 0; turns -= 1) {
      const wanted = outbox.wants();
      if (wanted === 0) break;
      const campaign = takeNext(asked);
      if (!campaign) break;
      if (await advance(campaign, wanted)) {
        busy = true;
        idle.delete(campaign.id);
      } else {
        asked.add(campaign.id);
        idle.add(campaign.id);
      }
    }
    return busy;
  }

  /**
   * By turns one of those that had something when they were asked last, and one of those that had not. Forty posts that
   * wait for their chat would else be asked, one after the other, between any two claims of a broadcast: it went at 20 a
   * second instead of 28.
   */
  function takeNext(asked: ReadonlySet<number>): Campaign | undefined {
    idleNext = !idleNext;
    const left = running.filter(({ id }) => !asked.has(id));
    const next = left.find(({ id }) => idle.has(id) === idleNext) ?? left[0];
    if (next) running = [...running.filter(({ id }) => id !== next.id), next];
    return next;
  }

  async function list(): Promise<void> {
    listedAt = clock.monotonic(); // before the look: what changes meanwhile asks for another
    const known = running.map(({ id }) => id);
    const listed = await listRunning(scope);
    // Those that waited for their turn stay in front.
    running = listed.toSorted((a, b) => known.indexOf(a.id) - known.indexOf(b.id));
    if (listed.some(({ id }) => !known.includes(id))) paid.tryAgain();
    outbox.keepOnly(running);
    hours.keepOnly(running);
    for (const id of idle) if (!listed.some((campaign) => campaign.id === id)) idle.delete(id);
    for (const id of reached.keys()) if (!listed.some((campaign) => campaign.id === id)) reached.delete(id);
    for (const campaign of running) if (!campaign.frozenAt) freezer.freeze(campaign.id);
  }

  /** One batch of one campaign. Resolves false when it has nothing to claim right now. */
  async function advance(campaign: Campaign, wanted: number): Promise<boolean> {
    if ((resting.get(campaign.id) ?? -Infinity) > clock.monotonic()) return false;
    if (!isOpen(campaign)) {
      // What was sent before may have been the last.
      resting.set(campaign.id, clock.monotonic() + LOOK_MS);
      if (campaign.frozenAt) await finishIfDone(campaign.id);
      return false;
    }
    const known = reached.get(campaign.id);
    const goesOn = known && clock.monotonic() - known.lookedAt < LOOK_MS;
    const lookedAt = goesOn ? known.lookedAt : clock.monotonic();
    const after = goesOn ? known.seq : 0;
    const count = Math.ceil(wanted / mostMessages(campaign));
    const named = needsPerson(campaign.content);
    const { batch, skipped } = await claim(scope, campaign.id, count, clock.now(), after, named);
    reached.set(campaign.id, { seq: batch.at(-1)?.seq ?? after, lookedAt });
    outbox.add(campaign, batch);
    if (skipped > 0) deps.onProgress(campaign.id, 0);
    if (batch.length > 0 || skipped > 0) return true;
    if (after > 0) {
      reached.delete(campaign.id); // the end of it; perhaps something is due again at the front
      return true;
    }
    resting.set(campaign.id, clock.monotonic() + LOOK_MS);
    if (campaign.frozenAt && !(await finishIfDone(campaign.id))) rescueAgain();
    return false;
  }

  /** Whether its hours let it be sent now; its card shows when that changes. */
  function isOpen(campaign: Campaign): boolean {
    const open = hours.isOpen(campaign);
    if (open === shut.has(campaign.id)) {
      if (open) shut.delete(campaign.id);
      else shut.add(campaign.id);
      deps.onProgress(campaign.id, 0);
    }
    return open;
  }

  function rescueAgain(): void {
    if (clock.monotonic() - rescuedAt > LOOK_AGAIN_MS) adrift = true;
  }

  async function answersAgain(): Promise<boolean> {
    try {
      await deps.probe(stop);
    } catch {
      return false; // still silent; the next round asks again
    }
    outbox.answered();
    log.info("Telegram answers again");
    return true;
  }

  function onSettled(settlements: Settlement[], paused: Campaign[]): void {
    outbox.settled(settlements);
    const outcomes = new Map<number, number>();
    for (const { delivery, outcome } of settlements) {
      if (outcome.type === "postponed") continue; // nothing of it is due now, nor done
      const count = outcome.type === "withheld" ? 0 : 1;
      outcomes.set(delivery.campaignId, (outcomes.get(delivery.campaignId) ?? 0) + count);
    }
    for (const [campaignId, count] of outcomes) {
      resting.delete(campaignId); // some may be due again, or it may be done
      deps.onProgress(campaignId, count);
    }
    for (const campaign of paused) {
      log.warn(
        { campaign: campaign.id, reason: campaign.pauseReason },
        "campaign paused, its card says more",
      );
      deps.onPaused(campaign);
    }
    if (paused.length > 0) lookAnew();
  }

  async function finishIfDone(campaignId: number): Promise<boolean> {
    const finished = await finish(scope, campaignId, clock.now());
    if (!finished) return false;
    const { total, sent, blocked, failed, skipped, uncertain } = progressOf(finished);
    const seconds = Math.round(secondsTaken(finished) * 10) / 10;
    log.info(
      { campaign: campaignId, total, sent, blocked, failed, skipped, uncertain, seconds },
      "campaign finished",
    );
    deps.onProgress(campaignId, 0);
    deps.onFinished?.(finished);
    lookAnew();
    return true;
  }

  /** Waits are kept as instants; when the clock is set they move with it. */
  async function followClock(): Promise<void> {
    const offset = clock.now().getTime() - clock.monotonic();
    const moved = offset - clockOffset;
    if (Math.abs(moved) < CLOCK_SET_MS) return;
    log.warn({ seconds: Math.round(moved / 1_000) }, "the clock was set");
    outbox.clockWasSet();
    deps.onClockSet?.();
    await moveWaits(scope, moved);
    clockOffset = offset;
    resting.clear();
  }

  async function takeUp(): Promise<void> {
    for (const { campaignId, count } of await rescue(scope, [...outbox.inHand.keys()])) {
      log.warn(
        { campaign: campaignId, count },
        "deliveries were in flight when the process ended; they are uncertain",
      );
      deps.onProgress(campaignId, 0);
    }
    adrift = false;
    rescuedAt = clock.monotonic();
  }

  /** Until something is to be done, or the next look. */
  async function doze(): Promise<void> {
    if (woken) return;
    nap = new AbortController();
    await clock.sleep(LOOK_MS, nap.signal);
  }

  return {
    get inFlight() {
      return outbox.inFlight;
    },
    async start() {
      const until = await loadQuiet(scope);
      if (until) pacer.quiet(until);
      launcher.start();
      loop = run();
    },
    poke() {
      void launcher.look();
    },
    reclaim() {
      adrift = true;
      outbox.keepOnly([]);
      wake();
    },
    async stop() {
      stopping.abort();
      wake();
      const drained = async () => {
        await loop;
        outbox.close();
        await freezer.idle();
        while (outbox.inHand.size > 0) {
          await settler.idle();
          await clock.sleep(20);
        }
      };
      await Promise.race([drained(), clock.sleep(STOP_MS)]);
      if (outbox.inHand.size > 0) log.warn({ calls: outbox.inHand.size }, "stopped before Telegram answered");
    },
  };
}

/** Messages that a delivery of this campaign makes at the most. */
function mostMessages({ content }: Campaign): number {
  return Math.max(1, ...versionsOf(content).map(({ version }) => messagesOf(content, version)));
}
