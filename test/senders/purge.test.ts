import { eq, is, sql } from "drizzle-orm";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import { beforeEach, expect, test } from "vitest";
import { storedSegment } from "../../src/audience/segment/saved-segments.ts";
import { query } from "../../src/db/connect.ts";
import * as schema from "../../src/db/schema.ts";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { PURGED_TABLES, createPurge } from "../../src/senders/purge.ts";
import { scopeOf } from "../../src/db/scope.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { NOW, emptied, range, seedPeople, seedRunning } from "../support/seed.ts";
import { SHOP_ID } from "../support/senders.ts";

const scope = await freshScope();
const { db, homeId } = scope;
const home = { db, homeId };
const shop = scopeOf(home, { botId: SHOP_ID });
const silent = createLog("silent");

beforeEach(() => emptied(scope));

const purgeOf = (change: Partial<Parameters<typeof createPurge>[0]> = {}) =>
  createPurge({ home, clock: systemClock, log: silent, mayRun: () => true, graceMs: 0, ...change });

async function rowsOf(botId: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of [...PURGED_TABLES, "senders"]) {
    const [row] = await query<{ count: number }>(
      db,
      sql`select count(*)::int as count from ${sql.identifier(table)} where bot_id = ${botId}`,
    );
    if (row && row.count > 0) found[table] = row.count;
  }
  return found;
}

/** A removed bot with a campaign to some people, and the same people on the home's own list. */
async function removedShop(people: number): Promise<number> {
  await db.insert(schema.senders).values({ botId: SHOP_ID, homeId, name: "Shop", removedAt: NOW });
  await seedPeople(scope, range(1, people));
  const id = await seedRunning(shop, range(1, people));
  await db.insert(schema.votes).values({ botId: SHOP_ID, campaignId: id, userId: 1, choice: "👍" });
  await db
    .insert(schema.taps)
    .values({ botId: SHOP_ID, campaignId: id, button: "x", what: "vote", count: 1 });
  await db.insert(schema.polls).values({ botId: SHOP_ID, pollId: "p", campaignId: id });
  await db.insert(schema.pollTotals).values({ botId: SHOP_ID, campaignId: id, what: "voters", count: 1 });
  await db
    .insert(schema.pollAnswers)
    .values({ botId: SHOP_ID, campaignId: id, pollId: "p", voterId: 1, name: "P", choices: ["a"] });
  await db.insert(schema.media).values({ botId: SHOP_ID, fileUniqueId: "u", fileId: "f", kind: "photo" });
  const [list] = await db
    .insert(schema.lists)
    .values({ botId: SHOP_ID, name: "L", key: "l", createdBy: 7 })
    .returning();
  await db.insert(schema.forgotten).values({ botId: SHOP_ID, hash: "ab" });
  await db.insert(schema.listMembers).values({ botId: SHOP_ID, listId: list?.id ?? 0, chatId: 1 });
  const segment = storedSegment.store({ tag: "vip" });
  await db.insert(schema.segments).values({ botId: SHOP_ID, name: "S", key: "s", segment, savedBy: 7 });
  await db.insert(schema.topics).values({ botId: SHOP_ID, chatId: -1, threadId: 2, name: "T" });
  await db
    .insert(schema.followUps)
    .values({ botId: SHOP_ID, campaignId: id, seq: 1, what: "pin", chatId: 1, messageId: 1, dueAt: NOW });
  await db.insert(schema.cards).values({ homeId, campaignId: id, chatId: 7, messageId: 1 });
  await db.insert(schema.news).values({ homeId, campaignId: id, what: "ended" });
  return id;
}

test("every table of a sender is purged, and no other", () => {
  const ofSenders = Object.values(schema).flatMap((table) => {
    if (!is(table, PgTable)) return [];
    const { name, columns } = getTableConfig(table);
    return columns.some((column) => column.name === "bot_id") ? [name] : [];
  });
  // `senders` itself goes last, and `troubles` belongs to the home as well: both have a statement of their own.
  expect([...PURGED_TABLES, "senders", "troubles"].toSorted()).toEqual(ofSenders.toSorted());
});

test("a removed bot is gone with all its rows, in batches; the home keeps its own", async () => {
  const id = await removedShop(4_500);
  const own = await rowsOf(BOT_ID);
  expect(Object.keys(await rowsOf(SHOP_ID)).length).toBeGreaterThan(10);
  await purgeOf().sweep();
  expect(await rowsOf(SHOP_ID)).toEqual({});
  expect(await rowsOf(BOT_ID)).toEqual(own);
  expect(own).toMatchObject({ recipients: 4_500 });
  expect(await db.select().from(schema.cards).where(eq(schema.cards.campaignId, id))).toEqual([]);
  expect(await db.select().from(schema.news)).toEqual([]);
});

test("nothing is deleted while an engine may still run, before the grace is over, or without the home's lease", async () => {
  await removedShop(10);
  const before = await rowsOf(SHOP_ID);
  await purgeOf({ graceMs: Date.now() }).sweep();
  await purgeOf({ mayRun: () => false }).sweep();
  await db
    .update(schema.senders)
    .set({ leaseHolder: "other", leaseUntil: sql`now() + interval '10 seconds'` })
    .where(eq(schema.senders.botId, SHOP_ID));
  await purgeOf().sweep();
  expect(await rowsOf(SHOP_ID)).toEqual(before);
});

test("a purge that was interrupted goes on, and a bot that is not removed is left alone", async () => {
  await removedShop(4_500);
  let asked = 0;
  await purgeOf({ mayRun: () => (asked += 1) < 6 }).sweep();
  const half = await rowsOf(SHOP_ID);
  expect(half["deliveries"] ?? 0).toBeLessThan(4_500);
  expect(half["recipients"]).toBe(4_500);
  await purgeOf().sweep();
  expect(await rowsOf(SHOP_ID)).toEqual({});
  await db.insert(schema.senders).values({ botId: SHOP_ID, homeId });
  await purgeOf().sweep();
  expect(await rowsOf(SHOP_ID)).toEqual({ senders: 1 });
});

test("a batch waits for no lock of another bot's statements, and none waits for it", async () => {
  await removedShop(3_000);
  await db.transaction(async (tx) => {
    // As an engine at work: rows of the home are locked meanwhile.
    await tx.execute(sql`select 1 from recipients where bot_id = ${BOT_ID} for update`);
    await purgeOf().sweep();
  });
  expect(await rowsOf(SHOP_ID)).toEqual({});
});
