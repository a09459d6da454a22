import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { StartError } from "../errors.ts";
import {
  type BackupFoot,
  type BackupHead,
  END_OF_ROWS,
  type TableHead,
  asObject,
  damaged,
  readHead,
} from "./backup-text.ts";

/** A table of a backup. Its rows come in pieces of whole lines, and have to be read before the next table. */
export interface StoredTable extends TableHead {
  rows: AsyncIterable<Buffer>;
}

/** A backup that is read from its beginning to its end. */
export interface BackupText {
  head: BackupHead;
  tables: AsyncIterable<StoredTable>;
  /** The last line; null until the tables have been read. */
  readonly foot: BackupFoot | null;
}

/**
 * Reads the whole file once.
 * @throws StartError if it cannot be read, is not a backup, or is not as it was written.
 */
export async function checkBackup(path: string): Promise<{ head: BackupHead; foot: BackupFoot }> {
  return withBackup(path, async (backup) => {
    for await (const { rows } of backup.tables) for await (const _ of rows);
    if (!backup.foot) throw damaged(path, "its end is missing");
    return { head: backup.head, foot: backup.foot };
  });
}

/** @throws StartError as checkBackup(), when `work` comes to the place. */
export async function withBackup<T>(path: string, work: (backup: BackupText) => Promise<T>): Promise<T> {
  const file = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  file.on("error", (error) => gunzip.destroy(error));
  try {
    return await work(await read(file.pipe(gunzip), path));
  } catch (error) {
    throw explained(error, path);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

/** The error of a file or of its compression, in words. */
function explained(error: unknown, path: string): unknown {
  const { code = "", syscall, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new StartError(`There is no file ${path}.`);
  if (code === "Z_BUF_ERROR") return damaged(path, "its end is missing");
  if (code.startsWith("Z_")) return damaged(path, message);
  return syscall === "read" || syscall === "open"
    ? new StartError(`${path} cannot be read: ${message}`)
    : error;
}

async function read(source: AsyncIterable<Buffer>, path: string): Promise<BackupText> {
  const hash = createHash("sha256");
  const lines = linesOf(source);
  const head = readHead(await nextLine(), path);
  let foot: BackupFoot | null = null;

  async function nextLine(): Promise<string> {
    const line = await lines.next();
    if (line === null) throw damaged(path, "its end is missing");
    const value = line.toString();
    if (!value.startsWith('{"rows":')) hash.update(line);
    return value;
  }

  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const { piece, isEnd } = await lines.rows();
      hash.update(piece);
      if (isEnd) hash.update(END_OF_ROWS);
      else if (piece.length === 0) throw damaged(path, "its end is missing");
      if (piece.length > 0) yield piece;
      if (isEnd) return;
    }
  }

  async function* tables(): AsyncGenerator<StoredTable> {
    for (;;) {
      const value = asObject(await nextLine()) as Partial<TableHead & BackupFoot>;
      const { table, columns } = value;
      if (table === undefined || columns === undefined) {
        foot = checked(value);
        // Whatever is compressed has a checksum of its own at its end.
        if ((await lines.next()) !== null) throw damaged(path, "something follows its end");
        return;
      }
      yield { table, columns, rows: rows() };
    }
  }

  function checked({ rows: counts, sequences, sha256 }: Partial<BackupFoot>): BackupFoot {
    if (!counts || !sequences || sha256 !== hash.digest("hex"))
      throw damaged(path, "its checksum does not fit");
    return { rows: counts, sequences, sha256 };
  }

  return {
    head,
    tables: tables(),
    get foot() {
      return foot;
    },
  };
}

const NEWLINE = 10;
const END_BEHIND_A_ROW = Buffer.concat([Buffer.of(NEWLINE), END_OF_ROWS]);

/** Cuts a text at its line breaks. */
function linesOf(source: AsyncIterable<Buffer>) {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  /** False at the end. */
  async function more(): Promise<boolean> {
    const { value, done } = await pieces.next();
    if (done) return false;
    rest = Buffer.concat([rest, value]);
    return true;
  }

  function take(bytes: number): Buffer {
    const taken = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    return taken;
  }

  return {
    /** A line with its break; null at the end. */
    async next(): Promise<Buffer | null> {
      for (;;) {
        const end = rest.indexOf(NEWLINE);
        if (end >= 0) return take(end + 1);
        if (!(await more())) return null;
      }
    },
    /** The lines that have arrived, up to the end of a table's rows. An empty piece that is not the end: the text breaks off. */
    async rows(): Promise<{ piece: Buffer; isEnd: boolean }> {
      for (;;) {
        const isEmpty = rest.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS);
        const end = isEmpty ? 0 : rest.indexOf(END_BEHIND_A_ROW) + 1;
        if (isEmpty || end > 0) {
          const piece = take(end);
          take(END_OF_ROWS.length);
          return { piece, isEnd: true };
        }
        const whole = rest.lastIndexOf(NEWLINE) + 1;
        if (whole > 0) return { piece: take(whole), isEnd: false };
        if (!(await more())) return { piece: rest, isEnd: false };
      }
    },
  };
}
