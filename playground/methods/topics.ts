import type { ForumTopic } from "@grammyjs/types";
import { GroupPlace, type Topic } from "../world/places.ts";
import { badRequest } from "../wire/refusal.ts";
import { createTopic, deleteTopic, inTopic } from "../world/topics.ts";
import { type Call, checkReach, target } from "./call.ts";

/** The forum that the call names. Throws unless the bot may manage its topics; `doing` is what it cannot do without. */
function forum(call: Call, doing: string): GroupPlace {
  const place = target(call);
  checkReach(place);
  if (!(place instanceof GroupPlace) || place.chat.is_forum !== true)
    throw badRequest("the chat is not a forum");
  if (!place.grants("can_manage_topics")) throw badRequest(`not enough rights to ${doing}`);
  return place;
}

function topicIn(call: Call, place: GroupPlace): Topic {
  const topic = place.topics.get(call.params.integer("message_thread_id") ?? 0);
  if (topic === undefined) throw badRequest("message thread not found");
  return topic;
}

export function createForumTopic(call: Call): ForumTopic {
  const place = forum(call, "create a topic");
  const name = (call.params.text("name") ?? "").trim();
  if (name === "") throw badRequest("TOPIC_TITLE_EMPTY");
  const { topic, created } = createTopic(call.world, place, name, call.bot.user);
  const { message_thread_id } = topic;
  return { message_thread_id, name, icon_color: created.forum_topic_created?.icon_color ?? 0 };
}

/** A service message says so, which the bot itself gets no update for. */
export function closeForumTopic(call: Call): true {
  return turn(call, true);
}

export function reopenForumTopic(call: Call): true {
  return turn(call, false);
}

function turn(call: Call, closed: boolean): true {
  const place = forum(call, "close or reopen a topic");
  const topic = topicIn(call, place);
  if (topic.closed === closed) throw badRequest("TOPIC_NOT_MODIFIED");
  topic.closed = closed;
  const service = closed ? { forum_topic_closed: {} } : { forum_topic_reopened: {} };
  call.world.post(place, call.bot.user, { ...inTopic(place, topic), ...service });
  return true;
}

export function editForumTopic(call: Call): true {
  const place = forum(call, "edit a topic");
  const topic = topicIn(call, place);
  const name = (call.params.text("name") ?? "").trim();
  if (name === "" || name === topic.name) throw badRequest("TOPIC_NOT_MODIFIED");
  topic.name = name;
  call.world.post(place, call.bot.user, { ...inTopic(place, topic), forum_topic_edited: { name } });
  return true;
}

export function deleteForumTopic(call: Call): true {
  const place = forum(call, "delete a topic");
  deleteTopic(call.world, place, topicIn(call, place));
  return true;
}
