import { setMaxListeners } from "node:events";
import { Api, GrammyError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import type { Alarm } from "../bot/notices/alarm.ts";
import { createSupervisor } from "../background/supervisor.ts";
import { pauseAll, resumeAccepted } from "../campaign/engine-moves.ts";
import type { Scope } from "../db/scope.ts";
import type { SenderState } from "../db/states.ts";
import type { Trouble } from "../db/troubles.ts";
import type { Engine } from "../delivery/engine.ts";
import type { Log } from "../log.ts";
import type { HeldLease } from "../delivery/upkeep/tenure.ts";
import { removeOwnWebhook } from "../telegram/webhook.ts";
import type { FleetSender } from "./fleet-sender.ts";
import type { RunParts } from "./run-parts.ts";
import { createSenderAlarm } from "./sender-alarm.ts";
import { type Attempt, TokenRefused, createAttempt } from "./sender-attempt.ts";

/** What a sender is doing in this process. */
export interface SenderFacts {
  /** Null until Telegram has said it. */
  username: string | null;
  state: SenderState;
  /** Since when this process has been allowed to send by it; null while it is not. */
  leaseSince: Date | null;
  leaseLost: { at: Date; backAt: Date | null } | null;
  rate: { set: number; now: number; paid: Engine["paid"]["state"] };
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  lastWait: { at: Date; seconds: number } | null;
  /** How many 429s have asked its campaigns to pause since the start. */
  waits: number;
  /** Calls that have left and have not been answered. */
  inFlight: number;
  /** What is wrong with it, the oldest trouble first. */
  troubles: readonly Trouble[];
}

/** A sender whose lease this process has. It starts again by itself after whatever ends it, until it is stopped. */
export interface SenderRun {
  readonly sender: FleetSender;
  start(): void;
  /** Campaigns of this sender are due, or were changed. */
  poke(): void;
  /** Updates of this sender may have been stored. */
  nudge(): void;
  /** The lease had run out and is back. */
  regained(): void;
  /** Shares the rate with campaigns. Null while it is not up, and if Herald answers the sender. */
  readonly api: Api | null;
  facts(): SenderFacts;
  /** Resolves when the calls in flight are settled. Never rejects. */
  stop(): Promise<void>;
}

/** Waits after a start that failed, in ms; each is twice the last one. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** How often a token that was refused is tried again: Telegram has refused good tokens for minutes before. */
const REFUSED_AGAIN_MS = 60_000;

/**
 * A campaign that was paused because of the token goes on by itself if a valid one comes within this time. After that it may
 * no longer be the right moment, and an admin decides.
 */
const GOES_ON_WITHIN_MS = 3_600_000;

export function createSenderRun(
  sender: FleetSender,
  scope: Scope,
  lease: HeldLease,
  parts: RunParts,
): SenderRun {
  const { clock, log: allLog } = parts;
  const log = allLog.child({ bot: sender.botId });
  const stopping = new AbortController();
  const stop = stopping.signal;
  setMaxListeners(0, stop); // every queued reply listens to it
  const alarm = createSenderAlarm(sender, scope, log, parts);
  let state: SenderFacts["state"] = "starting";
  let attempt: Attempt | null = null;
  let mayGoOn = true;
  let knowsTroubles = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let failures = 0;
    while (!stop.aborted) {
      const startedAt = clock.monotonic();
      try {
        await once();
        return;
      } catch (error) {
        if (stop.aborted) return;
        // What had been running for a while has not failed at its start.
        if (clock.monotonic() - startedAt > LONGEST_PAUSE_MS) failures = 0;
        failures += 1;
        await recover(error, failures);
      }
    }
  }

  /** Resolves when the sender is stopped. @throws what ended it before */
  async function once(): Promise<void> {
    state = "starting";
    const { token } = sender;
    if (token === null) throw new NoToken();
    const ended = new AbortController();
    setMaxListeners(0, ended.signal);
    const over = endOf(stop, ended.signal);
    over.catch(() => undefined); // it may end while it starts
    const fail = (error: unknown) => ended.abort(error instanceof Error ? error : new Error(String(error)));
    const supervisor = createSupervisor(clock, log);
    try {
      await parts.startsInTurn(async () => {
        stop.throwIfAborted();
        if (!knowsTroubles) await loadTroubles(alarm, log);
        knowsTroubles = true;
        const me = await introduce(token, { sender, alarm, log, parts });
        const own = { sender, token, me, scope, lease, alarm, log, stop: ended.signal, fail };
        stop.throwIfAborted();
        attempt = createAttempt(own, parts);
        if (mayGoOn && lease.held()) await goOn();
        await supervisor.start(attempt.services);
      });
      if (!stop.aborted && !ended.signal.aborted) state = "up";
      await over;
    } finally {
      ended.abort(new Error("the sender stops")); // lets go of whatever listens
      await supervisor.stop(async () => undefined);
      attempt = null;
    }
  }

  /** What was paused for the sake of the token a moment ago goes on. */
  async function goOn(): Promise<void> {
    const since = new Date(clock.now().getTime() - GOES_ON_WITHIN_MS);
    for (const { id } of await resumeAccepted(scope, since)) {
      log.info({ campaign: id }, "campaign goes on with a token that Telegram accepts");
      parts.events.emit("steered", { campaignId: id });
    }
  }

  async function recover(error: unknown, failures: number): Promise<void> {
    if (isRefusal(error)) {
      state = "refused";
      // Of an account that is frozen, Telegram refuses what it sends, and never getMe: it would be tried for ever.
      mayGoOn = !(error instanceof TokenRefused);
      await refuse(error, { sender, scope, alarm }, parts).catch((failure: unknown) =>
        log.error({ err: failure }, "the campaigns of a refused token cannot be paused"),
      );
      return clock.sleep(REFUSED_AGAIN_MS, stop);
    }
    state = "failing";
    if (failures === 1) log.warn({ err: error }, "a bot cannot send right now; trying again");
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    // Fifty bots that failed together need not try together.
    await clock.sleep(pauseMs * (0.8 + 0.4 * Math.random()), stop);
  }

  return {
    sender,
    start() {
      running = run();
    },
    nudge: () => attempt?.nudge(),
    poke: () => attempt?.engine.poke(),
    regained: () => attempt?.events.emit("leaseRegained", null),
    get api() {
      return attempt?.api ?? null;
    },
    facts: () => ({
      username: sender.username,
      state,
      leaseSince: lease.since,
      leaseLost: lease.lost,
      ...paceOf(attempt?.engine ?? null, sender.rate ?? parts.rate),
      troubles: alarm.open,
    }),
    async stop() {
      stopping.abort();
      await running;
      await alarm.idle();
    },
  };
}

