import type { Db } from "./connect.ts";
import type { Nudges } from "./nudges.ts";
import type { WebhookEvent } from "./states.ts";

/*
 * Every function of the domain takes one of these two. Doors hold a HomeScope; what reads or writes a sender's rows takes
 * a Scope, which scopeOf() makes of a campaign. So a screen cannot count the people of one bot for a campaign of another.
 */

/** The database (or transaction), and the home whose rows in it. */
export interface HomeScope {
  db: Db;
  /** The bot in whose chat the admins work. */
  homeId: number;
  /** Tells other processes on the database; absent where there are none. */
  nudges?: Pick<Nudges, "send">;
  /** Called with the bot whose campaigns have been started, changed or stopped, if this process alone uses the database. */
  onSteered?: (botId: number) => void;
  /**
   * The bots whose rows may be read through this scope; absent for all. A door sets it for an admin or a key that is limited
   * to some bots: for them, the others do not exist. Empty shows nothing.
   */
  only?: readonly number[];
  /** Which events webhooks want; absent in programs that do not keep track, which ask the database. */
  wantedEvents?: WantedEvents;
}

/** A home and one of its senders: whose people, chats, campaigns and deliveries. */
export interface Scope extends HomeScope {
  /** The bot that posts. */
  botId: number;
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

/** The scope of the bot that a campaign, a series or a delivery belongs to. */
export function scopeOf(home: HomeScope, { botId }: { botId: number }): Scope {
  return { ...home, botId };
}

/** The scope of the home's own bot: the people and chats that admins' bot knows. */
export function ownScope(home: HomeScope): Scope {
  return { ...home, botId: home.homeId };
}

/** The scope as somebody sees it who is limited to these bots; null for all. */
export function limitedTo<S extends HomeScope>(scope: S, bots: readonly number[] | null): S {
  return bots === null ? scope : { ...scope, only: bots };
}

/** False for a bot of which nothing may be read through the scope. */
export function sees({ only }: HomeScope, botId: number): boolean {
  return only === undefined || only.includes(botId);
}

/** The bot that is meant where none is named: the home's own or, if the scope does not show it, the first that it shows. */
export function mainBot({ homeId, only = [homeId] }: HomeScope): number {
  return only.includes(homeId) ? homeId : (only[0] ?? homeId);
}

/** Runs `work` in a transaction. It may use only the scope that it is given: PGlite has one connection. */
export async function inTransaction<S extends HomeScope, T>(
  scope: S,
  work: (tx: S) => Promise<T>,
): Promise<T> {
  return scope.db.transaction((db) => work({ ...scope, db }));
}
