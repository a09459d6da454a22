/*
 * What leaves the bot's program of an update: who it is from and what happened, never what people write. That also keeps
 * small what is held while Herald cannot be reached.
 */

type Fields = Record<string, unknown>;

const MESSAGE = ["message_id", "date", "message_thread_id", "is_topic_message"];
const NEWS_OF_ROOMS = [
  "new_chat_title",
  "migrate_to_chat_id",
  "migrate_from_chat_id",
  "forum_topic_created",
  "forum_topic_edited",
  "forum_topic_closed",
  "forum_topic_reopened",
];
const MEMBER = [
  "status",
  "is_member",
  "can_send_messages",
  "can_post_messages",
  "can_edit_messages",
  "can_pin_messages",
  "can_delete_messages",
  "can_manage_topics",
];
const CHAT = ["id", "type", "title", "username", "is_forum"];
const USER = ["id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium"];

/** A tap on a button of a post that Herald sent: `b:12:345:1`, or `b:12:345::1` of its first versions. */
const TAP = /^b:\d{1,15}:\d{1,9}:[a-z]*:?\d{1,9}$/;

/** True for a tap on a button that looks like one of Herald's. */
export function isHeraldTap(update: object): boolean {
  const data = fieldsOf(fieldsOf(update)["callback_query"])["data"];
  return typeof data === "string" && TAP.test(data);
}

/** The part of an update that Herald has a use for; null if there is none. `commands` are those whose text it needs. */
export function reduced(update: object, commands: readonly string[]): object | null {
  const fields = fieldsOf(update);
  const { update_id } = fields;
  for (const kind of ["message", "edited_message"]) {
    if (fields[kind] === undefined) continue;
    const message = reducedMessage(fieldsOf(fields[kind]), commands);
    return message && { update_id, [kind]: message };
  }
  const { callback_query: query, my_chat_member: membership, poll, poll_answer } = fields;
  if (query !== undefined) {
    const tap = reducedTap(fieldsOf(query), isHeraldTap(update));
    return tap && { update_id, callback_query: tap };
  }
  if (membership !== undefined) return { update_id, my_chat_member: reducedMembership(fieldsOf(membership)) };
  if (poll !== undefined) return { update_id, poll };
  if (poll_answer !== undefined) return { update_id, poll_answer };
  return null;
}

function reducedMessage(message: Fields, commands: readonly string[]): Fields | null {
  const chat = fieldsOf(message["chat"]);
  const who = { chat: picked(chat, CHAT), ...fromOf(message) };
  if (chat["type"] === "private") {
    const command = commandIn(message["text"]);
    const isWish = command !== undefined && commands.includes(command);
    return { ...picked(message, MESSAGE), ...who, ...(isWish && { text: `/${command}` }) };
  }
  const news = picked(message, NEWS_OF_ROOMS);
  const root = fieldsOf(message["reply_to_message"])["forum_topic_created"];
  if (root !== undefined) news["reply_to_message"] = { forum_topic_created: root };
  return Object.keys(news).length > 0 ? { ...picked(message, MESSAGE), ...who, ...news } : null;
}

/** Of a tap on another button, only that the person is there. */
function reducedTap(query: Fields, isHeralds: boolean): Fields | null {
  const message = fieldsOf(query["message"]);
  const chat = fieldsOf(message["chat"]);
  if (!isHeralds && chat["type"] !== "private") return null;
  const tapped = { ...picked(message, ["message_id", "date"]), chat: picked(chat, CHAT) };
  return {
    id: query["id"],
    ...fromOf(query),
    message: isHeralds ? { ...tapped, ...picked(message, ["reply_markup"]) } : tapped,
    ...(isHeralds && { data: query["data"] }),
  };
}

function reducedMembership(membership: Fields): Fields {
  return {
    date: membership["date"],
    chat: picked(fieldsOf(membership["chat"]), CHAT),
    ...fromOf(membership),
    new_chat_member: picked(fieldsOf(membership["new_chat_member"]), MEMBER),
  };
}

function fromOf(fields: Fields): Fields {
  return fields["from"] === undefined ? {} : { from: picked(fieldsOf(fields["from"]), USER) };
}

function commandIn(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  return /^\/(\w{1,32})(?:@\w+)?(?:\s|$)/.exec(text)?.[1]?.toLowerCase();
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function picked(from: Fields, names: readonly string[]): Fields {
  const fields: Fields = {};
  for (const name of names) if (from[name] !== undefined) fields[name] = from[name];
  return fields;
}
