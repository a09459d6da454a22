import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../src/db/open/open-database.ts";
import { closeToOthers } from "../../src/db/embedded/private-folder.ts";
import { openEmbedded } from "../../src/db/embedded/embedded.ts";
import { freshFolder } from "../support/database.ts";
import { noBinaries, sayNothing } from "../support/embedded.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** The folder and all that is in it. */
function everythingIn(folder: string): string[] {
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true });
  return [folder, ...inside.map(({ parentPath, name }) => join(parentPath, name))];
}

/** What somebody else on this machine could read or write. */
function openToOthers(folder: string): string[] {
  return everythingIn(folder).filter((path) => !/^[67]00$/.test(modeOf(path)));
}

/** A folder that looks like one of an embedded database, open to everybody. */
async function openFolder(...besides: string[]): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "herald-private-"));
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  mkdirSync(join(dataDir, "pg", "base"), { recursive: true });
  for (const name of ["herald.lock", "pg/PG_VERSION", "pg/base/1", ...besides])
    writeFileSync(join(dataDir, name), "");
  for (const path of everythingIn(dataDir)) chmodSync(path, statSync(path).isDirectory() ? 0o777 : 0o666);
  return dataDir;
}

test("nobody else on the machine can read an embedded database, new or old", async () => {
  const { dataDir } = await freshFolder();
  const cluster = join(dataDir, "postgres-18");
  for (const round of ["new", "old"]) {
    if (round === "old") for (const folder of [dataDir, cluster]) chmodSync(folder, 0o755);
    const database = await openDatabase({ type: "embedded", dataDir });
    expect(database.embedded).toMatchObject({ type: "postgres" });
    // If PostgreSQL runs as another user, that one has to pass through.
    expect(modeOf(dataDir)).toBe(process.getuid?.() === 0 ? "711" : "700");
    expect(modeOf(cluster)).toBe("700");
    await database.close();
    expect(openToOthers(cluster)).toEqual([]);
  }
});

test("nor one of PGlite's", { timeout: 120_000 }, async () => {
  const { dataDir } = await freshFolder();
  for (const round of ["new", "old"]) {
    if (round === "old")
      for (const path of everythingIn(dataDir)) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o666);
    const database = await openEmbedded(dataDir, "test", sayNothing, { find: noBinaries });
    expect(openToOthers(join(dataDir, "pg"))).toEqual([]);
    await database.db.execute(
      sql`create table if not exists names as select 'Ann ' || i from generate_series(1, 1000) i`,
    );
    await database.db.execute(sql`checkpoint`);
    await database.close();
    expect(openToOthers(join(dataDir, "pg"))).toEqual([]);
  }
});

test("a folder that holds something else keeps its mode: only the database in it is closed", async () => {
  const dataDir = await openFolder("index.html");
  expect(closeToOthers(dataDir)).toBe(true);
  expect([modeOf(dataDir), modeOf(join(dataDir, "index.html"))]).toEqual(["777", "666"]);
  expect(openToOthers(join(dataDir, "pg"))).toEqual([]);
});

test.runIf(process.getuid?.() === 0)(
  "what belongs to another user is left as it is, and that is said",
  async () => {
    const dataDir = await openFolder();
    chownSync(join(dataDir, "pg"), 1, 1);
    process.seteuid?.(65_534);
    try {
      expect(closeToOthers(dataDir)).toBe(false);
    } finally {
      process.seteuid?.(0);
    }
  },
);
