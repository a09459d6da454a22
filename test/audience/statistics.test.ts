import { beforeAll, beforeEach, expect, test } from "vitest";
import { refreshPerson } from "../../src/audience/recipients.ts";
import { countPeople } from "../../src/audience/people-counts.ts";
import { countEveryone } from "../../src/audience/segment/audience.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, range, seedPeople } from "../support/seed.ts";

let scope: Scope;

beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const DAY_MS = 86_400_000;
const day = (offset: number) => new Date(NOW.getTime() + offset * DAY_MS);

test("everybody is counted once, as the review card counts them", async () => {
  await seedPeople(scope, range(1, 40));
  await seedPeople(scope, range(41, 45), { status: "blocked" });
  await seedPeople(scope, range(46, 47), { status: "deactivated" });
  await seedPeople(scope, range(48, 50), { status: "unreachable" });
  await seedPeople(scope, range(51, 57), { optedOutAt: NOW });
  await seedPeople(scope, range(58, 59), { optedOutAt: NOW, status: "blocked" });
  await seedPeople(scope, [-100], { kind: "group" });
  await seedPeople(homeScope(scope.db, 2), range(1, 9));
  const { active, blocked, unreachable, optedOut } = await countPeople(scope, [day(0)]);
  expect({ active, blocked, unreachable, optedOut }).toEqual({
    active: 40,
    blocked: 5,
    unreachable: 5,
    optedOut: 9,
  });
  expect(await countEveryone(scope)).toEqual({
    reachable: active,
    optedOut,
    unreachable: blocked + unreachable,
  });
});

test("languages are those of active people, the most spoken first, with the unknown one among them", async () => {
  await seedPeople(scope, range(1, 3), { language: "ru" });
  await seedPeople(scope, range(4, 8), { language: "en" });
  await seedPeople(scope, range(9, 10), { language: null });
  await seedPeople(scope, range(11, 30), { language: "de", status: "blocked" });
  await seedPeople(scope, range(31, 33), { language: "es" });
  expect((await countPeople(scope, [day(0)])).languages).toEqual([
    { language: "en", count: 5 },
    { language: "es", count: 3 },
    { language: "ru", count: 3 },
    { language: null, count: 2 },
  ]);
});

test("who joined is counted by day, on top of those who were there before, in whatever language", async () => {
  const joined = (ids: number[], at: Date, change = {}) =>
    seedPeople(scope, ids, { createdAt: at, joinedAt: at, ...change });
  await joined(range(1, 100), day(-9));
  await joined(range(101, 103), new Date(day(-2).getTime() - 1));
  await joined(range(104, 105), day(-2));
  await joined([106], day(-2), { language: "ru", status: "blocked" });
  await joined(range(107, 110), new Date(day(1).getTime() + 1));
  expect((await countPeople(scope, [day(-2), day(-1), day(0), day(1)])).joined).toEqual([
    { count: 3, total: 106 },
    { count: 0, total: 106 },
    { count: 0, total: 106 },
    { count: 4, total: 110 },
  ]);
});

test("an import puts people on the list, but they joined when its dates say, if at all", async () => {
  await seedPeople(scope, range(1, 50), { createdAt: day(0) });
  await seedPeople(scope, range(51, 60), { createdAt: day(0), joinedAt: day(-1) });
  await seedPeople(scope, range(61, 80), { createdAt: day(0), joinedAt: day(-900) });
  await refreshPerson(scope, { id: 81, first_name: "New" });
  expect((await countPeople(scope, [day(-1), day(0)])).joined).toEqual([
    { count: 10, total: 30 },
    { count: 1, total: 81 },
  ]);
});

test("somebody imported joins when they start a bot that could not write to them, and else has been there", async () => {
  await seedPeople(scope, [1], { createdAt: day(-9), status: "unreachable" });
  await seedPeople(scope, range(2, 4), { createdAt: day(-9) });
  for (const id of [1, 2]) {
    await refreshPerson(scope, { id, first_name: "Ada" });
    await refreshPerson(scope, { id, first_name: "Ada L." });
  }
  expect((await countPeople(scope, [day(-10), day(0)])).joined).toEqual([
    { count: 0, total: 3 },
    { count: 1, total: 4 },
  ]);
});

test("a bot without people has zeros", async () => {
  expect(await countPeople(scope, [day(-1), day(0)])).toEqual({
    active: 0,
    optedOut: 0,
    blocked: 0,
    unreachable: 0,
    languages: [],
    joined: [
      { count: 0, total: 0 },
      { count: 0, total: 0 },
    ],
  });
});
