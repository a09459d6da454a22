import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { senders } from "../../db/schema.ts";
import type { Handling } from "../../db/states.ts";
import { DomainError } from "../../errors.ts";
import { findWebhook } from "../../telegram/webhook.ts";
import { asked } from "../look-at-bot.ts";
import { type Sender, toSender } from "../sender.ts";
import { isSender } from "../sender-store.ts";
import type { SendersParts } from "../senders-parts.ts";
import { authorizeSenders, changeSenders, getOtherSender } from "./change-senders.ts";

/** What another program loses when Herald answers the bot, and somebody has agreed to. */
export type Agreed = "nothing" | "its-polls" | "its-webhook";

/**
 * Sets who receives a sender's updates. Herald cannot while a webhook does, which has to be removed; and a program that polls
 * stops with an error, which Herald cannot see beforehand. Updates that wait stay.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-is-home`, `bot-has-webhook` with its host and `bot-may-be-polled` if
 *   that is not agreed to, `bot-needs-token`, `bot-token-refused`, `telegram-unreachable`
 */
export async function setHandling(
  parts: SendersParts,
  actor: Actor,
  botId: number,
  handling: Handling,
  agreed: Agreed = "nothing",
): Promise<Sender> {
  await authorizeSenders(parts, actor);
  const sender = await getOtherSender(parts.home, botId);
  if (handling === "answers") {
    await clearWebhook(parts, sender, agreed === "its-webhook");
    if (agreed === "nothing") throw new DomainError("bot-may-be-polled");
  }
  return changeSenders(parts, actor, async (tx) => {
    const [row] = await tx.db.update(senders).set({ handling }).where(isSender(tx, botId)).returning();
    if (!row) throw new DomainError("bot-unknown");
    await record(tx, actor, "sender.handling-set", botId);
    return toSender(row);
  });
}

async function clearWebhook(
  { vault, apiOf }: SendersParts,
  sender: Sender,
  removesWebhook: boolean,
): Promise<void> {
  const token = await vault.open(sender);
  if (token === null) throw new DomainError("bot-needs-token");
  const api = apiOf(token);
  const webhook = await asked(() => findWebhook(api));
  // Herald's own is removed, or used again, by what answers the bot.
  if (!webhook || webhook.isOwn) return;
  if (!removesWebhook) throw new DomainError("bot-has-webhook", { host: webhook.host });
  await asked(() => api.deleteWebhook());
}
