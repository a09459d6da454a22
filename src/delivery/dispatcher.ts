import { setImmediate as breathe } from "node:timers/promises";
import { Cron } from "croner";
import type { Campaign } from "../campaign/campaign.ts";
import { finish, launch } from "../campaign/lifecycle.ts";
import { listDue, listRunning } from "../campaign/queries.ts";
import type { Clock } from "../clock.ts";
import { type SendApi, render } from "../content/render.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { progressOf, secondsTaken } from "../campaign/progress.ts";
import { type Claimed, claim } from "./claim.ts";
import { freezeChunk } from "./freeze.ts";
import type { Lease } from "./lease.ts";
import type { Outcome } from "./outcome.ts";
import type { Pacer } from "./pacer.ts";
import { loadQuiet } from "./quiet.ts";
import { rescue } from "./rescuer.ts";
import { send } from "./sender.ts";
import type { Settlement } from "./settle.ts";
import { createSettler } from "./settler.ts";

/** Finds campaigns that are due and sends them until everyone has an outcome. */
export interface Dispatcher {
  /** Begins. Goes on with what a crash left, and honours a pause that Telegram asked for before it. */
  start(): Promise<void>;
  /** Something is due or may go on; looks at once instead of at the next tick. */
  poke(): void;
  /** Another process may have had the lease: whatever stands in flight and is not ours is uncertain. */
  reclaim(): void;
  /** No new calls; those under way may end (for 8 s at most) and are settled. */
  stop(): Promise<void>;
}

export interface DispatcherDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: SendApi;
  /** Asks Telegram for anything; resolves when it answers, whatever it says. */
  probe: () => Promise<void>;
  pacer: Pacer;
  lease: Pick<Lease, "held">;
  /** Recipients frozen in one transaction. An embedded database blocks the whole process meanwhile. */
  freezeSize: number;
  /** A campaign's numbers or state changed; `outcomes` of them since the last call. */
  onProgress: (campaignId: number, outcomes: number) => void;
  /** The engine paused a campaign by itself; its admins must hear of it. */
  onPaused: (campaign: Campaign) => void;
}

/** The first message leaves as soon as so many are frozen. */
const FIRST_FREEZE = 1_000;

/**
 * So many calls in a row without an answer: the network swallows them. Each would be uncertain, and a night of it
 * would make the whole audience so; nothing leaves until Telegram answers again.
 */
const SILENT_CALLS = 10;

/** A claim whose answer was lost may happen after the look for it; while a campaign stands still, one looks again. */
const LOOK_AGAIN_MS = 5_000;

