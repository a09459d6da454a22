import type { Columns } from "./columns.ts";
import type { PersonRead } from "./person-row.ts";

/** Every row is in exactly one of `inserted`, `updated`, `unchanged`, `duplicates`, `refused` and `forgotten`. */
export interface ImportSummary {
  /** Rows of the file without its header and its empty lines. */
  rows: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows that repeat a chat_id within a batch; they were merged, with the later fields first. */
  duplicates: number;
  /** Rows that were not imported. */
  refused: number;
  /** Rows of people who were erased. Only they themselves can return. */
  forgotten: number;
  /** Rows imported without a faulty field; also counted as inserted, updated or unchanged. */
  incomplete: number;
  /** Rows of people who have left, according to the file; also counted as inserted, updated or unchanged. */
  gone: number;
  /** Null when the import was stopped before its first line. */
  shape: FileShape | null;
}

/** How a file was read. */
export interface FileShape {
  /** TextDecoder's name for it. */
  encoding: string;
  /** Null for NDJSON. */
  delimiter: string | null;
  hasHeader: boolean;
  columns: Columns["recognised"];
}

/** A row as Herald reads it. */
export interface RowRead extends PersonRead {
  /** The line of the file on which it begins. */
  line: number;
}
