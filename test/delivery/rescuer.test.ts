import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { rescue } from "../../src/delivery/upkeep/rescuer.ts";
import { settle } from "../../src/delivery/settle/settle.ts";
import { claim } from "../../src/delivery/claim/claim.ts";
import { freshScope } from "../support/database.ts";
import { NOW, claimAll, countersOf, deliveriesOf, emptied, range, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

test("deliveries in flight when a process died are uncertain, by campaign, and never claimed again", async () => {
  const one = await seedRunning(scope, range(1, 5));
  const two = await seedRunning(scope, []);
  await claim(scope, one, 2, NOW);
  await claim(scope, two, 3, NOW);

  const rescued = await rescue(scope, []);
  expect(rescued.toSorted((a, b) => a.campaignId - b.campaignId)).toMatchObject([
    { campaignId: one, count: 2 },
    { campaignId: two, count: 3 },
  ]);
  expect((await deliveriesOf(scope, one)).map(({ state }) => state)).toEqual([
    "uncertain",
    "uncertain",
    "pending",
    "pending",
    "pending",
  ]);
  expect((await deliveriesOf(scope, one))[0]).toMatchObject({
    attempts: 1,
    reason: "uncertain",
    settledAt: expect.any(Date),
  });
  expect(await countersOf(scope, one)).toEqual({ total: 5, uncertain: 2 });
  expect(await countersOf(scope, two)).toEqual({ total: 5, uncertain: 3 });
  expect((await claimAll(scope, one)).map(({ seq }) => seq)).toEqual([3, 4, 5]);
});

test("what this process has in hand is left alone", async () => {
  const one = await seedRunning(scope, range(1, 4));
  const two = await seedRunning(scope, []);
  const held = [...(await claimAll(scope, one)), ...(await claimAll(scope, two))].filter(
    // The same number in the other campaign is not held.
    ({ campaignId, seq }) => (campaignId === one ? seq <= 3 : seq === 4),
  );
  await rescue(scope, held);
  expect((await deliveriesOf(scope, one)).map(({ state }) => state)).toEqual([
    "sending",
    "sending",
    "sending",
    "uncertain",
  ]);
  expect((await deliveriesOf(scope, two)).map(({ state }) => state)).toEqual([
    "uncertain",
    "uncertain",
    "uncertain",
    "sending",
  ]);
});

test("a second rescue finds nothing", async () => {
  const id = await seedRunning(scope, range(1, 3));
  await claimAll(scope, id);
  await rescue(scope, []);
  expect(await rescue(scope, [])).toEqual([]);
  expect(await countersOf(scope, id)).toEqual({ total: 3, uncertain: 3 });
});

test("of the outcomes that arrive after the rescue, only `sent` changes anything", async () => {
  const id = await seedRunning(scope, [1, 2]);
  const [one, two] = await claimAll(scope, id);
  await rescue(scope, []);
  const stumbled = { type: "stumbled", description: "Bad Gateway" } as const;
  await settle(scope, [{ delivery: one!, outcome: stumbled }], NOW);
  expect(await countersOf(scope, id)).toEqual({ total: 2, uncertain: 2 });
  await settle(scope, [{ delivery: two!, outcome: { type: "sent", messageIds: [1] } }], NOW);
  expect(await countersOf(scope, id)).toEqual({ total: 2, sent: 1, uncertain: 1 });
});

test("another bot's deliveries are not rescued", async () => {
  const id = await seedRunning(scope, [1]);
  await claimAll(scope, id);
  expect(await rescue(homeScope(scope.db, scope.botId + 1), [])).toEqual([]);
  expect(await deliveriesOf(scope, id)).toMatchObject([{ state: "sending" }]);
});
