import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { and, eq } from "drizzle-orm";
import { countAnswer, listTaps, vote, wasDelivered } from "../../src/campaign/votes/button-votes.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { campaigns, votes } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, range, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const CAMPAIGN = 5;
const voteOf = (person: number, choice: string) => vote(scope, CAMPAIGN, person, choice);
const votesFor = async (button: string) => (await listTaps(scope, CAMPAIGN)).votes.get(button) ?? 0;

/** Those who voted for it, one by one. */
async function voters(choice: string): Promise<number> {
  const { db, botId } = scope;
  const mine = and(eq(votes.botId, botId), eq(votes.campaignId, CAMPAIGN), eq(votes.choice, choice));
  return (await db.select().from(votes).where(mine)).length;
}

describe("a vote", () => {
  test("counts, is moved by another, and is taken back by the same again", async () => {
    expect(await voteOf(1, "👍")).toEqual({ result: "counted", counts: new Map([["👍", 1]]) });
    const moved = { "👍": 0, "👎": 1 };
    expect(await voteOf(1, "👎")).toEqual({ result: "moved", counts: new Map(Object.entries(moved)) });
    const none = { "👍": 0, "👎": 0 };
    expect(await voteOf(1, "👎")).toEqual({ result: "taken-back", counts: new Map(Object.entries(none)) });
    expect((await voteOf(1, "👎")).result).toBe("counted");
  });

  test("is one a person in each campaign, and of one bot", async () => {
    await voteOf(1, "👍");
    await voteOf(2, "👍");
    await vote(scope, CAMPAIGN + 1, 1, "👍");
    await vote(homeScope(scope.db, scope.botId + 1), CAMPAIGN, 3, "👍");
    expect(await votesFor("👍")).toBe(2);
  });

  test("of two at once by one person the second sees the first", async () => {
    for (const times of [2, 7, 20]) {
      const person = 10 + times;
      const before = await votesFor("👍");
      const all = await Promise.all(range(1, times).map(() => voteOf(person, "👍")));
      const results = all.map(({ result }) => result);
      expect(results.filter((result) => result === "counted")).toHaveLength(Math.ceil(times / 2));
      expect(results.filter((result) => result === "taken-back")).toHaveLength(Math.floor(times / 2));
      expect((await votesFor("👍")) - before).toBe(times % 2);
    }
  });

  test("of many people who change their minds at once none is lost", async () => {
    const choices = ["👎", "👍", "❤️"];
    const taps = range(1, 30).flatMap((person) =>
      range(0, 4).map((turn) => ({ person, choice: choices[(person + turn * person) % 3] ?? "" })),
    );
    await Promise.all(taps.map(({ person, choice }) => voteOf(person, choice)));
    for (const choice of choices) expect(await votesFor(choice)).toBe(await voters(choice));
  });
});

test("people who swap their votes at once do not wait for each other", async () => {
  const people = range(1, 40);
  for (const turn of range(0, 7))
    await Promise.all(people.map((person) => voteOf(person, (person + turn) % 2 ? "👍" : "👎")));
  expect([await votesFor("👍"), await votesFor("👎")]).toEqual([20, 20]);
});

test("each look at an answer counts, apart from votes of the same name", async () => {
  await Promise.all(range(1, 10).map(() => countAnswer(scope, CAMPAIGN, "Details")));
  await voteOf(1, "Details");
  expect(await listTaps(scope, CAMPAIGN)).toEqual({
    votes: new Map([["Details", 1]]),
    answers: new Map([["Details", 10]]),
  });
});

test("a tap is believed where its delivery went, and everywhere once the deliveries were dropped", async () => {
  const id = await seedRunning(scope, [41, 42]);
  const kept = { id, detailsDroppedAt: null };
  expect(await wasDelivered(scope, kept, 2, 42)).toBe(true);
  expect(await wasDelivered(scope, kept, 1, 42)).toBe(false);
  expect(await wasDelivered(scope, kept, 3, 42)).toBe(false);
  expect(await wasDelivered(scope, { ...kept, id: id + 1 }, 2, 42)).toBe(false);
  const { db, botId } = scope;
  const dropped = await db
    .update(campaigns)
    .set({ detailsDroppedAt: NOW })
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)))
    .returning();
  expect(await wasDelivered(scope, dropped[0] ?? kept, 1, 42)).toBe(true);
  // A preview is no delivery.
  expect(await wasDelivered(scope, dropped[0] ?? kept, 0, 42)).toBe(false);
});
