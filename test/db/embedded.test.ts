import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { query } from "../../src/db/connect.ts";
import { findBinaries, withinReach } from "../../src/db/embedded/postgres/binaries.ts";
import { openEmbedded } from "../../src/db/embedded/embedded.ts";
import { type Database, openDatabase } from "../../src/db/open/open-database.ts";
import { recipients } from "../../src/db/schema.ts";
import { ownerOf, register, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshFolder } from "../support/database.ts";
import {
  clusterIn,
  isAlive,
  noBinaries,
  postmasterOf,
  sayNothing,
  serversIn,
  watchdogOf,
} from "../support/embedded.ts";
import { localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { range } from "../support/seed.ts";

/** Opens it and closes it after the test. `said` gathers what the operator is told. */
async function opened(dataDir: string): Promise<Database & { said: string[] }> {
  const said: string[] = [];
  const database = await openDatabase({ type: "embedded", dataDir }, (sentence) => said.push(sentence));
  let isOpen = true;
  const close = async () => {
    if (isOpen) await database.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...database, close, said };
}

async function countPeople({ db }: Pick<Database, "db">): Promise<number> {
  const [row] = await query<{ count: number }>(db, sql`select count(*)::int as count from recipients`);
  return row?.count ?? 0;
}

const addPeople = ({ db }: Pick<Database, "db">, count: number) =>
  db
    .insert(recipients)
    .values(range(1, count).map((chatId) => ({ botId: BOT_ID, chatId, firstName: "Ann" })));

test("what is committed is on the disk, and dead rows are cleaned up", async () => {
  const { dataDir } = await freshFolder();
  const { db } = await opened(dataDir);
  const settings = await query<{ name: string; setting: string }>(
    db,
    sql`select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'autovacuum', 'listen_addresses') order by 1`,
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    autovacuum: "on",
    fsync: "on",
    listen_addresses: "",
    synchronous_commit: "on",
  });
});

