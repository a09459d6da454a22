import { randomBytes } from "node:crypto";
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

export const BOT_ID = 1_000_001;

/** Runs `work` on its own connection and closes that at once: a test file has many databases. */
async function onItsServer(work: (admin: postgres.Sql) => Promise<unknown>): Promise<void> {
  const admin = postgres(inject("template").server, { max: 1, onnotice: () => undefined });
  await work(admin);
  await admin.end();
}

/** A new folder for an embedded database, deleted after the test file. */
export async function freshFolder(): Promise<DatabaseLocation & { type: "embedded" }> {
  const dataDir = await mkdtemp(join(tmpdir(), "herald-test-"));
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  return { type: "embedded", dataDir };
}

/** A new, empty, migrated database on the server, deleted after the test file. */
export async function freshLocation(): Promise<DatabaseLocation & { type: "server" }> {
  const template = inject("template");
  const name = `herald_test_${randomBytes(6).toString("hex")}`;
  // A tenth of a second less than through the log, which is the way for large ones.
  await onItsServer(
    (admin) => admin`create database ${admin(name)} template ${admin(template.name)} strategy file_copy`,
  );
  afterAll(() => onItsServer((admin) => admin`drop database if exists ${admin(name)} with (force)`));
  const url = new URL(template.server);
  url.pathname = `/${name}`;
  return { type: "server", url: url.href };
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
