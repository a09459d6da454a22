import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { systemClock } from "../../src/clock.ts";
import { query } from "../../src/db/connect.ts";
import { type Database, openDatabase } from "../../src/db/open/open-database.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { createLease } from "../../src/delivery/upkeep/lease.ts";
import { createLog } from "../../src/log.ts";
import { until } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { testEvents } from "../support/events.ts";
import { OWNER, atEnd } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { FIRST, scene, stage } from "../support/scene.ts";

/** How often a process looks by itself, at campaigns as well as at the lease of another. */
const POLL_MS = 1_000;

/** Of each, so many are measured: a poll that happens to come right then is not what is looked for. */
const ROUNDS = 7;

const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** As a process of its own. */
async function opened(location: Parameters<typeof openDatabase>[0]): Promise<Database> {
  const database = await openDatabase(location, () => undefined);
  atEnd(() => database.close());
  return database;
}

async function within(condition: () => boolean | Promise<boolean>): Promise<number> {
  const since = performance.now();
  while (!(await condition())) {
    if (performance.now() - since > 20_000) throw new Error("nothing happened");
    await systemClock.sleep(3);
  }
  return performance.now() - since;
}

/** At no particular moment between two polls. */
const anyMoment = () => systemClock.sleep(200 + Math.random() * POLL_MS);

describe("with a nudge from another process", () => {
  test(
    "a campaign starts, and goes on after a pause, without waiting for the next poll",
    { timeout: 90_000, retry: 1 },
    async () => {
      const { telegram, database: location, people } = await scene(1, { rate: 1_000, openDatabase });
      const { db, nudges } = await opened(location);
      const [person = 0] = people;
      const has = (text: string) => () => telegram.received(person).some((one) => one.text === text);

      async function started(scope: Scope, text: string): Promise<number> {
        const content = { kind: "text" as const, text, buttons: [] };
        const draft = await createDraft(scope, OWNER, { content, audience: EVERYONE, originKey: text });
        await anyMoment();
        await confirmDraft(scope, OWNER, draft, new Date());
        return within(has(text));
      }

      const times = { nudged: [] as number[], polled: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        times.nudged.push(await started(homeScope(db, BOT_ID, nudges), `nudged ${round}`));
        times.polled.push(await started(homeScope(db, BOT_ID), `polled ${round}`));
      }
      expect(median(times.nudged)).toBeLessThan(median(times.polled));
      expect(median(times.nudged)).toBeLessThan(POLL_MS / 2);
    },
  );

  test(
    "a campaign that is paused stops at once, and one that is resumed goes on",
    { timeout: 60_000 },
    async () => {
      const { telegram, database: location } = await scene(200, { rate: 40, openDatabase });
      const { db, nudges } = await opened(location);
      const scope = homeScope(db, BOT_ID, nudges);
      const content = { kind: "text" as const, text: "Slowly", buttons: [] };
      const draft = await createDraft(scope, OWNER, { content, audience: EVERYONE, originKey: "a" });
      await confirmDraft(scope, OWNER, draft, new Date());
      const arrived = () => telegram.calls.filter(({ chatId = 0, ok }) => ok && chatId >= FIRST).length;
      await until(() => arrived() > 40);
      await pause(scope, OWNER, draft.id);
      await systemClock.sleep(500);
      const before = arrived();
      await systemClock.sleep(500);
      expect(arrived()).toBe(before);
      await resume(scope, OWNER, draft.id);
      await until(() => arrived() > before);
      await until(async () => (await getCampaign(scope, draft.id)).state === "finished");
      expect(arrived()).toBe(200);
    },
  );

  test(
    "the lease changes hands without waiting for the next try",
    { timeout: 90_000, retry: 1 },
    async () => {
      const location = await freshLocation();
      const [one, two] = [await opened(location), await opened(location)];

      async function takenOver(withNudge: boolean): Promise<number> {
        const [holder, standby] = [one, two].map(({ db, nudges, session }) =>
          createLease({
            scope: homeScope(db, BOT_ID, withNudge ? nudges : null),
            clock: systemClock,
            log: createLog("silent"),
            events: testEvents(),
            holder: session,
            exclusive: false,
          }),
        );
        const ear = two.nudges!.listener(BOT_ID, (what) => (what === "lease" ? standby!.nudge() : undefined));
        await ear.start();
        await holder!.acquire();
        const acquired = standby!.acquire();
        await anyMoment();
        const since = performance.now();
        await holder!.release();
        await acquired;
        const took = performance.now() - since;
        await Promise.all([ear.stop(), standby!.release()]);
        return took;
      }

      const times = { nudged: [] as number[], polled: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        times.nudged.push(await takenOver(true));
        times.polled.push(await takenOver(false));
      }
      expect(median(times.nudged)).toBeLessThan(median(times.polled));
      expect(median(times.nudged)).toBeLessThan(POLL_MS / 2);
    },
  );
});

test(
  "each process listens on one connection, which comes back when it is killed and goes when the process ends",
  { timeout: 90_000 },
  async () => {
    const { telegram, database } = await stage(1);
    const { db } = await opened(database);
    const listeners = () =>
      query<{ pid: number; process: string }>(
        db,
        sql`select pid, split_part(application_name, ' ', 2) as process from pg_stat_activity
            where datname = current_database() and query ilike 'listen%' order by process`,
      );
    const holder = spawnHerald(environment(telegram, database));
    await isUp(holder);
    const standby = spawnHerald(environment(telegram, database));
    await until(() => standby.output().includes("standing by"), 30_000);
    await until(async () => (await listeners()).length === 2);
    const before = await listeners();
    expect(new Set(before.map(({ process }) => process)).size).toBe(2);
    expect(before).toHaveLength(2);

    await db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and query ilike 'listen%'`,
    );
    await until(async () => (await listeners()).length === 2);
    expect((await listeners()).map(({ process }) => process)).toEqual(before.map(({ process }) => process));

    holder.signal("SIGTERM");
    expect(await holder.exited).toBe(0);
    await isUp(standby);
    expect(await listeners()).toHaveLength(1);
    standby.signal("SIGTERM");
    expect(await standby.exited).toBe(0);
    await until(async () => (await listeners()).length === 0);
    expect(holder.output() + standby.output()).not.toMatch(/"level":(?:50|60)/);
  },
);