async function loadTroubles(alarm: Alarm, log: Log): Promise<void> {
  await alarm
    .load()
    .catch((error: unknown) => log.warn({ err: error }, "the troubles of a bot cannot be read"));
}

/** Asks Telegram who the sender is, and writes down that it takes the token. */
async function introduce(
  token: string,
  { sender, alarm, log, parts }: { sender: FleetSender; alarm: Alarm; log: Log; parts: RunParts },
): Promise<UserFromGetMe> {
  const api = new Api(token, parts.client);
  const me = await api.getMe();
  if (me.id !== sender.botId) throw new Error("the token belongs to another bot");
  alarm.over("unauthorized");
  if (sender.handling === "beside") await standAside(api, alarm, log);
  await parts.noteToken(sender, null, me);
  return me;
}

/** From when Herald answered the sender: its webhook would keep the updates from the other program. */
async function standAside(api: Api, alarm: Alarm, log: Log): Promise<void> {
  for (const kind of ["conflict", "webhook", "webhook-failing", "backlog", "inbox"] as const)
    alarm.forget(kind);
  const isRemoved = await removeOwnWebhook(api).catch((error: unknown) =>
    log.info({ err: error }, "Telegram does not say whether a webhook is set"),
  );
  if (isRemoved) log.info("Herald's webhook is removed: another program answers the bot");
}

/** Pauses its campaigns, so that they wait, and tells the owners; unless there is another token already. */
async function refuse(
  error: unknown,
  { sender, scope, alarm }: { sender: FleetSender; scope: Scope; alarm: Alarm },
  { clock, events, noteToken }: RunParts,
): Promise<void> {
  if (error instanceof NoToken) return; // /bots says so; nothing was refused
  if (await noteToken(sender, clock.now())) return;
  alarm.note("unauthorized");
  const words = error instanceof GrammyError ? error.description : "Unauthorized";
  for (const { id } of await pauseAll(scope, "unauthorized", words))
    events.emit("paused", { campaignId: id, reason: "unauthorized" });
}

/** Resolves when the sender is stopped. Rejects when its attempt has ended, with the reason. */
function endOf(stop: AbortSignal, ended: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const onEnd = () => {
      stop.removeEventListener("abort", onEnd);
      if (stop.aborted) resolve();
      else reject(ended.reason as Error);
    };
    stop.addEventListener("abort", onEnd);
    ended.addEventListener("abort", onEnd, { once: true });
  });
}

/** There is no token: it has to be given again. */
class NoToken extends Error {}

/** 401 for a revoked token, 404 for one that never was. */
function isRefusal(error: unknown): boolean {
  if (error instanceof NoToken || error instanceof TokenRefused) return true;
  return error instanceof GrammyError && [401, 404].includes(error.error_code);
}

function paceOf(
  engine: Engine | null,
  set: number,
): Pick<SenderFacts, "rate" | "quietUntil" | "lastWait" | "waits" | "inFlight"> {
  if (!engine)
    return { rate: { set, now: set, paid: "off" }, quietUntil: null, lastWait: null, waits: 0, inFlight: 0 };
  const { pacer, paid, dispatcher } = engine;
  return {
    rate: { set, now: pacer.rate, paid: paid.state },
    quietUntil: pacer.pausedUntil(),
    lastWait: pacer.lastWait,
    waits: pacer.waits,
    inFlight: dispatcher.inFlight,
  };
}
