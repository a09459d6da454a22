import type { FileShape, RowRead } from "./import-summary.ts";

/** Reads people from the lines of one file. */
export interface PeopleReader {
  /** The rows of these lines. What does not suffice for a row waits for the next call, unless this is the `last`. */
  rows(lines: string[], last: boolean): Iterable<RowRead>;
  /** How the file is read; null before its first line. */
  readonly shape: Omit<FileShape, "encoding"> | null;
}
