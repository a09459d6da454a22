import type { Message, User } from "@grammyjs/types";
import type { MessageBody } from "../content/message-body.ts";
import type { GroupPlace, Place, Topic } from "./places.ts";
import type { World } from "./world.ts";

/** The first of Telegram's six colours for topics without a custom icon. */
const ICON_COLOR = 0x6fb9f0;

/** Creates a topic in a forum. Returns it and the service message that gives it its id. */
export function createTopic(
  world: World,
  place: GroupPlace,
  name: string,
  from: User,
): { topic: Topic; created: Message } {
  const id = place.lastMessageId + 1;
  const topic: Topic = { message_thread_id: id, name, closed: false };
  place.topics.set(id, topic);
  const created = world.post(place, from, {
    message_thread_id: id,
    is_topic_message: true,
    forum_topic_created: { name, icon_color: ICON_COLOR },
  });
  return { topic, created };
}

/** Deletes a topic and its messages. Telegram sends no update for that. */
export function deleteTopic(world: World, place: GroupPlace, topic: Topic): void {
  place.topics.delete(topic.message_thread_id);
  const held = (place.messages ?? []).filter(
    (message) => message.message_thread_id === topic.message_thread_id,
  );
  for (const { message_id } of held) world.remove(place, message_id);
}

/**
 * The fields of a message in a topic. Unless it replies to another message, it replies to the one that created the
 * topic.
 */
export function inTopic(place: Place, topic: Topic | undefined): MessageBody {
  if (topic === undefined) return {};
  const id = topic.message_thread_id;
  const created = place.find(id);
  return {
    message_thread_id: id,
    is_topic_message: true,
    ...(created && { reply_to_message: created as NonNullable<Message["reply_to_message"]> }),
  };
}
