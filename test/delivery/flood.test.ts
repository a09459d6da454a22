import { expect, test } from "vitest";
import { createFlood } from "../../src/delivery/pace/flood.ts";
import { manualClock } from "../support/clock.ts";

const [GROUP, CHANNEL] = [-1001, -1002];

test("a chat waits alone, however often it has to; the bot waits when another chat has to as well", () => {
  const flood = createFlood(manualClock());
  expect(flood.onlyThisChat(GROUP, 30_000)).toBe(true);
  expect(flood.onlyThisChat(GROUP, 30_000)).toBe(true);
  expect(flood.onlyThisChat(CHANNEL, 1_000)).toBe(false);
});

test("a wait that is over no longer counts", async () => {
  const clock = manualClock();
  const flood = createFlood(clock);
  expect(flood.onlyThisChat(GROUP, 30_000)).toBe(true);
  await clock.advance(30_000);
  expect(flood.onlyThisChat(CHANNEL, 1_000)).toBe(true);
});
