import type { Db } from "./connect.ts";

/** Whose rows in which database (or transaction): what every function of the domain works in. */
export interface Scope {
  db: Db;
  /** The bot in whose chat the admins work. */
  homeId: number;
  /** The bot that posts. */
  botId: number;
}

/** The scope of a home that posts through its own bot. */
export function homeScope(db: Db, botId: number): Scope {
  return { db, homeId: botId, botId };
}

/** Runs `work` in one transaction. Inside it, only the scope that it gets may be used: PGlite has one connection. */
export async function inTransaction<T>(scope: Scope, work: (tx: Scope) => Promise<T>): Promise<T> {
  return scope.db.transaction((db) => work({ ...scope, db }));
}
