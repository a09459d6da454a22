import type { senders } from "../db/schema.ts";
import type { Handling } from "../db/states.ts";

/** A bot that posts. The home is one. */
export interface Sender {
  botId: number;
  homeId: number;
  /** The bot in whose chat the admins work. Its token is BOT_TOKEN. */
  isHome: boolean;
  /** What admins call it. */
  name: string;
  /** Without @; null if it is not known yet. */
  username: string | null;
  handling: Handling;
  /** Messages a second; null for the configured rate. */
  rate: number | null;
  /** An owner's user id; null for the home and for bots of EXTRA_BOT_TOKENS. */
  addedBy: number | null;
  addedAt: Date;
  /** Since when Telegram refuses its token; null while it does not. */
  tokenRefusedAt: Date | null;
  /** End of the last pause that Telegram asked for, which may be over; null if it asked for none. */
  quietUntil: Date | null;
  /** The home manages it, and asks Telegram for its token: managed-token.ts. */
  managed: boolean;
  /** Opened by the token vault; null for the home and for bots of EXTRA_BOT_TOKENS. */
  sealedToken: string | null;
}

/** Telegram's names have at most 64 characters. */
export const LONGEST_NAME = 64;

/** The limits of MESSAGES_PER_SECOND. */
export const SLOWEST_RATE = 1;
export const FASTEST_RATE = 1_000;

export function toSender(row: typeof senders.$inferSelect): Sender {
  const { name, username } = row;
  return {
    botId: row.botId,
    homeId: row.homeId,
    isHome: row.botId === row.homeId,
    name: name ?? (username === null ? String(row.botId) : `@${username}`),
    username,
    handling: row.handling,
    rate: row.rate,
    addedBy: row.addedBy,
    addedAt: row.addedAt,
    tokenRefusedAt: row.tokenRefusedAt,
    quietUntil: row.quietUntil,
    managed: row.managed,
    sealedToken: row.sealedToken,
  };
}

/** "@shop_bot (1234567890)", for programs and operators; the id alone where Telegram has not said the username yet. */
export function nameOfSender({ botId, username }: Pick<Sender, "botId" | "username">): string {
  return username === null ? String(botId) : `@${username} (${botId})`;
}
