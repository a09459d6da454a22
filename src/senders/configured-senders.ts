import { isNull, sql } from "drizzle-orm";
import { senders } from "../db/schema.ts";
import type { Log } from "../log.ts";
import type { HomeScope } from "../db/scope.ts";
import { renewManagedToken } from "./managed-token.ts";
import { type Introduced, listSenders, noteIntroduced } from "./sender-store.ts";
import type { Sender } from "./sender.ts";
import type { SendersParts } from "./senders-parts.ts";
import type { TokenVault } from "./token-vault.ts";

/** When a home starts: keeps what Telegram calls it, and adds the bots of the configuration. */
export async function takeUpSenders(parts: SendersParts, me: Introduced, log: Log): Promise<void> {
  const { home, vault } = parts;
  await noteIntroduced(home, me);
  await adoptConfigured(home, vault, log);
  for (const sender of await listSenders(home))
    if (sender.managed && (await vault.open(sender)) === null)
      await renewManagedToken(parts, log, sender.botId);
  await reportLostTokens(home, vault, log);
}

/**
 * Adds the bots of EXTRA_BOT_TOKENS to their home. New ones stand beside another program until an owner decides otherwise in
 * /bots. A bot that belongs to another home of the database, or is being removed, is left alone, and the log says so.
 */
export async function adoptConfigured(home: HomeScope, vault: TokenVault, log: Log): Promise<void> {
  const { db, homeId } = home;
  for (const botId of vault.configuredIds) {
    const [row] = await db
      .insert(senders)
      .values({ botId, homeId, handling: "beside" })
      .onConflictDoUpdate({
        target: senders.botId,
        // The configuration goes first, also after it was added in /bots.
        set: { sealedToken: sql`null` },
        setWhere: sql`${senders.homeId} = ${homeId} and ${isNull(senders.removedAt)}`,
      })
      .returning({ botId: senders.botId });
    if (!row)
      log.warn(
        { bot: botId },
        "a bot of EXTRA_BOT_TOKENS belongs to another Herald on this database, or is still being removed; it is left out",
      );
  }
}

/** Says once which bots lack a token that can be read. Nothing but the tokens is lost. */
export async function reportLostTokens(home: HomeScope, vault: TokenVault, log: Log): Promise<void> {
  const lost = await findLostTokens(home, vault);
  if (lost.length > 0)
    log.warn(
      { bots: lost.map(({ botId }) => botId) },
      "the tokens of these bots cannot be read, because SECRET_KEY or the key file is missing or another one, " +
        "or they are no longer in EXTRA_BOT_TOKENS. Put it back, or give the tokens again in /bots; nothing else is lost",
    );
}

/** The bots whose tokens have to be given again, or the key put back that opens them. */
export async function findLostTokens(home: HomeScope, vault: Pick<TokenVault, "open">): Promise<Sender[]> {
  const lost: Sender[] = [];
  for (const sender of await listSenders(home))
    if (!sender.isHome && (await vault.open(sender)) === null) lost.push(sender);
  return lost;
}
