import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { type CopySource, type SequenceState, columnsOf, rowsOf, sequencesOf } from "../db/copy-tables.ts";
import type { Snapshot } from "../db/open-engine.ts";
import { type SchemaState, findSchemaState } from "../db/server/schema-history.ts";
import { StartError } from "../errors.ts";
import { END_OF_ROWS, headOf, lineOf } from "./backup-text.ts";

/** Rows come one by one, and are compressed in pieces of this size. */
const PIECE_BYTES = 128 * 1024;

export interface WriteOptions {
  now: Date;
  /** Gives it up; the file is removed. */
  signal?: AbortSignal;
  /** Waits after each piece that took this many ms, so that others get their share of the machine. */
  rest?: (tookMs: number) => Promise<void>;
}

export interface Written {
  bytes: number;
  /** How many rows of all tables together. */
  rows: number;
}

/**
 * Writes a backup of everything in the database. The file gets its name when it is complete and on the disk, and replaces
 * one of that name; only this user can read it.
 * @throws StartError when no Herald has used the database, or a newer one; the error of the disk or the database.
 */
export async function writeBackup(snapshot: Snapshot, path: string, options: WriteOptions): Promise<Written> {
  const unfinished = `${path}.${process.pid}.partial`;
  try {
    const rows = await snapshot(async (source) => {
      const state = await findSchemaState((text) => source.rows(text));
      if (!state) throw new StartError("This database is empty: no Herald has used it yet.");
      const counts = new Map<string, number>();
      await pipeline(
        Readable.from(inPieces(textOf(source, state, counts, options), options), { highWaterMark: 1 }),
        createGzip({ level: constants.Z_BEST_SPEED }),
        createWriteStream(unfinished, { flags: "wx", mode: 0o600, flush: true }),
        { ...(options.signal && { signal: options.signal }) },
      );
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    });
    const { size } = await stat(unfinished);
    await rename(unfinished, path);
    await flushFolder(dirname(path));
    return { bytes: size, rows };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** The whole text, in pieces of any size. `counts` gets the number of rows of each table. */
async function* textOf(
  source: CopySource,
  { tag, tables }: SchemaState,
  counts: Map<string, number>,
  { now }: WriteOptions,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  const sequences: Record<string, SequenceState[]> = {};
  const hashed = (text: Uint8Array) => {
    hash.update(text);
    return text;
  };
  yield hashed(lineOf(headOf(tag, now)));
  for (const table of tables) {
    const columns = await columnsOf(source, table);
    yield hashed(lineOf({ table, columns }));
    counts.set(table, 0);
    for await (const rows of rowsOf(source, table, columns)) {
      counts.set(table, (counts.get(table) ?? 0) + linesIn(rows));
      yield hashed(rows);
    }
    yield hashed(END_OF_ROWS);
    sequences[table] = await sequencesOf(source, table);
  }
  yield lineOf({ rows: Object.fromEntries(counts), sequences, sha256: hash.digest("hex") });
}

async function* inPieces(text: AsyncIterable<Uint8Array>, { rest }: WriteOptions): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let began = performance.now();
  for await (const part of text) {
    gathered.push(part);
    bytes += part.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(gathered);
    await rest?.(performance.now() - began);
    gathered = [];
    bytes = 0;
    began = performance.now();
  }
  yield Buffer.concat(gathered);
}

const NEWLINE = 10;

function linesIn(text: Uint8Array): number {
  let count = 0;
  for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** Without this, a power cut could take the new name. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
