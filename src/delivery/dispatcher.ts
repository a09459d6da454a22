import { setImmediate as breathe } from "node:timers/promises";
import { repeat } from "../background/rounds.ts";
import type { Service } from "../background/service.ts";
import type { TroubleLog } from "../background/trouble-log.ts";
import type { Campaign } from "../campaign/campaign.ts";
import { findOwnCampaign, listRunning } from "../campaign/queries.ts";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/scope.ts";
import type { Log } from "../log.ts";
import { loadPausedUntil } from "./pace/retry-after.ts";

/** Finds campaigns that are due and sends them until everyone has an outcome. */
export interface Dispatcher extends Service {
  /** Begins. Continues what a crash left behind, and honours a pause that Telegram asked for before it. */
  start(): Promise<void>;
  /** A campaign is due, or an admin started, paused, resumed or changed one: checks at once, not at the next tick. */
  poke(): void;
  /** There is something to claim, or room in the outbox. */
  nudge(): void;
  /** Calls that have left and are not answered yet. */
  readonly inFlight: number;
  /** False while posts of the campaign may still be claimed with an older content than this revision. */
  isUpToDate(campaignId: number, revision: number): boolean;
  /** Another process may have had the lease: everything in flight that is not ours becomes uncertain. */
  reclaim(): void;
  /** Makes no new calls. Those in flight may be answered (for 8 s at most) and are settled. */
  stop(): Promise<void>;
}

/** What the dispatcher needs of its neighbours. `createEngine` puts them together. */
export interface DispatcherDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: { held(): boolean };
  pacer: { pauseUntil(until: Date): void; pausedUntil(): Date | null };
  /** Asks for Stars again after they had run out. */
  paid: { tryAgain(): void };
  /** While it is on, Telegram does not answer; `ask` resolves true when calls may leave again. */
  silence: { readonly on: boolean; ask(): Promise<boolean> };
  /** Starts what is due. */
  launcher: Service & { nudge(): void };
  rotation: CampaignRotation;
  claimer: {
    claimNext(campaign: Campaign, messages: number): Promise<"claimed" | "nothing" | "lost">;
    keepOnly(campaigns: readonly Campaign[]): void;
  };
  outbox: {
    readonly inHand: ReadonlyMap<unknown, number>;
    readonly inFlight: number;
    /** How many messages should be claimed now. */
    wants(): number;
    keepOnly(campaigns: readonly Campaign[]): void;
    close(): void;
  };
  hours: { keepOnly(campaigns: readonly Campaign[]): void };
  freezeLoop: { freeze(campaignId: number): void; idle(): Promise<void> };
  settleLoop: { idle(): Promise<void> };
  recentWrites: { readonly marks: readonly unknown[]; readonly isUnconfirmed: boolean };
  /** Nothing has been sent for a minute, and the database has all of it. */
  onRest: () => void;
  recovery: {
    writeAgain(): Promise<void>;
    stopped(campaign: Campaign): void;
    unlessLost<T>(work: () => Promise<T>): Promise<T | null>;
  };
  /** Deliveries that are `sending` although nobody has them in hand. */
  strays: { suspect(): void; rescueIfSuspected(): Promise<void> };
  /** Finishes a campaign whose recipients all have an outcome; resolves false when it is not one. */
  finishIfDone: (campaignId: number) => Promise<boolean>;
  /** Resolves true when the clock was set. */
  clockWasSet: () => Promise<boolean>;
  trouble: TroubleLog;
  /** The same as CHECK_MS while none runs. */
  calmMs: number;
  /** Aborts when the dispatcher stops; its parts listen to it. */
  stopping: AbortController;
}

/** The running campaigns, and whose turn it is. */
interface CampaignRotation {
  readonly running: readonly Campaign[];
  isUpToDate(campaignId: number, revision: number): boolean;
  readonly isStale: boolean;
  read(): Promise<{ hasNew: boolean; left: number[] }>;
  /** The next of those that were not `asked` yet in this round. */
  next(asked: ReadonlySet<number>): Campaign | undefined;
  asked(campaignId: number, hadSomething: boolean): void;
  wakeAll(): void;
}

/** While campaigns run: how long a round waits for the next one, unless it is nudged, in ms. */
const CHECK_MS = 1_000;

/** How long to wait after a round that failed. */
const AGAIN_MS = 1_000;

