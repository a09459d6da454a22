/*
 * A bot's token: its id, a colon and a secret of 35 characters. Whoever has it is the bot, so a token must reach nothing
 * that is kept or written down but the sealed column of senders.
 */

/** As BOT_TOKEN is checked: Telegram decides whether it is one. */
const WHOLE = /^(\d{1,15}):[\w-]+$/;

/**
 * What may be a token within a text. Not shorter, so that posts may hold times, ports and ratios; and not only 35
 * characters, because a token that was not copied whole gives away most of it.
 */
const WITHIN = /(?<![\w-])(\d{5,15}):([\w-]{20,})/g;

/** The id of the bot that a token belongs to; null for what does not have the form of a token. */
export function botIdOf(token: string): number | null {
  const id = Number(WHOLE.exec(token)?.[1]);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** The tokens in a text, each once, such as in @BotFather's message. */
export function tokensIn(text: string): string[] {
  return [...new Set([...text.matchAll(WITHIN)].map(([token]) => token))];
}

/** Hides the secrets of the tokens in a text. The length stays the same, so that entities still fit. */
export function maskTokens(text: string): string {
  return text.replace(WITHIN, (_, id: string, secret: string) => `${id}:${"*".repeat(secret.length)}`);
}
