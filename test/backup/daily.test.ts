import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type DailyBackupsDeps, createDailyBackups } from "../../src/backup/daily-backups.ts";
import { checkBackup } from "../../src/backup/read-backup.ts";
import { createEvents } from "../../src/events.ts";
import { createLog } from "../../src/log.ts";
import { until } from "../support/broadcast.ts";
import { manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";

const { database } = await freshScope();

const HOUR_MS = 3_600_000;

/** In Moscow, where it is three hours later. */
async function nightly(change: Partial<DailyBackupsDeps> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "herald-daily-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const clock = manualClock("2026-03-02T12:00:00Z");
  const told: unknown[] = [];
  const events = createEvents(() => undefined);
  events.on("backupMade", () => told.push("made"));
  events.on("backupFailed", ({ what }) => told.push(what));
  const backups = createDailyBackups({
    snapshot: database.snapshot,
    databaseBytes: async () => 1_000_000,
    folder,
    kept: 2,
    timezone: "Europe/Moscow",
    lease: { held: () => true },
    events,
    clock,
    log: createLog("silent"),
    ...change,
  });
  /** Lets the minutes pass, each with what it has to do. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 600_000) {
      await clock.advance(600_000);
      await backups.makeDue().catch((error: Error) => told.push(error.message));
    }
  };
  return { backups, clock, folder, told, pass };
}

test("the first is made at once, then one each night at ten past four, and the newest are kept", async () => {
  const { backups, folder, told, pass } = await nightly();
  expect(backups.last).toBeNull();
  await pass(600_000);
  expect(await readdir(folder)).toEqual(["herald-2026-03-02T1210Z.gz"]);
  await pass(12 * HOUR_MS);
  expect(await readdir(folder)).toEqual(["herald-2026-03-02T1210Z.gz"]);
  await pass(2 * HOUR_MS);
  expect(await readdir(folder)).toEqual(["herald-2026-03-02T1210Z.gz", "herald-2026-03-03T0110Z.gz"]);
  await pass(24 * HOUR_MS);
  expect(await readdir(folder)).toEqual(["herald-2026-03-03T0110Z.gz", "herald-2026-03-04T0110Z.gz"]);
  expect(told).toEqual(["made", "made", "made"]);
  expect(backups.last?.at).toEqual(new Date("2026-03-04T01:10:00Z"));
  const { head } = await checkBackup(join(folder, "herald-2026-03-04T0110Z.gz"));
  expect(head.madeAt).toBe("2026-03-04T01:10:00.000Z");
});

test("one that was missed is made when Herald runs again; other files of the folder stay", async () => {
  const { folder, clock, pass } = await nightly();
  await writeFile(join(folder, "herald-2026-03-02T0110Z.gz"), "older");
  await writeFile(join(folder, "herald-2026-03-01T0110Z.gz.7.partial"), "left by a kill");
  await writeFile(join(folder, "mine.gz"), "of the operator");
  await pass(600_000);
  expect(await readdir(folder)).toContain("herald-2026-03-02T0110Z.gz"); // last night's
  expect(await readdir(folder)).toHaveLength(3);
  await clock.advance(20 * HOUR_MS);
  await pass(600_000);
  expect(await readdir(folder)).toEqual([
    "herald-2026-03-02T0110Z.gz",
    "herald-2026-03-03T0820Z.gz",
    "mine.gz",
  ]);
});

test("a process that only stands by makes none", async () => {
  const { folder, pass } = await nightly({ lease: { held: () => false } });
  await pass(48 * HOUR_MS);
  expect(await readdir(folder)).toEqual([]);
});

test("without room on the disk it says so, leaves nothing behind, and tries again an hour later", async () => {
  let bytes = 2 ** 60;
  const { backups, folder, told, clock } = await nightly({ databaseBytes: async () => bytes });
  await backups.start();
  for (let minute = 0; minute < 3; minute += 1) await clock.advance(60_000);
  await until(() => told.length > 0);
  expect(told).toEqual([expect.stringMatching(/^it needs \d+ MB of disk space, and \d+ MB are free$/)]);
  expect(await readdir(folder)).toEqual([]);
  bytes = 1;
  await clock.advance(HOUR_MS - 120_000);
  expect(told).toHaveLength(1);
  await until(async () => {
    await clock.advance(120_000);
    return told.includes("made");
  });
  await backups.stop();
  expect(await readdir(folder)).toHaveLength(1);
});

test("one that is under way when Herald stops is given up, and nobody is told", async () => {
  const { backups, folder, told, clock } = await nightly();
  const stopped: Promise<void>[] = [];
  const stopping = createDailyBackups({
    snapshot: async (work) => {
      stopped.push(stopping.stop());
      return database.snapshot(work);
    },
    databaseBytes: async () => 1,
    folder,
    kept: 2,
    timezone: "UTC",
    lease: { held: () => true },
    events: createEvents(() => undefined),
    clock,
    log: createLog("silent"),
  });
  await stopping.start();
  await clock.advance(60_000);
  await until(() => stopped.length > 0);
  await Promise.all(stopped);
  expect(await readdir(folder)).toEqual([]);
  expect(told).toEqual([]);
  expect(backups.last).toBeNull();
});
