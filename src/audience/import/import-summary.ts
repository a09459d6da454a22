import type { Columns } from "./columns.ts";
import type { PersonRead } from "./person-row.ts";

/** Every row is in exactly one of `inserted`, `updated`, `unchanged`, `duplicates` and `refused`. */
export interface ImportSummary {
  /** Rows of the file without its header and its empty lines. */
  rows: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows whose chat_id came again within one batch; they were merged, the later one's fields first. */
  duplicates: number;
  /** Rows that were not imported. */
  refused: number;
  /** Rows that were imported without a field that was wrong; also counted by what became of them. */
  incomplete: number;
  /** Rows of people who have left, by what the file says; also counted by what became of them. */
  gone: number;
  /** Null when the import was stopped before its first line. */
  shape: FileShape | null;
}

/** How a file was read. */
export interface FileShape {
  /** As TextDecoder calls it. */
  encoding: string;
  delimiter: string;
  hasHeader: boolean;
  columns: Columns["recognised"];
}

/** A row as it was understood. */
export interface RowRead extends PersonRead {
  /** Line of the file on which it begins. */
  line: number;
}
