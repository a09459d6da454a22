import { expect, test } from "vitest";
import { createPacer } from "../../src/delivery/pace/pacer.ts";
import { createPaid } from "../../src/delivery/pace/paid-rate.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { heard, testEvents } from "../support/events.ts";

function paidAt(rate: number, allowed = true) {
  const pacer = createPacer(manualClock(), rate);
  const events = testEvents();
  const told = heard(events, "starsRefused");
  const paid = createPaid({ pacer, log: createLog("silent"), events, allowed, rate });
  return { pacer, paid, told: () => told.length };
}

test("Stars are spent only above the free rate, and only when allowed", () => {
  expect(paidAt(1_000).paid).toMatchObject({ on: true, state: "on" });
  expect(paidAt(30).paid).toMatchObject({ on: false, state: "off" });
  expect(paidAt(1_000, false).paid).toMatchObject({ on: false, state: "off" });
});

test("without Stars sending continues at the free rate, which is reported once, until someone tries again", () => {
  const { pacer, paid, told } = paidAt(1_000);
  paid.refused();
  paid.refused();
  expect(paid).toMatchObject({ on: false, state: "no-stars" });
  expect(pacer.rate).toBe(28);
  expect(told()).toBe(1);
  paid.tryAgain();
  expect(paid).toMatchObject({ on: true, state: "on" });
  expect(pacer.rate).toBe(1_000);
  paid.refused();
  expect(told()).toBe(2);
});
