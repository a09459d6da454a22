import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import type { Db } from "../../src/db/connect.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { type Database, type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import * as schema from "../../src/db/schema.ts";

/** Whether the suite runs on a PostgreSQL server instead of the embedded database. */
export const onServer = inject("template").type === "server";

export const BOT_ID = 1_000_001;

/** Runs `work` on its own connection and closes that at once: a server allows a hundred, and a test file has many databases. */
async function onItsServer(work: (admin: postgres.Sql) => Promise<unknown>): Promise<void> {
  const template = inject("template");
  if (template.type !== "server") return;
  const admin = postgres(template.server, { max: 1, onnotice: () => undefined });
  await work(admin);
  await admin.end();
}

/** A new, empty, migrated database, deleted after the test file. */
export async function freshLocation(): Promise<DatabaseLocation> {
  const template = inject("template");
  if (template.type === "embedded") {
    const dataDir = await mkdtemp(join(tmpdir(), "herald-test-"));
    // A thousand small files: cpSync is five times faster than cp.
    cpSync(join(template.dataDir, "pg"), join(dataDir, "pg"), { recursive: true });
    afterAll(() => rm(dataDir, { recursive: true, force: true }));
    return { type: "embedded", dataDir };
  }
  const name = `herald_test_${randomBytes(6).toString("hex")}`;
  await onItsServer((admin) => admin`create database ${admin(name)} template ${admin(template.name)}`);
  afterAll(() => onItsServer((admin) => admin`drop database if exists ${admin(name)} with (force)`));
  const url = new URL(template.server);
  url.pathname = `/${name}`;
  return { type: "server", url: url.href };
}

let ownOfFile: { location: DatabaseLocation; database: Database } | null = null;

/**
 * An empty database for one test with Herald in this process. An embedded one is shared by the whole file and stays
 * open, because opening one takes a second.
 */
export async function emptyLocation(): Promise<DatabaseLocation> {
  if (onServer) return freshLocation();
  if (ownOfFile) {
    await truncated(ownOfFile.database.db);
    return ownOfFile.location;
  }
  const location = await freshLocation();
  const database = await openDatabase(location);
  ownOfFile = { location, database };
  afterAll(async () => {
    ownOfFile = null;
    await database.close();
  });
  return location;
}

/** Opens the database at the location. If the file shares it, closing does nothing. */
export async function openAt(location: DatabaseLocation): Promise<Database> {
  if (ownOfFile?.location !== location) return openDatabase(location);
  return { ...ownOfFile.database, close: async () => undefined };
}

const TABLES = Object.values(schema).filter((value) => is(value, PgTable));

/** Empties every table and restarts every sequence. */
export async function truncated(db: Db): Promise<void> {
  await db.execute(sql`truncate ${sql.join(TABLES, sql`, `)} restart identity`);
}

/** An open database for a test file that calls the domain directly. Call it in `beforeAll`. */
export async function freshScope(): Promise<Scope & { database: Database; location: DatabaseLocation }> {
  const location = await freshLocation();
  const database = await openDatabase(location);
  afterAll(() => database.close());
  return { ...homeScope(database.db, BOT_ID), database, location };
}
