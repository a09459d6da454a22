import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Unreadable, listDue } from "../../src/campaign/queries.ts";
import { campaigns } from "../../src/db/schema.ts";
import type { Scope } from "../../src/db/scope.ts";
import { createRotation } from "../../src/delivery/claim/rotation.ts";
import { watchUnreadable } from "../../src/delivery/shared/unreadable.ts";
import { createEvents } from "../../src/events.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { emptied, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const EMPTY_MS = 30_000;
const log = createLog("fatal");
const events = createEvents((error) => {
  throw error;
});

test("the list is read each second while a campaign runs, and seldom while none does, unless something has changed", async () => {
  const clock = manualClock();
  const rotation = createRotation(scope, clock, () => "Leave", EMPTY_MS, watchUnreadable(log, events));
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

test("a campaign that a newer Herald wrote is left out and told of once, and the others are sent", async () => {
  const told: (string | null)[] = [];
  const stop = events.on("unreadable", ({ what }) => told.push(what));
  const rotation = createRotation(
    scope,
    manualClock(),
    () => "Leave",
    EMPTY_MS,
    watchUnreadable(log, events),
  );
  const newer = await seedRunning(scope, [1]);
  const ours = await seedRunning(scope, [2]);
  const self = eq(campaigns.id, newer);
  await scope.db
    .update(campaigns)
    .set({ content: sql`${campaigns.content} || '{"v":99}'` })
    .where(self);
  for (let look = 0; look < 3; look++) {
    await rotation.read();
    expect(rotation.running.map(({ id }) => id)).toEqual([ours]);
  }
  expect(told).toEqual([
    expect.stringMatching(`The post of campaign ${newer} was written by a newer Herald`),
  ]);
  await scope.db
    .update(campaigns)
    .set({ content: sql`${campaigns.content} - 'v'` })
    .where(self);
  await rotation.read();
  expect(rotation.running).toHaveLength(2);
  expect(told.slice(1)).toEqual([null]);
  stop();

  await scope.db
    .update(campaigns)
    .set({ state: "scheduled", startsAt: new Date(0), audience: sql`${campaigns.audience} || '{"v":99}'` })
    .where(self);
  await scope.db
    .update(campaigns)
    .set({ state: "scheduled", startsAt: new Date(0) })
    .where(eq(campaigns.id, ours));
  const unreadable: Unreadable[] = [];
  expect((await listDue(scope, new Date(), unreadable)).map(({ id }) => id)).toEqual([ours]);
  expect(unreadable).toMatchObject([{ id: newer }]);
});
