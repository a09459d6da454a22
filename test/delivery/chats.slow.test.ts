import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Telegram } from "../../playground/telegram.ts";
import { setStatus } from "../../src/audience/recipients.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { listMissed, listPosts } from "../../src/campaign/report/sent-posts.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation, freshScope } from "../support/database.ts";
import { engine, gatedThrottle, isFinished, postTo, seedChats } from "../support/engine.ts";
import { localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import {
  ADMIN,
  countersOf,
  deliveriesOf,
  emptied,
  personOf,
  range,
  seedCampaign,
  seedPeople,
} from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const textsIn = (telegram: Telegram, chatId: number) =>
  telegram.received(chatId).map((message) => message.text);
const statesOf = async (id: number) => (await deliveriesOf(scope, id)).map(({ state }) => state);

test("a post goes into channels, groups and topics in the order of the choice, and each has its link", async () => {
  const telegram = await localTelegram();
  const forum = telegram.group({ title: "Forum", isForum: true });
  const topic = forum.topic("Offers");
  const channel = telegram.channel({ title: "News", username: "news_channel" });
  const basic = telegram.group({ id: -55, type: "group", title: "Us" });
  await seedChats(scope, [forum, channel, basic]);
  const { dispatcher } = await engine(scope, telegram);
  const offers = { chatId: forum.id, threadId: topic.message_thread_id };
  const post = await postTo(scope, [channel, offers, basic, channel], { silent: true, protect: true });
  dispatcher.poke();
  await isFinished(scope, post);

  const [inForum] = telegram.received(forum.id);
  expect(inForum).toMatchObject({ text: post.text, message_thread_id: topic.message_thread_id });
  expect(inForum?.has_protected_content).toBe(true);
  const [inChannel] = telegram.received(channel.id);
  expect(telegram.received(channel.id)).toHaveLength(1); // chosen twice
  expect(await countersOf(scope, post.id)).toEqual({ total: 3, sent: 3 });
  const number = String(forum.id).replace(/^-100/, "");
  expect(await listPosts(scope, post.id, 10)).toEqual([
    {
      chatId: channel.id,
      title: "News",
      messageId: inChannel?.message_id,
      link: `https://t.me/news_channel/${inChannel?.message_id}`,
    },
    {
      chatId: forum.id,
      title: "Forum",
      messageId: inForum?.message_id,
      link: `https://t.me/c/${number}/${topic.message_thread_id}/${inForum?.message_id}`,
    },
    { chatId: basic.id, title: "Us", messageId: expect.any(Number), link: null },
  ]);
});

test("posts to one chat keep to its pace without a 429, alongside posts to another chat and to people", async () => {
  const telegram = await localTelegram({ limits: { groupBurst: 2 } });
  const [one, two] = [telegram.group(), telegram.group()];
  await seedChats(scope, [one, two]);
  telegram.people(150, { firstId: 1_000 });
  await seedPeople(scope, range(1_000, 1_149));
  const { dispatcher } = await engine(scope, telegram, { rate: 28 });
  const posts: { id: number; text: string }[] = [];
  for (let index = 0; index < 4; index += 1) posts.push(await postTo(scope, [one, two]));
  const { id: people } = await seedCampaign(scope, { state: "running", startedAt: new Date() });
  const began = performance.now();
  dispatcher.poke();
  await isFinished(scope, { id: people });
  const peopleTook = performance.now() - began;
  let mostSending = 0;
  await until(async () => {
    const states = await Promise.all(posts.map(({ id }) => deliveriesOf(scope, id)));
    const sending = states.flat().filter(({ chatId, state }) => chatId === one.id && state === "sending");
    mostSending = Math.max(mostSending, sending.length);
    return states.flat().every(({ state }) => state === "sent");
  }, 20_000);

  expect(telegram.tooMany).toBe(0);
  expect(mostSending).toBeLessThanOrEqual(1);
  // 150 at 28 a second are 5.4 s; other tests run beside this one.
  expect(peopleTook).toBeLessThan(20_000);
  for (const group of [one, two])
    expect(new Set(textsIn(telegram, group.id))).toEqual(new Set(posts.map(({ text }) => text)));
  expect(telegram.received(one.id)).toHaveLength(4);
}, 40_000);

async function held() {
  const telegram = await localTelegram({ limits: "none" });
  const group = telegram.group();
  await seedChats(scope, [group]);
  const throttle = gatedThrottle();
  let holds = true;
  const { dispatcher } = await engine(scope, telegram, { throttle, lease: { held: () => holds } });
  const post = await postTo(scope, [group]);
  dispatcher.poke();
  await until(() => throttle.waiting === 1);
  expect(await statesOf(post.id)).toEqual(["sending"]);
  expect(dispatcher.inFlight).toBe(0);
  return { telegram, group, throttle, dispatcher, post, loseLease: () => (holds = false) };
}

describe("a post that waits for its chat", () => {
  test("is taken back when the campaign is paused, and leaves once after it is resumed", async () => {
    const { telegram, group, throttle, dispatcher, post } = await held();
    await pause(scope, ADMIN, post.id);
    dispatcher.poke();
    await until(async () => (await statesOf(post.id))[0] === "pending");
    throttle.open();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(telegram.received(group.id)).toEqual([]);
    await resume(scope, ADMIN, post.id);
    dispatcher.poke();
    await until(() => throttle.waiting === 1);
    throttle.open();
    await isFinished(scope, post);
    expect(textsIn(telegram, group.id)).toEqual([post.text]);
  });

  test("is taken back at once when the process stops, as never sent", async () => {
    const { telegram, group, throttle, dispatcher, post } = await held();
    const asked = performance.now();
    await dispatcher.stop();
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(await deliveriesOf(scope, post.id)).toMatchObject([{ state: "pending", attempts: 0 }]);
    throttle.open();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(telegram.received(group.id)).toEqual([]);
  });

  test("does not leave if the lease was lost meanwhile", async () => {
    const { telegram, group, throttle, loseLease } = await held();
    loseLease();
    throttle.open();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(telegram.received(group.id)).toEqual([]);
  });

  test("holds up nobody else, however many wait", async () => {
    const { telegram, throttle, dispatcher } = await held();
    const groups = range(1, 70).map(() => telegram.group());
    await seedChats(scope, groups);
    await postTo(scope, groups);
    dispatcher.poke();
    await until(() => throttle.waiting > 60);
    telegram.people(100, { firstId: 1_000 });
    await seedPeople(scope, range(1_000, 1_099));
    const { id } = await seedCampaign(scope, { state: "running", startedAt: new Date() });
    dispatcher.poke();
    await isFinished(scope, { id }, 6_000);
    throttle.open();
  });
});

test("a kill in the middle leaves at most one post a chat uncertain, and none is sent twice", async () => {
  const telegram = await localTelegram();
  const database = await freshLocation();
  const groups = [telegram.group(), telegram.group()];
  const posts = await within(database, async ({ db }) => {
    const own = homeScope(db, BOT_ID);
    await emptied(own);
    await seedChats(own, groups);
    return [await postTo(own, groups), await postTo(own, groups), await postTo(own, groups)];
  });
  const first = spawnHerald(environment(telegram, database));
  await isUp(first);
  await until(() => telegram.received(groups[0]!.id).length > 0);
  await new Promise((resolve) => setTimeout(resolve, 2_900));
  await first.kill9();
  const second = spawnHerald(environment(telegram, database));
  await isUp(second);
  await within(database, async ({ db }) => {
    const own = homeScope(db, BOT_ID);
    for (const post of posts) await isFinished(own, post, 30_000);
    const rows = (await Promise.all(posts.map(({ id }) => deliveriesOf(own, id)))).flat();
    for (const { id } of groups) {
      const texts = textsIn(telegram, id);
      const uncertain = rows.filter(({ chatId, state }) => chatId === id && state === "uncertain").length;
      expect(uncertain).toBeLessThanOrEqual(1);
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.length).toBeGreaterThanOrEqual(posts.length - uncertain);
    }
  });
  expect(telegram.tooMany).toBe(0);
}, 90_000);

