import { InlineKeyboard, Keyboard } from "grammy";
import { expect, test } from "vitest";
import { apiFor, botFor, posterFor, refusalOf, telegramFor } from "./harness.ts";

test("a bot in another process is driven and looked at over HTTP", async () => {
  const telegram = await telegramFor();
  const post = async (name: string, body: object) => {
    const response = await fetch(`${telegram.apiRoot}/playground/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.text() };
  };
  botFor(telegram, (bot) => {
    bot.command("start", (ctx) =>
      ctx.reply("Hello", { reply_markup: new InlineKeyboard().text("Go", "go") }),
    );
    bot.callbackQuery("go", (ctx) => ctx.answerCallbackQuery("gone"));
  });
  expect((await post("sends", { from: 7, text: "/start" })).status).toBe(200);
  await telegram.person({ id: 7 }).sees("Hello");
  expect(JSON.parse((await post("taps", { from: 7, label: "Go" })).body)).toEqual({ text: "gone" });
  const drawn = await fetch(`${telegram.apiRoot}/playground/chats/7/text`);
  expect(await drawn.text()).toBe("Person 7 · 1\n    /start\nHerald · 2\n    Hello\n    [Go]\n");
  const messages = await fetch(`${telegram.apiRoot}/playground/chats/7`);
  expect(await messages.json()).toHaveLength(2);
  await post("fault", {
    match: { method: "/^send/" },
    effect: { error: { error_code: 400, description: "Bad Request: odd" } },
  });
  expect(await refusalOf(apiFor(telegram).sendMessage(7, "x"))).toBe("400 Bad Request: odd");
  await post("blocks", { from: 7 });
  expect(await refusalOf(apiFor(telegram).sendMessage(7, "x"))).toContain("blocked");
  expect((await post("taps", { from: 7 })).status).toBe(400);
  expect((await post("album", { from: 7, parts: [] })).status).toBe(400);
  expect((await post("nonsense", {})).status).toBe(404);
});

test("stats count calls, errors, and where a text stands", async () => {
  const telegram = await telegramFor({ limits: { chatBurst: 3 } });
  const api = apiFor(telegram);
  const [ada, bob] = telegram.people(2);
  for (const text of ["sale", "sale", "other"]) await api.sendMessage(ada?.id ?? 0, text);
  await api.sendMessage(bob?.id ?? 0, "sale");
  await refusalOf(api.sendMessage(ada?.id ?? 0, "sale"));
  const response = await fetch(`${telegram.apiRoot}/playground/stats?text=sale`);
  expect(await response.json()).toMatchObject({
    calls: 5,
    errors: { 429: 1 },
    tooMany: 1,
    worstSecond: 4,
    chats: 2,
    messages: 3,
    mostInOneChat: 2,
  });
});

test("a person owns a channel and picks it over HTTP", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const post = posterFor(telegram);
  const ada = telegram.person({ started: true });
  const channel = await post("group", { from: ada.id, type: "channel", title: "News", username: "news" });
  expect(channel).toMatchObject({ type: "channel", title: "News", username: "news" });
  const { id } = await api.getChat("@news");
  const keyboard = new Keyboard().requestChat("Channel", 1, { chat_is_channel: true });
  await api.sendMessage(ada.id, "Which channel?", { reply_markup: keyboard });
  expect(await post("shares", { from: ada.id, chat: id })).toMatchObject({ chat_shared: { chat_id: id } });
  expect(await post("shares", { from: ada.id, chat: 4 })).toEqual({
    error: `"chat" is the id of a group or channel`,
  });
  expect(await post("group", { from: ada.id, type: "club" })).toHaveProperty("error");
});

test("an album, a deletion and a tap in a channel over HTTP", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const post = posterFor(telegram);
  const ada = telegram.person({ started: true });
  const parts = await post("album", {
    from: ada.id,
    parts: [{ photo: true }, { live_photo: true }],
    apart: 5,
  });
  expect(parts).toMatchObject([{ media_group_id: expect.any(String) }, { live_photo: {} }]);
  expect(await post("deletes", { from: ada.id, id: 1 })).toBe(true);
  expect(ada.holds.map(({ message_id }) => message_id)).toEqual([2]);
  const channel = telegram.channel();
  const keyboard = new InlineKeyboard().copyText("Code", "SALE");
  const sent = await api.sendMessage(channel.id, "x", { reply_markup: keyboard });
  const tap = { from: ada.id, label: "Code", in: channel.id, on: sent.message_id };
  expect(await post("taps", tap)).toEqual({ copied: "SALE" });
});

test("a button is tapped by its row and column, and the answer comes back", async () => {
  const telegram = await telegramFor();
  const post = posterFor(telegram);
  botFor(telegram, (bot) => {
    bot.command("start", (ctx) =>
      ctx.reply("Hello", { reply_markup: new InlineKeyboard().text("A", "a").row().text("B", "b") }),
    );
    bot.callbackQuery("b", (ctx) => ctx.answerCallbackQuery({ text: "Really?", show_alert: true }));
  });
  await post("sends", { from: 7, text: "/start" });
  const { message_id: on } = await telegram.person({ id: 7 }).sees("Hello");
  expect(await post("taps", { from: 7, on, button: [1, 0] })).toEqual({ text: "Really?", show_alert: true });
  expect(await post("taps", { from: 7, on, button: [1, 1] })).toEqual({
    error: "The message has no such button any more.",
  });
  expect(await post("taps", { from: 7, on: 99, button: [0, 0] })).toEqual({
    error: "This message is no longer there.",
  });
});

test("a tap that nobody answers ends with a sentence, and a late answer is taken", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(1, { firstId: 7 });
  const { message_id: on } = await api.sendMessage(7, "x", {
    reply_markup: new InlineKeyboard().text("A", "a"),
  });
  expect(await post("taps", { from: 7, on, button: [0, 0], within: 50 })).toEqual({
    error: "The bot did not answer. It may be stopped, or cut off from Telegram.",
  });
  const [update] = await api.getUpdates();
  expect(await api.answerCallbackQuery(update?.callback_query?.id ?? "")).toBe(true);
});

test("a channel posts, and a person writes to their group but not to a channel or to a group of others", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  const ada = telegram.person({ id: 7, firstName: "Ada" });
  const channel = telegram.channel({ title: "News" });
  const group = telegram.group({ title: "Club", members: [ada] });
  telegram.person({ id: 8, firstName: "Bob" });
  const message = { text: "Hello", entities: [{ type: "bold", offset: 0, length: 5 }] };
  expect(await post("posts", { chat: channel.id, message })).toMatchObject({
    ...message,
    sender_chat: { title: "News" },
  });
  expect(await post("sends", { from: 7, in: group.id, message })).toMatchObject({
    ...message,
    from: { id: 7 },
  });
  const updates = await api.getUpdates({ allowed_updates: ["message", "channel_post"] });
  expect(updates).toMatchObject([{ channel_post: message }, { message }]);
  expect(await post("sends", { from: 7, in: channel.id, message })).toEqual({
    error: "News is a channel: only the channel itself posts there.",
  });
  expect(await post("posts", { chat: group.id, message })).toHaveProperty("error");
  expect(await post("sends", { from: 8, in: group.id, message })).toEqual({ error: "Bob is not in Club." });
});

test("what cannot be sent is refused with a sentence", async () => {
  const telegram = await telegramFor();
  const post = posterFor(telegram);
  expect(await post("sends", { from: 7, message: { text: " \n" } })).toEqual({
    error: "There is nothing to send yet. Write something first.",
  });
  expect(await post("sends", { from: 7, message: { text: "x".repeat(5000) } })).toEqual({
    error: "That is 5,000 characters. Telegram takes 4,096 here.",
  });
  const entities = [{ type: "bold", offset: 0, length: 9 }];
  expect(await post("sends", { from: 7, message: { text: "Hi", entities } })).toHaveProperty("error");
  await post("blocks", { from: 7 });
  expect(await post("sends", { from: 7, text: "x" })).toEqual({
    error: "Person 7 has blocked the bot. Unblock it first.",
  });
  expect(await post("sends", { from: -1, text: "x" })).toHaveProperty("error");
  const broken = await fetch(`${telegram.apiRoot}/playground/sends`, { method: "POST", body: "{" });
  expect([broken.status, await broken.json()]).toEqual([400, { error: expect.stringContaining("not JSON") }]);
});

test("an album of a channel is forwarded to the bot as one album", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(2, { firstId: 7 });
  const channel = telegram.channel({ username: "news" });
  const parts = await channel.postsAlbum([{ photo: true, caption: "One" }, { video: true }]);
  const ids = parts.map(({ message_id }) => message_id);
  const forwards = await post("forwards", { from: 7, chat: channel.id, ids: ids.toReversed() });
  expect(forwards).toMatchObject([
    { caption: "One", forward_origin: { type: "channel", message_id: ids[0] } },
    { video: {}, forward_origin: { message_id: ids[1] } },
  ]);
  const updates = await api.getUpdates({ allowed_updates: ["message"] });
  const albums = new Set(updates.map(({ message }) => message?.media_group_id));
  expect([updates.length, albums.size]).toEqual([2, 1]);
  expect(albums).not.toContain(parts[0]?.media_group_id);
});

test("nobody forwards from a chat that they cannot see, nor what is protected or gone", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(2, { firstId: 7 });
  const { message_id: id } = await api.sendMessage(8, "x", { protect_content: true });
  const channel = telegram.channel({ title: "Secrets" });
  const { message_id: secret } = await channel.posts("x");
  const refused = async (body: object) => expect(await post("forwards", body)).toHaveProperty("error");
  await refused({ from: 7, chat: 8, ids: [id] });
  await refused({ from: 8, chat: 8, ids: [id] });
  await refused({ from: 8, chat: 8, ids: [99] });
  await refused({ from: 8, chat: 8, ids: [] });
  await refused({ from: 7, chat: channel.id, ids: [secret] });
  expect(telegram.messages(7)).toEqual([]);
});

test("some block the bot, evenly spread and never the owner, and all come back", async () => {
  const telegram = await telegramFor();
  const post = posterFor(telegram);
  telegram.tells({ owner: 100_000 });
  const people = telegram.people(101);
  const blocked = () => people.filter(({ place }) => place.blocked).map(({ id }) => id - 100_000);
  expect(await post("blockSome", { percent: 5 })).toBe(5);
  expect(blocked()).toEqual([10, 30, 50, 70, 90]);
  expect(await post("blockSome", { percent: 100 })).toBe(95);
  expect(await post("blockSome", { percent: 100 })).toBe(0);
  expect(await post("unblockAll", {})).toBe(100);
  expect(blocked()).toEqual([]);
  expect(await post("blockSome", { percent: 101 })).toHaveProperty("error");
});

test("a person who has changed their language is told in it with the next update; earlier messages stay", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.person({ id: 7, languageCode: "en" });
  await post("sends", { from: 7, text: "hello" });
  await post("speaks", { from: 7, languageCode: "ru" });
  await post("sends", { from: 7, text: "привет" });
  expect(await api.getUpdates()).toMatchObject([
    { message: { from: { language_code: "en" } } },
    { message: { from: { language_code: "ru" } } },
  ]);
  expect(await post("speaks", { from: 7, languageCode: "Klingon!" })).toHaveProperty("error");
});

test("the bot is thrown out of a group and let in again", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  const group = telegram.group();
  const channel = telegram.channel();
  for (const chat of [group.id, channel.id]) await post("kicks", { chat });
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toContain(
    "bot was kicked from the supergroup chat",
  );
  for (const chat of [group.id, channel.id]) await post("adds", { chat });
  for (const { id } of [group, channel]) expect(await refusalOf(api.sendMessage(id, "x"))).toBe("accepted");
  expect([group.place.bot.status, channel.place.bot.status]).toEqual(["member", "administrator"]);
});

test("a bot is made for a button that asks for one", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(1, { firstId: 7 });
  await api.sendMessage(7, "Make one?", { reply_markup: new Keyboard().requestManagedBot("Make", 3) });
  const fields = { from: 7, requestId: 3, name: "Coffee", username: "coffee_bot" };
  expect(await post("createsBot", fields)).toHaveProperty("error");
  for (const bot of telegram.bots) bot.managesBots = true;
  expect(await post("createsBot", fields)).toMatchObject({
    managed_bot_created: { bot: { first_name: "Coffee", username: "coffee_bot" } },
  });
  expect(await post("createsBot", { ...fields, name: "" })).toHaveProperty("error");
});

test("people are picked for a button that asks for them, with the names that it asks for", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(2, { firstId: 7 });
  const keyboard = new Keyboard().requestUsers("Who?", 3, { request_name: true });
  await api.sendMessage(7, "Who?", { reply_markup: keyboard });
  expect(await post("sharesUsers", { from: 7, requestId: 3, users: [8] })).toMatchObject({
    users_shared: { request_id: 3, users: [{ user_id: 8, first_name: "Person 8" }] },
  });
  const refused = async (body: object) =>
    expect(await post("sharesUsers", { from: 7, ...body })).toHaveProperty("error");
  await refused({ requestId: 3, users: [7, 8] });
  await refused({ requestId: 3, users: [99] });
  await refused({ requestId: 4, users: [8] });
});

const REFUSED: [name: string, body: object, words: string][] = [
  ["sends", { from: 7, message: { poll: { options: [null] } } }, '"poll" is true, or an object like'],
  ["sends", { from: 7, message: { poll: { options: 5 } } }, '"poll" is true, or an object like'],
  ["sends", { from: 7, message: { poll: { media: { photo: null } } } }, '"poll" is true, or an object like'],
  ["sends", { from: 7, message: { photo: null } }, '"photo" is true, a file_id, or an object like'],
  ["sends", { from: 7, message: { photo: "nowhere" } }, "nowhere is not a file_id of a photo"],
  ["sends", { from: 7, message: { video: { cover: 5 } } }, '"video" is true, a file_id, or an object like'],
  ["sends", { from: 7, message: { document: { content: {} } } }, '"document" is true, a file_id, or'],
  ["sends", { from: 7, message: { venue: {} } }, '"venue" is true, or an object with'],
  ["sends", { from: 7, message: { location: { latitude: "x" } } }, '"location" is true, or an object like'],
  ["sends", { from: 7, message: { rich_message: { blocks: [null] } } }, '"rich_message" is true, or'],
  [
    "sends",
    { from: 7, message: { rich_message: { blocks: [{ type: "photo", photo: null }] } } },
    "A photo in a rich message is true, a file_id or an object.",
  ],
  ["sends", { from: 7, message: { text: "x", reply_markup: [] } }, '"reply_markup" is an object like'],
  ["sends", { from: 7, message: { photo: true, caption: 5 } }, "A text is a string."],
  ["sends", { from: 7, message: { raw: { text: 5 } } }, '"raw" is an object with fields of a Message'],
  ["sends", { from: 7, message: {} }, "A post needs content"],
  ["album", { from: 7, parts: [{ photo: 1 }] }, '"photo" is true, a file_id, or an object like'],
  ["album", { from: 7, parts: [{ photo: true }], apart: "x" }, '"apart" is a number'],
  ["taps", { from: 7, label: "/(/" }, "/(/ is no pattern"],
  ["people", { count: "x" }, '"count" is a number'],
  ["people", { count: -1 }, '"count" is a number'],
  ["people", { count: 1.5 }, '"count" is a whole number'],
  ["people", { firstId: -5 }, '"firstId" is a number'],
  ["fault", { effect: { error: { error_code: 42, description: "x" } } }, '"error_code" is a number'],
  ["fault", { effect: { error: { error_code: 1000, description: "x" } } }, '"error_code" is a number'],
  ["fault", { effect: { status: 600 } }, '"status" is a number from 100 to 599'],
  ["adds", { chat: -1_001_000_000_001, as: "boss" }, '"as" is "administrator" or "member"'],
  ["herald", { do: "kill" }, "The playground does not run the bot here"],
];

test.each(REFUSED)("%s with %j is refused with a sentence", async (name, body, words) => {
  const telegram = await telegramFor();
  telegram.group();
  const response = await fetch(`${telegram.apiRoot}/playground/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining(words) }]);
  expect(telegram.messages(7)).toEqual([]);
  expect(await refusalOf(apiFor(telegram).getMe())).toBe("accepted");
});

test("every action is listed, and refuses what is not JSON with one sentence", async () => {
  const telegram = await telegramFor();
  const listed = await (await fetch(`${telegram.apiRoot}/playground`)).text();
  const names = /acts in it: (.+)\.$/m.exec(listed)?.[1]?.split(", ") ?? [];
  expect(names).toEqual(expect.arrayContaining(["herald", "recount", "sends", "votes"]));
  for (const name of names) {
    const response = await fetch(`${telegram.apiRoot}/playground/${name}`, { method: "POST", body: "{" });
    expect([name, response.status, await response.json()]).toEqual([
      name,
      400,
      { error: expect.stringContaining("The body is not JSON") },
    ]);
  }
});

test("what a post holds besides its content does not say which message it is", async () => {
  const telegram = await telegramFor();
  const raw = {
    message_id: 99,
    chat: { id: 8 },
    from: { id: 8 },
    sender_chat: { id: 8 },
    new_chat_title: "x",
  };
  const sent = await posterFor(telegram)("sends", { from: 7, message: { raw } });
  expect(sent).toMatchObject({ message_id: 1, chat: { id: 7 }, from: { id: 7 }, new_chat_title: "x" });
  expect(sent).not.toHaveProperty("sender_chat");
});
