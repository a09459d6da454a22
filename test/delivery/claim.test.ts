import { and, eq, inArray } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { setOptedOut, setStatus } from "../../src/audience/recipients.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { campaigns, deliveries, recipients } from "../../src/db/schema.ts";
import { CAMPAIGN_STATES } from "../../src/db/states.ts";
import { claim } from "../../src/delivery/claim/claim.ts";
import { freshScope } from "../support/database.ts";
import { NOW, countersOf, deliveriesOf, emptied, range, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

/** What a first claim of a delivery to a person says, to whom the post does not speak. */
const fresh = {
  threadId: null,
  attempts: 0,
  claims: 1,
  callsDone: 0,
  messageIds: [],
  version: null,
  contentRevision: null,
  person: null,
};

const seqs = (batch: { seq: number }[]) => batch.map(({ seq }) => seq);

test("due deliveries are claimed in the order of the freeze, batch by batch, each once", async () => {
  const id = await seedRunning(scope, range(101, 105));
  const first = await claim(scope, id, 3, NOW);
  expect(first).toEqual({
    batch: [
      { ...fresh, campaignId: id, seq: 1, chatId: 101 },
      { ...fresh, campaignId: id, seq: 2, chatId: 102 },
      { ...fresh, campaignId: id, seq: 3, chatId: 103 },
    ],
    skipped: 0,
    lost: false,
  });
  expect((await deliveriesOf(scope, id)).map(({ state }) => state)).toEqual([
    "sending",
    "sending",
    "sending",
    "pending",
    "pending",
  ]);
  expect(seqs((await claim(scope, id, 3, NOW)).batch)).toEqual([4, 5]);
  expect(await claim(scope, id, 3, NOW)).toEqual({ batch: [], skipped: 0, lost: false });
});

test("a delivery that is tried again later waits for its time, and others go before it", async () => {
  const id = await seedRunning(scope, range(1, 3));
  const later = new Date(NOW.getTime() + 5_000);
  await scope.db
    .update(deliveries)
    .set({ notBefore: later, attempts: 2 })
    .where(and(eq(deliveries.campaignId, id), eq(deliveries.seq, 1)));
  expect(seqs((await claim(scope, id, 10, NOW)).batch)).toEqual([2, 3]);
  expect((await claim(scope, id, 10, new Date(later.getTime() - 1))).batch).toEqual([]);
  expect((await claim(scope, id, 10, later)).batch).toEqual([
    { ...fresh, campaignId: id, seq: 1, chatId: 1, attempts: 2 },
  ]);
  expect((await deliveriesOf(scope, id))[0]).toMatchObject({ state: "sending", notBefore: null });
});

test("a person who left since the freeze is skipped with the reason, and counted", async () => {
  const id = await seedRunning(scope, range(1, 7));
  await setStatus(scope, 1, "blocked");
  await setOptedOut(scope, 2, true);
  await setStatus(scope, 4, "deactivated");
  await setStatus(scope, 5, "unreachable");
  await setStatus(scope, 6, "blocked");
  await setOptedOut(scope, 6, true);
  await scope.db.delete(recipients).where(eq(recipients.chatId, 7));

  const { batch, skipped } = await claim(scope, id, 100, NOW);
  expect(seqs(batch)).toEqual([3]);
  expect(skipped).toBe(6);
  expect(await countersOf(scope, id)).toEqual({ total: 7, skipped: 6 });
  const rows = await deliveriesOf(scope, id);
  expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
    ["skipped", "blocked"],
    ["skipped", "opted-out"],
    ["sending", null],
    ["skipped", "deactivated"],
    ["skipped", "unreachable"],
    ["skipped", "opted-out"],
    ["skipped", "unreachable"],
  ]);
  expect(rows.map(({ settledAt }) => settledAt !== null)).toEqual([
    true,
    true,
    false,
    true,
    true,
    true,
    true,
  ]);
});

test("a batch of only people who left says that the campaign moved on", async () => {
  const id = await seedRunning(scope, range(1, 4));
  await scope.db
    .update(recipients)
    .set({ status: "blocked" })
    .where(inArray(recipients.chatId, [1, 2]));
  expect(await claim(scope, id, 2, NOW)).toEqual({ batch: [], skipped: 2, lost: false });
  expect(seqs((await claim(scope, id, 2, NOW)).batch)).toEqual([3, 4]);
  expect(await countersOf(scope, id)).toEqual({ total: 4, skipped: 2 });
});

test.each(CAMPAIGN_STATES.filter((state) => state !== "running"))(
  "nothing is claimed while the campaign is %s",
  async (state) => {
    const id = await seedRunning(scope, range(1, 3));
    await scope.db.update(campaigns).set({ state }).where(eq(campaigns.id, id));
    expect(await claim(scope, id, 10, NOW)).toEqual({ batch: [], skipped: 0, lost: false });
    expect((await deliveriesOf(scope, id)).every((row) => row.state === "pending")).toBe(true);
  },
);

test("only the campaign's and the bot's own deliveries are claimed", async () => {
  const id = await seedRunning(scope, [1, 2]);
  const other = homeScope(scope.db, scope.botId + 1);
  expect(await claim(other, id, 10, NOW)).toEqual({ batch: [], skipped: 0, lost: false });
  expect(await claim(scope, id + 1, 10, NOW)).toEqual({ batch: [], skipped: 0, lost: false });
});

test("simultaneous claims never share a delivery and leave none out", async () => {
  const id = await seedRunning(scope, range(1, 300));
  await scope.db
    .update(recipients)
    .set({ status: "blocked" })
    .where(inArray(recipients.chatId, range(1, 30)));
  const claimed: number[] = [];
  let skipped = 0;
  const worker = async () => {
    for (let misses = 0; misses < 3;) {
      const got = await claim(scope, id, 7, NOW);
      claimed.push(...seqs(got.batch));
      skipped += got.skipped;
      // On a server a claim may come back empty while another holds the rows.
      if (got.batch.length + got.skipped === 0) misses += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  expect(claimed.toSorted((a, b) => a - b)).toEqual(range(31, 300));
  expect(skipped).toBe(30);
  expect(await countersOf(scope, id)).toEqual({ total: 300, skipped: 30 });
});
