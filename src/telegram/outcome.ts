import type { IncomingHttpHeaders } from "node:http";
import { GrammyError, type HttpError } from "grammy";
import { withoutToken } from "../log.ts";

/** Why Telegram refused permanently. What each means for the recipient and the campaign is in settle.ts. */
export type RefusalClass =
  /** The person blocked the bot. */
  | "blocked"
  /** The account is gone. */
  | "deactivated"
  /** The bot may not write there, or does not know the chat. */
  | "unreachable"
  /** This person does not accept this post, but may accept others. */
  | "personal"
  /** The bot was removed from the group or channel, or the chat is gone. */
  | "chat-lost"
  /** The bot is in the chat but may not post, or not this. */
  | "no-rights"
  /** The topic of the forum is closed or deleted. */
  | "topic-closed"
  /** Paid broadcast without Stars. */
  | "no-stars"
  /** The post itself is wrong, for everyone. */
  | "content"
  /** The token is refused. */
  | "unauthorized"
  /** Anything else; see `description`. */
  | "other";

/** The result of one attempt to send. */
export type Outcome =
  /**
   * The messages that the call made, in order; `asked` is how many it should have made, if some were left out. `pollId`
   * is the poll among them.
   */
  | { type: "sent"; messageIds: number[]; asked?: number; pollId?: string }
  | { type: "refused"; class: RefusalClass; description: string }
  /** 429: nothing was sent, and it does not count as an attempt; the bot has to wait `waitMs`, or until `until`. */
  | { type: "deferred"; waitMs: number; description: string; until?: Date }
  /** 429 in a group or channel: as above, but only for this chat. */
  | { type: "postponed"; waitMs: number; description: string }
  /** The bot lacks the Stars to pay for it. Nothing was sent, and it does not count as an attempt. */
  | { type: "unpaid" }
  /** Nothing was sent, and a later retry may help. Counts as an attempt. */
  | { type: "stumbled"; description: string }
  /** The group lives on under another id. Nothing was sent. */
  | { type: "migrated"; toChatId: number }
  /** The call left and no answer came: it may or may not have arrived. Not retried automatically. */
  | { type: "uncertain"; description: string }
  /** The call never left: its turn did not come before a pause or stop. */
  | { type: "withheld" };

/** Nothing follows from it but that it was sent. */
export function isPlain(outcome: Outcome): outcome is { type: "sent"; messageIds: number[] } {
  return outcome.type === "sent" && outcome.asked === undefined && outcome.pollId === undefined;
}

/*
 * Substrings and tokens, case-insensitive. The code says little: every class comes with both 400 and 403.
 * Albums wrap the error in `failed to send message #N with the error message "…"`, so these match substrings.
 * Order matters where one contains another. Sources: Bot API server (Client.cpp), TDLib, errors of api.telegram.org.
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
  // TDLib's words if it knows the person's setting (can_send_message_content), else Telegram's tokens.
  [
    "personal",
    /user restricted receiving of|(VOICE|VIDEO)_MESSAGES_FORBIDDEN|PRIVACY_PREMIUM_REQUIRED|USER_PRIVACY_RESTRICTED|ALLOW_PAYMENT_REQUIRED/i,
  ],
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
  // A copy or a forward needs its source, and the right to copy or forward it.
  [
    "content",
    /messages? to (copy|forward) not found|no messages to (copy|forward)|messages? can't be (copied|forwarded)|MESSAGE_IDS?_\w+|CHAT_FORWARDS_RESTRICTED/i,
  ],
];

/**
 * Nothing was sent, and a retry may help: the parts of an album could not be prepared (TDLib, do_send_message_group),
 * or the Bot API server is closing and takes no new calls (Client.cpp, get_closing_error).
 */
const NOT_TAKEN = /Group send failed|Internal Server Error: restart/i;

/** What a gateway or a failing server says, with any code. */
const SERVER_FAULT = /Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out/i;

