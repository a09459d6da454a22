import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Audience } from "../../src/audience/segment/audience.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { campaigns } from "../../src/db/schema.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { freshScope } from "../support/database.ts";
import { NOW, deliveriesOf, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const running = (change = {}) => seedCampaign(scope, { state: "running", startedAt: NOW, ...change });
const frozenIds = async (id: number) => (await deliveriesOf(scope, id)).map(({ chatId }) => chatId);

test("chunks follow the key order, number everyone from 1 without gaps, and end with a total", async () => {
  await seedPeople(scope, range(1, 25).toReversed());
  const { id } = await running();

  expect(await freezeChunk(scope, id, 10)).toBe(false);
  expect(await getCampaign(scope, id)).toMatchObject({ total: 10, freezeCursor: 10, frozenAt: null });
  expect(await freezeChunk(scope, id, 10)).toBe(false);
  expect(await freezeChunk(scope, id, 10)).toBe(true);

  const rows = await deliveriesOf(scope, id);
  expect(rows.map(({ seq }) => seq)).toEqual(range(1, 25));
  expect(rows.map(({ chatId }) => chatId)).toEqual(range(1, 25));
  expect(rows.every(({ state, attempts }) => state === "pending" && attempts === 0)).toBe(true);
  expect(await getCampaign(scope, id)).toMatchObject({
    total: 25,
    freezeCursor: 25,
    frozenAt: expect.any(Date),
  });
});

test("a last chunk that is full is followed by an empty one", async () => {
  await seedPeople(scope, range(1, 20));
  const { id } = await running();
  const steps = [];
  for (let step = 0; step < 3; step++) steps.push(await freezeChunk(scope, id, 10));
  expect(steps).toEqual([false, false, true]);
  expect(await getCampaign(scope, id)).toMatchObject({ total: 20, freezeCursor: 20 });
});

test("a freeze that stopped in the middle continues from its cursor, nobody twice", async () => {
  await seedPeople(scope, range(1, 30));
  const { id } = await running();
  await freezeChunk(scope, id, 12);
  // The process died here. Meanwhile people came and went on both sides of the cursor.
  await seedPeople(scope, [-5, 31]);
  await seedPeople(scope, [32], { status: "blocked" });
  while (!(await freezeChunk(scope, id, 7)));
  expect(await frozenIds(id)).toEqual(range(1, 31));
  expect(new Set(await frozenIds(id)).size).toBe(31);
});

test("two simultaneous freezes add nobody twice", async () => {
  await seedPeople(scope, range(1, 100));
  const { id } = await running();
  const freeze = async () => {
    while (!(await freezeChunk(scope, id, 9)));
  };
  await Promise.all([freeze(), freeze(), freeze()]);
  const rows = await deliveriesOf(scope, id);
  expect(rows.map(({ seq }) => seq)).toEqual(range(1, 100));
  expect(rows.map(({ chatId }) => chatId)).toEqual(range(1, 100));
  expect((await getCampaign(scope, id)).total).toBe(100);
});

test("a completely frozen audience takes in nobody who comes later", async () => {
  await seedPeople(scope, [1]);
  const { id } = await running();
  await freezeChunk(scope, id, 10);
  await seedPeople(scope, [2]);
  expect(await freezeChunk(scope, id, 10)).toBe(true);
  expect(await frozenIds(id)).toEqual([1]);
});

test.each(["draft", "scheduled", "paused", "finished", "cancelled", "expired"] as const)(
  "nothing is frozen while the campaign is %s",
  async (state) => {
    await seedPeople(scope, [1]);
    const { id } = await seedCampaign(scope, { state });
    expect(await freezeChunk(scope, id, 10)).toBe(true);
    expect(await getCampaign(scope, id)).toMatchObject({ total: 0, frozenAt: null });
    expect(await frozenIds(id)).toEqual([]);
  },
);

test("a pause between two chunks stops the freeze, which continues afterwards", async () => {
  await seedPeople(scope, range(1, 6));
  const { id } = await running();
  const set = (state: "paused" | "running") =>
    scope.db.update(campaigns).set({ state }).where(eq(campaigns.id, id));
  await freezeChunk(scope, id, 2);
  await set("paused");
  await freezeChunk(scope, id, 2);
  expect(await frozenIds(id)).toEqual([1, 2]);
  await set("running");
  while (!(await freezeChunk(scope, id, 2)));
  expect(await frozenIds(id)).toEqual(range(1, 6));
});

test("ids as large as Telegram's are stored exactly", async () => {
  const ids = [-1_002_147_483_648, 5_000_000_000, 2 ** 52 - 1];
  await seedPeople(scope, ids);
  const { id } = await running();
  await freezeChunk(scope, id, 2);
  expect((await getCampaign(scope, id)).freezeCursor).toBe(5_000_000_000);
  await freezeChunk(scope, id, 2);
  expect(await frozenIds(id)).toEqual(ids);
});

describe("who belongs to the audience", () => {
  beforeEach(async () => {
    await seedPeople(scope, [1, 2], { language: "en" });
    await seedPeople(scope, [3], { language: "ru" });
    await seedPeople(scope, [4], { language: "de" });
    await seedPeople(scope, [5], { language: null });
    await seedPeople(scope, [11], { status: "blocked" });
    await seedPeople(scope, [12], { status: "deactivated" });
    await seedPeople(scope, [13], { status: "unreachable" });
    await seedPeople(scope, [14], { optedOutAt: NOW });
    await seedPeople(scope, [15], { optedOutAt: NOW, language: null });
    await seedPeople(scope, [-16], { kind: "group" });
    await seedPeople(scope, [-17], { kind: "channel", language: null });
    await seedPeople(homeScope(scope.db, scope.botId + 1), [18, 19]);
  });

  test.each<[string, Audience, number[]]>([
    ["everyone", { languages: "all" }, [1, 2, 3, 4, 5]],
    ["one language", { languages: ["en"] }, [1, 2]],
    ["two languages", { languages: ["de", "ru"] }, [3, 4]],
    ["others than two, unknown too", { languages: [], othersThan: ["en", "ru"] }, [4, 5]],
    ["a language and others", { languages: ["en"], othersThan: ["en", "ru"] }, [1, 2, 4, 5]],
    ["others than none are everyone", { languages: [], othersThan: [] }, [1, 2, 3, 4, 5]],
    ["no language is nobody, not everyone", { languages: [] }, []],
    ["a language that nobody speaks", { languages: ["xx"] }, []],
  ])("%s", async (_, audience, expected) => {
    const { id } = await running({ audience });
    expect(await freezeChunk(scope, id, 100)).toBe(true);
    expect(await frozenIds(id)).toEqual(expected);
    expect(await getCampaign(scope, id)).toMatchObject({
      total: expected.length,
      freezeCursor: expected.at(-1) ?? null,
      frozenAt: expect.any(Date),
    });
  });
});
