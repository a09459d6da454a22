import { type KeyObject, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/*
 * A text as it is stored where nobody but Herald may read it: base64 of a version byte, a nonce, AES-256-GCM's tag and the
 * encrypted text. What it belongs to is authenticated with it, so that it cannot be moved to another row.
 */

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** `key` has 256 bits. */
export function sealText(key: KeyObject, boundTo: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo));
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), encrypted]).toString("base64");
}

/** Null if it was sealed with another key, for another place, by a newer Herald, or has been changed since. */
export function unsealText(key: KeyObject, boundTo: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes[0] !== VERSION || bytes.length <= HEAD_BYTES) return null;
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  const text = decipher.update(bytes.subarray(HEAD_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return null; // the tag does not fit: nothing of it may be used
  }
}
