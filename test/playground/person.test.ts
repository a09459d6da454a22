import { InlineKeyboard, Keyboard } from "grammy";
import { expect, test } from "vitest";
import { apiFor, botFor, refusalOf, telegramFor } from "./harness.ts";

test("a person taps what they see, and the answer comes back to them", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  botFor(telegram, (bot) => {
    const keyboard = new InlineKeyboard().text("🚀 Send now", "send").row().text("Buttons…", "buttons");
    bot.command("start", (ctx) => ctx.reply("Review", { reply_markup: keyboard }));
    bot.callbackQuery("send", async (ctx) => {
      await ctx.answerCallbackQuery({ text: "Sending", show_alert: true });
      await ctx.editMessageText("Sent");
    });
    bot.callbackQuery("buttons", (ctx) => ctx.answerCallbackQuery());
  });
  await ada.sends("/start");
  await ada.sees("Review");
  expect(ada.shows()).toBe("Review\n[🚀 Send now]\n[Buttons…]");
  expect(ada.buttons()).toEqual([["🚀 Send now"], ["Buttons…"]]);
  expect(await ada.taps("Buttons…")).toEqual({});
  expect(await ada.taps("Send now")).toEqual({ text: "Sending", show_alert: true });
  const card = await ada.sees(/^Sent$/);
  expect(card.reply_markup).toBeUndefined();
});

test("taps names the visible buttons when there is no such button", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ started: true });
  await apiFor(telegram).sendMessage(ada.id, "Choose", {
    reply_markup: new InlineKeyboard().text("Yes", "y"),
  });
  await expect(ada.taps("No")).rejects.toThrow("There is no button No. Visible buttons: [Yes]");
});

test("taps rejects when nobody answers", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ started: true });
  await apiFor(telegram).sendMessage(ada.id, "Choose", {
    reply_markup: new InlineKeyboard().text("Yes", "y"),
  });
  await expect(ada.taps("Yes", { within: 50 })).rejects.toThrow(
    "The tap on [Yes] was not answered within 50 ms",
  );
});

test("taps takes the newest message with the button, or the one that is named", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  const old = await api.sendMessage(ada.id, "old", {
    reply_markup: new InlineKeyboard().url("Open", "https://old.org"),
  });
  await api.sendMessage(ada.id, "new", { reply_markup: new InlineKeyboard().url("Open", "https://new.org") });
  expect(await ada.taps("Open")).toEqual({ url: "https://new.org" });
  expect(await ada.taps("Open", { on: old })).toEqual({ url: "https://old.org" });
});

test("an impatient person's taps are all queued and each gets its answer once", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  let taps = 0;
  const second: string[] = [];
  botFor(telegram, (bot) => {
    bot.command("start", (ctx) => ctx.reply("Go?", { reply_markup: new InlineKeyboard().text("Go", "go") }));
    bot.callbackQuery("go", async (ctx) => {
      taps += 1;
      await ctx.answerCallbackQuery({ text: String(taps) });
      second.push(await refusalOf(ctx.answerCallbackQuery()));
    });
  });
  await ada.sends("/start");
  await ada.sees("Go?");
  const answers = await ada.tapsTimes("Go", 3);
  expect(answers.map((answer) => answer.text)).toEqual(["1", "2", "3"]);
  await expect.poll(() => second.length).toBe(3);
  expect(second[0]).toContain("query is too old");
});

test("sees looks only at what came since the last action, and says what the chat holds", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  const { message_id: id } = await api.sendMessage(ada.id, "Saved 1");
  await ada.sees("Saved");
  await ada.sends("again");
  await expect(ada.sees("Saved", { within: 50 })).rejects.toThrow(
    /did not see Saved within 50 ms[^]*Saved 1/,
  );
  const seen = ada.sees(/Saved \d/);
  await api.editMessageText(ada.id, id, "Saved 2");
  expect((await seen).text).toBe("Saved 2");
});

test("a reply keyboard's button sends its text", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ started: true });
  await apiFor(telegram).sendMessage(ada.id, "Which?", {
    reply_markup: new Keyboard().text("Tea").text("Coffee"),
  });
  await ada.taps("Tea");
  expect(ada.holds.at(-1)).toMatchObject({ text: "Tea", from: { id: ada.id } });
});

