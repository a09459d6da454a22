import type { Db } from "./connect.ts";
import type { CopySource, CopyTarget } from "./copy-tables.ts";

/**
 * Reads the database as of one moment, while others go on writing. As long as it takes, dead rows of that time stay.
 * PGlite has one connection: there, everyone else waits.
 */
export type Snapshot = <T>(work: (source: CopySource) => Promise<T>) => Promise<T>;

/** Writes in one transaction, which may take long. Not one for PGlite: hand it a new folder, and drop that on a failure. */
export type Rebuild = <T>(work: (target: CopyTarget) => Promise<T>) => Promise<T>;

/** An open database of this process, whichever engine runs it. Its schema is as it was found. */
export interface OpenEngine {
  db: Db;
  source: CopySource;
  snapshot: Snapshot;
  rebuild: Rebuild;
  /** Brings the schema up to date. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}
