import { type KeyObject, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/*
 * A token as it is stored: base64 of a version byte, a nonce, AES-256-GCM's tag and the encrypted token. The bot's id is
 * authenticated with it, so that a row cannot be given the token of another bot.
 */

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** `key` has 256 bits. */
export function sealToken(key: KeyObject, botId: number, token: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(botId));
  const encrypted = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), encrypted]).toString("base64");
}

/** Null if it was sealed with another key, for another bot, by a newer Herald, or has been changed since. */
export function unsealToken(key: KeyObject, botId: number, sealed: string): string | null {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes[0] !== VERSION || bytes.length <= HEAD_BYTES) return null;
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(botId));
  decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  const token = decipher.update(bytes.subarray(HEAD_BYTES));
  try {
    return Buffer.concat([token, decipher.final()]).toString("utf8");
  } catch {
    return null; // the tag does not fit: nothing of it may be used
  }
}

function boundTo(botId: number): Buffer {
  return Buffer.from(`herald bot token ${VERSION} ${botId}`);
}
