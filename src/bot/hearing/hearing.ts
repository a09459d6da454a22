import type { Bot } from "grammy";
import type { Service } from "../../background/service.ts";
import { type Repeated, repeat } from "../../background/rounds.ts";
import { backlogOf } from "../../db/queued-updates.ts";
import type { Scope } from "../../db/scope.ts";
import { botWebhook } from "../../telegram/bot-webhook.ts";
import { createUpdateSeal } from "../../telegram/update-seal.ts";
import type { Alarm } from "../notices/alarm.ts";
import { type PollingDeps, createPolling } from "../polling/polling.ts";
import type { HeraldContext } from "../ui/bot-context.ts";
import { type QueueSource, createQueueSource } from "../updates/queue-source.ts";
import { createUpdateRunner } from "../updates/update-runner.ts";
import { createWebhookWatch } from "./webhook-watch.ts";

/** How a bot that Herald answers hears of people: it polls, or Telegram posts to its webhook. */
export interface Hearing extends Service {
  /** When Telegram last answered, even with a refusal; monotonic. Null before the start. */
  readonly answeredAt: number | null;
  /** Updates of the bot may have been stored. */
  nudge(): void;
}

export interface HearingDeps extends Omit<PollingDeps, "leftover"> {
  bot: Bot<HeraldContext>;
  alarm: Pick<Alarm, "note" | "over" | "forget">;
  /** Whose updates. */
  own: Scope;
  /** Below it Telegram posts updates; null if Herald polls. */
  webhookUrl: string | null;
  homeToken: string;
}

/** What can be wrong only while Telegram posts. */
const OF_WEBHOOK = ["webhook-failing", "backlog"] as const;

export function createHearing(deps: HearingDeps): Hearing {
  const { own, bot, clock, log, lease, webhookUrl } = deps;
  const webhook = botWebhook(bot.token);
  const seal = createUpdateSeal(deps.homeToken);
  const queue = (stop: AbortSignal) => createQueueSource({ own, seal, clock, log, lease, stop });
  if (webhookUrl === null) return hearingByPolls(deps, queue);

  const stopping = new AbortController();
  const source = queue(stopping.signal);
  const runner = createUpdateRunner(bot, source);
  const watch = createWebhookWatch({ ...deps, api: bot.api, webhook, publicUrl: webhookUrl });
  const backlog = watchBacklog(deps);
  return {
    get answeredAt() {
      return watch.answeredAt;
    },
    nudge: source.nudge,
    async start() {
      await watch.start();
      await backlog.start();
      // Nobody would stop a runner that starts now, and it would ask a source that has ended without a pause.
      if (!stopping.signal.aborted) runner.start(deps.onRefused);
    },
    async stop() {
      stopping.abort();
      await Promise.all([watch.stop(), backlog.stop(), runner.stop()]);
      await source.end();
    },
  };
}

function hearingByPolls(deps: HearingDeps, leftover: (stop: AbortSignal) => QueueSource): Hearing {
  const polling = createPolling({ ...deps, leftover });
  return {
    get answeredAt() {
      return polling.answeredAt;
    },
    nudge: () => undefined,
    start() {
      for (const kind of OF_WEBHOOK) deps.alarm.forget(kind);
      return polling.start();
    },
    stop: polling.stop,
  };
}

const EVERY_MS = 15_000;

/** An update is handled within moments. */
const LATE_SECONDS = 60;

/** Counted up to this many. */
const MOST_COUNTED = 10_000;

/** Tells the owners if updates wait for long. */
function watchBacklog({ own, clock, log, lease, alarm }: HearingDeps): Repeated {
  return repeat({
    clock,
    log,
    everyMs: EVERY_MS,
    waitsFirst: true, // what a process that was killed has left is old, and is handled now
    complaint: "the updates that wait cannot be counted, trying again",
    async work() {
      if (!lease.held()) return;
      const { count, seconds } = await backlogOf(own, MOST_COUNTED);
      if (seconds > LATE_SECONDS) alarm.note("backlog", { facts: { waiting: count } });
      else alarm.over("backlog");
    },
  });
}
