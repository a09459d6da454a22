import type { Db } from "./connect.ts";
import type { CopySource } from "./copy-tables.ts";

/** An open database of this process, whichever engine runs it. */
export interface OpenEngine {
  db: Db;
  source: CopySource;
  close(): Promise<void>;
}
