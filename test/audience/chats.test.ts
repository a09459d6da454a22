import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type ChatFacts,
  type ChatRights,
  NO_RIGHTS,
  findChat,
  hearOfTopic,
  listChats,
  listTopics,
  nameTargets,
  noteChat,
  noteGone,
  noteNames,
  noteTopic,
} from "../../src/audience/chats.ts";
import { setStatus } from "../../src/audience/recipients.ts";
import { countAudience, countEveryone, countLanguages } from "../../src/audience/segment/audience.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, personOf, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const news: ChatFacts = {
  chatId: -1001,
  kind: "channel",
  title: "News",
  username: "news",
  isForum: false,
};
const forum: ChatFacts = { chatId: -1002, kind: "group", title: "Forum", username: null, isForum: true };
const ALL: ChatRights = { present: true, post: true, pin: true, delete: true, topics: true };
const MUTE: ChatRights = { ...NO_RIGHTS, present: true };

describe("a chat is noted", () => {
  test("with what it is called and what the bot may do there", async () => {
    expect(await noteChat(scope, news, ALL)).toBeNull();
    expect(await findChat(scope, news.chatId)).toEqual({ ...news, rights: ALL, canPost: true });
    expect(await personOf(scope, news.chatId)).toMatchObject({ kind: "channel", status: "active" });
  });

  test("and what was known of it before is told", async () => {
    await noteChat(scope, news, ALL);
    const before = await noteChat(scope, { ...news, title: "New news", username: null }, MUTE);
    expect(before).toEqual({ ...news, rights: ALL, canPost: true });
    expect(await findChat(scope, news.chatId)).toMatchObject({ title: "New news", username: null });
  });

  test.each([
    ["may post", ALL, "active", true],
    ["is there but may not post", MUTE, "unreachable", false],
    ["was thrown out", NO_RIGHTS, "unreachable", false],
  ] as const)("a bot that %s", async (_, rights, status, canPost) => {
    await noteChat(scope, forum, ALL);
    await noteChat(scope, forum, rights);
    expect((await personOf(scope, forum.chatId))?.status).toBe(status);
    expect((await findChat(scope, forum.chatId))?.canPost).toBe(canPost);
    expect(await countAudience(scope, { chats: [{ chatId: forum.chatId }] }, NOW)).toEqual({
      reachable: canPost ? 1 : 0,
      optedOut: 0,
      unreachable: canPost ? 0 : 1,
    });
  });

  test("and unchanged it keeps the moment of its status", async () => {
    await noteChat(scope, news, ALL);
    await noteChat(scope, news, MUTE);
    const before = await personOf(scope, news.chatId);
    await noteChat(scope, { ...news, title: "Renamed" }, MUTE);
    expect(await personOf(scope, news.chatId)).toEqual(before);
  });

  test("and one that a post could not reach can be posted to again once it is looked at", async () => {
    await noteChat(scope, news, ALL);
    await setStatus(scope, news.chatId, "unreachable");
    expect((await findChat(scope, news.chatId))?.canPost).toBe(false);
    await noteChat(scope, news, ALL);
    expect((await findChat(scope, news.chatId))?.canPost).toBe(true);
  });

  test("no chat counts among the people", async () => {
    await seedPeople(scope, [1, 2]);
    await noteChat(scope, news, ALL);
    expect((await countEveryone(scope)).reachable).toBe(2);
    expect((await countLanguages(scope)).all).toBe(2);
  });
});

test("the list holds by title those that the bot is in", async () => {
  await noteChat(scope, { ...news, title: "zebra" }, ALL);
  await noteChat(scope, { ...forum, title: "Apple" }, MUTE);
  await noteChat(scope, { ...forum, chatId: -5, title: "Gone" }, ALL);
  await noteGone(scope, -5);
  await noteGone(scope, -6); // never known
  expect((await listChats(scope)).map(({ title, canPost }) => [title, canPost])).toEqual([
    ["Apple", false],
    ["zebra", true],
  ]);
  expect(await findChat(scope, -6)).toBeNull();
  expect(await listChats(homeScope(scope.db, scope.botId + 1))).toEqual([]);
});

test("a new title is taken for a known chat, an unknown one stays unknown", async () => {
  await noteChat(scope, forum, ALL);
  await noteNames(scope, { ...forum, title: "Square", isForum: false });
  expect(await findChat(scope, forum.chatId)).toMatchObject({ title: "Square", isForum: false, rights: ALL });
  await noteNames(scope, news);
  expect(await findChat(scope, news.chatId)).toBeNull();
});

test("topics are opened, renamed, closed and heard of", async () => {
  await noteTopic(scope, forum.chatId, 7, { name: "Offers" });
  await noteTopic(scope, forum.chatId, 7, { closed: true });
  await noteTopic(scope, forum.chatId, 3, { closed: true });
  await hearOfTopic(scope, forum.chatId, 5, "Talk");
  await noteTopic(scope, forum.chatId, 5, { name: "Chat" });
  await hearOfTopic(scope, forum.chatId, 5, "Talk");
  expect(await listTopics(scope, forum.chatId)).toEqual([
    { threadId: 3, name: "#3", closed: true },
    { threadId: 5, name: "Chat", closed: false },
    { threadId: 7, name: "Offers", closed: true },
  ]);
  await noteTopic(scope, forum.chatId, 7, { closed: false });
  expect((await listTopics(scope, forum.chatId))[2]).toEqual({ threadId: 7, name: "Offers", closed: false });
});

test("chosen chats are named in the order of the choice, unknown ones by number", async () => {
  await noteChat(scope, news, ALL);
  await noteChat(scope, forum, ALL);
  await noteTopic(scope, forum.chatId, 7, { name: "Offers" });
  const targets = [
    { chatId: forum.chatId, threadId: 7 },
    { chatId: news.chatId },
    { chatId: forum.chatId },
    { chatId: forum.chatId, threadId: 8 },
    { chatId: -9 },
  ];
  expect(await nameTargets(scope, targets)).toEqual(["Forum (Offers)", "News", "Forum", "Forum (#8)", "-9"]);
  expect(await nameTargets(scope, [])).toEqual([]);
});
