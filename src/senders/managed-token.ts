import { and, sql } from "drizzle-orm";
import { GrammyError } from "grammy";
import { type Actor, HERALD } from "../access/actor.ts";
import { record } from "../access/audit.ts";
import { inTransaction } from "../db/scope.ts";
import { senders } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import type { Log } from "../log.ts";
import { botIdOf } from "./bot-token.ts";
import { type Introduced, findSender, isSender, noteTokenSaid } from "./sender-store.ts";
import type { SendersParts } from "./senders-parts.ts";

/*
 * Tokens of managed bots (Bot API 9.6). The home asks Telegram for them, so nobody has to see them. Telegram says by a
 * `managed_bot` update that one was changed; as updates may be missed, the home also asks when a token is refused or cannot
 * be read.
 */

/**
 * Takes the token that Telegram has for a managed bot now. False if it is the one that Herald has.
 * @throws DomainError `bot-not-managed`, `telegram-unreachable`, `no-secret-key`
 */
export async function takeManagedToken(parts: SendersParts, actor: Actor, botId: number): Promise<boolean> {
  const { home, vault } = parts;
  const sender = await findSender(home, botId);
  if (!sender?.managed) throw new DomainError("bot-not-managed");
  const token = await fetchManagedToken(parts, botId);
  if (token === (await vault.open(sender))) return false;
  return keepManagedToken(parts, actor, botId, { token, before: sender.sealedToken });
}

/**
 * Keeps a new token in place of the one that was sealed `before`. False if another one has been kept since, which is newer.
 * @throws DomainError `no-secret-key`
 */
export async function keepManagedToken(
  { home, vault, onChanged }: SendersParts,
  actor: Actor,
  botId: number,
  { token, before }: { token: string; before: string | null },
): Promise<boolean> {
  const sealedToken = await vault.seal(botId, token);
  const isKept = await inTransaction(home, async (tx) => {
    const [row] = await tx.db
      .update(senders)
      .set({ sealedToken, tokenRefusedAt: null })
      .where(and(isSender(tx, botId), sql`${senders.sealedToken} is not distinct from ${before}`))
      .returning({ botId: senders.botId });
    if (!row) return false;
    await record(tx, actor, "sender.token-replaced", botId);
    await tx.nudges?.send(tx.db, tx.homeId, "senders");
    return true;
  });
  if (isKept) onChanged();
  return isKept;
}

/** As takeManagedToken, when Herald finds out by itself that the token may be another one. Does nothing for other bots. */
export async function renewManagedToken(parts: SendersParts, log: Log, botId: number): Promise<void> {
  if (!(await findSender(parts.home, botId))?.managed) return;
  try {
    if (await takeManagedToken(parts, HERALD, botId))
      log.info({ bot: botId }, "the token of a managed bot has changed; the new one is taken");
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.warn({ bot: botId, why: error.code }, "the token of a managed bot cannot be taken");
  }
}

/**
 * Keeps what Telegram said to a sender's token. Of a managed bot whose token it refuses, the new one is taken. True if the
 * sender has another token than the one that was refused.
 */
export function noteTokens(parts: SendersParts, log: Log) {
  const { home, vault } = parts;
  return async (
    { botId, token }: { botId: number; token: string | null },
    refusedAt: Date | null,
    me?: Introduced,
  ): Promise<boolean> => {
    if (refusedAt) {
      await renewManagedToken(parts, log, botId);
      const sender = await findSender(home, botId);
      const now = sender && (await vault.open(sender));
      if (now !== null && now !== token) return true;
    }
    await noteTokenSaid(home, botId, refusedAt, me);
    return false;
  };
}

/** @throws DomainError `bot-not-managed`, `telegram-unreachable` */
export async function fetchManagedToken(
  { manager }: Pick<SendersParts, "manager">,
  botId: number,
): Promise<string> {
  return askManager(botId, () => manager.getManagedBotToken(botId));
}

/**
 * Asks Telegram for the old or a new token of a managed bot.
 * @throws DomainError `bot-not-managed`, `telegram-unreachable`
 */
export async function askManager(botId: number, ask: () => Promise<string>): Promise<string> {
  try {
    const token = await ask();
    if (botIdOf(token) === botId) return token;
  } catch (error) {
    // 404: a local Bot API server that does not know the method yet.
    if (!(error instanceof GrammyError) || ![400, 403, 404].includes(error.error_code))
      throw new DomainError("telegram-unreachable");
  }
  throw new DomainError("bot-not-managed");
}
