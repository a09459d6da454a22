import { type SQL, and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { senders } from "../db/schema.ts";
import { type HomeScope, sees } from "../db/scope.ts";
import { type Sender, toSender } from "./sender.ts";

/**
 * The senders of a home, as far as the scope shows them: the home first, then in the order in which they were added.
 * Removed ones are not among them.
 */
export async function listSenders(home: HomeScope): Promise<Sender[]> {
  const { db, homeId } = home;
  const rows = await db
    .select()
    .from(senders)
    .where(and(eq(senders.homeId, homeId), isNull(senders.removedAt)))
    .orderBy(sql`${senders.botId} <> ${senders.homeId}`, asc(senders.addedAt), asc(senders.botId));
  return rows.map(toSender).filter(({ botId }) => sees(home, botId));
}

/** Null if the home has no such sender, it is removed, or the scope does not show it. */
export async function findSender(home: HomeScope, botId: number): Promise<Sender | null> {
  if (!sees(home, botId)) return null;
  const [row] = await home.db.select().from(senders).where(isSender(home, botId));
  return row ? toSender(row) : null;
}

/** SQL: a sender of the home that is not removed. */
export function isSender({ homeId }: HomeScope, botId: number): SQL | undefined {
  return and(eq(senders.botId, botId), eq(senders.homeId, homeId), isNull(senders.removedAt));
}

/** What getMe says of a bot. */
export interface Introduced {
  id: number;
  first_name: string;
  username?: string;
}

/**
 * Keeps what Telegram calls a sender now. A name that it has stays: an owner may have chosen it. The home is added if it is
 * not there yet.
 */
export async function noteIntroduced({ db, homeId }: HomeScope, me: Introduced): Promise<void> {
  const username = me.username ?? null;
  const known = { username, name: sql`coalesce(${senders.name}, ${me.first_name})` };
  if (me.id !== homeId) {
    await db.update(senders).set(known).where(isSender({ db, homeId }, me.id));
    return;
  }
  await db
    .insert(senders)
    .values({ botId: homeId, homeId, username, name: me.first_name })
    .onConflictDoUpdate({ target: senders.botId, set: known });
}

/**
 * What Telegram said to a sender's token: it refuses it since then, which stays like that until another one is given, or it
 * has accepted it, and says whose it is. Of a bot of EXTRA_BOT_TOKENS a new one comes with a restart, and nobody says so.
 */
export async function noteTokenSaid(
  home: HomeScope,
  botId: number,
  refusedAt: Date | null,
  me?: Introduced,
): Promise<void> {
  const before = refusedAt ? isNull(senders.tokenRefusedAt) : isNotNull(senders.tokenRefusedAt);
  await home.db
    .update(senders)
    .set({ tokenRefusedAt: refusedAt })
    .where(and(isSender(home, botId), before));
  if (me) await noteIntroduced(home, me);
}
