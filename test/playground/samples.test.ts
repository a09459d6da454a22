import type { Message } from "grammy/types";
import { expect, test } from "vitest";
import { kindOf } from "../../playground/content/kinds.ts";
import { SAMPLES } from "../../playground/samples/catalog.ts";
import { apiFor, posterFor, refusalOf, telegramFor } from "./harness.ts";

async function sampler() {
  const telegram = await telegramFor();
  telegram.people(1, { firstId: 7 });
  const post = posterFor(telegram);
  const send = async (name: string, more: object = {}) =>
    [await post("sample", { from: 7, name, ...more })].flat() as Message[];
  return { telegram, post, send };
}

test("each sample arrives at the bot as what it is called", async () => {
  const { telegram, send } = await sampler();
  const kinds: Record<string, string> = {};
  for (const { name } of SAMPLES)
    kinds[name] = (await send(name)).map((message) => kindOf(message)).join(" ");
  expect(kinds).toEqual({
    photo: "photo",
    video: "video",
    gif: "animation",
    live_photo: "live_photo",
    album: "photo photo photo",
    mixed_album: "video photo photo photo",
    file: "document",
    files: "document document document",
    music: "audio",
    voice: "voice",
    video_note: "video_note",
    sticker: "sticker",
    formatted: "text",
    rich: "rich_message",
    forward: "photo",
    poll: "poll",
    public_poll: "poll",
    several: "poll",
    quiz: "poll",
    checklist: "checklist",
    location: "location",
    venue: "venue",
    contact: "contact",
    dice: "dice",
  });
  const messages = await apiFor(telegram).getUpdates();
  expect(messages).toHaveLength(telegram.messages(7).length);
});

test("samples that take a caption have the one that was given, an album on its first part", async () => {
  const { send } = await sampler();
  const caption = { caption: "New beans", caption_entities: [{ type: "bold", offset: 0, length: 3 }] };
  for (const { name } of SAMPLES.filter(({ captioned }) => captioned)) {
    const [first, ...others] = await send(name, caption);
    expect(first).toMatchObject(caption);
    expect(others.filter((part) => part.caption !== undefined)).toEqual([]);
  }
  for (const { name } of SAMPLES.filter(({ captioned }) => !captioned))
    expect(await send(name, caption)).toEqual([{ error: expect.stringContaining("takes no caption") }]);
});

test("an album is one, and in a channel the channel's own", async () => {
  const { telegram, send } = await sampler();
  const channel = telegram.channel({ title: "News" });
  for (const more of [{}, { in: channel.id }]) {
    const parts = await send("mixed_album", more);
    expect(new Set(parts.map((part) => part.media_group_id)).size).toBe(1);
    expect(parts[0]?.media_group_id).toEqual(expect.any(String));
    expect(parts[0]?.sender_chat?.id).toBe("in" in more ? channel.id : undefined);
  }
  expect((await send("poll", { in: channel.id }))[0]?.sender_chat?.id).toBe(channel.id);
});

test("the formatted text holds every kind of entity but a mention by id, and a bot can send it again", async () => {
  const { telegram, send } = await sampler();
  const [message] = await send("formatted");
  const { text = "", entities = [] } = message ?? {};
  expect([...new Set(entities.map(({ type }) => type))].toSorted()).toEqual([
    "blockquote",
    "bold",
    "bot_command",
    "cashtag",
    "code",
    "custom_emoji",
    "date_time",
    "email",
    "expandable_blockquote",
    "hashtag",
    "italic",
    "mention",
    "phone_number",
    "pre",
    "spoiler",
    "strikethrough",
    "text_link",
    "underline",
    "url",
  ]);
  expect(await refusalOf(apiFor(telegram).sendMessage(7, text, { entities }))).toBe("accepted");
});

test("the forwarded post comes from a channel and keeps its link buttons", async () => {
  const { send } = await sampler();
  const [message] = await send("forward");
  expect(message?.forward_origin).toMatchObject({ type: "channel", chat: { title: "Northwind Coffee" } });
  expect(message?.reply_markup?.inline_keyboard.flat().every((button) => "url" in button)).toBe(true);
});

test("a sample that there is not is refused with those that there are", async () => {
  const { send } = await sampler();
  expect(await send("elephant")).toEqual([
    { error: expect.stringContaining(`There is no sample "elephant". There are photo, video`) },
  ]);
});
