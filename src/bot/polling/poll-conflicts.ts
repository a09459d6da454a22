import type { Api } from "grammy";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { findWebhook } from "../../telegram/webhook.ts";
import type { Alarm } from "../notices/alarm.ts";

/** The conflicts (409) with other programs that take the bot's updates: another poller, or a webhook. */
export interface PollConflicts {
  /** Removes a webhook of Herald's own, and looks for another one. Never rejects. */
  start(): Promise<void>;
  /** A poll was answered with a conflict, described so. Resolves with how long to wait before the next poll, in ms. */
  met(description: string): Promise<number>;
  /** A poll was answered with updates. */
  none(): void;
}

export interface PollConflictsDeps {
  api: Pick<Api, "getWebhookInfo" | "deleteWebhook" | "token">;
  clock: Clock;
  log: Log;
  alarm: Pick<Alarm, "note" | "over">;
  stop: AbortSignal;
}

/** The waits grow: two programs that keep ending each other's polls would both hear nothing. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** How long a conflict must last before the owners hear of it: a single stray getUpdates is not worth a message. */
const GRACE_MS = 5_000;
/** After a start, the previous process may still poll for up to 50 s. */
const LINGERING_MS = 60_000;

/** A conflict is over after this long without another, because the other program may poll only now and then. */
const CALM_MS = 60_000;

export function createPollConflicts({ api, clock, log, alarm, stop }: PollConflictsDeps): PollConflicts {
  let startedAt = 0;
  let lastAt = -Infinity;
  let pauseMs = 0;
  let mayRemove = true;

  async function lookForWebhook(): Promise<void> {
    try {
      const webhook = await findWebhook(api);
      if (!webhook) return;
      // From when WEBHOOK was on. One that comes later is of another Herald with this token.
      if (webhook.isOwn && mayRemove) {
        await api.deleteWebhook();
        mayRemove = false;
        log.info("Herald's own webhook is removed: it polls");
        return;
      }
      lastAt = clock.monotonic();
      alarm.note("webhook", { facts: { host: webhook.host, waiting: webhook.waiting } });
    } catch (error) {
      if (!stop.aborted) log.info({ err: error }, "Telegram does not say whether a webhook is set");
    }
  }

  return {
    async start() {
      startedAt = clock.monotonic();
      await lookForWebhook();
    },
    async met(description) {
      lastAt = clock.monotonic();
      if (/webhook/i.test(description)) await lookForWebhook();
      else {
        const isLingering = lastAt - startedAt < LINGERING_MS;
        alarm.note("conflict", { graceMs: isLingering ? LINGERING_MS : GRACE_MS });
      }
      pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
      // Two programs that wait equally long would meet again.
      return pauseMs * (0.8 + 0.4 * Math.random());
    },
    none() {
      mayRemove = false;
      if (clock.monotonic() - Math.max(lastAt, startedAt) < CALM_MS) return;
      pauseMs = 0;
      alarm.over("conflict");
      alarm.over("webhook");
    },
  };
}
