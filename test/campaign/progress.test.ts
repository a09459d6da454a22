import { expect, test } from "vitest";
import { starsFor } from "../../src/campaign/costs.ts";
import { daysKept } from "../../src/campaign/progress.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { NOW } from "../support/seed.ts";

test.each([
  [100_000, 1000, 9_700],
  [1_000_000, 1000, 97_000],
  [100_000, 40, 2_500],
  // 0.97 of a Star, rounded up.
  [10, 1000, 1],
  [1, 1000, 1],
  [0, 1000, 0],
  [100_000, 30.5, 164],
])("%i messages at %d a second cost %i Stars at most", (count, rate, stars) => {
  expect(starsFor(count, rate)).toBe(stars);
});

test.each([1, 28, 30])("at %i a second everything is free", (rate) => {
  expect(starsFor(1_000_000, rate)).toBe(0);
});

test.each([
  [90 * 24 * 60, 90],
  [90 * 24 * 60 + 59, 90],
  [91 * 24 * 60 - 1, 90],
  [24 * 60, 1],
])("dropped %i min after the end, deliveries were kept for %i days", (minutes, days) => {
  const detailsDroppedAt = new Date(NOW.getTime() + minutes * 60_000);
  expect(daysKept({ finishedAt: NOW, detailsDroppedAt } as Campaign)).toBe(days);
});
