import { beforeEach, expect, test } from "vitest";
import { type Silence, createSilence } from "../../src/delivery/outbox/silence.ts";
import { createLog } from "../../src/log.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";

let clock: ManualClock;
let silence: Silence;
let asked: number;
let isAway: boolean;

beforeEach(() => {
  clock = manualClock();
  [asked, isAway] = [0, false];
  silence = createSilence({
    clock,
    log: createLog("silent"),
    async probe() {
      asked += 1;
      if (isAway) throw new Error("no answer");
    },
  });
});

/** So many calls leave; what is returned says what became of them, in their order. */
const calls = (count: number) => Array.from({ length: count }, () => silence.left());
const inVain = (count: number) => calls(count).map((ended) => ended(false));

test("five unanswered calls in a row stop everything, four do not", () => {
  inVain(4);
  expect(silence.on).toBe(false);
  inVain(1);
  expect(silence.on).toBe(true);
});

test("an answered one in between restarts the count", () => {
  inVain(4);
  silence.left()(true);
  inVain(4);
  expect(silence.on).toBe(false);
});

test("answers to calls that left before the outage do not hide it, however late they come", () => {
  const before = calls(60);
  for (const [index, ended] of calls(5).entries()) {
    before[index]?.(true);
    ended(false);
  }
  expect(silence.on).toBe(true);
  before.at(-1)?.(true);
  expect(silence.on).toBe(true);
});

test("calls that time out long after later ones were answered do not count as an outage", () => {
  const stuck = calls(20);
  silence.left()(true);
  for (const ended of stuck) ended(false);
  expect(silence.on).toBe(false);
});

test("while Telegram is away, it is probed at most once a second, and nothing leaves", async () => {
  isAway = true;
  inVain(5);
  for (let tenths = 0; tenths < 100; tenths += 1) {
    expect(await silence.ask()).toBe(false);
    await clock.advance(100);
  }
  expect(asked).toBe(10);
  expect(silence.on).toBe(true);
});

test("when it answers, single calls are tried, and the first answered one ends the stop", async () => {
  inVain(5);
  expect(await silence.ask()).toBe(true);
  expect([silence.on, silence.trying]).toEqual([false, true]);
  silence.left()(true);
  expect([silence.on, silence.trying]).toEqual([false, false]);
});

test("earlier calls that end while one is tried do not count", async () => {
  const old = calls(20);
  for (const ended of old.slice(0, 5)) ended(false);
  await silence.ask();
  for (const ended of old.slice(5)) ended(false);
  expect([silence.on, silence.trying]).toEqual([false, true]);
});

test("five unanswered tries at growing intervals although Telegram answers the probe: the last one is hopeless", async () => {
  inVain(5);
  const waits: number[] = [];
  const ends: boolean[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const since = clock.monotonic();
    while (!(await silence.ask())) await clock.advance(1_000);
    waits.push(clock.monotonic() - since);
    ends.push(silence.left()(false));
  }
  expect(waits).toEqual([0, 4_000, 8_000, 16_000, 32_000]);
  expect(ends).toEqual([false, false, false, false, true]);
  expect(silence.on).toBe(true);
});
