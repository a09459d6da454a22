import type { Transformer } from "grammy";
import pLimit from "p-limit";
import type { NamedService } from "../background/service.ts";
import { type TroubleLog, createTroubleLog } from "../background/trouble-log.ts";
import { FREE_RATE } from "../campaign/progress.ts";
import type { LeaveLabel } from "../campaign/leave-button.ts";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/scope.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";
import { probe } from "../telegram/probe.ts";
import { type Dispatcher, createDispatcher } from "./dispatcher.ts";
import type { EngineOptions, TelegramAccess, TelegramDouble } from "./engine-options.ts";
import { watchClock } from "./upkeep/clock-watch.ts";
import { createCompletion } from "./settle/completion.ts";
import { calmMsOf, lookMsOf } from "./shared/calm.ts";
import { createClaimer } from "./claim/claim-next.ts";
import { createFollowUps } from "./follow-ups/follow-ups.ts";
import { FREEZE_SIZE, createFreezeLoop } from "./freeze/freeze-loop.ts";
import { createSentEditor } from "./edits/sent-editor.ts";
import { createOutbox } from "./outbox/outbox.ts";
import { createSendApi } from "./outbox/send-post.ts";
import { UNCERTAIN_BESIDE, createSilence } from "./outbox/silence.ts";
import { createFlood } from "./pace/flood.ts";
import { createLanes } from "./pace/lanes.ts";
import { type Pacer, createPacer } from "./pace/pacer.ts";
import { type Paid, createPaid } from "./pace/paid-rate.ts";
import { type ReplyOptions, interactive } from "./pace/reply-pace.ts";
import { savePausedUntil } from "./pace/retry-after.ts";
import { createHours } from "./pace/sending-hours.ts";
import { createThrottle } from "./pace/throttle.ts";
import { createRecentWrites } from "./recovery/recent-writes.ts";
import { createRecovery } from "./recovery/recovery.ts";
import { watchUnreadable } from "./shared/unreadable.ts";
import { createRotation } from "./claim/rotation.ts";
import { createSettleLoop } from "./settle/settle-loop.ts";
import { createSettledNews } from "./settle/announce.ts";
import { createCodeUpkeep } from "./upkeep/code-upkeep.ts";
import { createLauncher } from "./upkeep/launcher.ts";
import { type Lease, createLease } from "./upkeep/lease.ts";
import type { HeldLease } from "./upkeep/tenure.ts";
import { createNewcomers } from "./upkeep/newcomers.ts";
import { createReminder } from "./upkeep/reminder.ts";
import { watchStrays } from "./upkeep/stray-watch.ts";
import { createRetention } from "./upkeep/retention.ts";

const HOUR_MS = 3_600_000;
const BATCH_MS = 50;

/** The engine of one bot: everything that sends its campaigns, and what follows from that. */
export interface Engine<Right extends HeldLease = HeldLease> {
  /** The right to send. Nothing is sent before it is acquired. */
  readonly lease: Right;
  readonly pacer: Pacer;
  readonly paid: Pick<Paid, "on" | "state">;
  /** Starts campaigns and sends them. A test or a benchmark need start nothing else. */
  readonly dispatcher: Dispatcher;
  /** Somebody did something to a campaign: looks at once. */
  poke(): void;
  /** Everything to start once the lease is held, in this order. */
  readonly services: readonly NamedService[];
  /** Makes an Api's calls share the rate with campaigns: for replies, cards and test sends. */
  pacesReplies(options: ReplyOptions): Transformer;
}

export interface EngineParts extends EngineOptions {
  scope: Scope;
  clock: Clock;
  log: Log;
  events: Events;
  telegram: TelegramAccess | TelegramDouble;
  /** Messages a second, as configured. */
  rate: number;
  /** In words of the doors, because the engine has none. */
  leaveLabel: LeaveLabel;
  /** Names this process, and on a server each of its connections; unique. */
  session: string;
  /** No other process can use the database. Otherwise a lease is needed, and audiences are frozen in larger chunks. */
  exclusive: boolean;
}

