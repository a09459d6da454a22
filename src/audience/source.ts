/*
 * A person who opens https://t.me/shop_bot?start=promo_vk0 and presses Start sends `/start promo_vk0`. The payload is stored as
 * their source.
 */

/** The payload of the links by which Herald itself opens a bot's chat. It says nothing of where a person came from. */
export const OWN_PAYLOAD = "herald";

/** What Telegram allows (https://core.telegram.org/bots/features#deep-linking). Anyone can type something else. */
export const MOST_SOURCE = 64;
const PAYLOAD = new RegExp(String.raw`^[\w-]{1,${MOST_SOURCE}}$`);

/** A `/start`, and where the person came from; null if that is not said. */
export interface Start {
  source: string | null;
}

/** The `/start` in the text of a message; null if it is something else. */
export function startIn(text: string | undefined): Start | null {
  const found = /^\/start(?:@\w+)?(?:\s+(.*))?$/is.exec(text ?? "");
  if (!found) return null;
  const source = found[1]?.trim() ?? "";
  return { source: isSource(source) ? source : null };
}

export function isSource(text: string): boolean {
  return PAYLOAD.test(text) && text !== OWN_PAYLOAD;
}