test("the rest of Herald is loaded while initdb makes the database, not before it runs", async () => {
  const location = await freshFolder();
  const unfinished = `${clusterIn(location.dataDir)}.unfinished`;
  const isMade = () => existsSync(join(clusterIn(location.dataDir), "PG_VERSION"));
  const seen: boolean[][] = [];
  const look = () => seen.push([existsSync(unfinished), isMade()]);
  for (let start = 0; start < 2; start += 1) await (await openDatabase(location, sayNothing, look)).close();
  expect(seen).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("the server ends with its Herald, also by kill -9, and what was committed is there again", async () => {
  const location = await freshFolder();
  const telegram = await localTelegram();
  const first = spawnHerald(environment(telegram, location));
  await isUp(first);
  const owner = ownerOf(telegram);
  await owner.sends("/start");
  await owner.sees("You are an admin of this bot");
  await first.kill9();
  await until(() => serversIn(location.dataDir).length === 0);

  const second = spawnHerald(environment(telegram, location));
  await isUp(second);
  second.signal("SIGINT");
  expect(await second.exited).toBe(0);
  expect(serversIn(location.dataDir)).toEqual([]);
  await within(location, async (database) => expect(await countPeople(database)).toBe(1));
});

test("a server that was left behind is ended before the next one starts", async () => {
  const location = await freshFolder();
  await register(location, range(1, 10));
  const first = spawnHerald(environment(await localTelegram(), location));
  await isUp(first);
  const left = postmasterOf(location.dataDir);
  process.kill(watchdogOf(left), "SIGKILL");
  await first.kill9();
  expect(isAlive(left)).toBe(true);

  const second = await opened(location.dataDir);
  expect(postmasterOf(location.dataDir)).not.toBe(left);
  expect(isAlive(left)).toBe(false);
  expect(await countPeople(second)).toBe(10);
});

test("a pid file that names another living process of the same user does not hold up the start", async () => {
  const { dataDir } = await freshFolder();
  const first = await opened(dataDir);
  await first.close();
  const pidFile = join(clusterIn(dataDir), "postmaster.pid");
  const bystander = spawn("sleep", ["60"], { stdio: "ignore" });
  onTestFinished(() => void bystander.kill());
  writeFileSync(pidFile, `${bystander.pid}\n${clusterIn(dataDir)}\n`);
  const second = await opened(dataDir);
  expect(await countPeople(second)).toBe(0);
  expect(bystander.exitCode).toBeNull();
});

test.each([
  ["the server", (dataDir: string) => postmasterOf(dataDir)],
  [
    "one of its processes",
    (dataDir: string) => serversIn(dataDir).find((pid) => pid !== postmasterOf(dataDir)) ?? 0,
  ],
])("when %s is killed alone, Herald has it back by itself", async (what, victim) => {
  const { dataDir } = await freshFolder();
  const database = await opened(dataDir);
  await addPeople(database, 10);
  const before = serversIn(dataDir);
  process.kill(victim(dataDir), "SIGKILL");
  // All of its processes end with one of them.
  await until(() =>
    before.every((pid) => !isAlive(pid) || (what !== "the server" && pid === postmasterOf(dataDir))),
  );
  await until(async () => (await countPeople(database).catch(() => 0)) === 10);
  // PostgreSQL starts again by itself when only one of its processes is gone.
  expect(database.said.some((sentence) => sentence.includes("ended by itself (signal SIGKILL)"))).toBe(
    what === "the server",
  );
  await database.close();
  expect(serversIn(dataDir)).toEqual([]);
});

test("a folder whose path is too long for a socket's address", async () => {
  const { dataDir } = await freshFolder();
  chmodSync(dataDir, 0o711);
  const long = join(dataDir, "d".repeat(120));
  const database = await opened(long);
  await addPeople(database, 3);
  expect(await countPeople(database)).toBe(3);
});

test(
  "what PGlite has kept is taken over whole, once, and its folder is renamed",
  { timeout: 120_000 },
  async () => {
    const { dataDir } = await freshFolder();
    const old = await openEmbedded(dataDir, "test", sayNothing, { find: noBinaries });
    expect(old.engine).toEqual({ type: "pglite", reason: "the test takes it away" });
    await addPeople(old, 2_000);
    await old.db.execute(
      sql`insert into audit (home_id, actor_id, action) select 1, 1, 'campaign.created' from generate_series(1, 3)`,
    );
    await old.close();
    // An attempt that was cut off.
    mkdirSync(join(dataDir, "postgres-18.unfinished/base"), { recursive: true });
    writeFileSync(join(dataDir, "postgres-18.unfinished/PG_VERSION"), "18\n");

    const taken = await opened(dataDir);
    expect(taken.said.join("\n")).toContain("Moving the data from PGlite to PostgreSQL");
    expect(await countPeople(taken)).toBe(2_000);
    expect(existsSync(join(dataDir, "pg"))).toBe(false);
    expect(existsSync(join(dataDir, "pg.before-postgres-18"))).toBe(true);
    const [next] = await query<{ id: number }>(
      taken.db,
      sql`insert into audit (home_id, actor_id, action) values (1, 1, 'campaign.created') returning id::int`,
    );
    expect(next?.id).toBe(4);
    await addPeople(taken, 2_001).catch(() => undefined);
    await taken.close();

    const again = await opened(dataDir);
    expect(again.said).toEqual([]);
    expect(await countPeople(again)).toBe(2_000);
  },
);

test("where no PostgreSQL runs, PGlite does, and the operator hears why", async () => {
  const { dataDir } = await freshFolder();
  const said: string[] = [];
  const database = await openEmbedded(dataDir, "test", (sentence) => said.push(sentence), {
    find: noBinaries,
  });
  await addPeople(database, 5);
  expect(await countPeople(database)).toBe(5);
  expect(said.join()).toMatch(
    /PostgreSQL cannot run .*: the test takes it away\. Herald uses PGlite instead/,
  );
  await database.close();
});

/** A machine on which PostgreSQL runs, but initdb fails. */
const failing = async (...place: Parameters<typeof findBinaries>) => ({
  ...(await findBinaries(...place)),
  initdb: "/bin/false",
});

test("where initdb fails, PGlite runs, and the operator hears why", { timeout: 120_000 }, async () => {
  const { dataDir } = await freshFolder();
  const said: string[] = [];
  const database = await openEmbedded(dataDir, "test", (sentence) => said.push(sentence), { find: failing });
  expect(database.engine).toMatchObject({ type: "pglite" });
  await addPeople(database, 5);
  expect(said.join()).toMatch(/PostgreSQL cannot run .*: its database cannot be made \(/);
  await database.close();
  // Once it can be made, the people are there.
  const next = await opened(dataDir);
  expect(next.embedded).toMatchObject({ type: "postgres" });
  expect(await countPeople(next)).toBe(5);
});

test("a cluster that nothing here can run is not passed over for an empty database", async () => {
  const { dataDir } = await freshFolder();
  const database = await opened(dataDir);
  await database.close();
  await expect(openEmbedded(dataDir, "test", sayNothing, { find: noBinaries })).rejects.toThrow(
    /needs PostgreSQL 18, but the test takes it away\. Run the next test/,
  );
  expect(existsSync(join(dataDir, "pg"))).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  "root under a folder that nobody else may enter gets PGlite, and hears why",
  { timeout: 120_000 },
  async () => {
    const { dataDir } = await freshFolder();
    chmodSync(dataDir, 0o700);
    const database = await opened(join(dataDir, "data"));
    expect(database.embedded).toMatchObject({ type: "pglite" });
    expect(database.said.join()).toMatch(/it does not run as root, and user \d+ cannot enter /);
  },
);

test.runIf(process.getuid?.() === 0)(
  "programs that only root can reach are copied to where the server's user can run them",
  async () => {
    const { dataDir } = await freshFolder();
    chmodSync(dataDir, 0o711);
    const [native, copy] = [join(dataDir, "closed/native"), join(dataDir, "copy")];
    mkdirSync(join(native, "bin"), { recursive: true });
    writeFileSync(join(native, "bin/postgres"), "#!/bin/sh\n", { mode: 0o755 });
    const user = { uid: 65_534, gid: 65_534 };
    expect(await withinReach(native, copy, user)).toBe(native);
    chmodSync(join(dataDir, "closed"), 0o700);
    expect(await withinReach(native, copy, null)).toBe(native);
    expect(await withinReach(native, copy, user)).toBe(copy);
    expect(statSync(join(copy, "bin/postgres"))).toMatchObject({ uid: 65_534, mode: 0o100_755 });
  },
);