/**
 * Puts the engine together. It does nothing until its services, or the dispatcher alone, are started. Without a `lease` that
 * someone else keeps, it has one of its own.
 */
export function createEngine(parts: EngineParts & { lease: HeldLease }): Engine;
export function createEngine(parts: EngineParts): Engine<Lease>;
export function createEngine(parts: EngineParts & { lease?: HeldLease }): Engine {
  const { scope, clock, log, events, rate } = parts;
  const { paidBroadcast = false, lateLimitHours = 24, retentionDays = 90, remindFrom = 1_000 } = parts;
  const lease = parts.lease ?? ownLease(parts);
  const pacer = createPacer(clock, rate);
  const paid = createPaid({ pacer, log, events, allowed: paidBroadcast, rate });
  const telegram =
    "api" in parts.telegram
      ? parts.telegram
      : reach(parts.telegram, events, paidBroadcast ? paid : undefined);
  const dispatcher = createSending(parts, { lease, pacer, paid, telegram, lateLimitHours });
  events.on("leaseRegained", () => dispatcher.reclaim());
  const poke = () => {
    dispatcher.poke();
    editor.nudge();
  };
  events.on("steered", poke);
  events.on("clockSet", poke); // another campaign may be due now
  events.on("nudged", ({ what }) => {
    if (what === "campaigns") poke();
  });
  const editor = createSentEditor({
    scope,
    clock,
    log,
    api: telegram.api,
    lease,
    pacer,
    paid,
    leaveLabel: parts.leaveLabel,
    isUpToDate: dispatcher.isUpToDate,
    events,
    calmMs: calmMsOf(parts),
  });
  const followUps = createFollowUps({
    scope,
    clock,
    log,
    events,
    lease,
    api: telegram.api,
    rate: Math.min(rate, FREE_RATE),
    sends: pacer,
    calmMs: calmMsOf(parts),
  });
  const reminder = createReminder({ scope, clock, log, events, lease, from: remindFrom });
  const newcomers = createNewcomers({
    scope,
    clock,
    log,
    lease,
    size: parts.exclusive ? FREEZE_SIZE.embedded : FREEZE_SIZE.server,
    onFed: () => dispatcher.poke(),
    onPaused: ({ id, pauseReason }) => {
      log.warn({ campaign: id, reason: pauseReason }, "campaign paused, its card says more");
      events.emit("paused", { campaignId: id, reason: pauseReason ?? "" });
    },
  });
  const retention = createRetention({ scope, clock, log, lease, days: retentionDays });
  return {
    lease,
    pacer,
    paid,
    dispatcher,
    poke,
    services: [
      { name: "dispatcher", service: dispatcher, stops: "first" },
      { name: "newcomers", service: newcomers, stops: "aside" },
      { name: "retention", service: retention, stops: "aside" },
      { name: "follow-ups", service: followUps, stops: "aside" },
      { name: "edits", service: editor, stops: "aside" },
      { name: "reminder", service: reminder, stops: "aside" },
      { name: "codes", service: createCodeUpkeep({ scope, clock, log, lease }), stops: "aside" },
    ],
    pacesReplies: (options) =>
      interactive({
        ...options,
        pacer,
        flood: createFlood(clock),
        clock,
        log,
        savePausedUntil: (until) => savePausedUntil(scope, until),
        isPaying: () => paid.on && pacer.isActive,
      }),
  };
}

function ownLease({ session: holder, ...parts }: EngineParts): Lease {
  const lease = createLease({ ...parts, holder });
  parts.events.on("nudged", ({ what }) => {
    if (what === "lease") lease.nudge();
  });
  return lease;
}

/** The engine's own connections to Telegram. */
function reach(access: TelegramAccess, events: Events, paid: Paid | undefined) {
  const { token, apiRoot, proxy, timeoutSeconds, throttle = createThrottle() } = access;
  const api = createSendApi(token, apiRoot, timeoutSeconds, {
    throttle,
    ...(paid && { paid }),
    ...(proxy && { proxy }),
  });
  events.on("clockSet", () => throttle.renew());
  return { api, probe: (stop: AbortSignal) => probe(api, stop) };
}

