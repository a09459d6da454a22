import { Readable } from "node:stream";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { importRecipients } from "../../src/audience/import/import-people.ts";
import { putPerson } from "../../src/audience/person-change.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import {
  beginStepChange,
  removeStep,
  retimeStep,
  putStep,
} from "../../src/campaign/actions/change-newcomers.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { holdRestored } from "../../src/campaign/hold-restored.ts";
import { type After, dueAt, dueUpTo } from "../../src/campaign/step-plan.ts";
import { type LiveStep, listSteps } from "../../src/campaign/live-steps.ts";
import { listHistory } from "../../src/campaign/report/recipient-history.ts";
import { countLists } from "../../src/campaign/search.ts";
import { campaigns, deliveries, news, recipients } from "../../src/db/schema.ts";
import { type Scope, inTransaction } from "../../src/db/scope.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { dayBoundsIn } from "../../src/schedule/day-bounds.ts";
import { readLine } from "../../src/audience/segment/read-line.ts";
import { freshScope } from "../support/database.ts";
import { DAY, HOUR, at, days, hours, newcomersOf, seeded } from "../support/newcomers.ts";
import { ADMIN, NOW, emptied, range, seedCampaign } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const { adds, feeder, sends, join, got } = newcomersOf(() => scope);

describe("when a step is due", () => {
  test.each([
    ["hours", hours(5)],
    ["days, in the morning", days(1, 9)],
    ["days, at night", days(3, 0)],
    ["days, in the hour that the clocks skip", { ...days(2, 2), at: 150 } as After],
  ])("after %s, who joined before the border is due, and nobody else", (_, after) => {
    // Over both changes of the clocks in 2026.
    for (const start of [Date.UTC(2026, 2, 25), Date.UTC(2026, 9, 20)])
      for (let tick = 0; tick < 24 * 12; tick += 1) {
        const now = new Date(start + tick * HOUR + 1_234);
        const border = dueUpTo(after, now).getTime();
        for (const joined of [border - 1, border - DAY, border, border + 1, border + DAY])
          expect([joined - border, dueAt(after, new Date(joined)) <= now]).toEqual([
            joined - border,
            joined < border,
          ]);
      }
  });
});

test("10,000 newcomers in weeks with restarts, pauses and edits: nobody gets a step twice or out of order", async () => {
  const random = seeded(7);
  const joinedAt = new Map(range(1, 10_000).map((chatId) => [chatId, at(Math.floor(random() * 10 * DAY))]));
  await join(
    [...joinedAt].map(([chatId, joined]) => ({
      chatId,
      joinedAt: joined,
      ...(chatId % 3 === 0 && { source: "promo" }),
    })),
  );
  // People who joined before the series began get nothing of it.
  await join(range(20_001, 20_100).map((chatId) => ({ chatId, joinedAt: at(-HOUR) })));
  const first = await adds({ after: hours(2) }, NOW);
  const third = await adds({ after: days(3, 19), source: "promo" }, NOW);
  const fourth = await adds({ after: days(4, 10) }, NOW);
  let second: LiveStep | null = null;
  let [one, other] = [feeder(1_000), feeder(1_000)];
  for (let ms = 0; ms < 16 * DAY; ms += 8 * HOUR) {
    const now = at(ms);
    const hour = Math.round(ms / HOUR);
    if (hour === 24 * 2) second = await adds({ after: days(2, 10) }, now);
    if (hour === 24 * 4) await retimeStep(scope, ADMIN, third.id, { after: hours(80), source: "promo" });
    if (hour === 24 * 5) {
      const [step] = (await listSteps(scope)).filter(({ id }) => id === first.id);
      const change = await beginStepChange(scope, ADMIN, step ?? first, "change");
      await putStep(scope, ADMIN, change, now).catch(() => undefined);
    }
    if (hour === 24 * 6) await pause(scope, ADMIN, first.id);
    if (hour === 24 * 6 + 16) await resume(scope, ADMIN, first.id, now);
    if (random() < 0.1) one = feeder(1_000);
    // Two processes at once, each of which believes to have the lease.
    if (random() < 0.2) await Promise.allSettled([one.feed(now), other.feed(now)]);
    else await one.feed(now);
    if (random() < 0.1) other = feeder(1_000);
    if (random() < 0.8) await sends(now);
  }
  await sends(at(17 * DAY));
  const rows = await scope.db.select().from(deliveries);
  const byPerson = new Map<number, (typeof rows)[number][]>();
  for (const row of rows) byPerson.set(row.chatId, [...(byPerson.get(row.chatId) ?? []), row]);
  const order = (await listSteps(scope)).map(({ id }) => id);
  expect(order).toEqual([first.id, second?.id, third.id, fourth.id]);
  expect(rows.every(({ state }) => state === "sent")).toBe(true);
  const wrong: unknown[] = [];
  for (const [chatId, mine] of byPerson) {
    const sentAt = (row: (typeof mine)[number]) => row.settledAt?.getTime() ?? 0;
    const inTime = mine.toSorted((a, b) => sentAt(a) - sentAt(b));
    for (const [index, row] of inTime.entries()) {
      const next = inTime[index + 1];
      const isInOrder =
        next === undefined ||
        (order.indexOf(row.campaignId) < order.indexOf(next.campaignId) && sentAt(row) < sentAt(next));
      const after = row.campaignId === fourth.id ? days(4, 10) : hours(2);
      if (!isInOrder || sentAt(row) < dueAt(after, joinedAt.get(chatId) ?? at(0)).getTime())
        wrong.push(inTime);
    }
  }
  expect(wrong).toEqual([]);
  expect(rows.some(({ chatId }) => chatId > 10_000)).toBe(false);
  expect(
    rows.filter(({ campaignId }) => campaignId === third.id).every(({ chatId }) => chatId % 3 === 0),
  ).toBe(true);
  // Nobody was forgotten: all of them joined, and all were due for the last step, by the end.
  expect(new Set(await got(first.id)).size).toBe(10_000);
  expect(new Set(await got(fourth.id)).size).toBe(10_000);
});

