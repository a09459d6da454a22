import { expect, test } from "vitest";
import { type RepeatOptions, type Repeated, repeat } from "../../src/background/rounds.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";

/** Rounds every 1,000 ms, 5,000 ms after one that failed, with the moments at which they began. */
function rounds(options: Partial<RepeatOptions> & Pick<RepeatOptions, "work">) {
  const clock = manualClock();
  const logged: string[] = [];
  const begun: number[] = [];
  const loop: Repeated = repeat({
    clock,
    log: createLog("info", { write: (line: string) => void logged.push(line) }),
    everyMs: 1_000,
    againMs: 5_000,
    complaint: "cannot do it",
    ...options,
    work(stop) {
      begun.push(clock.monotonic());
      return options.work(stop);
    },
  });
  return { loop, clock, logged, begun };
}

const idle = () => undefined;
const nothing = () => Promise.resolve();
const failing = () => Promise.reject(new Error("no"));

test("a round begins at once, then each time that the one before has been over for so long", async () => {
  const { loop, clock, begun } = rounds({ work: nothing });
  await loop.start();
  await clock.advance(2_500);
  await loop.stop();
  await clock.advance(5_000);
  expect(begun).toEqual([0, 1_000, 2_000]);
});

test("the first round waits if it is to, for as long as it is told at that moment", async () => {
  let everyMs = 300;
  const { loop, clock, begun } = rounds({ work: nothing, waitsFirst: true, everyMs: () => everyMs });
  everyMs = 700;
  await loop.start();
  await clock.advance(699);
  expect(begun).toEqual([]);
  await clock.advance(1);
  expect(begun).toEqual([700]);
  await loop.stop();
});

test("a nudge begins the next round at once, and one during a round begins another behind it", async () => {
  let during: () => void = idle;
  const { loop, clock, begun } = rounds({
    work: async () => {
      during();
      during = idle;
    },
  });
  await loop.start();
  await clock.advance(300);
  during = loop.nudge;
  loop.nudge();
  await clock.advance(0);
  expect(begun).toEqual([0, 300, 300]);
  await loop.stop();
});

test("after a round that failed it waits longer, and a nudge does not cut that short", async () => {
  const { loop, clock, begun } = rounds({ work: failing });
  await loop.start();
  await clock.advance(1_000);
  loop.nudge();
  await clock.advance(4_000);
  expect(begun).toEqual([0, 5_000]);
  await loop.stop();
  expect(clock.sleeping).toBe(0);
});

test("the log says once that rounds fail, and again only after one has succeeded", async () => {
  let work: () => Promise<void> = failing;
  const { loop, clock, logged } = rounds({ work: () => work() });
  await loop.start();
  await clock.advance(20_000);
  expect(logged.filter((line) => line.includes("cannot do it"))).toHaveLength(1);
  work = nothing;
  await clock.advance(10_000);
  work = failing;
  await clock.advance(10_000);
  await loop.stop();
  expect(logged.filter((line) => line.includes("cannot do it"))).toHaveLength(2);
});

test("someone else is told of every round instead of the log", async () => {
  const told: string[] = [];
  let work: () => Promise<void> = failing;
  const complaint = { note: () => void told.push("failed"), over: () => void told.push("succeeded") };
  const { loop, clock, logged } = rounds({ work: () => work(), complaint });
  await loop.start();
  await clock.advance(5_000);
  work = nothing;
  await clock.advance(5_000);
  await loop.stop();
  expect(told).toEqual(["failed", "failed", "succeeded"]);
  expect(logged).toEqual([]);
});

test("no round follows the one that says that it is done", async () => {
  const { loop, clock, begun } = rounds({ work: async () => "done" as const });
  await loop.start();
  await clock.advance(5_000);
  loop.nudge();
  await clock.advance(5_000);
  expect(begun).toEqual([0]);
  await loop.stop();
});

test("a stop waits for the round under way, and no other follows", async () => {
  let end: () => void = idle;
  const { loop, clock, begun } = rounds({ work: () => new Promise<void>((resolve) => (end = resolve)) });
  await loop.start();
  let isStopped = false;
  const stopping = loop.stop().then(() => (isStopped = true));
  await clock.advance(5_000);
  expect(isStopped).toBe(false);
  end();
  await stopping;
  expect(begun).toEqual([0]);
});
