import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartError } from "../../errors.ts";

/** migrations/ lies as far up from dist/db/server and from the bundles of the bench. */
export const MIGRATIONS = fileURLToPath(new URL("../../../migrations", import.meta.url));

/** A state of the schema: the migration that led to it, and what it consists of. */
export interface SchemaState {
  /** Such as `0015_media`. */
  tag: string;
  /** When the migration was made, in ms; the database keeps it for each one that was applied. */
  when: number;
  tables: string[];
  /** The names of its enum types. */
  enums: string[];
}

type Things = Record<string, { name: string }>;

const namesOf = (things: Things) => Object.values(things).map(({ name }) => name);

interface Journal {
  entries: { tag: string; when: number }[];
}

const readJson = async <T>(path: string) => JSON.parse(await readFile(join(MIGRATIONS, path), "utf8")) as T;

/** Every state that this Herald knows, the oldest first. */
export async function schemaStates(): Promise<SchemaState[]> {
  const { entries } = await readJson<Journal>("meta/_journal.json");
  return Promise.all(
    entries.map(async ({ tag, when }) => {
      const { tables, enums } = await readJson<Record<"tables" | "enums", Things>>(
        `meta/${tag.split("_", 1)[0]}_snapshot.json`,
      );
      return { tag, when, tables: namesOf(tables), enums: namesOf(enums) };
    }),
  );
}

/** Runs a query on the database in question. */
type Rows = <Row>(query: string) => Promise<Row[]>;

/**
 * The state of a database; null if no Herald has used it.
 * @throws StartError if a newer Herald has.
 */
export async function findSchemaState(rows: Rows): Promise<SchemaState | null> {
  const when = await lastMigration(rows);
  return when === null ? null : ((await schemaStates()).find((state) => state.when === when) ?? null);
}

/**
 * When the last migration of a database was made; null if no Herald has used it.
 * @throws StartError if a newer Herald has: what it wrote would be misread.
 */
export async function lastMigration(rows: Rows): Promise<number | null> {
  const [found] = await rows<{ there: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  );
  if (!found?.there) return null;
  const [last] = await rows<{ when: number | null }>(
    "select max(created_at)::float8 as when from drizzle.__drizzle_migrations",
  );
  if (last?.when == null) return null;
  const { entries } = await readJson<Journal>("meta/_journal.json");
  if (!entries.some(({ when }) => when === last.when))
    throw new StartError(
      "This database was written by a newer version of Herald. Use that version, or restore a backup that this one made: " +
        "README, Upgrade.",
    );
  return last.when;
}

/** Hands over a folder with the migrations up to this one, which is removed afterwards. */
export async function withMigrationsUpTo<T>(tag: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "herald-migrations-"));
  try {
    await cp(MIGRATIONS, folder, { recursive: true });
    const journal = await readJson<Journal>("meta/_journal.json");
    const last = journal.entries.findIndex((entry) => entry.tag === tag);
    const entries = journal.entries.slice(0, last + 1);
    await writeFile(join(folder, "meta/_journal.json"), JSON.stringify({ ...journal, entries }));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
