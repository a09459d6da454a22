import { GrammyError, type HttpError } from "grammy";
import { withoutToken } from "../log.ts";
import type { Claimed } from "./claim.ts";

/** Why Telegram refused for good. What each means for the recipient and the campaign is in settle.ts. */
export type RefusalClass =
  /** The person blocked the bot. */
  | "blocked"
  /** The account is gone. */
  | "deactivated"
  /** The bot may not write there, or does not know the chat. */
  | "unreachable"
  /** This person does not take this post; others from us they may take. */
  | "personal"
  /** The bot was removed from the group or channel, or it is gone. */
  | "chat-lost"
  /** The bot is in the chat but may not post (this). */
  | "no-rights"
  /** The topic of the forum is closed or deleted. */
  | "topic-closed"
  /** Paid broadcast without Stars. */
  | "no-stars"
  /** The post itself is wrong, for everyone. */
  | "content"
  /** The token is refused. */
  | "unauthorized"
  /** None of those; `description` tells. */
  | "other";

/** What one attempt to send came to. */
export type Outcome =
  /** The messages that the call made, in their order; `asked` is how many it was to make, when some were left out. */
  | { type: "sent"; messageIds: number[]; asked?: number }
  | { type: "refused"; class: RefusalClass; description: string }
  /** 429: nothing was sent, nothing counts as an attempt; the bot has to wait, for `waitMs` from then or `until`. */
  | { type: "deferred"; waitMs: number; description: string; until?: Date }
  /** 429 in a group or channel: as above, but only this chat has to wait. */
  | { type: "postponed"; waitMs: number; description: string }
  /** Asked to be paid for with Stars that the bot does not have. Nothing was sent, nothing counts as an attempt. */
  | { type: "unpaid" }
  /** Nothing was sent, and trying again later may help. Counts as an attempt. */
  | { type: "stumbled"; description: string }
  /** The group lives on under another id. Nothing was sent. */
  | { type: "migrated"; toChatId: number }
  /** The call left and no answer came: it may or may not have arrived. Not sent again by itself. */
  | { type: "uncertain"; description: string }
  /** The call never left: the turn did not come before a pause or a stop. */
  | { type: "withheld" };

/** A claimed delivery and what an attempt at it came to. */
export interface Settlement {
  delivery: Claimed;
  outcome: Outcome;
}

/*
 * Substrings and tokens, without case. The code says little: 400 and 403 both carry every class.
 * An album wraps its error in `failed to send message #N with the error message "…"`, so a substring is sought.
 * Order matters where one contains another. Sources: Bot API server (Client.cpp), TDLib, api.telegram.org errors.
 */
const REFUSALS: [RefusalClass, RegExp][] = [
  ["blocked", /bot was blocked by the user|USER_IS_BLOCKED/i],
  ["deactivated", /user is deactivated|INPUT_USER_DEACTIVATED|USER_DELETED/i],
  [
    "chat-lost",
    /bot was kicked from the|bot is not a member of the|group chat was deleted|CHANNEL_PRIVATE|CHAT_ID_INVALID/i,
  ],
  [
    "unreachable",
    /bot can't initiate conversation with a user|chat not found|PEER_ID_INVALID|user not found|bots? can't send messages to (the |other )?bots?|USER_IS_BOT/i,
  ],
  ["personal", /(VOICE|VIDEO)_MESSAGES_FORBIDDEN|PRIVACY_PREMIUM_REQUIRED|ALLOW_PAYMENT_REQUIRED/i],
  [
    "no-rights",
    /not enough rights|have no write access|need administrator rights|CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED|CHAT_SEND_\w+_FORBIDDEN/i,
  ],
  ["topic-closed", /TOPIC_CLOSED|TOPIC_DELETED|message thread not found/i],
  ["no-stars", /BALANCE_TOO_LOW/i],
  ["unauthorized", /FROZEN_METHOD_INVALID|\bLogged out\b/i],
  [
    "content",
    /message text is empty|message is too long|caption is too long|MESSAGE_TOO_LONG|MESSAGE_EMPTY|can't parse \w|ENTITY_\w+_INVALID|ENTITIES_TOO_LONG|rich message/i,
  ],
  [
    "content",
    /BUTTON_\w+|can't use \w+ button|switch_inline|button URL|inline keyboard button|REPLY_MARKUP_\w+|reply markup is too long|message effects?\b/i,
  ],
  [
    "content",
    /\b(MEDIA|GROUPED_MEDIA|PHOTO|IMAGE|VIDEO|DOCUMENT|FILE|WEBPAGE|STICKER|DICE|TODO|RICH|EFFECT|EMOTICON|POLL|QUIZ)_\w+/i,
  ],
  [
    "content",
    /wrong (remote )?file identifier|can't use file of type|as an album|in an album|mixed with other media/i,
  ],
  [
    "content",
    /poll (question|option|has|must|can)|non-anonymous polls|wrong correct option|quiz|open_period/i,
  ],
  // What a copy or a forward needs: its source, and that it may leave it.
  [
    "content",
    /messages? to (copy|forward) not found|no messages to (copy|forward)|messages? can't be (copied|forwarded)|MESSAGE_IDS?_\w+|CHAT_FORWARDS_RESTRICTED/i,
  ],
];