/** Docker kills a container 10 s after it asked it to stop. */
const STOP_MS = 8_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { scope, clock, log, lease, pacer, silence, launcher, rotation, claimer, outbox } = deps;
  const { freezeLoop, settleLoop, recovery, strays, finishIfDone, trouble, stopping } = deps;
  const loop = repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    againMs: AGAIN_MS,
    complaint: trouble,
    work: round,
  });

  /** Resolves with how long to wait for the next one, unless something happens before. */
  async function round(): Promise<number> {
    try {
      if (await claimDue()) return 0;
      return rotation.running.length > 0 ? CHECK_MS : deps.calmMs;
    } catch (error) {
      strays.suspect(); // the claim may have happened although its answer was lost
      throw error;
    }
  }

  /** Resolves true when there may be more to do at once. */
  async function claimDue(): Promise<boolean> {
    await breathe(); // PGlite answers without giving up the event loop
    if (!lease.held()) return false;
    await strays.rescueIfSuspected();
    if (rotation.isStale) await refresh();
    // After the last message, no claim notices what has become of the last writes.
    if (deps.recentWrites.isUnconfirmed && (await recovery.unlessLost(async () => true))) deps.onRest();
    if (await deps.clockWasSet()) rotation.wakeAll();
    if (pacer.pausedUntil()) {
      // What was answered before the pause may have been the last message.
      for (const { id, frozenAt } of rotation.running) if (frozenAt) await finishIfDone(id);
      return false;
    }
    if (silence.on && (rotation.running.length === 0 || !(await silence.ask()))) return false;
    return claimInTurn();
  }

  /** Claims what the outbox wants next, from each running campaign in turn, so that a small one is not stuck behind a large one. */
  async function claimInTurn(): Promise<boolean> {
    let busy = false;
    const asked = new Set<number>(); // had nothing to claim in this round
    for (let turns = 2 * rotation.running.length; turns > 0; turns -= 1) {
      const wanted = outbox.wants();
      if (wanted === 0) break;
      const campaign = rotation.next(asked);
      if (!campaign) break;
      const claimed = await claimer.claimNext(campaign, wanted);
      if (claimed === "lost") await recover();
      if (claimed === "nothing") asked.add(campaign.id);
      else busy = true;
      rotation.asked(campaign.id, claimed !== "nothing");
    }
    return busy;
  }

  async function refresh(): Promise<void> {
    const { hasNew, left } = await rotation.read();
    const { running } = rotation;
    if (hasNew) deps.paid.tryAgain();
    for (const part of [outbox, deps.hours, claimer]) part.keepOnly(running);
    for (const id of left) await rememberStop(id);
    for (const { id, frozenAt } of running) if (!frozenAt) freezeLoop.freeze(id);
  }

  /** The database went back to an older state, in which campaigns may differ, and a number may belong to another one. */
  async function recover(): Promise<void> {
    outbox.keepOnly([]);
    claimer.keepOnly([]);
    await recovery.writeAgain();
    await refresh();
  }

  async function rememberStop(id: number): Promise<void> {
    const campaign = await findOwnCampaign(scope, id);
    if (campaign?.state === "paused" || campaign?.state === "cancelled") recovery.stopped(campaign);
  }

  async function drain(): Promise<void> {
    await Promise.all([launcher.stop(), loop.stop()]);
    outbox.close();
    await freezeLoop.idle();
    while (outbox.inHand.size > 0) {
      await settleLoop.idle();
      await clock.sleep(20);
    }
    // The last chance: nobody else remembers what may have been lost.
    if (deps.recentWrites.marks.length > 0) await recovery.unlessLost(async () => true).catch(trouble.note);
  }

  return {
    get inFlight() {
      return outbox.inFlight;
    },
    async start() {
      const campaigns = (await listRunning(scope)).map(({ id }) => id);
      if (campaigns.length > 0) log.info({ campaigns }, "campaigns go on");
      const until = await loadPausedUntil(scope);
      if (until) pacer.pauseUntil(until);
      await launcher.start();
      await loop.start();
    },
    isUpToDate: rotation.isUpToDate,
    poke: launcher.nudge,
    nudge: loop.nudge,
    reclaim() {
      strays.suspect();
      outbox.keepOnly([]);
      loop.nudge();
    },
    async stop() {
      stopping.abort();
      await Promise.race([drain(), clock.sleep(STOP_MS)]);
      if (outbox.inHand.size > 0) log.warn({ calls: outbox.inHand.size }, "stopped before Telegram answered");
    },
  };
}