function sendingTrouble(log: Log): TroubleLog {
  return createTroubleLog(
    (error) => log.error({ err: error }, "cannot go on sending, trying again"),
    () => log.info("sending goes on"),
  );
}

interface SendingParts {
  lease: HeldLease;
  pacer: Pacer;
  paid: Paid;
  telegram: Pick<TelegramDouble, "api" | "probe">;
  lateLimitHours: number;
}

/** From a campaign that is due to the outcome of its last delivery. */
function createSending(
  parts: EngineParts,
  { lease, pacer, paid, telegram, lateLimitHours }: SendingParts,
): Dispatcher {
  const { scope, clock, log, events, exclusive, batchMs = () => BATCH_MS } = parts;
  const stopping = new AbortController();
  const stop = stopping.signal;
  const [trouble, watch] = [sendingTrouble(log), watchUnreadable(log, events)];
  const rotation = createRotation(scope, clock, parts.leaveLabel, calmMsOf(parts), watch);
  const hours = createHours(clock);
  const recentWrites = createRecentWrites(clock);
  const silence = createSilence({ clock, log, probe: () => telegram.probe(stop) });
  const settleLoop = createSettleLoop({
    scope,
    clock,
    log,
    gatherMs: batchMs,
    ofAnOutage: () => outbox.peakInFlight + UNCERTAIN_BESIDE,
    onSettled: (settlements, paused) => news.settled(settlements, paused),
  });
  const outbox = createOutbox({
    clock,
    log,
    api: telegram.api,
    pacer,
    paid,
    flood: createFlood(clock),
    lanes: createLanes(clock),
    lease,
    hours,
    silence,
    batchMs,
    stop,
    onOutcome: settleLoop.add,
    onRoom: () => dispatcher.nudge(),
  });
  events.on("clockSet", outbox.clockWasSet);
  const news = createSettledNews({ log, events, recentWrites, outbox, rotation, onMoved: refresh });
  const recovery = createRecovery({
    scope,
    clock,
    log,
    events,
    recentWrites,
    inHand: () => [...outbox.inHand.keys()],
    onPaused: news.paused,
  });
  const strays = watchStrays({ clock, log, events, outbox, recentWrites, recovery });
  const finishIfDone = createCompletion({ scope, clock, log, events, onFinished: refresh });
  const dispatcher = createDispatcher({
    scope,
    clock,
    log,
    lease,
    pacer,
    paid,
    silence,
    launcher: createLauncher({
      scope,
      clock,
      log,
      events,
      lease,
      lateLimitMs: lateLimitHours * HOUR_MS,
      checkMs: lookMsOf(parts),
      onMoved: refresh,
      trouble,
      watch,
    }),
    rotation,
    claimer: createClaimer({
      scope,
      clock,
      events,
      rotation,
      outbox,
      hours,
      recentWrites,
      recovery,
      finishIfDone,
      onStandstill: strays.suspectAgain,
    }),
    outbox,
    hours,
    freezeLoop: createFreezeLoop({
      scope,
      clock,
      lease,
      stop,
      size: exclusive ? FREEZE_SIZE.embedded : FREEZE_SIZE.server,
      inTurn: parts.freezesInTurn ?? pLimit(1),
      onChunk(campaignId, complete) {
        events.emit("progress", { campaignId, outcomes: 0 });
        if (complete) rotation.makeStale();
        rotation.wake(campaignId);
        dispatcher.nudge();
      },
      onPaused: (campaign) => news.paused([campaign]),
      onTrouble: trouble.note,
    }),
    settleLoop,
    recentWrites,
    onRest: () => events.emit("atRest", null),
    recovery,
    strays,
    finishIfDone,
    clockWasSet: watchClock({ scope, clock, log, events }),
    trouble,
    calmMs: calmMsOf(parts),
    stopping,
  });
  return dispatcher;

  /** Campaigns may have started, stopped, or changed. */
  function refresh(): void {
    rotation.makeStale();
    rotation.wakeAll();
    dispatcher.nudge();
  }
}
