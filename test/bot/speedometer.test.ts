import { expect, test } from "vitest";
import { createSpeedometer } from "../../src/bot/cards/speedometer.ts";
import { manualClock } from "../support/clock.ts";

test("a steady flow is measured exactly", async () => {
  const clock = manualClock();
  const meter = createSpeedometer(clock);
  for (let tick = 0; tick < 300; tick++) {
    meter.add(1, 3);
    await clock.advance(100);
  }
  expect(meter.speed(1)).toBeGreaterThan(28);
  expect(meter.speed(1)).toBeLessThan(31);
});

test("no speed is given before a second has passed, or after ten seconds without an outcome", async () => {
  const clock = manualClock();
  const meter = createSpeedometer(clock);
  expect(meter.speed(1)).toBeNull();
  meter.add(1, 10);
  await clock.advance(900);
  meter.add(1, 10);
  expect(meter.speed(1)).toBeNull();
  await clock.advance(100);
  expect(meter.speed(1)).toBe(10);
  await clock.advance(9_901);
  expect(meter.speed(1)).toBeNull();
});

test("it slows down when outcomes stop coming", async () => {
  const clock = manualClock();
  const meter = createSpeedometer(clock);
  for (let second = 0; second < 5; second++) {
    meter.add(1, 20);
    await clock.advance(1_000);
  }
  const before = meter.speed(1)!;
  await clock.advance(4_000);
  expect(meter.speed(1)).toBeLessThan(before / 1.5);
});

test("each campaign has its own speed", async () => {
  const clock = manualClock();
  const meter = createSpeedometer(clock);
  for (let second = 0; second < 4; second++) {
    meter.add(1, 20);
    meter.add(2, 2);
    await clock.advance(1_000);
  }
  expect(meter.speed(1)).toBe(15);
  expect(meter.speed(2)).toBe(1.5);
  expect(meter.speed(3)).toBeNull();
});
