import { expect, test } from "vitest";
import { createGroupPace } from "../../src/bot/features/inbox/group-pace.ts";
import { manualClock } from "../support/clock.ts";

const MINUTE_MS = 60_000;

/** When each of these calls left, in ms; each makes so many messages. */
async function departures(calls: readonly number[]): Promise<{ at: number; messages: number }[]> {
  const clock = manualClock();
  const pace = createGroupPace(clock);
  const left: { at: number; messages: number }[] = [];
  const all = (async () => {
    for (const messages of calls) {
      await pace.turn(messages, new AbortController().signal);
      left.push({ at: clock.monotonic(), messages });
    }
  })();
  await clock.advance(10 * MINUTE_MS);
  await all;
  return left;
}

test("a group gets fewer than 20 messages in any minute, albums by their parts, and none waits for nothing", async () => {
  const left = await departures([...Array.from({ length: 30 }, () => 1), 10, 1, 10, 3, 1, 1]);
  expect(left).toHaveLength(36);
  for (const { at } of left) {
    const within = left.filter((one) => one.at >= at && one.at < at + MINUTE_MS);
    expect(within.reduce((sum, { messages }) => sum + messages, 0)).toBeLessThan(20);
  }
  expect(left.slice(0, 4).map(({ at }) => at)).toEqual([0, 0, 0, 0]);
  expect(left[18]?.at).toBe(16_000);
  expect(left[19]?.at).toBe(MINUTE_MS);
});

test("nothing leaves once it is stopped", async () => {
  const clock = manualClock();
  const pace = createGroupPace(clock);
  const stopping = new AbortController();
  for (let count = 0; count < 4; count += 1) expect(await pace.turn(1, stopping.signal)).toBe(true);
  const turn = pace.turn(1, stopping.signal);
  stopping.abort();
  expect(await turn).toBe(false);
});
