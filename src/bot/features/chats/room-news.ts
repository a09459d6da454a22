import type { Update } from "grammy/types";
import {
  type ChatRights,
  type KnownChat,
  type TopicChange,
  hearOfTopic,
  noteChat,
  noteNames,
  noteTopic,
} from "../../../audience/chats.ts";
import { followSupergroup } from "../../../campaign/supergroup.ts";
import type { Scope } from "../../../db/scope.ts";
import type { Log } from "../../../log.ts";
import { type Room, factsOf, rightsOf } from "./membership.ts";

/** What an update says about a group or channel. */
export type RoomNews =
  /** The bot was added, removed, or given other rights. */
  | { type: "membership"; chat: Room; status: string; rights: ChatRights }
  | { type: "names"; chat: Room }
  /** A group became a supergroup. */
  | { type: "moved"; fromId: number; toId: number }
  | { type: "topic"; chatId: number; threadId: number; change: TopicChange }
  /** A message in a topic from before the bot joined replies to the one that created the topic. */
  | { type: "topic-heard"; chatId: number; threadId: number; name: string };

/** Null if the update says nothing about a group or channel. */
export function roomNewsIn({ my_chat_member: membership, message }: Update): RoomNews | null {
  if (membership) {
    const { chat, new_chat_member: member } = membership;
    if (chat.type === "private") return null;
    return { type: "membership", chat, status: member.status, rights: rightsOf(chat.type, member) };
  }
  if (!message || message.chat.type === "private") return null;
  const { chat } = message;
  if (message.new_chat_title !== undefined) return { type: "names", chat };
  if (message.migrate_to_chat_id !== undefined)
    return { type: "moved", fromId: chat.id, toId: message.migrate_to_chat_id };
  if (message.migrate_from_chat_id !== undefined)
    return { type: "moved", fromId: message.migrate_from_chat_id, toId: chat.id };
  return topicNewsIn(message);
}

function topicNewsIn(message: NonNullable<Update["message"]>): RoomNews | null {
  const { message_thread_id: threadId, reply_to_message: root } = message;
  if (threadId === undefined) return null;
  const place = { chatId: message.chat.id, threadId };
  // The name is absent if only the icon was changed.
  const name = message.forum_topic_created?.name ?? message.forum_topic_edited?.name;
  if (name !== undefined) return { type: "topic", ...place, change: { name } };
  if (message.forum_topic_closed) return { type: "topic", ...place, change: { closed: true } };
  if (message.forum_topic_reopened) return { type: "topic", ...place, change: { closed: false } };
  const heard = message.is_topic_message ? root?.forum_topic_created?.name : undefined;
  return heard === undefined ? null : { type: "topic-heard", ...place, name: heard };
}

/** Records the news. Of a membership, it resolves with what was known before; otherwise with null. */
export async function noteRoomNews(own: Scope, log: Log, news: RoomNews): Promise<KnownChat | null> {
  switch (news.type) {
    case "membership": {
      const before = await noteChat(own, factsOf(news.chat), news.rights);
      log.info({ chat: news.chat.id, status: news.status, post: news.rights.post }, "a chat is noted");
      return before;
    }
    case "names":
      await noteNames(own, factsOf(news.chat));
      return null;
    case "moved":
      await followSupergroup(own, news.fromId, news.toId);
      log.info({ from: news.fromId, to: news.toId }, "a group became a supergroup");
      return null;
    case "topic":
      await noteTopic(own, news.chatId, news.threadId, news.change);
      return null;
    case "topic-heard":
      await hearOfTopic(own, news.chatId, news.threadId, news.name);
      return null;
  }
}
