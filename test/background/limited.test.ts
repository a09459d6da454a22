import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapLimited } from "../../src/background/limited.ts";

test("at most so many run at a time, and the results keep the order of the items", async () => {
  let running = 0;
  let peak = 0;
  const results = await mapLimited([5, 4, 3, 2, 1, 0], 2, async (ms) => {
    running += 1;
    peak = Math.max(peak, running);
    await sleep(ms);
    running -= 1;
    return ms * 10;
  });
  expect(results).toEqual([50, 40, 30, 20, 10, 0]);
  expect(peak).toBe(2);
});

test("after a failure nothing more starts, and it rejects once those under way have ended", async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const result = mapLimited([1, 2, 3, 4, 5], 2, async (item) => {
    started.push(item);
    if (item === 1) throw new Error("broken");
    await sleep(20);
    ended.push(item);
  });
  await expect(result).rejects.toThrow("broken");
  expect(started.length).toBeLessThan(5);
  expect(ended).toEqual(started.slice(1));
});

test("no items are no work", async () => {
  expect(await mapLimited([], 3, async () => 1)).toEqual([]);
});
