import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { troubles } from "../../src/db/schema.ts";
import { type Trouble, listTroubles } from "../../src/db/troubles.ts";
import { createAlarm } from "../../src/bot/notices/alarm.ts";
import { watchDatabase } from "../../src/bot/notices/database-watch.ts";
import { DiskFull } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(async () => void (await scope.db.delete(troubles)));

/** An alarm as each process has one; `told` is what the owners hear. */
function alarmed(clock = manualClock(), own = scope) {
  const told: string[] = [];
  const logged: string[] = [];
  const log = createLog("info", { write: (line: string) => void logged.push(line) });
  const tell = async ({ kind, since }: Trouble, until: Date | null) => {
    const times = [since, until].flatMap((at) => at?.toISOString().slice(11, 19) ?? []);
    told.push(`${kind} ${times.join(" to ")}`);
  };
  return { clock, told, logged, alarm: createAlarm({ scope: own, clock, log, tell }) };
}

test("a trouble is told once when it begins and once when it is over, however often it is noted", async () => {
  const { clock, alarm, told } = alarmed();
  for (let poll = 0; poll < 10; poll += 1) {
    alarm.note("conflict", { graceMs: 5_000 });
    await clock.advance(1_000);
  }
  await alarm.idle();
  expect(told).toEqual(["conflict 12:00:00"]);
  expect(alarm.open).toMatchObject([{ kind: "conflict", since: new Date("2026-03-02T12:00:00Z") }]);
  alarm.over("conflict");
  alarm.over("conflict");
  await alarm.idle();
  expect(told).toEqual(["conflict 12:00:00", "conflict 12:00:00 to 12:00:10"]);
  expect(alarm.open).toEqual([]);
});

test("what is over within its grace period is never reported, and the next time the period starts over", async () => {
  const { clock, alarm, told } = alarmed();
  for (let time = 0; time < 3; time += 1) {
    alarm.note("conflict", { graceMs: 5_000 });
    await clock.advance(4_999);
    alarm.note("conflict", { graceMs: 5_000 });
    alarm.over("conflict");
    await clock.advance(60_000);
  }
  await alarm.idle();
  expect(told).toEqual([]);
});

test("after a restart nobody is told again, and whichever process sees the end reports it", async () => {
  const first = alarmed();
  first.alarm.note("webhook", { facts: { host: "shop.example.com", waiting: 3 } });
  await first.alarm.idle();
  const second = alarmed(first.clock);
  await second.alarm.load();
  expect(second.alarm.open).toMatchObject([{ kind: "webhook", facts: { host: "shop.example.com" } }]);
  await second.clock.advance(3_600_000);
  second.alarm.note("webhook");
  await second.alarm.idle();
  expect(second.told).toEqual([]);
  second.alarm.over("webhook");
  await second.alarm.idle();
  expect(second.told).toEqual(["webhook 12:00:00 to 13:00:00"]);
  expect(await listTroubles(scope)).toEqual([]);
});

test.each(["unauthorized", "telegram"] as const)(
  "a %s trouble cannot be reported while it lasts; its end is, even after a restart",
  async (kind) => {
    const first = alarmed();
    first.alarm.note(kind);
    await first.alarm.idle();
    expect(first.told).toEqual([]);
    const second = alarmed(first.clock);
    await second.alarm.load();
    await second.clock.advance(60_000);
    second.alarm.over(kind);
    await second.alarm.idle();
    expect(second.told).toEqual([`${kind} 12:00:00 to 12:01:00`]);
  },
);

test("each bot has its own troubles", async () => {
  const mine = alarmed();
  mine.alarm.note("conflict");
  await mine.alarm.idle();
  const other = alarmed(mine.clock, homeScope(scope.db, scope.botId + 1));
  await other.alarm.load();
  expect(other.alarm.open).toEqual([]);
});

test("what a webhook's trouble logs names the host and the command, as one line", async () => {
  const { alarm, logged } = alarmed();
  alarm.note("webhook", { facts: { host: "shop.example.com", waiting: 12 } });
  alarm.note("webhook");
  await alarm.idle();
  expect(logged).toHaveLength(1);
  for (const word of ["shop.example.com", "12 updates", "npm run webhook:remove"])
    expect(logged[0]).toContain(word);
});

test("a database that is away for a minute is reported, and so is its return; a short failure is not", async () => {
  const { clock, alarm, told } = alarmed();
  let state: "answers" | "refuses" | "is full" | "hangs" = "answers";
  let asked = 0;
  const ping = () => {
    asked += 1;
    if (state === "is full") return Promise.reject(new DiskFull("full"));
    if (state === "refuses") return Promise.reject(new Error("refused"));
    return state === "hangs" ? new Promise<never>(() => undefined) : Promise.resolve();
  };
  const watch = watchDatabase({ ping, alarm, clock, log: createLog("silent") });
  await watch.start();
  await clock.advance(60_000);
  state = "refuses";
  await clock.advance(40_000);
  state = "answers";
  await clock.advance(60_000);
  expect(told).toEqual([]);
  state = "refuses";
  await clock.advance(100_000);
  await alarm.idle();
  expect(told).toHaveLength(1);
  state = "answers";
  await clock.advance(10_000);
  await alarm.idle();
  expect(told).toHaveLength(2);
  // A disk without room is another matter than a database that is away.
  state = "is full";
  await clock.advance(100_000);
  await alarm.idle();
  expect(alarm.open).toMatchObject([{ kind: "database", facts: { disk: "full" } }]);
  state = "answers";
  await clock.advance(10_000);
  await alarm.idle();
  // One that hangs is not asked again and again.
  state = "hangs";
  const before = asked;
  await clock.advance(600_000);
  await alarm.idle();
  expect(asked - before).toBeLessThanOrEqual(2);
  expect(told).toHaveLength(5);
  await watch.stop();
});
