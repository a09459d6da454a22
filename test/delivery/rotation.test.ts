import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "../../src/db/scope.ts";
import { createRotation } from "../../src/delivery/claim/rotation.ts";
import { manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { emptied, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const EMPTY_MS = 30_000;

test("the list is read each second while a campaign runs, and seldom while none does, unless something has changed", async () => {
  const clock = manualClock();
  const rotation = createRotation(scope, clock, () => "Leave", EMPTY_MS);
  await rotation.read();
  await clock.advance(EMPTY_MS - 1);
  expect(rotation.isStale).toBe(false);
  await clock.advance(1);
  expect(rotation.isStale).toBe(true);

  await rotation.read();
  await seedRunning(scope, [1]);
  rotation.makeStale();
  expect(rotation.isStale).toBe(true);
  await rotation.read();
  expect(rotation.running).toHaveLength(1);
  await clock.advance(1_000);
  expect(rotation.isStale).toBe(true);

  const reading = rotation.read();
  rotation.makeStale(); // during the query, which may have missed the change
  await reading;
  expect(rotation.isStale).toBe(true);
});
