import { beforeAll, beforeEach, expect, test } from "vitest";
import { getCampaign } from "../../src/campaign/queries.ts";
import type { Scope } from "../../src/db/scope.ts";
import { createHours } from "../../src/delivery/pace/sending-hours.ts";
import type { Window } from "../../src/schedule/window.ts";
import { until } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { manualClock, movableClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { engine } from "../support/engine.ts";
import { localTelegram } from "../support/herald.ts";
import { POST, campaignAs, countersOf, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const NIGHT: Window = { zone: "UTC", from: 22 * 60, to: 6 * 60, days: [1, 2, 3, 4, 5, 6, 7] };

/** The day after next at this time (UTC), as real clocks count. */
function at(hour: number, minute: number, second = 0, daysAhead = 2): Date {
  const day = new Date(Date.now() + daysAhead * 86_400_000);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour, minute, second));
}

test("22:00–06:00 sends at 23:30, stops at 06:00, and continues at 22:00", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.people(400, { firstId: 1_000 });
  await seedPeople(scope, range(1_000, 1_399));
  const { id } = await seedCampaign(scope, { state: "running", startedAt: new Date(), window: NIGHT });
  const clock = movableClock();
  const reached = () => copiesOf(telegram, POST.kind === "text" ? POST.text : "").size;
  const setTo = (moment: Date) => clock.advance(moment.getTime() - clock.now().getTime());

  setTo(at(21, 59, 50));
  const { dispatcher } = await engine(scope, telegram, { rate: 40, clock });
  dispatcher.poke();
  await until(async () => (await getCampaign(scope, id)).frozenAt !== null);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(reached()).toBe(0);

  setTo(at(23, 30));
  await until(() => reached() > 20);

  setTo(at(5, 59, 58, 3));
  await until(() => clock.now() >= at(6, 0, 0, 3));
  const before = reached();
  // What had left is still answered; nothing leaves after the closing, let alone two seconds later.
  expect(before).toBeLessThan(300);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const closed = reached();
  expect(closed - before).toBeLessThanOrEqual(2);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(reached()).toBe(closed);
  expect(await getCampaign(scope, id)).toMatchObject({ state: "running" });

  setTo(at(12, 0, 0, 3));
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(reached()).toBe(closed);

  setTo(at(21, 59, 59, 3));
  await until(async () => (await getCampaign(scope, id)).state === "finished", 20_000);
  expect(await countersOf(scope, id)).toEqual({ total: 400, sent: 400 });
  expect([...copiesOf(telegram, "Hello").values()].every((count) => count === 1)).toBe(true);
}, 60_000);

test("the clock is read each time: the window is open at its last millisecond, and closed at the next", () => {
  const clock = manualClock("2026-03-02T23:30:00Z");
  const hours = createHours(clock);
  const campaign = campaignAs({ window: NIGHT });
  const opensAt = (time: string) => {
    clock.jump(Date.parse(time) - clock.now().getTime());
    return hours.isOpen(campaign);
  };
  expect(hours.isOpen(campaign)).toBe(true);
  expect(opensAt("2026-03-03T05:59:59.999Z")).toBe(true);
  expect(opensAt("2026-03-03T06:00:00Z")).toBe(false);
  expect(opensAt("2026-03-03T21:59:59.999Z")).toBe(false);
  expect(opensAt("2026-03-03T22:00:00Z")).toBe(true);
  // Somebody sets the clock back.
  expect(opensAt("2026-03-03T12:00:00Z")).toBe(false);
  expect(opensAt("2026-03-03T01:00:00Z")).toBe(true);
});

test("each campaign has its own hours; without hours it may always be sent", () => {
  const hours = createHours(manualClock("2026-03-02T12:00:00Z"));
  expect(hours.isOpen(campaignAs({ id: 1, window: NIGHT }))).toBe(false);
  expect(hours.isOpen(campaignAs({ id: 2, window: null }))).toBe(true);
  expect(hours.isOpen(campaignAs({ id: 3, window: { ...NIGHT, from: 540, to: 1260 } }))).toBe(true);
  hours.keepOnly([{ id: 2 }]);
  expect(hours.isOpen(campaignAs({ id: 1, window: null }))).toBe(true);
});
