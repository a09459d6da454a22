import type { ApiFailure } from "./refusal.ts";

const bad = (words: string): ApiFailure => ({ error_code: 400, description: `Bad Request: ${words}` });
const forbidden = (words: string): ApiFailure => ({ error_code: 403, description: `Forbidden: ${words}` });

/**
 * Telegram's errors, for `telegram.fault(match, { error: ERRORS.blocked })`. The words are those of the Bot API
 * server and TDLib; UPPERCASE_TOKENS come from Telegram's servers unchanged.
 */
export const ERRORS = {
  // blocked
  blocked: forbidden("bot was blocked by the user"),
  blockedToken: bad("USER_IS_BLOCKED"),
  blockedInAlbum: bad('failed to send message #1 with the error message "USER_IS_BLOCKED"'),
  // deactivated
  deactivated: forbidden("user is deactivated"),
  deactivatedToken: bad("INPUT_USER_DEACTIVATED"),
  deletedToken: bad("USER_DELETED"),
  // unreachable
  neverStarted: forbidden("bot can't initiate conversation with a user"),
  chatNotFound: bad("chat not found"),
  peerInvalid: bad("PEER_ID_INVALID"),
  userNotFound: bad("user not found"),
  toBot: forbidden("the bot can't send messages to the bot"),
  userIsBot: bad("USER_IS_BOT"),
  // this one only
  voiceRestricted: bad("user restricted receiving of voice note messages"),
  videoRestricted: bad("user restricted receiving of video note messages"),
  voiceForbidden: bad("VOICE_MESSAGES_FORBIDDEN"),
  premiumRequired: bad("PRIVACY_PREMIUM_REQUIRED"),
  paymentRequired: bad("ALLOW_PAYMENT_REQUIRED"),
  // chat lost
  kickedFromGroup: forbidden("bot was kicked from the group chat"),
  kickedFromSupergroup: forbidden("bot was kicked from the supergroup chat"),
  kickedFromChannel: forbidden("bot was kicked from the channel chat"),
  notMemberOfSupergroup: forbidden("bot is not a member of the supergroup chat"),
  notMemberOfChannel: forbidden("bot is not a member of the channel chat"),
  groupDeleted: forbidden("the group chat was deleted"),
  channelPrivate: bad("CHANNEL_PRIVATE"),
  chatIdInvalid: bad("CHAT_ID_INVALID"),
  // no rights
  noRightsText: bad("not enough rights to send text messages to the chat"),
  noRightsPhotos: bad("not enough rights to send photos to the chat"),
  noWriteAccess: bad("have no write access to the chat"),
  needAdmin: bad("need administrator rights in the channel chat"),
  writeForbidden: bad("CHAT_WRITE_FORBIDDEN"),
  adminRequired: bad("CHAT_ADMIN_REQUIRED"),
  mediaForbidden: bad("CHAT_SEND_MEDIA_FORBIDDEN"),
  topicClosed: bad("TOPIC_CLOSED"),
  threadNotFound: bad("message thread not found"),
  // back off
  restarting: { error_code: 500, description: "Internal Server Error: restart" },
  groupSendFailed: bad("Group send failed"),
  // uncertain
  aborted: { error_code: 500, description: "Internal Server Error: request aborted" },
  internal: { error_code: 500, description: "Internal Server Error" },
  badGateway: { error_code: 502, description: "Bad Gateway" },
  unavailable: { error_code: 503, description: "Service Unavailable" },
  gatewayTimeout: { error_code: 504, description: "Gateway Timeout" },
  // content
  textEmpty: bad("message text is empty"),
  tooLong: bad("message is too long"),
  captionTooLong: bad("message caption is too long"),
  cantParse: bad('can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
  entityInvalid: bad("ENTITY_TEXTURL_INVALID"),
  buttonInvalid: bad("BUTTON_DATA_INVALID"),
  buttonUrlInvalid: bad("BUTTON_URL_INVALID"),
  markupInvalid: bad("REPLY_MARKUP_INVALID"),
  wrongFile: bad("wrong file identifier/HTTP URL specified"),
  wrongRemoteFile: bad("wrong remote file identifier specified: can't unserialize it"),
  mediaEmpty: bad("MEDIA_EMPTY"),
  pollOptions: bad("poll must have at least 2 option"),
  copyNotFound: bad("message to copy not found"),
  // the bot itself
  unauthorized: { error_code: 401, description: "Unauthorized" },
  notFound: { error_code: 404, description: "Not Found" },
  loggedOut: bad("Logged out"),
  frozen: { error_code: 420, description: "FROZEN_METHOD_INVALID" },
  // paid
  balanceTooLow: bad("BALANCE_TOO_LOW"),
  // anything else
  unheardOf: bad("SOMETHING_NEW_UNDER_THE_SUN"),
} as const satisfies Record<string, ApiFailure>;

/** A 429. `seconds` is the wait that Telegram asks for, from 1 s to hours. */
export function tooManyRequests(seconds: number): ApiFailure {
  return {
    error_code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  };
}

/** The error for a group that became the supergroup `chatId`. */
export function migratedTo(chatId: number): ApiFailure {
  return {
    error_code: 400,
    description: "Bad Request: group chat was upgraded to a supergroup chat",
    parameters: { migrate_to_chat_id: chatId },
  };
}
