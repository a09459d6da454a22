import { InlineKeyboard, Keyboard } from "grammy";
import { expect, test } from "vitest";
import { apiFor, botFor, refusalOf, telegramFor } from "./harness.ts";

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

test("stats count calls, errors, and duplicates of a text", async () => {
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
    duplicates: 1,
  });
});

test("a person owns a channel and picks it over HTTP", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const post = async (name: string, body: object): Promise<unknown> => {
    const response = await fetch(`${telegram.apiRoot}/playground/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return response.json();
  };
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
  const post = async (name: string, body: object): Promise<unknown> => {
    const response = await fetch(`${telegram.apiRoot}/playground/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return response.json();
  };
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
