import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { senders } from "../db/schema.ts";
import { type HomeScope, type Scope, sees } from "../db/scope.ts";
import { DomainError } from "../errors.ts";

/** The ids of the bots that post for a home, its own first, as far as the scope shows them. Removed ones are not among them. */
export async function botsOfHome(home: HomeScope): Promise<number[]> {
  const { db, homeId } = home;
  const rows = await db
    .select({ botId: senders.botId })
    .from(senders)
    .where(and(eq(senders.homeId, homeId), ne(senders.botId, homeId), isNull(senders.removedAt)))
    .orderBy(asc(senders.botId));
  return [homeId, ...rows.map(({ botId }) => botId)].filter((botId) => sees(home, botId));
}

const isPresent = (homeId: number, botId: number) =>
  and(eq(senders.homeId, homeId), eq(senders.botId, botId), isNull(senders.removedAt));

/**
 * False for a bot that is being removed, and for one that the scope does not show. The home's own bot has no row before it
 * is first started.
 */
export async function isBotOfHome(home: HomeScope, botId: number): Promise<boolean> {
  const { db, homeId } = home;
  if (!sees(home, botId)) return false;
  if (botId === homeId) return true;
  const rows = await db.select({ botId: senders.botId }).from(senders).where(isPresent(homeId, botId));
  return rows.length > 0;
}

/**
 * The bot with this id or @username, whose case and @ do not matter; null if the home has none, or the scope does not show it. Telegram gives no bot a
 * username of digits alone.
 */
export async function findBotCalled(home: HomeScope, name: string): Promise<number | null> {
  if (/^\d+$/.test(name)) {
    const botId = Number(name);
    return Number.isSafeInteger(botId) && (await isBotOfHome(home, botId)) ? botId : null;
  }
  const username = name.replace(/^@/, "").toLowerCase();
  const [row] = await home.db
    .select({ botId: senders.botId })
    .from(senders)
    .where(
      and(
        eq(senders.homeId, home.homeId),
        isNull(senders.removedAt),
        eq(sql`lower(${senders.username})`, username),
      ),
    )
    .orderBy(asc(senders.botId));
  return row && sees(home, row.botId) ? row.botId : null;
}

/**
 * Keeps the scope's bot from being removed until the transaction ends: whatever makes a campaign, or opens one, does this
 * so that a removal is either asked again with the campaign, or refuses it, and never deletes it unseen. Only for a moment:
 * the bot's lease cannot be renewed meanwhile.
 * @throws DomainError `bot-unknown` if it is removed
 */
export async function holdBot({ db, homeId, botId }: Scope): Promise<void> {
  if (botId === homeId) return;
  const rows = await db
    .select({ botId: senders.botId })
    .from(senders)
    .where(isPresent(homeId, botId))
    .for("share");
  if (rows.length === 0) throw new DomainError("bot-unknown", { bot: botId });
}

/** True if another program receives what people write to the bot, and their taps. */
export async function isBeside({ db, homeId }: HomeScope, botId: number): Promise<boolean> {
  const rows = await db
    .select({ botId: senders.botId })
    .from(senders)
    .where(and(eq(senders.homeId, homeId), eq(senders.botId, botId), eq(senders.handling, "beside")));
  return rows.length > 0;
}