/** Docker kills 10 s after it asked to stop. */
const STOP_MS = 8_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { scope, clock, log, api, pacer, lease } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;

  /*
   * A claim is a tenth of a second's work: small, because what is claimed when the process dies is uncertain,
   * and because a pause lets a claimed batch leave. Two seconds' worth may be in flight, so that a slow
   * answer (Telegram holds a call up to 8 s) does not slow the rate, yet a dead network does not pile up calls.
   */
  const batchSize = Math.max(1, Math.ceil(pacer.rate / 10));
  const mostInHand = Math.min(Math.max(16, Math.ceil(pacer.rate * 2)), 200);
  const inHand = new Set<Claimed>();
  const freezing = new Map<number, Promise<void>>();

  let adrift = true; // deliveries may stand as `sending` that nobody holds
  let troubled = false;
  let silent = 0; // calls without an answer, in a row
  let lookedAt = clock.monotonic();
  let loop: Promise<void> = Promise.resolve();
  let nap = new AbortController();
  let woken = false; // since the last round began

  const wake = () => {
    woken = true;
    nap.abort();
  };
  const settler = createSettler({ scope, clock, log, onSettled });
  const clockwork = new Cron("* * * * * *", { paused: true, protect: true, catch: trouble }, launchDue);

  /** One line when it begins, not one for each attempt. */
  function trouble(error: unknown): void {
    if (!troubled) log.error({ err: error }, "cannot go on sending, trying again");
    troubled = true;
  }

  async function launchDue(): Promise<void> {
    if (!lease.held()) return;
    for (const { id } of await listDue(scope, clock.now())) {
      if (!(await launch(scope, id, clock.now()))) continue;
      log.info({ campaign: id }, "campaign started");
      deps.onProgress(id, 0);
    }
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

  /** Each running campaign in turn gets a batch, so that a small one is not stuck behind a large one. */
  async function round(): Promise<boolean> {
    if (!lease.held() || pacer.quietUntil()) return false;
    if (silent >= SILENT_CALLS && !(await answersAgain())) return false;
    if (adrift) await takeUp();
    let busy = false;
    for (const campaign of await listRunning(scope)) busy = (await advance(campaign)) || busy;
    return busy;
  }

  /** One batch of one campaign. Resolves false when it has nothing to do right now. */
  async function advance(campaign: Campaign): Promise<boolean> {
    if (!campaign.frozenAt) freeze(campaign.id);
    const room = mostInHand - inHand.size;
    if (room <= 0) return false;
    const { batch, skipped } = await claim(scope, campaign.id, Math.min(batchSize, room), clock.now());
    for (const delivery of batch) inHand.add(delivery);
    if (skipped > 0) deps.onProgress(campaign.id, skipped);
    for (const delivery of batch) {
      if ((await pacer.turn(stop)) && lease.held()) void deliver(campaign, delivery);
      else settler.add({ delivery, outcome: { type: "withheld" } });
    }
    if (batch.length > 0 || skipped > 0) return true;
    if (campaign.frozenAt && !(await finishIfDone(campaign.id))) lookAgain();
    return false;
  }

  function lookAgain(): void {
    if (inHand.size === 0 && clock.monotonic() - lookedAt > LOOK_AGAIN_MS) adrift = true;
  }

  async function answersAgain(): Promise<boolean> {
    try {
      await deps.probe();
      silent = 0;
      log.info("Telegram answers again");
    } catch {
      // Still silent; the next round asks again.
    }
    return silent === 0;
  }

  async function deliver(campaign: Campaign, delivery: Claimed): Promise<void> {
    const outcome = await attempt(campaign, delivery);
    silent = outcome.type === "uncertain" ? silent + 1 : 0;
    if (silent === SILENT_CALLS) log.warn("Telegram does not answer; nothing leaves until it does");
    if (outcome.type === "deferred") {
      const until = new Date(clock.now().getTime() + outcome.waitMs);
      pacer.quiet(until);
      log.warn({ until }, "Telegram asks to wait");
    }
    settler.add({ delivery, outcome });
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

  function onSettled(settlements: Settlement[], paused: Campaign[]): void {
    const outcomes = new Map<number, number>();
    for (const { delivery } of settlements) {
      inHand.delete(delivery);
      outcomes.set(delivery.campaignId, (outcomes.get(delivery.campaignId) ?? 0) + 1);
    }
    for (const [campaignId, count] of outcomes) deps.onProgress(campaignId, count);
    for (const campaign of paused) {
      log.warn(
        { campaign: campaign.id, reason: campaign.pauseReason },
        "campaign paused, its card says more",
      );
      deps.onPaused(campaign);
    }
    wake();
  }

  async function finishIfDone(campaignId: number): Promise<boolean> {
    const finished = await finish(scope, campaignId, clock.now());
    if (!finished) return false;
    const { total, sent, blocked, failed, skipped, uncertain } = progressOf(finished);
    const seconds = secondsTaken(finished);
    log.info(
      { campaign: campaignId, total, sent, blocked, failed, skipped, uncertain, seconds },
      "campaign finished",
    );
    deps.onProgress(campaignId, 0);
    return true;
  }

  /** The freeze goes on beside the sending, chunk by chunk. */
  function freeze(campaignId: number): void {
    if (freezing.has(campaignId)) return;
    const work = async () => {
      for (let size = FIRST_FREEZE; !stop.aborted && lease.held(); size = deps.freezeSize) {
        const done = await freezeChunk(scope, campaignId, size);
        deps.onProgress(campaignId, 0);
        wake();
        if (done) return;
        await breathe(); // PGlite answers without leaving the event loop's turn
      }
    };
    const ended = work()
      .catch(trouble)
      .finally(() => freezing.delete(campaignId));
    freezing.set(campaignId, ended);
  }

  async function takeUp(): Promise<void> {
    for (const { campaignId, count } of await rescue(scope, [...inHand])) {
      log.warn(
        { campaign: campaignId, count },
        "deliveries were in flight when the process ended; they are uncertain",
      );
      deps.onProgress(campaignId, 0);
    }
    adrift = false;
    lookedAt = clock.monotonic();
  }

  /** Until the next tick, or something to do. */
  async function doze(): Promise<void> {
    if (woken) return;
    nap = new AbortController();
    await clock.sleep(1_000, nap.signal);
  }

  return {
    async start() {
      const until = await loadQuiet(scope);
      if (until) pacer.quiet(until);
      clockwork.resume();
      loop = run();
    },
    poke() {
      void clockwork.trigger();
    },
    reclaim() {
      adrift = true;
      wake();
    },
    async stop() {
      clockwork.stop();
      stopping.abort();
      wake();
      const drained = async () => {
        await loop;
        await Promise.all(freezing.values());
        while (inHand.size > 0) {
          await settler.idle();
          await clock.sleep(20);
        }
      };
      await Promise.race([drained(), clock.sleep(STOP_MS)]);
      if (inHand.size > 0) log.warn({ calls: inHand.size }, "stopped before Telegram answered");
    },
  };
}
