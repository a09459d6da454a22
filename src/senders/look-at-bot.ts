import { GrammyError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import type { Clock } from "../clock.ts";
import type { Handling } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import { findWebhook } from "../telegram/webhook.ts";
import type { BotApi } from "./senders-parts.ts";

/*
 * The look at a bot before Herald takes it up. It must disturb no program that runs the bot. getUpdates could tell of a
 * program that polls, but only by a poll that waits, and that ends the other's with 409: many libraries, grammY among them,
 * then stop the bot. A poll that does not wait is never answered with 409. So the look asks only getMe and getWebhookInfo,
 * and sees from the updates that wait whether somebody takes them.
 */

/** What the look found about who receives the bot's updates. */
export type Receiver =
  /** The program behind a webhook. */
  | { type: "webhook"; host: string }
  /** Somebody: updates were waiting, and were taken. */
  | { type: "someone" }
  /** Nobody: updates wait, and none is taken. */
  | { type: "nobody"; waiting: number }
  /** No updates wait: either somebody takes them, or none came. */
  | { type: "unknown" };

export interface LookedAt {
  me: UserFromGetMe;
  receiver: Receiver;
  /** The handling that disturbs nobody, as far as that is known. */
  proposed: Handling;
}

/** A program that polls takes updates within moments, unless it is busy with those that it took before. */
const WATCHED_MS = 4_000;
const EVERY_MS = 500;

/**
 * Asks Telegram about a bot. Takes up to 4 s if updates are waiting.
 * @throws DomainError `bot-token-refused`, `telegram-unreachable`
 */
export async function lookAtBot(api: BotApi, clock: Clock): Promise<LookedAt> {
  const me = await introducedBy(api);
  const receiver = await asked(() => findReceiver(api, clock));
  return { me, receiver, proposed: receiver.type === "nobody" ? "answers" : "beside" };
}

/**
 * Who the token belongs to.
 * @throws DomainError `bot-token-refused`, `telegram-unreachable`
 */
export async function introducedBy(api: Pick<BotApi, "getMe">): Promise<UserFromGetMe> {
  return asked(() => api.getMe());
}

/** Calls Telegram with a token that may be wrong. @throws DomainError in place of what grammY throws. */
export async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    // 401 for a revoked token, 404 for one that never was.
    const isRefused = error instanceof GrammyError && [401, 404].includes(error.error_code);
    throw new DomainError(isRefused ? "bot-token-refused" : "telegram-unreachable");
  }
}

async function findReceiver(api: BotApi, clock: Clock): Promise<Receiver> {
  const webhook = await findWebhook(api);
  // Herald's own may be left from before the bot was removed here: then nobody takes what waits.
  if (webhook && !webhook.isOwn) return { type: "webhook", host: webhook.host };
  const { pending_update_count: waiting } = await api.getWebhookInfo();
  if (waiting === 0) return { type: "unknown" };
  let most = waiting;
  for (let watchedMs = 0; watchedMs < WATCHED_MS; watchedMs += EVERY_MS) {
    await clock.sleep(EVERY_MS);
    const { pending_update_count: now } = await api.getWebhookInfo();
    if (now < most) return { type: "someone" };
    most = now;
  }
  return { type: "nobody", waiting: most };
}