test("who has left, or is a day late, is passed over; a source and a tag choose who gets a step", async () => {
  const tagged = await adds({ after: hours(1), source: "promo", tag: "vip" }, NOW);
  await join([
    { chatId: 1, joinedAt: at(HOUR), source: "promo", tags: ["vip", "new"] },
    { chatId: 2, joinedAt: at(HOUR), source: "promo" },
    { chatId: 3, joinedAt: at(HOUR), tags: ["vip"] },
    { chatId: 4, joinedAt: at(HOUR), source: "promo", tags: ["vip"] },
    { chatId: 5, joinedAt: at(40 * HOUR), source: "promo", tags: ["vip"] },
  ]);
  await scope.db.update(recipients).set({ optedOutAt: NOW }).where(eq(recipients.chatId, 4));
  const { feed } = feeder();
  expect(await feed(at(HOUR))).toBe(0);
  expect(await feed(at(2 * HOUR))).toBe(1);
  expect(await got(tagged.id)).toEqual([1]);
  await sends(at(2 * HOUR));
  // Herald was away for days.
  await join([{ chatId: 6, joinedAt: at(3 * HOUR), source: "promo", tags: ["vip"] }]);
  expect(await feed(at(50 * HOUR))).toBe(1);
  expect(await got(tagged.id)).toEqual([1, 5]);
});

test("people of a file or of a program are no newcomers, whatever it says of when they joined", async () => {
  const step = await adds({ after: hours(1) }, NOW);
  await join([{ chatId: 1, joinedAt: at(HOUR) }]);
  await scope.db.insert(recipients).values([
    { botId: scope.botId, chatId: 2, joinedAt: at(HOUR), createdAt: at(90 * 60_000) },
    // Without a date; a later file or program has one.
    { botId: scope.botId, chatId: 3, createdAt: at(1) },
    { botId: scope.botId, chatId: 4, createdAt: at(1) },
  ]);
  const said = at(HOUR).toISOString();
  await importRecipients(scope, Readable.from([Buffer.from(`chat_id,joined_at\n3,${said}\n`)]));
  await inTransaction(scope, (tx) => putPerson(tx, 4, { joinedAt: at(HOUR) }));
  expect(await feeder().feed(at(3 * HOUR))).toBe(1);
  expect(await got(step.id)).toEqual([1]);
  // The same file again changes nothing.
  expect(
    await importRecipients(scope, Readable.from([Buffer.from(`chat_id,joined_at\n3,${said}\n`)])),
  ).toMatchObject({ unchanged: 1, updated: 0 });
});

