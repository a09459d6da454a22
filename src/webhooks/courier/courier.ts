import { and, eq } from "drizzle-orm";
import { mapLimited } from "../../background/limited.ts";
import { type Repeated, repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import { webhooks } from "../../db/schema.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import type { EventTypes, Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import { disableWebhooks } from "../webhook-actions.ts";
import {
  type Receiver,
  type WebhookMessage,
  findReceiver,
  listDue,
  listDueReceivers,
  noteDelivered,
  noteFailed,
  giveUpOldest,
  pruneMessages,
} from "../webhook-messages.ts";
import { postMessage } from "./post-message.ts";

/** Why the courier disables a webhook. */
type EndedBy = EventTypes["webhookDisabled"]["why"];

export interface CourierDeps {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
  /** Only the process that may send tells anyone. */
  lease: { held(): boolean };
  /** Whether any webhook wants anything. Without one, the database is not asked. */
  wanted: { any(): boolean };
  /** Hosts and networks of WEBHOOK_ALLOW. */
  allowed: string;
  /** A number from 0 to 1. Default: Math.random; for tests. */
  random?: () => number;
  /** Replaces MOST_WAITING in tests. */
  mostWaiting?: number;
}

const ROUND_MS = 1_000;
/** After the database could not be reached. */
const AGAIN_MS = 5_000;
/** Events on their way to one receiver at the same time. */
const AT_ONCE = 4;
/** Read at a time. */
const BATCH = 40;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long each failed attempt is followed by nothing: eight attempts over a day. */
const PAUSES_MS = [5_000, 5 * MINUTE_MS, 0.5 * HOUR_MS, 2 * HOUR_MS, 5 * HOUR_MS, 7 * HOUR_MS, 10 * HOUR_MS];
/** Pauses are up to this much longer, so that what failed together is not tried again together. */
const JITTER = 0.1;

/** A receiver that cannot keep up: what may wait for its first attempt, how long, and how often that is looked at. */
const [MOST_WAITING, LONGEST_WAIT_MS, BEHIND_EVERY_MS] = [1_000_000, 72 * HOUR_MS, 10 * MINUTE_MS];

/** If everything has failed for this long, the webhook is disabled. */
const FAILING_MS = DAY_MS;

/**
 * Tells webhooks what has happened: the table `webhook_messages` says what is still to be told. At least once, because an
 * attempt is written after its answer. Each webhook has a run of its own, so that a slow one holds up no other.
 */
export function createCourier(deps: CourierDeps): Service {
  const { scope, clock, log, events, lease, wanted, allowed, random = Math.random } = deps;
  const { mostWaiting = MOST_WAITING } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;
  /** By webhook. */
  const runs = new Map<number, Promise<void>>();
  /** By webhook: when it was looked whether too much waits, and when the owners were told. */
  const behind = new Map<number, { lookedAt: number; toldAt: number }>();

  const rounds: Repeated = repeat({
    clock,
    log,
    everyMs: ROUND_MS,
    againMs: AGAIN_MS,
    complaint: "webhooks cannot be told what has happened",
    async work() {
      if (!lease.held() || !wanted.any()) return;
      for (const id of await listDueReceivers(scope, clock.now())) {
        if (runs.has(id)) continue;
        runs.set(id, run(id));
      }
    },
  });

  /** One batch; the next round begins another. Never rejects. */
  async function run(id: number): Promise<void> {
    let isMore = false;
    try {
      isMore = await tellBatch(id);
    } catch (error) {
      log.warn({ err: error, webhook: id }, "a webhook cannot be told");
    }
    runs.delete(id);
    if (isMore) rounds.nudge();
  }

  /** Resolves with true if more may be due. */
  async function tellBatch(id: number): Promise<boolean> {
    const due = await listDue(scope, id, clock.now(), BATCH);
    // The looks come one after the other, so that events set off in their order.
    let looked: Promise<unknown> = Promise.resolve();
    const look = () => {
      const next = looked.then(() => findReceiver(scope, id, clock.now()));
      looked = next;
      return next;
    };
    await mapLimited(due, AT_ONCE, (message) => tell(message, look));
    await pruneMessages(scope, id);
    const isMore = due.length === BATCH;
    if (isMore) await giveUpIfBehind(id);
    return isMore;
  }

  /** Events do not pile up without an end for a receiver that answers, but takes them more slowly than they come. */
  async function giveUpIfBehind(id: number): Promise<void> {
    const now = clock.now().getTime();
    const { lookedAt, toldAt } = behind.get(id) ?? { lookedAt: -Infinity, toldAt: -Infinity };
    if (now - lookedAt < BEHIND_EVERY_MS) return;
    const before = new Date(now - LONGEST_WAIT_MS);
    const count = await giveUpOldest(scope, id, { before, most: mostWaiting });
    const isNews = count > 0 && now - toldAt >= DAY_MS;
    behind.set(id, { lookedAt: now, toldAt: isNews ? now : toldAt });
    if (count > 0)
      log.warn({ webhook: id, count }, "a webhook is too slow, and its oldest events are given up");
    if (isNews) events.emit("webhookBehind", { webhookId: id, count });
  }

  /** Looks at the webhook for each event: it may have been changed, disabled or deleted since the last. */
  async function tell(message: WebhookMessage, look: () => Promise<Receiver | null>): Promise<void> {
    if (stop.aborted || !lease.held()) return;
    const receiver = await look();
    if (!receiver) return;
    if (receiver.keyEnd) return disable(receiver, receiver.keyEnd);
    const attempt = await postMessage(receiver, message, { allowed, now: clock.now(), stop });
    if (!attempt) return;
    const { status } = attempt;
    if (status !== null && status >= 200 && status < 300) {
      await noteDelivered(scope, message, attempt);
      return;
    }
    const pauseMs = PAUSES_MS[message.attempts];
    const nextAt =
      pauseMs === undefined ? null : new Date(clock.now().getTime() + pauseMs * (1 + JITTER * random()));
    const since = await noteFailed(scope, message, attempt, nextAt);
    log.debug(
      { webhook: receiver.id, event: message.eventId, status, fault: attempt.fault },
      "a webhook did not take an event",
    );
    if (status === 410) await disable(receiver, "gone");
    else if (attempt.at.getTime() - since.getTime() >= FAILING_MS) await disable(receiver, "failing");
  }

  /** Unless it has another address by now: what the old one answered says nothing of that. */
  async function disable({ id, url }: Receiver, why: EndedBy): Promise<void> {
    const which = and(eq(webhooks.id, id), eq(webhooks.url, url));
    const [webhook] = await inTransaction(scope, (tx) => disableWebhooks(tx, which, why));
    scope.wantedEvents?.changed();
    if (!webhook) return;
    log.warn({ webhook: id, why }, "a webhook is disabled");
    events.emit("webhookDisabled", { webhookId: id, why });
  }

  return {
    start: rounds.start,
    async stop() {
      stopping.abort();
      await rounds.stop();
      await Promise.all(runs.values());
    },
  };
}
