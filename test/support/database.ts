import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import {
  type Database,
  type DatabaseLocation,
  type Db,
  type Scope,
  openDatabase,
} from "../../src/db/connect.ts";

/** The suite runs on a real PostgreSQL server instead of the embedded one. */
export const onServer = inject("template").type === "server";

export const BOT_ID = 1_000_001;

/** On a connection of its own, closed at once: a server takes a hundred, and a file of tests has many databases. */
async function onItsServer(work: (admin: postgres.Sql) => Promise<unknown>): Promise<void> {
  const template = inject("template");
  if (template.type !== "server") return;
  const admin = postgres(template.server, { max: 1, onnotice: () => undefined });
  await work(admin);
  await admin.end();
}

/** An empty, migrated database of its own, gone after the test file. */
export async function freshLocation(): Promise<DatabaseLocation> {
  const template = inject("template");
  if (template.type === "embedded") {
    const dataDir = await mkdtemp(join(tmpdir(), "herald-test-"));
    // A thousand small files: five times faster than without "Sync".
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
 * An empty database for one test with Herald in this process. Embedded it is the same one for the whole file and
 * stays open, since to open one takes a second.
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

/** The database there, and what is to be done with it afterwards. */
export async function openAt(location: DatabaseLocation): Promise<Database> {
  if (ownOfFile?.location !== location) return openDatabase(location);
  return { ...ownOfFile.database, close: async () => undefined };
}

/** Every table is empty, and every number starts anew. */
export async function truncated(db: Db): Promise<void> {
  await db.execute(
    sql`truncate bots, recipients, chats, topics, preferences, admins, audit, dialogs, campaigns, series,
      deliveries, errands, votes, taps, cards restart identity`,
  );
}

/** An open database for a file of tests that call the domain directly. Call it in `beforeAll`. */
export async function freshScope(): Promise<Scope & { database: Database; location: DatabaseLocation }> {
  const location = await freshLocation();
  const database = await openDatabase(location);
  afterAll(() => database.close());
  return { db: database.db, botId: BOT_ID, database, location };
}
