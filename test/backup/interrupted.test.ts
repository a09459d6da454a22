import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { checkBackup } from "../../src/backup/read-backup.ts";
import { writeBackup } from "../../src/backup/write-backup.ts";
import { query } from "../../src/db/connect.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import { until } from "../support/broadcast.ts";
import { freshFolder, freshLocation } from "../support/database.ts";
import { sayNothing } from "../support/embedded.ts";
import { NOW } from "../support/seed.ts";

const addPeople = ({ db }: Pick<Database, "db">, count: number) =>
  db.execute(
    sql`insert into recipients (bot_id, chat_id, first_name) select 1, i, md5(i::text) from generate_series(1, ${count}::int) i`,
  );

const PEOPLE = 60_000;

/** Waits at the first piece, and then for what the test does. */
const paused = (then: () => unknown) => {
  let begun = false;
  return async () => {
    if (begun) return;
    begun = true;
    await then();
  };
};

describe.each<[string, () => Promise<DatabaseLocation>]>([
  ["on a server", freshLocation],
  ["embedded", freshFolder],
])("%s", (_, located) => {
  let folder: string;
  let path: string;
  let database: Database;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "herald-interrupted-"));
    path = join(folder, "backup.gz");
    database = await openDatabase(await located(), sayNothing);
    await addPeople(database, PEOPLE);
    return async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    };
  });

  test("what is written while a backup is made is not in it, and does not wait for it", async () => {
    const rest = paused(() =>
      database.db.execute(sql`update recipients set first_name = 'New' where chat_id > 1`),
    );
    await writeBackup(database.snapshot, path, { now: NOW, rest });
    const { foot } = await checkBackup(path);
    expect(foot.rows["recipients"]).toBe(PEOPLE);
    expect(
      await query(database.db, sql`select count(*)::int as count from recipients where first_name = 'New'`),
    ).toEqual([{ count: PEOPLE - 1 }]);
  });

  test("one that is given up leaves no file, and the database goes on", async () => {
    const stop = new AbortController();
    const rest = paused(() => stop.abort());
    await expect(
      writeBackup(database.snapshot, path, { now: NOW, rest, signal: stop.signal }),
    ).rejects.toThrow(/abort/i);
    expect(await readdir(folder)).toEqual([]);
    await addPeople({ db: database.db }, 0);
  });

  test("one whose connection is cut leaves no file, and the process goes on", async () => {
    const rest = paused(() =>
      database.db.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'copy%'`,
      ),
    );
    await expect(writeBackup(database.snapshot, path, { now: NOW, rest })).rejects.toThrow(
      /CONNECTION|terminat/i,
    );
    expect(await readdir(folder)).toEqual([]);
    await addPeople({ db: database.db }, 0);
  });

  test("one that cannot be written says why", async () => {
    await expect(writeBackup(database.snapshot, join(folder, "no/backup.gz"), { now: NOW })).rejects.toThrow(
      /ENOENT/,
    );
    await addPeople({ db: database.db }, 0);
  });
});

test("a backup that is killed leaves no file of its name, and the next one is complete", async () => {
  const location = await freshFolder();
  const database = await openDatabase(location, sayNothing);
  afterAll(() => database.close());
  await addPeople(database, 300_000);
  const folder = await mkdtemp(join(tmpdir(), "herald-killed-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "backup.gz");
  const backUp = () =>
    spawn(process.execPath, [fileURLToPath(new URL("../../dist/backup.js", import.meta.url)), path], {
      env: { DATA_DIR: location.dataDir },
    });
  const killed = backUp();
  await until(async () => (await readdir(folder)).length > 0);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^backup\.gz\.\d+\.partial$/)]);

  const [code] = (await once(backUp(), "exit")) as [number];
  expect(code).toBe(0);
  expect((await checkBackup(path)).foot.rows["recipients"]).toBe(300_000);
});
