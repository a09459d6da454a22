import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/*
 * A bot's webhook, when Telegram posts its updates to Herald. All that is secret about it is derived from the bot's token:
 * every process that may run the bot knows that, it survives restarts, and a new token brings new secrets. From what is
 * derived the token cannot be found.
 */

/** Where Herald takes posts, below PUBLIC_URL. */
export const WEBHOOK_PATH = "/telegram";

export interface BotWebhook {
  readonly botId: number;
  /** Tells the webhooks of this token from those of another one, or of another program. Not a secret. */
  readonly mark: string;
  /** What Telegram sends with each update. */
  readonly secret: string;
  /** Compares in constant time. */
  isSecret(given: string): boolean;
  /** The address below `publicUrl`. */
  addressBelow(publicUrl: string): string;
  /** True for an address that Herald made for this token, below whatever PUBLIC_URL it had. */
  isOwn(url: string): boolean;
  /** True for an address of this bot below `publicUrl`, whatever token it was made for. */
  isBelow(url: string, publicUrl: string): boolean;
}

export function botWebhook(token: string): BotWebhook {
  const botId = Number(token.slice(0, token.indexOf(":")));
  const derived = (purpose: string) => createHmac("sha256", token).update(`herald ${purpose} 1`).digest();
  const mark = derived("webhook address").toString("hex").slice(0, 16);
  const secret = derived("webhook secret").toString("base64url");
  const path = `${WEBHOOK_PATH}/${botId}/${mark}`;
  return {
    botId,
    mark,
    secret,
    isSecret: (given) => timingSafeEqual(digestOf(given), digestOf(secret)),
    addressBelow: (publicUrl) => publicUrl + path,
    isOwn: (url) => url.endsWith(path),
    isBelow: (url, publicUrl) => url.startsWith(`${publicUrl}${WEBHOOK_PATH}/${botId}/`),
  };
}

/** Of one length, whatever was given. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