test("blocking is told to the bot and answered with 403 until they unblock", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  await ada.blocks();
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("403 Forbidden: bot was blocked by the user");
  await expect(ada.sends("x")).rejects.toThrow("has blocked the bot");
  await ada.unblocks();
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("accepted");
  const changes = (await api.getUpdates()).map(({ my_chat_member: change }) => [
    change?.old_chat_member.status,
    change?.new_chat_member.status,
  ]);
  expect(changes).toEqual([
    ["member", "kicked"],
    ["kicked", "member"],
  ]);
  await ada.deactivates();
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("403 Forbidden: user is deactivated");
});

test("what a person sends has Telegram's shape, and its file_ids send it again", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ firstName: "Ada", languageCode: "ru", isPremium: true });
  await ada.sends({ photo: true, caption: "look", show_caption_above_media: true, has_media_spoiler: true });
  const [update] = await api.getUpdates();
  const photo = update?.message?.photo?.at(-1);
  expect(update?.message).toMatchObject({
    from: { id: ada.id, language_code: "ru", is_premium: true },
    chat: { id: ada.id, type: "private", first_name: "Ada" },
    caption: "look",
    show_caption_above_media: true,
    has_media_spoiler: true,
  });
  const again = await api.sendPhoto(ada.id, photo?.file_id ?? "");
  expect(again.photo).toEqual(update?.message?.photo);
  expect(photo).toMatchObject({ width: 1280, height: 853 });
});

test.each([
  "video",
  "animation",
  "document",
  "audio",
  "voice",
  "video_note",
  "sticker",
  "live_photo",
  "rich_message",
  "checklist",
  "location",
  "contact",
  "dice",
] as const)("a person sends a %s and the bot can copy it", async (kind) => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person();
  const sent = await ada.sends({ [kind]: true });
  expect(sent[kind]).toBeDefined();
  await api.copyMessage(ada.id, ada.id, sent.message_id);
  expect(ada.holds.at(-1)?.[kind]).toEqual(sent[kind]);
});

test("a copy of a poll is a poll of its own, a forward is the same", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person();
  const { message_id: id, poll } = await ada.sends({ poll: { total_voter_count: 7 } });
  await api.copyMessage(ada.id, ada.id, id);
  expect(ada.holds.at(-1)?.poll).toMatchObject({ question: poll?.question, total_voter_count: 0 });
  expect(ada.holds.at(-1)?.poll?.id).not.toBe(poll?.id);
  await api.forwardMessage(ada.id, ada.id, id);
  expect(ada.holds.at(-1)?.poll).toEqual(poll);
});

test("the bot reads the bytes of what a person sends, and the test those of what the bot sends", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person();
  const { document } = await ada.sends({ document: { file_name: "ids.csv", content: "id\n1\n" } });
  expect(document).toMatchObject({ file_name: "ids.csv", mime_type: "text/csv", file_size: 5 });
  const { file_path: path } = await api.getFile(document?.file_id ?? "");
  const response = await fetch(`${telegram.apiRoot}/file/bot${api.token}/${path}`);
  expect(await response.text()).toBe("id\n1\n");
  expect(telegram.file(document?.file_id ?? "").toString()).toBe("id\n1\n");
});

test("an album is several messages under one id", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  const parts = await ada.sendsAlbum([{ photo: true, caption: "1" }, { video: true }, { photo: true }]);
  expect(new Set(parts.map((part) => part.media_group_id)).size).toBe(1);
  expect(await apiFor(telegram).getUpdates()).toHaveLength(3);
});

test("the parts of an album arrive apart, and an answer to the first of them is still seen after the last", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  const arrivals: number[] = [];
  botFor(telegram, (bot) => {
    bot.on("message", async (ctx) => {
      arrivals.push(performance.now());
      if (arrivals.length === 1) await ctx.reply("An album?");
    });
  });
  const parts = await ada.sendsAlbum([{ photo: true }, { video: true }], { apart: 300 });
  expect(new Set(parts.map((part) => part.media_group_id)).size).toBe(1);
  await ada.sees("An album?");
  await expect.poll(() => arrivals.length).toBe(2);
  expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(100);
});

