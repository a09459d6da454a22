import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  const ada = telegram.person({ firstName: "Ada" });
  const forum = telegram.group({ isForum: true, members: [ada] });
  return { telegram, ada, forum, api: apiFor(telegram) };
}

test("a message lands in the topic that it names", async () => {
  const { forum, api, ada } = await scene();
  const { message_thread_id } = forum.topic("News");
  const sent = await api.sendMessage(forum.id, "hello", { message_thread_id, protect_content: true });
  expect(sent).toMatchObject({
    message_thread_id,
    is_topic_message: true,
    has_protected_content: true,
    reply_to_message: { message_id: message_thread_id, forum_topic_created: { name: "News" } },
  });
  const general = await api.sendMessage(forum.id, "to all");
  expect(general.message_thread_id).toBeUndefined();
  const heard = await ada.sends("me too", { in: forum, topic: forum.topic("Chat") });
  expect(heard).toMatchObject({ is_topic_message: true });
});

test("the bot hears what people do with topics, but not that one is deleted", async () => {
  const { forum, api, ada } = await scene();
  await api.getUpdates({ offset: -1 });
  forum.topic("There all along");
  const topic = await forum.createsTopic(ada, "News");
  await forum.renamesTopic(ada, topic, "Old news");
  await forum.closesTopic(ada, topic);
  await forum.reopensTopic(ada, topic);
  await forum.deletesTopic(topic);
  const heard = (await api.getUpdates()).flatMap(({ message }) => message ?? []);
  expect(heard).toMatchObject([
    { from: { id: ada.id }, message_id: topic.message_thread_id, forum_topic_created: { name: "News" } },
    { forum_topic_edited: { name: "Old news" } },
    { forum_topic_closed: {} },
    { forum_topic_reopened: {} },
  ]);
  expect(heard.every((message) => message.message_thread_id === topic.message_thread_id)).toBe(true);
  expect(forum.holds.map((message) => message.forum_topic_created?.name)).toEqual(["There all along"]);
});

test("only who may manage topics can write to a closed one", async () => {
  const { forum, api, ada } = await scene();
  const topic = await forum.createsTopic(ada, "News");
  const { message_thread_id } = topic;
  const send = () => refusalOf(api.sendMessage(forum.id, "x", { message_thread_id }));
  await forum.closesTopic(ada, topic);
  expect(await send()).toBe("400 Bad Request: TOPIC_CLOSED");
  await forum.adds("administrator");
  expect(await send()).toBe("accepted");
  await forum.limits({ can_manage_topics: false });
  expect(await send()).toBe("400 Bad Request: TOPIC_CLOSED");
  await forum.reopensTopic(ada, topic);
  expect(await send()).toBe("accepted");
});

test("a thread that is not there, or not any more, is not found", async () => {
  const { telegram, forum, api } = await scene();
  const topic = forum.topic("News");
  const notFound = "400 Bad Request: message thread not found";
  const send = (chatId: number, message_thread_id: number) =>
    refusalOf(api.sendMessage(chatId, "x", { message_thread_id }));
  expect(await send(forum.id, 1)).toBe(notFound);
  expect(await send(forum.id, 99)).toBe(notFound);
  expect(await send(telegram.group().id, topic.message_thread_id)).toBe(notFound);
  expect(await send(forum.id, topic.message_thread_id)).toBe("accepted");
  await forum.deletesTopic(topic);
  expect(await send(forum.id, topic.message_thread_id)).toBe(notFound);
  expect(forum.holds).toEqual([]);
});

test("a bot that may manage topics creates one", async () => {
  const { telegram, forum, api } = await scene();
  expect(await refusalOf(api.createForumTopic(forum.id, "News"))).toBe(
    "400 Bad Request: not enough rights to create a topic",
  );
  await forum.adds("administrator");
  const { message_thread_id, name } = await api.createForumTopic(forum.id, "News");
  expect(name).toBe("News");
  await api.sendMessage(forum.id, "hello", { message_thread_id });
  expect(await refusalOf(api.createForumTopic(telegram.group().id, "News"))).toBe(
    "400 Bad Request: the chat is not a forum",
  );
  expect(() => telegram.group({ title: "Flat" }).topic("News")).toThrow("Flat has no topics");
});
