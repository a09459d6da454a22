import type { Actor } from "../../access/actor.ts";
import { DomainError } from "../../errors.ts";
import { askManager, keepManagedToken, takeManagedToken } from "../managed-token.ts";
import type { Sender } from "../sender.ts";
import type { SendersParts } from "../senders-parts.ts";
import { authorizeSenders, getOtherSender, getSender } from "./change-senders.ts";

/**
 * Has Telegram replace the token of a managed bot, such as after it leaked, and takes the new one. The old one is refused
 * at once. If Herald dies before it has kept the new one, it asks for it when the old one is refused.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-is-home`, `bot-not-managed`, `telegram-unreachable`, `no-secret-key`
 */
export async function replaceManagedToken(parts: SendersParts, actor: Actor, botId: number): Promise<Sender> {
  const { home, vault, manager } = parts;
  await authorizeSenders(parts, actor);
  const { managed, sealedToken: before } = await getOtherSender(home, botId);
  if (!managed) throw new DomainError("bot-not-managed");
  await vault.prepare();
  const token = await askManager(botId, () => manager.replaceManagedBotToken(botId));
  await keepManagedToken(parts, actor, botId, { token, before });
  return getSender(home, botId);
}

/**
 * Takes the token that Telegram has for a managed bot, such as after SECRET_KEY was lost.
 * @throws DomainError as replaceManagedToken
 */
export async function renewToken(parts: SendersParts, actor: Actor, botId: number): Promise<Sender> {
  await authorizeSenders(parts, actor);
  await getOtherSender(parts.home, botId);
  await takeManagedToken(parts, actor, botId);
  return getSender(parts.home, botId);
}
