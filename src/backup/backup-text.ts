import { StartError } from "../errors.ts";
import type { SequenceState } from "../db/copy-tables.ts";
import { VERSION } from "../version.ts";

/*
 * A backup is a gzip file of text, which other tools can read as well:
 *
 *   {"herald":"backup", …}             the head, as JSON on one line
 *   {"table":"homes","columns":[…]}    then for each table its name and columns,
 *   …                                  its rows as PostgreSQL's COPY writes them, one a line,
 *   \.                                 and the end of its rows, which is no row: COPY doubles backslashes
 *   {"rows":{…}, … ,"sha256":"…"}      the foot, with the checksum of everything before it
 */

/** Grows when older versions of Herald cannot read the file. */
const FORMAT = 1;

/** The first line. */
export interface BackupHead {
  herald: "backup";
  format: number;
  /** The version of Herald that wrote it. */
  version: string;
  /** The migration that its schema is at, such as `0015_media`. */
  migration: string;
  /** The moment as of which it holds the database. */
  madeAt: string;
}

/** What is before the rows of a table. */
export interface TableHead {
  table: string;
  columns: string[];
}

/** The last line. */
export interface BackupFoot {
  /** How many rows each table has. */
  rows: Record<string, number>;
  /** Where the columns that number rows stand, by table. */
  sequences: Record<string, SequenceState[]>;
  sha256: string;
}

export const END_OF_ROWS = Buffer.from("\\.\n");

export function headOf(migration: string, madeAt: Date): BackupHead {
  return { herald: "backup", format: FORMAT, version: VERSION, migration, madeAt: madeAt.toISOString() };
}

/** @throws StartError if it is not a backup, or one that only a newer Herald can read. */
export function readHead(line: string, path: string): BackupHead {
  const head = asObject(line) as Partial<BackupHead>;
  if (head.herald !== "backup" || !head.format || !head.version || !head.migration || !head.madeAt)
    throw new StartError(`${path} is not a backup of Herald's.`);
  if (head.format > FORMAT) throw madeByNewer(path, head as BackupHead);
  return head as BackupHead;
}

export function madeByNewer(path: string, { version }: BackupHead): StartError {
  return new StartError(
    `${path} was made by Herald ${version}, and this one, ${VERSION}, is older. Restore it with Herald ${version} or newer.`,
  );
}

export function damaged(path: string, how: string): StartError {
  return new StartError(`${path} is damaged (${how}); nothing was restored. Use another backup.`);
}

export function lineOf(value: BackupHead | TableHead | BackupFoot): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** The object of a JSON line; an empty one if it is none. */
export function asObject(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