test("slow mode or a 429 in a group delays only that group", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const [slow, slower, quick] = [telegram.group(), telegram.group(), telegram.group()];
  await slow.slowMode(6);
  await slower.slowMode(6);
  await seedChats(scope, [slow, slower, quick]);
  const { dispatcher, pacer } = await engine(scope, telegram);
  const first = await postTo(scope, [slow, slower]);
  dispatcher.poke();
  await isFinished(scope, first);
  const second = await postTo(scope, [slow, slower, quick]);
  dispatcher.poke();
  await until(async () => (await countersOf(scope, second.id))["sent"] === 1);
  expect(textsIn(telegram, quick.id)).toEqual([second.text]);
  expect(pacer.pausedUntil()).toBeNull();
  await isFinished(scope, second);
  for (const group of [slow, slower]) expect(textsIn(telegram, group.id)).toEqual([first.text, second.text]);
}, 30_000);

describe("a chat that is lost", () => {
  test("fails with its reason, is not written to again, and gets the post by a retry when the bot is back", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const [mute, gone, fine] = [telegram.channel({ title: "Mute" }), telegram.group(), telegram.group()];
    await mute.limits({ can_post_messages: false });
    await gone.kicks();
    await seedChats(scope, [mute, gone, fine]);
    const { dispatcher, finished, paused } = await engine(scope, telegram);
    const post = await postTo(scope, [mute, gone, fine]);
    dispatcher.poke();
    await isFinished(scope, post);
    expect(await countersOf(scope, post.id)).toEqual({ total: 3, sent: 1, failed: 2 });
    const missed = await listMissed(scope, post.id);
    expect(missed.map(({ chatId, reason }) => [chatId, reason])).toEqual([
      [mute.id, "no-rights"],
      [gone.id, "chat-lost"],
    ]);
    expect(finished).toEqual([{ campaignId: post.id }]);
    expect(paused).toEqual([]);
    expect((await personOf(scope, gone.id))?.status).toBe("unreachable");
    expect((await personOf(scope, mute.id))?.status).toBe("active");

    await mute.limits({ can_post_messages: true });
    await gone.adds();
    await setStatus(scope, gone.id, "active"); // as my_chat_member does
    await retry(scope, ADMIN, post.id, "failed");
    dispatcher.poke();
    await isFinished(scope, post);
    expect(await countersOf(scope, post.id)).toEqual({ total: 3, sent: 3 });
    for (const { id } of [mute, gone, fine]) expect(textsIn(telegram, id)).toEqual([post.text]);
  });

  test("before the start is reported as failed; with nobody left the campaign ends", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const [one, two] = [telegram.group(), telegram.group()];
    await seedChats(scope, [one, two]);
    await setStatus(scope, one.id, "unreachable");
    await setStatus(scope, two.id, "unreachable");
    const { dispatcher } = await engine(scope, telegram);
    const post = await postTo(scope, [one, two, { chatId: -100_999 }]);
    const empty = await postTo(scope, []);
    dispatcher.poke();
    await isFinished(scope, post);
    await isFinished(scope, empty);
    expect(await countersOf(scope, post.id)).toEqual({ total: 3, failed: 3 });
    const missed = await listMissed(scope, post.id);
    // The bot is in the first two, as far as it knows: what it lacks is the right.
    expect(missed.map(({ reason }) => reason)).toEqual(["no-rights", "no-rights", "chat-lost"]);
    expect(await countersOf(scope, empty.id)).toEqual({});
    expect(telegram.received(one.id)).toEqual([]);
  });

  test("between the freeze and its turn fails, too", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const group = telegram.group();
    await seedChats(scope, [group]);
    const post = await postTo(scope, [group]);
    const first = await engine(scope, telegram, { lease: { held: () => true }, throttle: gatedThrottle() });
    first.dispatcher.poke();
    await until(async () => (await getCampaign(scope, post.id)).frozenAt !== null);
    await first.dispatcher.stop();
    await setStatus(scope, group.id, "unreachable");
    const { dispatcher } = await engine(scope, telegram);
    dispatcher.poke();
    await isFinished(scope, post);
    expect(await countersOf(scope, post.id)).toEqual({ total: 1, failed: 1 });
  });

  test("25 chats without rights do not pause the campaign: each fails on its own, and the last one still gets the post", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const mute = range(1, 25).map(() => telegram.channel());
    for (const channel of mute) await channel.limits({ can_post_messages: false });
    const fine = telegram.channel();
    await seedChats(scope, [...mute, fine]);
    const { dispatcher, paused } = await engine(scope, telegram);
    const post = await postTo(scope, [...mute, fine]);
    dispatcher.poke();
    await isFinished(scope, post);
    expect(paused).toEqual([]);
    expect(await countersOf(scope, post.id)).toEqual({ total: 26, sent: 1, failed: 25 });
  });

  test("a closed or deleted topic is distinguished from a chat without rights", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const forum = telegram.group({ isForum: true });
    const [closed, deleted] = [forum.topic("Closed"), forum.topic("Deleted")];
    await forum.closesTopic(telegram.person(), closed);
    await forum.deletesTopic(deleted);
    await seedChats(scope, [forum]);
    const { dispatcher } = await engine(scope, telegram);
    const targets = [closed, deleted].map((topic) => ({
      chatId: forum.id,
      threadId: topic.message_thread_id,
    }));
    const post = await postTo(scope, targets);
    dispatcher.poke();
    await isFinished(scope, post);
    expect((await listMissed(scope, post.id)).map(({ reason }) => reason)).toEqual([
      "topic-closed",
      "topic-closed",
    ]);
  });
});

test("a group that becomes a supergroup gets the post that was frozen for it, once in each campaign", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const group = telegram.group({ id: -77, type: "group" });
  await seedChats(scope, [group]);
  const throttle = gatedThrottle();
  const { dispatcher } = await engine(scope, telegram, { throttle });
  const posts = [await postTo(scope, [group]), await postTo(scope, [group])];
  dispatcher.poke();
  // One of them waits for the chat, the other in the database.
  await until(async () => (await Promise.all(posts.map(({ id }) => statesOf(id)))).flat().length === 2);
  await until(() => throttle.waiting === 1);
  const supergroup = await group.migrates();
  const opener = setInterval(() => throttle.open(), 20);
  for (const post of posts) await isFinished(scope, post);
  clearInterval(opener);
  expect(telegram.received(supergroup.id)).toHaveLength(2);
  expect(new Set(textsIn(telegram, supergroup.id))).toEqual(new Set(posts.map(({ text }) => text)));
  expect(textsIn(telegram, group.id)).toEqual([]);
  expect(await personOf(scope, group.id)).toBeUndefined();
}, 20_000);
