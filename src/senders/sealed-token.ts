import type { KeyObject } from "node:crypto";
import { sealText, unsealText } from "../sealed-text.ts";

/* A token as it is stored: the bot's id is authenticated with it, so that a row cannot be given the token of another bot. */

/** `key` has 256 bits. */
export function sealToken(key: KeyObject, botId: number, token: string): string {
  return sealText(key, boundTo(botId), token);
}

/** Null if it was sealed with another key, for another bot, by a newer Herald, or has been changed since. */
export function unsealToken(key: KeyObject, botId: number, sealed: string): string | null {
  return unsealText(key, boundTo(botId), sealed);
}

function boundTo(botId: number): string {
  return `herald bot token 1 ${botId}`;
}
