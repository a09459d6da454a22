import type { Db } from "./connect.ts";
import type { Nudges } from "./nudges.ts";
import type { WebhookEvent } from "./states.ts";

/** The database (or transaction) and whose rows in it; every function of the domain takes one. */
export interface Scope {
  db: Db;
  /** The bot in whose chat the admins work. */
  homeId: number;
  /** The bot that posts. */
  botId: number;
  /** Tells other processes on the database; absent where there are none. */
  nudges?: Pick<Nudges, "send">;
  /** Called when campaigns have been started, changed or stopped, if this process alone uses the database. */
  onSteered?: () => void;
  /** Which events webhooks want; absent in programs that do not keep track, which ask the database. */
  wantedEvents?: WantedEvents;
}

/** Which events webhooks want, as far as this process knows; webhooks/wanted-events.ts keeps track. */
export interface WantedEvents {
  /** False if no webhook wants it; true if one does, or if that is not known right now. */
  wants(event: WebhookEvent): boolean;
  /** Somebody changed a webhook in this process. Until they have been read again, everything is wanted. */
  changed(): void;
}

/** The scope of a home that posts through its own bot. */
export function homeScope(db: Db, botId: number, nudges?: Scope["nudges"] | null): Scope {
  return { db, homeId: botId, botId, ...(nudges && { nudges }) };
}

/** Runs `work` in a transaction. It may use only the scope that it is given: PGlite has one connection. */
export async function inTransaction<T>(scope: Scope, work: (tx: Scope) => Promise<T>): Promise<T> {
  return scope.db.transaction((db) => work({ ...scope, db }));
}
