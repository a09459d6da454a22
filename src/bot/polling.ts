import { type RunnerHandle, createConcurrentSink, createRunner, createSource } from "@grammyjs/runner";
import { type Bot, type BotError, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { type Clock, systemClock } from "../clock.ts";
import type { Log } from "../log.ts";
import { proxyFailureIn } from "../telegram/proxy.ts";
import { findWebhook } from "../telegram/webhook.ts";
import { ALLOWED_UPDATES } from "./bot.ts";
import type { HeraldContext } from "./ui/bot-context.ts";

/** Asks Telegram for updates and hands them to the bot, whatever else polls beside it. */
export interface Polling {
  /** Says first if a webhook takes the updates. */
  start(): Promise<void>;
  /** Stops, and waits within bounds for the updates in work. */
  stop(): Promise<void>;
  /** When Telegram last answered, be it with a refusal; monotonic. Null before the start. */
  readonly answeredAt: number | null;
}

/** What polling tells of what is wrong. */
export interface Listener {
  note(
    kind: "conflict" | "webhook" | "telegram" | "proxy",
    about?: { facts?: Record<string, string | number>; graceMs?: number },
  ): void;
  over(kind: "conflict" | "webhook" | "telegram" | "proxy"): void;
}

export interface PollingDeps {
  bot: Bot<HeraldContext>;
  clock: Clock;
  log: Log;
  /** Who lost the lease must not poll beside the process that has it now: Telegram would end that one's poll. */
  lease: { held(): boolean };
  alarm: Listener;
  /** Telegram refuses the token; polling is over. */
  onRefused: (error: unknown) => void;
}

/** How often one looks whether the lease is back. */
const LEASE_LOOK_MS = 250;

/** Telegram answers a poll within so many seconds. */
const POLL_SECONDS = 30;

/** How long polling waits after an error before it asks again; constant, or the bot would be deaf for hours after a night offline. */
const AGAIN_MS = 2_000;

/** Telegram is away when it has been silent for so long. */
const AWAY_MS = 60_000;

/** After a conflict polling waits, ever longer: two that poll each other away in turns would hear nothing, both of them. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** So long a conflict must last before the owners hear of it: one stray getUpdates is none. */
const GRACE_MS = 5_000;
/** After a start the process before may still poll, up to 50 s. */
const LINGERING_MS = 60_000;

/** A conflict is over when none came for so long: another program may ask once in a while only. */
const CALM_MS = 60_000;

/**
 * Updates that are handled or wait to be. Nothing more is fetched when there are so many: the next of an admin would then
 * wait behind a crowd, instead of passing it. The runner's own 500 were too few for 900 people at once and a slow database.
 */
const MOST_IN_WORK = 3_000;

/** Updates that are not done by then are given up. */
const STOP_MS = 5_000;

/**
 * grammY's runner with a supplier of our own. Its own ends at the first conflict, and after 15 hours without Telegram.
 */
export function createPolling(deps: PollingDeps): Polling {
  const { bot, clock, log, lease, alarm, onRefused } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;
  let runner: RunnerHandle | null = null;
  let offset = 0;
  let startedAt = 0;
  let answeredAt: number | null = null;
  let conflictAt = -Infinity;
  let pauseMs = 0;
  let isAway = false;

  const supplier = {
    async supply(limit: number, signal: AbortSignal): Promise<Update[]> {
      while (!stop.aborted) {
        if (!lease.held()) {
          await clock.sleep(LEASE_LOOK_MS, stop);
          continue;
        }
        try {
          const updates = await ask(limit, signal);
          heard();
          return updates;
        } catch (error) {
          if (stop.aborted) break;
          await clock.sleep(await troubled(error), stop);
        }
      }
      return [];
    },
  };

  async function ask(limit: number, signal: AbortSignal): Promise<Update[]> {
    const asked = {
      offset,
      limit: Math.max(1, Math.min(limit, 100)),
      timeout: isAway ? 0 : POLL_SECONDS, // answered at once when Telegram is back
      allowed_updates: [...ALLOWED_UPDATES],
    };
    // grammY's types know only the shim of an AbortSignal.
    const updates = await bot.api.getUpdates(asked, signal as Parameters<typeof bot.api.getUpdates>[1]);
    offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
    return updates;
  }

  function answered(): void {
    answeredAt = clock.monotonic();
    isAway = false;
    alarm.over("telegram");
    alarm.over("proxy");
  }

  function heard(): void {
    answered();
    if (clock.monotonic() - Math.max(conflictAt, startedAt) < CALM_MS) return;
    pauseMs = 0;
    alarm.over("conflict");
    alarm.over("webhook");
  }

  /** Resolves with how long to wait before the next poll. @throws the error when there is to be none. */
  async function troubled(error: unknown): Promise<number> {
    if (!(error instanceof GrammyError) || error.error_code >= 500) {
      isAway = true;
      const failed = proxyFailureIn(error);
      if (failed)
        alarm.note("proxy", { graceMs: AWAY_MS, facts: { proxy: failed.address, what: failed.what } });
      else alarm.note("telegram", { graceMs: AWAY_MS });
      return AGAIN_MS;
    }
    answered();
    if (error.error_code === 401) throw error;
    if (error.error_code === 409) return conflict(error.description);
    log.warn({ err: error }, "Telegram refuses a poll; asking again");
    return (error.parameters.retry_after ?? 0) * 1_000 || AGAIN_MS;
  }

  async function conflict(description: string): Promise<number> {
    conflictAt = clock.monotonic();
    if (/webhook/i.test(description)) await lookForWebhook();
    else {
      const isLingering = conflictAt - startedAt < LINGERING_MS;
      alarm.note("conflict", { graceMs: isLingering ? LINGERING_MS : GRACE_MS });
    }
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
    // Two that wait equally long would meet again.
    return pauseMs * (0.8 + 0.4 * Math.random());
  }

  async function lookForWebhook(): Promise<void> {
    try {
      const webhook = await findWebhook(bot.api);
      if (!webhook) return;
      conflictAt = clock.monotonic();
      alarm.note("webhook", { facts: { ...webhook } });
    } catch (error) {
      if (!stop.aborted) log.info({ err: error }, "Telegram does not say whether a webhook is set");
    }
  }

  return {
    get answeredAt() {
      return answeredAt;
    },
    async start() {
      startedAt = clock.monotonic();
      answeredAt = startedAt;
      await lookForWebhook();
      const sink = createConcurrentSink<Update, BotError<HeraldContext>>(
        { consume: (update) => bot.handleUpdate(update) },
        async (error) => void (await bot.errorHandler(error)),
        { concurrency: MOST_IN_WORK },
      );
      runner = createRunner(createSource(supplier as Parameters<typeof createSource<Update>>[0]), sink);
      runner.start();
      runner.task()?.catch(onRefused);
    },
    async stop() {
      stopping.abort();
      if (!runner) return;
      await runner.stop();
      // The runner does not wait for them.
      for (let waited = 0; runner.size() > 0 && waited < STOP_MS; waited += 20) await systemClock.sleep(20);
    },
  };
}