test("a step waits for the one before; paused, it holds the later ones, and it can be resumed or removed", async () => {
  const first = await adds({ after: hours(1) }, NOW);
  const second = await adds({ after: hours(2) }, NOW);
  await join([{ chatId: 1, joinedAt: at(1) }]);
  const { feed } = feeder();
  await feed(at(3 * HOUR));
  expect([await got(first.id), await got(second.id)]).toEqual([[1], []]);
  await feed(at(3 * HOUR + 60_000));
  expect(await got(second.id)).toEqual([]); // the first is still on its way
  await sends(at(4 * HOUR));
  await pause(scope, ADMIN, first.id);
  await join([{ chatId: 2, joinedAt: at(2 * HOUR) }]);
  await feed(at(5 * HOUR));
  expect([await got(first.id), await got(second.id)]).toEqual([[1], [1]]);
  await removeStep(scope, ADMIN, first.id, at(5 * HOUR));
  await sends(at(5 * HOUR));
  await feed(at(6 * HOUR));
  expect(await got(second.id)).toEqual([1, 2]);
  await expect(removeStep(scope, ADMIN, first.id, at(6 * HOUR))).rejects.toMatchObject({ code: "conflict" });
  expect((await listSteps(scope)).map(({ id }) => id)).toEqual([second.id]);
});

test("a step is no campaign: it cannot be launched, is in no list, and tells nobody that it has ended", async () => {
  await join([{ chatId: 1, joinedAt: at(1) }]);
  const draft = await createDraft(scope, ADMIN, {
    content: { kind: "text", text: "Hello", buttons: [] },
    audience: EVERYONE,
    step: { after: hours(1), since: "" },
    originKey: "k",
  });
  const agreed = { count: 1, typedCount: null, startsAt: null };
  const limits = { now: NOW, typedFrom: 100, mostScheduled: 10 };
  await expect(launch(scope, ADMIN, draft, agreed, limits)).rejects.toMatchObject({ code: "no-campaign" });
  await putStep(scope, ADMIN, draft, NOW);
  await feeder().feed(at(2 * HOUR));
  await sends(at(2 * HOUR));
  expect(await countLists(scope)).toEqual({ running: 0, scheduled: 0, drafts: 0, done: 0 });
  expect(await scope.db.select().from(news)).toEqual([]);
});

test("who got a step is found, although people are in it in the order in which they joined", async () => {
  const step = await adds({ after: hours(1) }, NOW);
  // The later the id, the earlier they joined.
  await join(range(1, 40).map((chatId) => ({ chatId, joinedAt: at((50 - chatId) * 1_000) })));
  await join([{ chatId: 41, joinedAt: at(-DAY) }]);
  await feeder().feed(at(2 * HOUR));
  await sends(at(2 * HOUR));
  expect((await got(step.id))[0]).toBe(40);
  for (const isRemoved of [false, true]) {
    if (isRemoved) await removeStep(scope, ADMIN, step.id, at(3 * HOUR));
    expect((await listHistory(scope, 3, 10)).map(({ campaignId }) => campaignId)).toEqual([step.id]);
    expect((await listHistory(scope, 41, 10)).map(({ campaignId }) => campaignId)).not.toContain(step.id);
    const reading = readLine(`-got:${step.id}`, dayBoundsIn("UTC"));
    if (reading.type !== "read") throw new Error("the line cannot be read");
    const others = await seedCampaign(scope, {
      state: "running",
      startedAt: at(3 * HOUR),
      audience: { languages: "all", segment: reading.segment },
    });
    for (let chunks = 0; chunks < 20 && !(await freezeChunk(scope, others.id, 7)); chunks += 1);
    expect(await got(others.id)).toEqual([41]);
  }
});

test("after a restore, or when the database has forgotten who was due last, nobody gets a step again", async () => {
  const step = await adds({ after: hours(1) }, at(-DAY));
  await join([{ chatId: 1, joinedAt: at(-3 * HOUR) }]);
  const before = await scope.db.select().from(campaigns).where(eq(campaigns.id, step.id));
  const { feed, logged } = feeder();
  await feed(NOW);
  await sends(NOW);
  expect(await got(step.id)).toEqual([1]);
  // The standby that is promoted knows nothing of it.
  await scope.db.delete(deliveries);
  const [row] = before;
  await scope.db
    .update(campaigns)
    .set({ total: 0, sent: 0, joinedCursor: row?.joinedCursor ?? null, freezeCursor: 0 })
    .where(eq(campaigns.id, step.id));
  await feed(at(HOUR));
  expect(await got(step.id)).toEqual([]);
  expect(logged.some((line) => line.includes("forgotten"))).toBe(true);
  await scope.db
    .update(campaigns)
    .set({ joinedCursor: at(-DAY) })
    .where(eq(campaigns.id, step.id));
  expect(await holdRestored(scope.db, at(-HOUR))).toBe(1);
  const [held] = await listSteps(scope);
  expect(held).toMatchObject({ state: "paused", pauseReason: "restored" });
  expect(held?.joinedCursor?.getTime()).toBeGreaterThan(at(-3 * HOUR).getTime());
  expect(await scope.db.select({ n: sql<number>`count(*)::int` }).from(deliveries)).toEqual([{ n: 0 }]);
});
