import { type Api, GrammyError } from "grammy";
import type { WebhookInfo } from "grammy/types";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { BotWebhook } from "../../telegram/bot-webhook.ts";
import { hostOf, lastErrorOf } from "../../telegram/webhook.ts";
import type { Alarm } from "../notices/alarm.ts";
import { noteAnswered, noteAway } from "../notices/telegram-away.ts";
import { ALLOWED_UPDATES } from "../updates/allowed-updates.ts";

/** Sets a bot's webhook to Herald's, and keeps an eye on it. */
export interface WebhookWatch extends Service {
  /** When Telegram last answered, even with a refusal; monotonic. Null before the start. */
  readonly answeredAt: number | null;
}

export interface WebhookWatchDeps {
  api: Pick<Api, "getWebhookInfo" | "setWebhook">;
  webhook: BotWebhook;
  /** Below it Telegram reaches Herald. */
  publicUrl: string;
  clock: Clock;
  log: Log;
  /** Only the process that runs the bot sets its webhook. */
  lease: { held(): boolean };
  alarm: Pick<Alarm, "note" | "over">;
  /** Telegram refuses the token; the watch has ended. */
  onRefused: (error: unknown) => void;
}

/** How often to ask Telegram. */
const EVERY_MS = 30_000;
const LEASE_CHECK_MS = 250;
const AGAIN_MS = 2_000;

/** Posts that Telegram makes at once, each answered as soon as its update is stored. Its default. */
const MOST_AT_ONCE = 40;

/** Telegram tries a failed post again after a minute at most: without another failure for so long, that is over. */
const FAILING_MS = 70_000;

/** How long posts must fail before the owners hear of it. Longer than above: a single failure is not worth a message. */
const GRACE_MS = 80_000;

/** A webhook that somebody removes more often than once in this time is removed by a program that polls. */
const REMOVED_AGAIN_MS = 45_000;

export function createWebhookWatch(deps: WebhookWatchDeps): WebhookWatch {
  const { api, webhook, publicUrl, clock, log, lease, alarm, onRefused } = deps;
  const url = webhook.addressBelow(publicUrl);
  let answeredAt: number | null = null;
  /** It was Herald's once since the start: whatever it is later, somebody else has made it so. */
  let wasOurs = false;
  /** The last failed post that Telegram told of, in its own time; null before the first look. */
  let lastError: number | null = null;
  let failedAt = -Infinity;

  async function look(stop: AbortSignal): Promise<number | "done"> {
    if (!lease.held()) {
      answeredAt = clock.monotonic();
      return LEASE_CHECK_MS;
    }
    try {
      const info = await api.getWebhookInfo();
      answered();
      if (!stop.aborted) await follow(info);
      return EVERY_MS;
    } catch (error) {
      return waitAfter(error, stop);
    }
  }

  async function follow(info: WebhookInfo): Promise<void> {
    const { url: found = "", pending_update_count: waiting } = info;
    // Made for an earlier token, or below an earlier PUBLIC_URL.
    const isFormer = webhook.isBelow(found, publicUrl) || (!wasOurs && webhook.isOwn(found));
    if (found !== "" && found !== url && !isFormer)
      return alarm.note("webhook", { facts: { host: hostOf(found), waiting } });
    alarm.over("webhook");
    if (found === "" && wasOurs) {
      log.warn("somebody has removed Herald's webhook; it is set again");
      alarm.note("conflict", { graceMs: REMOVED_AGAIN_MS });
    } else alarm.over("conflict");
    if (found === url && isSettled(info)) wasOurs = true;
    else await set();
  }

  function isSettled(info: WebhookInfo): boolean {
    const isFailing = noteFailure(info);
    if (!wasOurs) return isAsWanted(info);
    // A webhook that was set with another secret shows only by its failures.
    return !(isFailing && /\b40[13]\b/.test(info.last_error_message ?? ""));
  }

  async function set(): Promise<void> {
    try {
      await api.setWebhook(url, {
        secret_token: webhook.secret,
        allowed_updates: ALLOWED_UPDATES,
        max_connections: MOST_AT_ONCE,
      });
    } catch (error) {
      if (error instanceof GrammyError && error.error_code === 400)
        alarm.note("webhook-failing", {
          facts: { what: lastErrorOf({ last_error_message: error.description }) },
        });
      throw error;
    }
    if (!wasOurs) log.info({ host: hostOf(url) }, "Telegram posts the bot's updates to Herald's webhook");
    wasOurs = true;
  }

  /** True if Telegram cannot post what waits. */
  function noteFailure(info: WebhookInfo): boolean {
    const { pending_update_count: waiting, last_error_date: date = 0 } = info;
    const now = clock.monotonic();
    // What failed before the start, failed because Herald was down.
    if (lastError !== null && date > lastError) failedAt = now;
    lastError = date;
    const isFailing = waiting > 0 && now - failedAt < FAILING_MS;
    if (isFailing) alarm.note("webhook-failing", { facts: { what: lastErrorOf(info) }, graceMs: GRACE_MS });
    else alarm.over("webhook-failing");
    return isFailing;
  }

  function answered(): void {
    answeredAt = clock.monotonic();
    noteAnswered(alarm);
  }

  function waitAfter(error: unknown, stop: AbortSignal): number | "done" {
    if (stop.aborted) return "done";
    if (!(error instanceof GrammyError) || error.error_code >= 500) {
      noteAway(alarm, error);
      return AGAIN_MS;
    }
    answered();
    if (error.error_code === 401) {
      onRefused(error);
      return "done";
    }
    log.warn({ err: error }, "Telegram refuses the webhook; trying again");
    return (error.parameters.retry_after ?? 0) * 1_000 || EVERY_MS;
  }

  const loop = repeat({
    clock,
    log,
    everyMs: EVERY_MS,
    complaint: "the webhook cannot be watched, trying again",
    work: look,
  });

  return {
    get answeredAt() {
      return answeredAt;
    },
    start() {
      answeredAt = clock.monotonic();
      return loop.start();
    },
    stop: () => loop.stop(),
  };
}

function isAsWanted({ max_connections: most, allowed_updates: kinds }: WebhookInfo): boolean {
  const wanted: readonly string[] = ALLOWED_UPDATES;
  return (
    most === MOST_AT_ONCE && kinds?.length === wanted.length && kinds.every((kind) => wanted.includes(kind))
  );
}
