import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { setOptedOut, setStatus, refreshPerson } from "../../src/audience/recipients.ts";
import { markOutOfReach } from "../../src/audience/out-of-reach.ts";
import { cancel, cancelSeries } from "../../src/campaign/actions/cancel.ts";
import { confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { finish, holdLate, pauseAll, startDue } from "../../src/campaign/engine-moves.ts";
import { apiKeys, webhookMessages, webhooks } from "../../src/db/schema.ts";
import { inTransaction } from "../../src/db/scope.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../src/db/states.ts";
import { createWebhook, deleteWebhook } from "../../src/webhooks/webhook-actions.ts";
import { noteEvents } from "../../src/webhooks/note-events.ts";
import { KEPT, giveUpOldest, pruneMessages } from "../../src/webhooks/webhook-messages.ts";
import { createCourier } from "../../src/webhooks/courier/courier.ts";
import { systemClock } from "../../src/clock.ts";
import { createEvents } from "../../src/events.ts";
import { createLog } from "../../src/log.ts";
import { until } from "../support/broadcast.ts";
import { freshScope } from "../support/database.ts";
import { receiver } from "../support/receiver.ts";
import { ADMIN, NOW, emptied, seedCampaign, seedSeries } from "../support/seed.ts";

const scope = await freshScope();
const later = new Date(NOW.getTime() + 3_600_000);
const DAILY = { zone: "UTC", rule: { every: "day", hour: 9, minute: 0 } } as const;

beforeEach(async () => {
  await emptied(scope);
  for (const table of [webhookMessages, webhooks, apiKeys]) await scope.db.delete(table);
});

const hook = (events: readonly WebhookEvent[] = WEBHOOK_EVENTS) =>
  createWebhook(scope, ADMIN, { url: "https://shop.example/", events });

/** What was written, in order: the type, and of whom or what. */
async function told(): Promise<[type: string, id: number][]> {
  const rows = await scope.db.select().from(webhookMessages).orderBy(webhookMessages.id);
  return rows.map(({ payload }) => {
    const { type, data } = JSON.parse(payload) as { type: string; data: { number?: number; id?: number } };
    return [type, data.number ?? data.id ?? 0];
  });
}

describe("what moves a campaign tells webhooks in its transaction:", () => {
  test("confirm, start, pause, resume, finish, retry, cancel", async () => {
    await hook();
    const draft = await seedCampaign(scope);
    const { id } = draft;
    await confirmDraft(scope, ADMIN, draft, NOW);
    await startDue(scope, id, new Date(NOW.getTime() + 1_000));
    await pause(scope, ADMIN, id);
    await resume(scope, ADMIN, id);
    await pauseAll(scope, "unauthorized", "401");
    await cancel(scope, ADMIN, id, NOW);
    expect((await told()).map(([type]) => type.replace("campaign.", ""))).toEqual([
      "scheduled",
      "started",
      "paused",
      "started",
      "paused",
      "cancelled",
    ]);
  });

  test("the end, and a retry that reaches nobody, which is taken back", async () => {
    await hook();
    const { id } = await seedCampaign(scope, { state: "running", startedAt: NOW, frozenAt: NOW, total: 0 });
    expect(await finish(scope, id, NOW)).not.toBeNull();
    await expect(retry(scope, ADMIN, id, "failed")).rejects.toMatchObject({ code: "nobody" });
    expect(await told()).toEqual([["campaign.finished", id]]);
  });

  test("the next run of a series, its end, and a campaign that expires", async () => {
    await hook();
    await seedSeries(scope, { recurrence: DAILY, lastAt: NOW, made: 1 });
    const run = { seriesId: 1, recurrence: DAILY, run: 1 } as const;
    const { id } = await seedCampaign(scope, { ...run, state: "scheduled", startsAt: NOW });
    await startDue(scope, id, NOW);
    await cancelSeries(scope, ADMIN, id, NOW);
    const late = await seedCampaign(scope, { state: "scheduled", startsAt: NOW, latePolicy: "expire" });
    await holdLate(scope, late, later);
    const events = await told();
    const next = events[1]?.[1];
    expect(events).toEqual([
      ["campaign.started", id],
      ["campaign.scheduled", next],
      ["campaign.cancelled", next],
      ["campaign.cancelled", id],
      ["campaign.expired", late.id],
    ]);
  });

  test("only what the webhook wants, under one id for all that want it", async () => {
    await hook(["campaign.paused"]);
    await hook(["campaign.paused", "campaign.started"]);
    await hook(["campaign.finished"]);
    const { id } = await seedCampaign(scope, { state: "running" });
    await pause(scope, ADMIN, id);
    const rows = await scope.db.select().from(webhookMessages);
    expect(rows.map(({ event }) => event)).toEqual(["campaign.paused", "campaign.paused"]);
    expect(new Set(rows.map(({ eventId }) => eventId)).size).toBe(1);
    expect(rows[0]?.eventId).toMatch(/^evt_[0-9a-f]{32}$/);
  });

  test("nothing, if the transaction is taken back", async () => {
    await hook();
    const { id } = await seedCampaign(scope, { state: "running" });
    const undone = inTransaction(scope, async (tx) => {
      await pause(tx, ADMIN, id);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await told()).toEqual([]);
  });
});

describe("what happens to people tells webhooks", () => {
  const ada = { id: 7, first_name: "Ada" };

  test("once for each change, not for each update", async () => {
    await hook();
    for (let update = 0; update < 3; update += 1) await refreshPerson(scope, ada);
    for (const out of [true, true, false, false]) await setOptedOut(scope, 7, out);
    for (const status of ["blocked", "blocked", "active", "active"] as const)
      await setStatus(scope, 7, status);
    await setStatus(scope, 7, "blocked");
    // They write again before Telegram says that they unblocked the bot.
    await refreshPerson(scope, ada);
    expect((await told()).map(([type]) => type.replace("recipient.", ""))).toEqual([
      "joined",
      "left",
      "joined",
      "blocked",
      "joined",
      "blocked",
      "joined",
    ]);
  });

  test("of a whole batch at once, except for those of whom it was known", async () => {
    for (const id of [1, 2, 3]) await refreshPerson(scope, { id, first_name: "P" });
    await setStatus(scope, 2, "blocked");
    await hook(["recipient.blocked"]);
    await markOutOfReach(scope, "{1,2,3}", "blocked");
    await markOutOfReach(scope, "{1,2,3}", "deactivated");
    expect(await told()).toEqual([
      ["recipient.blocked", 1],
      ["recipient.blocked", 3],
    ]);
  });

  test("nothing is asked or written while it is known that nobody wants it", async () => {
    await hook();
    const asked: string[] = [];
    const quiet = {
      ...scope,
      wantedEvents: {
        wants: (event: WebhookEvent) => asked.push(event) < 0,
        changed: () => undefined,
      },
    };
    await refreshPerson(quiet, ada);
    await setOptedOut(quiet, 7, true);
    await markOutOfReach(quiet, "{7}", "blocked");
    expect(await told()).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(["recipient.joined", "recipient.left", "recipient.blocked"]));
  });
});

test("of what is done, the newest hundred are kept, and all that waits; a deleted webhook takes everything along", async () => {
  const { webhook } = await hook(["campaign.finished"]);
  await noteEvents(
    scope,
    "campaign.finished",
    Array.from({ length: KEPT + 30 }, (_, number) => ({ number, bot: 1 })),
  );
  await pruneMessages(scope, webhook.id);
  expect(await told()).toHaveLength(KEPT + 30);
  await scope.db.update(webhookMessages).set({ nextAt: null });
  await pruneMessages(scope, webhook.id);
  const kept = await told();
  expect(kept).toHaveLength(KEPT);
  expect(kept.at(-1)).toEqual(["campaign.finished", KEPT + 29]);
  await deleteWebhook(scope, ADMIN, webhook.id);
  expect(await told()).toEqual([]);
});

const noteNumbers = (count: number) =>
  noteEvents(
    scope,
    "campaign.finished",
    Array.from({ length: count }, (_, number) => ({ number, bot: 1 })),
  );
const waiting = async () => {
  const rows = await scope.db.select().from(webhookMessages).orderBy(webhookMessages.id);
  return rows.filter(({ nextAt }) => nextAt !== null).map(({ payload }) => JSON.parse(payload).data.number);
};

describe("of what waits for a webhook that is too slow", () => {
  const long = new Date(0);

  test("the oldest beyond the most are given up, in any number, and the newest hundred of them kept", async () => {
    const { webhook } = await hook(["campaign.finished"]);
    const other = await hook(["campaign.finished"]);
    await noteNumbers(5_003);
    await scope.db.delete(webhookMessages).where(eq(webhookMessages.webhookId, other.webhook.id));
    expect(await giveUpOldest(scope, webhook.id, { before: long, most: 5_003 })).toBe(0);
    expect(await giveUpOldest(scope, webhook.id, { before: long, most: 3 })).toBe(5_000);
    expect(await waiting()).toEqual([5_000, 5_001, 5_002]);
    expect(await told()).toHaveLength(KEPT + 3);
  });

  test("what has waited too long is given up; what has been tried, or is of another, stays", async () => {
    const { webhook } = await hook(["campaign.finished"]);
    await noteNumbers(4);
    const other = await hook(["campaign.finished"]);
    await noteNumbers(1);
    const rows = await scope.db.select().from(webhookMessages).orderBy(webhookMessages.id);
    const [first, second] = rows;
    const old = { createdAt: new Date(NOW.getTime() - 1) };
    await scope.db.update(webhookMessages).set(old);
    await scope.db
      .update(webhookMessages)
      .set({ lastAt: NOW, attempts: 1 })
      .where(eq(webhookMessages.id, first?.id ?? 0));
    await scope.db
      .update(webhookMessages)
      .set({ createdAt: NOW })
      .where(eq(webhookMessages.id, second?.id ?? 0));
    expect(await giveUpOldest(scope, webhook.id, { before: NOW, most: 100 })).toBe(3);
    const left = await scope.db.select().from(webhookMessages).orderBy(webhookMessages.id);
    const stays = left.filter(({ nextAt }) => nextAt !== null);
    expect(stays.map(({ webhookId }) => webhookId)).toEqual([webhook.id, webhook.id, other.webhook.id]);
    expect(stays.slice(0, 2).map(({ id }) => id)).toEqual([first?.id, second?.id]);
  });
});

test("a courier that cannot keep up gives up the oldest, and says so once a day", async () => {
  const shop = await receiver();
  await createWebhook(scope, ADMIN, { url: shop.url, events: ["campaign.finished"] });
  await noteEvents(
    scope,
    "campaign.finished",
    Array.from({ length: 300 }, (_, number) => ({ number, bot: 1 })),
  );
  const heard: unknown[] = [];
  const events = createEvents(() => undefined);
  events.on("webhookBehind", (event) => heard.push(event));
  const courier = createCourier({
    scope,
    clock: systemClock,
    log: createLog("silent"),
    events,
    lease: { held: () => true },
    wanted: { any: () => true },
    allowed: "127.0.0.1",
    mostWaiting: 100,
  });
  await courier.start();
  await until(async () => (await told()).length === KEPT && shop.got.length >= 140);
  await courier.stop();
  // 40 were told before it looked, and the newest 100 after it.
  expect(heard).toEqual([{ webhookId: expect.any(Number), count: 160 }]);
  expect(shop.got).toHaveLength(140);
});