test("what a person deletes can be neither copied nor forwarded", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person();
  const [kept, gone] = [await ada.sends("kept"), await ada.sends("gone")];
  await ada.deletes(gone);
  await expect(ada.deletes(gone)).rejects.toThrow("There is no message");
  const refusals = await Promise.all([
    refusalOf(api.copyMessage(ada.id, ada.id, gone.message_id)),
    refusalOf(api.forwardMessage(ada.id, ada.id, gone.message_id)),
    refusalOf(api.forwardMessages(ada.id, ada.id, [gone.message_id])),
  ]);
  expect(refusals).toEqual([
    "400 Bad Request: message to copy not found",
    "400 Bad Request: message to forward not found",
    "400 Bad Request: there are no messages to forward",
  ]);
  expect(await api.forwardMessages(ada.id, ada.id, [kept.message_id, gone.message_id])).toHaveLength(1);
});

test("a person taps in a channel, which they have blocked the bot for or not", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  const channel = telegram.channel();
  const keyboard = new InlineKeyboard().text("👍", "vote");
  const first = await api.sendMessage(channel.id, "first", { reply_markup: keyboard });
  await api.sendMessage(channel.id, "second", { reply_markup: keyboard });
  const queries: unknown[] = [];
  botFor(telegram, (bot) => {
    bot.on("callback_query:data", async (ctx) => {
      queries.push({ from: ctx.from.id, chat: ctx.chat?.id, text: ctx.callbackQuery.message?.text });
      await ctx.answerCallbackQuery("counted");
    });
  });
  await ada.blocks();
  expect(await ada.taps("👍", { in: channel })).toEqual({ text: "counted" });
  expect(await ada.taps("👍", { in: channel, on: first })).toEqual({ text: "counted" });
  expect(queries).toEqual([
    { from: ada.id, chat: channel.id, text: "second" },
    { from: ada.id, chat: channel.id, text: "first" },
  ]);
  await expect(ada.taps("👎", { in: channel })).rejects.toThrow("There is no button 👎");
});

test("a kicked bot gets 403 from the group and hears of it", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const group = telegram.group({ title: "Friends", type: "group", members: [telegram.person()] });
  await api.sendMessage(group.id, "hello");
  await group.kicks();
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe(
    "403 Forbidden: bot was kicked from the group chat",
  );
  const statuses = (await api.getUpdates()).map((update) => update.my_chat_member?.new_chat_member.status);
  expect(statuses).toEqual(["member", "kicked"]);
});

test("a migrated group refuses with its new id, which takes the message", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const group = telegram.group({ type: "group", id: -77 });
  const next = await group.migrates();
  await expect(api.sendMessage(-77, "x")).rejects.toMatchObject({
    parameters: { migrate_to_chat_id: next.id },
  });
  await api.sendMessage(next.id, "x");
  expect(telegram.received(next.id)).toHaveLength(1);
});

test("a channel post has no sender, and @username finds the channel", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const channel = telegram.channel({ username: "news" });
  const post = await api.sendMessage("@News", "hello");
  expect(post).toMatchObject({ sender_chat: { id: channel.id, type: "channel" } });
  expect(post.from).toBeUndefined();
  await channel.posts("by a person");
  expect(telegram.received(channel.id).map((message) => message.text)).toEqual(["hello"]);
});

test("commands are kept per scope and language", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  await api.setMyCommands([{ command: "start", description: "Begin" }]);
  await api.setMyCommands([{ command: "broadcast", description: "Рассылка" }], {
    scope: { type: "chat", chat_id: 1 },
    language_code: "ru",
  });
  expect(await api.getMyCommands()).toEqual([{ command: "start", description: "Begin" }]);
  expect(telegram.commands.map(({ scope, languageCode }) => [scope.type, languageCode])).toEqual([
    ["default", ""],
    ["chat", "ru"],
  ]);
});