/** Nothing was sent, and it is not for ever. */
const STUMBLES = /Group send failed|Internal Server Error|Bad Gateway|Service Unavailable/i;

/**
 * Says what a failed call means. Pure.
 * `parameters` come first, then the words, then the code; what never reached Telegram is told from
 * what may have.
 */
export function classify(error: GrammyError | HttpError): Outcome {
  if (error instanceof GrammyError) return classifyAnswer(error);
  return classifyNetwork(error);
}

function classifyAnswer({ error_code, description, parameters }: GrammyError): Outcome {
  if (parameters.retry_after !== undefined)
    return { type: "deferred", waitMs: parameters.retry_after * 1000, description };
  if (parameters.migrate_to_chat_id !== undefined)
    return { type: "migrated", toChatId: parameters.migrate_to_chat_id };
  if (error_code === 429) return { type: "deferred", waitMs: 1000, description };
  const refusal = REFUSALS.find(([, words]) => words.test(description));
  if (refusal) return { type: "refused", class: refusal[0], description };
  // Somebody waited for Telegram and gave up: the call had left (docs/adr/0001-gateway-timeout.md).
  if (error_code === 504) return { type: "uncertain", description };
  if (error_code >= 500 || STUMBLES.test(description)) return { type: "stumbled", description };
  // 404 means that there is no such bot: every method here exists.
  if (error_code === 401 || error_code === 404)
    return { type: "refused", class: "unauthorized", description };
  return { type: "refused", class: "other", description };
}

function classifyNetwork({ error: cause }: HttpError): Outcome {
  if (cause instanceof ProxyAnswer)
    return { type: cause.mayHavePassedOn ? "uncertain" : "stumbled", description: cause.message };
  const description = withoutToken(cause instanceof Error ? cause.message : String(cause));
  return { type: cause instanceof NeverConnected ? "stumbled" : "uncertain", description };
}

/** The connection never stood (DNS, refused, no route, a wrong certificate): the call cannot have left. */
export class NeverConnected extends Error {
  override readonly name = "NeverConnected";

  constructor(cause: NodeJS.ErrnoException) {
    // Of several addresses that all refused, Node says nothing but the code.
    super(cause.message || (cause.code ?? cause.name), { cause });
  }
}

/** Something before the Bot API answered in its place. */
export class ProxyAnswer extends Error {
  override readonly name = "ProxyAnswer";
  readonly status: number;

  constructor(status: number) {
    super(`a proxy answered ${status} in Telegram's place`);
    this.status = status;
  }

  /** A success that cannot be read, or somebody who gave up waiting: 504, and Cloudflare's 520 and 524. */
  get mayHavePassedOn(): boolean {
    return (this.status >= 200 && this.status < 300) || [504, 520, 524].includes(this.status);
  }
}

/** PostgreSQL takes neither NUL nor half an emoji. A word of Telegram's must not keep a batch from being written. */
export function storable(text: string): string {
  return text.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\uFFFD");
}
