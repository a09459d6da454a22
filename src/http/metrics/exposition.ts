import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { createTroubleLog } from "../../background/trouble-log.ts";
import { type Overall, readOverall } from "../../campaign/report/overall.ts";
import type { Clock } from "../../clock.ts";
import { ping } from "../../db/connect.ts";
import { type Backlog, backlogOfHome } from "../../db/queued-updates.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { type Webhook, listWebhooks } from "../../webhooks/webhook-actions.ts";
import type { EngineReadings, SenderReadings } from "./engine-readings.ts";

export interface MetricsParts {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  engine: () => EngineReadings;
  senders?: () => SenderReadings;
  version: string;
}

/** The page that Prometheus reads. */
export interface Exposition {
  readonly contentType: string;
  /** Never rejects. While the database does not answer, its numbers are absent and the rest is there. */
  read(): Promise<string>;
}

/** Prometheus gives up after 10 s. */
const PATIENCE_MS = 3_000;

/** Updates that wait are counted up to this many. */
const MOST_COUNTED = 100_000;

/** Gauges that prom-client names like counters, which promtool refuses. The same numbers by type remain. */
const MISNAMED = [
  "nodejs_active_resources_total",
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
];

interface Reading {
  latencySeconds: number;
  overall: Overall;
  backlog: Backlog;
  webhooks: readonly Pick<Webhook, "failingSince" | "disabledAt">[];
}

export function createExposition({ scope, clock, log, engine, senders, version }: MetricsParts): Exposition {
  const process = new Registry();
  collectDefaultMetrics({ register: process });
  for (const name of MISNAMED) process.removeSingleMetric(name);
  const trouble = createTroubleLog((error) =>
    log.warn({ err: error }, "the database does not answer, so the metrics lack what it knows"),
  );
  let underWay: Promise<Reading> | null = null;

  async function ask(): Promise<Reading> {
    const asked = clock.monotonic();
    await ping(scope.db);
    const latencySeconds = (clock.monotonic() - asked) / 1_000;
    const overall = await readOverall(scope, clock.now());
    const backlog = await backlogOfHome(scope, MOST_COUNTED);
    return { latencySeconds, overall, backlog, webhooks: await listWebhooks(scope) };
  }

  /** Scrapes that overlap share one reading, so that a database that hangs is not asked again and again. */
  async function readDatabase(): Promise<Reading | null> {
    underWay ??= ask().finally(() => (underWay = null));
    const patience = new AbortController();
    try {
      const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => {
        throw new Error(`no answer within ${PATIENCE_MS} ms`);
      });
      late.catch(() => undefined); // it loses the race, and is woken below
      const reading = await Promise.race([underWay, late]);
      trouble.over();
      return reading;
    } catch (error) {
      trouble.note(error);
      return null;
    } finally {
      patience.abort();
    }
  }

  return {
    contentType: process.contentType,
    async read() {
      const reading = await readDatabase();
      // Made anew for each page, so that no sample of an earlier one can stay.
      const page = new Registry();
      addOwn(page, engine(), senders?.() ?? new Map(), clock.now(), version);
      addStored(page, reading, clock.now());
      return `${await page.metrics()}\n${await process.metrics()}`;
    },
  };
}

/** What this process knows by itself: of the home, and under names of their own of each other bot that it runs. */
function addOwn(
  page: Registry,
  home: EngineReadings,
  senders: SenderReadings,
  now: Date,
  version: string,
): void {
  const info = { version: { [version]: 1 } };
  gaugesOn(page)("herald_build_info", "Always 1; the label says which version runs.", info);
  addEngine(page, "herald", [[{}, home]], now);
  const byBot = [...senders].map(
    ([botId, readings]) => [{ bot: readings.username ?? String(botId) }, readings] as const,
  );
  if (byBot.length > 0) addEngine(page, "herald_sender", byBot, now);
}

type Labelled = readonly [labels: { bot?: string }, readings: EngineReadings];

function addEngine(page: Registry, prefix: string, engines: readonly Labelled[], now: Date): void {
  const gauge = (name: string, help: string, valueOf: (readings: EngineReadings) => number): void => {
    const made = new Gauge({ name: `${prefix}_${name}`, help, labelNames: ["bot"], registers: [page] });
    for (const [labels, readings] of engines) made.set(labels, valueOf(readings));
  };
  gauge("lease_held", "1 if this process may send, 0 if it stands by.", ({ leaseSince }) =>
    leaseSince ? 1 : 0,
  );
  gauge("rate_configured", "Messages per second as configured.", ({ rate }) => rate.set);
  gauge("rate_allowed", "Messages per second that may leave now; lower after a 429.", ({ rate }) => rate.now);
  gauge("calls_in_flight", "Calls that Telegram has not answered yet.", ({ inFlight }) => inFlight);
  gauge("telegram_pause_seconds", "What is left of a pause that Telegram asked for.", ({ quietUntil }) =>
    quietUntil ? (quietUntil.getTime() - now.getTime()) / 1_000 : 0,
  );
  const pauses = new Counter({
    name: `${prefix}_telegram_pauses_total`,
    help: "Times that Telegram asked for a pause (429) of the whole bot.",
    labelNames: ["bot"],
    registers: [page],
  });
  for (const [labels, { waits }] of engines) pauses.inc(labels, waits);
}

/**
 * What the database knows. These are gauges, also where the numbers only grow in everyday life: they are the same in every
 * process and after a restart, and a retry or an older backup lowers them, which Prometheus would take for a restart of a
 * counter from 0.
 */
function addStored(page: Registry, reading: Reading | null, now: Date): void {
  const gauge = gaugesOn(page);
  gauge("herald_database_up", "1 if the database answers.", reading ? 1 : 0);
  if (!reading) return;
  const { webhooks, backlog } = reading;
  const { campaigns, deliveries, queue, dueSince } = reading.overall;
  gauge("herald_database_latency_seconds", "How long an empty query took.", reading.latencySeconds);
  gauge("herald_campaigns", "Campaigns by state.", { state: campaigns });
  gauge("herald_deliveries", "Deliveries of all campaigns by outcome.", { outcome: deliveries });
  gauge("herald_webhooks", "Webhooks; those that fail are tried again.", {
    state: {
      working: webhooks.filter((one) => !one.disabledAt && !one.failingSince).length,
      failing: webhooks.filter((one) => !one.disabledAt && one.failingSince).length,
      disabled: webhooks.filter((one) => one.disabledAt).length,
    },
  });
  gauge("herald_queue_deliveries", "Deliveries of running campaigns without an outcome.", queue);
  gauge(
    "herald_updates_waiting",
    "Updates that Telegram has posted and Herald has not handled.",
    backlog.count,
  );
  gauge("herald_updates_waiting_seconds", "How long the oldest of them has waited.", backlog.seconds);
  const lag = dueSince ? Math.max(0, (now.getTime() - dueSince.getTime()) / 1_000) : 0;
  gauge("herald_due_lag_seconds", "How long the campaign that is due longest has waited for its start.", lag);
}

/** Adds a gauge with one value, or with a value for each value of one label. */
function gaugesOn(page: Registry) {
  return (name: string, help: string, value: number | Record<string, Record<string, number>>): void => {
    if (typeof value === "number") {
      new Gauge({ name, help, registers: [page] }).set(value);
      return;
    }
    for (const [label, samples] of Object.entries(value)) {
      const gauge = new Gauge({ name, help, labelNames: [label], registers: [page] });
      for (const [of, sample] of Object.entries(samples)) gauge.set({ [label]: of }, sample);
    }
  };
}