/**
 * Classifies a failed call. Pure.
 * `parameters` come first, then the description, then the code. Calls that never reached Telegram are told from those
 * that may have.
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
  if (NOT_TAKEN.test(description)) return { type: "stumbled", description };
  // A closing Bot API server also answers 500 for calls that are on their way to Telegram, and for calls that Telegram
  // has accepted: docs/adr/0001-gateway-timeout.md.
  if (error_code >= 500) return { type: "uncertain", description };
  const refusal = REFUSALS.find(([, words]) => words.test(description));
  if (refusal) return { type: "refused", class: refusal[0], description };
  if (SERVER_FAULT.test(description)) return { type: "uncertain", description };
  // 404 means that the bot does not exist: every method here does.
  if (error_code === 401 || error_code === 404)
    return { type: "refused", class: "unauthorized", description };
  return { type: "refused", class: "other", description };
}

function classifyNetwork({ error: cause }: HttpError): Outcome {
  if (cause instanceof ProxyAnswer) return classifyPage(cause);
  const description = withoutToken(cause instanceof Error ? cause.message : String(cause));
  return { type: cause instanceof NeverConnected ? "stumbled" : "uncertain", description };
}

/**
 * Statuses decided by the address, the headers or the size of a call, and thus before it is passed on. Not 403 and 408:
 * filters replace answers with a 403, and Envoy answers 408 when it gives up waiting.
 */
const NOT_PASSED_ON = new Set([301, 302, 307, 308, 400, 401, 404, 405, 407, 411, 414, 421, 431]);

function classifyPage({ status, message: description, retryAfterMs }: ProxyAnswer): Outcome {
  if (status === 429) return { type: "deferred", waitMs: retryAfterMs, description };
  // The post is equally large for everyone.
  if (status === 413) return { type: "refused", class: "content", description };
  return { type: NOT_PASSED_ON.has(status) ? "stumbled" : "uncertain", description };
}

/** The connection was never established (DNS, refused, no route, bad certificate): the call cannot have left. */
export class NeverConnected extends Error {
  override readonly name = "NeverConnected";

  constructor(cause: NodeJS.ErrnoException) {
    // If several addresses refused, Node's error has only a code.
    super(cause.message || (cause.code ?? cause.name), { cause });
  }
}

/** The longest wait that a gateway may ask for: unlike Telegram, it may be misconfigured. */
const LONGEST_PAGE_WAIT_MS = 3_600_000;

/** Something in front of the Bot API answered in its place. */
export class ProxyAnswer extends Error {
  override readonly name = "ProxyAnswer";
  readonly status: number;
  /** For a 429: how long it asks to wait; a second if it does not say. */
  readonly retryAfterMs: number;

  constructor(status: number, headers: Pick<IncomingHttpHeaders, "location" | "retry-after" | "date"> = {}) {
    const address = status >= 300 && status < 400 ? apiRootIn(headers.location) : null;
    const hint = address ? `, use the address that it points to: ${address}` : "";
    super(`a proxy answered ${status} in Telegram's place${hint}`);
    this.status = status;
    this.retryAfterMs = waitIn(headers);
  }
}

/** The API root behind a redirect of `<API root>/bot<token>/<method>`; null if it has no usable target. */
function apiRootIn(location = ""): string | null {
  if (!/^https?:/i.test(location) || !URL.canParse(location)) return null;
  const { origin, pathname } = new URL(location);
  return withoutToken(origin + pathname.replace(/\/+(bot\d+(:|%3A)[^]*)?$/i, ""));
}

/** RFC 9110, Retry-After: seconds, or an instant, which is relative to the answer's Date. */
function waitIn({ "retry-after": after = "", date = "" }: IncomingHttpHeaders): number {
  const now = Number.isNaN(Date.parse(date)) ? Date.now() : Date.parse(date);
  const ms = /^\d+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - now;
  return Math.min(LONGEST_PAGE_WAIT_MS, Math.max(1_000, Number.isNaN(ms) ? 0 : ms));
}
