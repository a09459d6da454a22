import type { Message, MessageEntity } from "grammy/types";
import { describe, expect, test } from "vitest";
import { capture } from "../../src/content/capture.ts";
import {
  type Content,
  CAPTION_LIMIT,
  TEXT_LIMIT,
  countCharacters,
  summarize,
} from "../../src/content/content.ts";
import { render } from "../../src/content/render.ts";

/** The call that sends it to somebody. */
const call = (content: Content) => render(content, { chatId: 42, campaignId: 1, seq: 1 })[0]!;

/** A message as Telegram gives it to a bot; what a test says is put over it. */
function message(parts: Partial<Message>): Message {
  return {
    message_id: 17,
    date: 1_770_000_000,
    from: { id: 7, is_bot: false, first_name: "Ada", language_code: "en" },
    chat: { id: 7, type: "private", first_name: "Ada" },
    ...parts,
  };
}

function captured(parts: Partial<Message>): Content {
  const result = capture(message(parts));
  if (result.type !== "captured") throw new Error(`refused: ${result.reason}`);
  return result.content;
}

const size = (name: string, width: number) => ({
  file_id: `${name}-id`,
  file_unique_id: `${name}-unique`,
  width,
  height: width,
  file_size: width * 100,
});
const file = (name: string) => ({ file_id: `${name}-id`, file_unique_id: `${name}-unique`, file_size: 4096 });
const thumbnail = size("thumbnail", 90);

const photo = [size("small", 90), size("middle", 320), size("large", 1280)];
const video = { ...file("video"), width: 640, height: 480, duration: 5, mime_type: "video/mp4", thumbnail };
const animation = { ...file("animation"), width: 320, height: 240, duration: 2, thumbnail };
const document = { ...file("document"), file_name: "a.pdf", mime_type: "application/pdf", thumbnail };
const audio = { ...file("audio"), duration: 60, performer: "Bach", title: "Air" };
const voice = { ...file("voice"), duration: 3, mime_type: "audio/ogg" };
const videoNote = { ...file("note"), length: 240, duration: 8, thumbnail };
const sticker = {
  ...file("sticker"),
  type: "regular" as const,
  width: 512,
  height: 512,
  is_animated: false,
  is_video: false,
  emoji: "🎁",
  set_name: "Gifts",
};

// Offsets count UTF-16 units: the emoji before "bold" is two of them.
const TEXT = "🎁 bold link 👍 and a very long quotation";
const ENTITIES: MessageEntity[] = [
  { type: "bold", offset: 3, length: 4 },
  { type: "text_link", offset: 8, length: 4, url: "https://example.com/" },
  { type: "custom_emoji", offset: 13, length: 2, custom_emoji_id: "5368324170671202286" },
  { type: "expandable_blockquote", offset: 16, length: 24 },
  {
    type: "text_mention",
    offset: 16,
    length: 3,
    user: { id: 9, is_bot: false, first_name: "Bob" },
  },
];

describe("each kind is taken over whole, and goes out as it came", () => {
  const caption = { caption: TEXT, caption_entities: ENTITIES };
  const cover = { has_media_spoiler: true as const, show_caption_above_media: true as const };
  const withCaption = { caption: TEXT, caption_entities: ENTITIES };
  const withCover = { has_spoiler: true, show_caption_above_media: true };

  test.each<[string, Partial<Message>, Content, string, object]>([
    [
      "a bare text",
      { text: "Hello" },
      { kind: "text", text: "Hello", buttons: [] },
      "sendMessage",
      { text: "Hello" },
    ],
    [
      "a text with entities and a chosen preview",
      {
        text: TEXT,
        entities: ENTITIES,
        link_preview_options: {
          url: "https://example.com/",
          prefer_large_media: true,
          show_above_text: true,
        },
      },
      {
        kind: "text",
        text: TEXT,
        entities: ENTITIES,
        linkPreview: { url: "https://example.com/", prefer_large_media: true, show_above_text: true },
        buttons: [],
      },
      "sendMessage",
      {
        text: TEXT,
        entities: ENTITIES,
        link_preview_options: {
          url: "https://example.com/",
          prefer_large_media: true,
          show_above_text: true,
        },
      },
    ],
    [
      "a text without a preview",
      { text: "https://example.com", link_preview_options: { is_disabled: true } },
      { kind: "text", text: "https://example.com", linkPreview: { is_disabled: true }, buttons: [] },
      "sendMessage",
      { text: "https://example.com", link_preview_options: { is_disabled: true } },
    ],
    [
      "a photo, the largest",
      { photo },
      { kind: "photo", fileId: "large-id", buttons: [] },
      "sendPhoto",
      { photo: "large-id" },
    ],
    [
      "a photo under a spoiler, its caption above",
      { photo, ...caption, ...cover },
      {
        kind: "photo",
        fileId: "large-id",
        caption: TEXT,
        entities: ENTITIES,
        spoiler: true,
        captionAbove: true,
        buttons: [],
      },
      "sendPhoto",
      { photo: "large-id", ...withCaption, ...withCover },
    ],
    [
      "a video",
      { video, ...caption, ...cover },
      {
        kind: "video",
        fileId: "video-id",
        caption: TEXT,
        entities: ENTITIES,
        spoiler: true,
        captionAbove: true,
        buttons: [],
      },
      "sendVideo",
      { video: "video-id", ...withCaption, ...withCover },
    ],
    [
      "an animation, which comes with a document too",
      { animation, document: { ...document, file_id: "animation-id" }, ...caption, ...cover },
      {
        kind: "animation",
        fileId: "animation-id",
        caption: TEXT,
        entities: ENTITIES,
        spoiler: true,
        captionAbove: true,
        buttons: [],
      },
      "sendAnimation",
      { animation: "animation-id", ...withCaption, ...withCover },
    ],
    [
      "a document",
      { document, ...caption },
      { kind: "document", fileId: "document-id", caption: TEXT, entities: ENTITIES, buttons: [] },
      "sendDocument",
      { document: "document-id", ...withCaption },
    ],
    [
      "an audio",
      { audio, ...caption },
      { kind: "audio", fileId: "audio-id", caption: TEXT, entities: ENTITIES, buttons: [] },
      "sendAudio",
      { audio: "audio-id", ...withCaption },
    ],
    [
      "a voice message",
      { voice, ...caption },
      { kind: "voice", fileId: "voice-id", caption: TEXT, entities: ENTITIES, buttons: [] },
      "sendVoice",
      { voice: "voice-id", ...withCaption },
    ],
    [
      "a video note",
      { video_note: videoNote },
      { kind: "video_note", fileId: "note-id", buttons: [] },
      "sendVideoNote",
      { video_note: "note-id" },
    ],
    [
      "a sticker",
      { sticker },
      { kind: "sticker", fileId: "sticker-id", buttons: [] },
      "sendSticker",
      { sticker: "sticker-id" },
    ],
    [
      "a forwarded one, without its origin",
      {
        text: "News",
        forward_origin: {
          type: "channel",
          chat: { id: -100123, type: "channel", title: "C" },
          message_id: 5,
          date: 1,
        },
      },
      { kind: "text", text: "News", buttons: [] },
      "sendMessage",
      { text: "News" },
    ],
  ])("%s", (_, parts, content, method, payload) => {
    expect(captured(parts)).toEqual(content);
    expect(call(content)).toEqual({ method, payload: { chat_id: 42, ...payload } });
    // It is stored as JSON, and must be the same when it comes back.
    expect(JSON.parse(JSON.stringify(captured(parts)))).toStrictEqual(captured(parts));
    expect(JSON.parse(JSON.stringify(call(content)))).toStrictEqual(call(content));
  });

  test("what was sent is captured as the same content again", () => {
    const contents = [
      captured({ text: TEXT, entities: ENTITIES }),
      captured({ photo, ...caption, ...cover }),
      captured({ voice, ...caption }),
      captured({ sticker }),
    ];
    for (const content of contents) {
      const { method, payload } = call(content);
      const field = method.replace("send", "").toLowerCase();
      const id = (payload as unknown as Record<string, string>)[field];
      // The message that Telegram makes of the call.
      const { has_spoiler, ...rest } = payload as { has_spoiler?: boolean };
      const made = {
        ...rest,
        ...(has_spoiler && { has_media_spoiler: true as const }),
        ...(field === "photo" && { photo: [thumbnail, { ...photo[2]!, file_id: id! }] }),
        ...(field === "voice" && { voice }),
        ...(field === "sticker" && { sticker }),
      } as Partial<Message>;
      expect(captured(made)).toEqual(content);
    }
  });
});

describe("buttons", () => {
  const markup = {
    inline_keyboard: [
      [
        { text: "Shop", url: "https://example.com" },
        { text: "Like", callback_data: "like" },
      ],
      [{ text: "Dislike", callback_data: "dislike" }],
      [
        { text: "App", web_app: { url: "https://app.example.com" } },
        { text: "Copy", copy_text: { text: "SALE" } },
        { text: "Profile", url: "tg://user?id=1" },
      ],
    ],
  };

  test("links stay in their rows; those that only their bot could answer are left out and counted", () => {
    const result = capture(message({ text: "News", reply_markup: markup }));
    expect(result).toEqual({
      type: "captured",
      leftOut: 4,
      content: {
        kind: "text",
        text: "News",
        buttons: [
          [{ text: "Shop", url: "https://example.com" }],
          [{ text: "Profile", url: "tg://user?id=1" }],
        ],
      },
    });
  });

  test("they go out with every kind, and no empty keyboard does", () => {
    const buttons = [[{ text: "Shop", url: "https://example.com" }]];
    for (const parts of [{ text: "a" }, { photo }, { document }, { sticker }, { video_note: videoNote }]) {
      const content = captured(parts);
      expect(call({ ...content, buttons }).payload).toMatchObject({
        reply_markup: { inline_keyboard: buttons },
      });
      expect(call(content).payload).not.toHaveProperty("reply_markup");
    }
  });
});

describe("refused", () => {
  test.each<[string, Partial<Message>, string]>([
    ["a part of an album", { photo, media_group_id: "13579" }, "album"],
    [
      "a poll",
      {
        poll: {
          id: "1",
          question: "?",
          options: [],
          total_voter_count: 0,
          is_closed: false,
          is_anonymous: true,
          type: "regular",
          allows_multiple_answers: false,
        } as unknown as NonNullable<Message["poll"]>,
      },
      "poll",
    ],
    ["a place", { location: { latitude: 52.5, longitude: 13.4 } }, "unsupported"],
    ["a contact", { contact: { phone_number: "+49", first_name: "B" } }, "unsupported"],
    ["a die", { dice: { emoji: "🎲", value: 3 } }, "unsupported"],
    ["a service message", { new_chat_title: "T" }, "unsupported"],
    ["an empty list of photos", { photo: [] }, "unsupported"],
  ])("%s", (_, parts, reason) => {
    expect(capture(message(parts))).toEqual({ type: "refused", reason });
  });

  test.each<[string, (text: string) => Partial<Message>, string, number]>([
    ["text", (text) => ({ text }), "text-too-long", TEXT_LIMIT],
    ["caption", (caption) => ({ photo, caption }), "caption-too-long", CAPTION_LIMIT],
  ])("a %s over the limit, counted in characters, not in UTF-16 units", (_, parts, reason, limit) => {
    for (const character of ["a", "я", "🎁"]) {
      expect(capture(message(parts(character.repeat(limit)))).type).toBe("captured");
      expect(capture(message(parts(character.repeat(limit + 3))))).toEqual({
        type: "refused",
        reason,
        over: 3,
        limit,
      });
    }
  });
});

test("a summary counts characters and buttons", () => {
  const buttons = [
    [
      { text: "a", url: "https://a.com" },
      { text: "b", url: "https://b.com" },
    ],
  ];
  expect(summarize({ kind: "text", text: "🎁 hi", buttons })).toEqual({
    kind: "text",
    opening: "🎁 hi",
    characters: 4,
    buttons: 2,
  });
  expect(summarize({ kind: "photo", fileId: "x", buttons: [] })).toMatchObject({ characters: 0 });
  expect(summarize({ kind: "photo", fileId: "x", caption: "Привет", buttons: [] })).toMatchObject({
    characters: 6,
  });
  expect(summarize({ kind: "sticker", fileId: "x", buttons: [] })).toMatchObject({ characters: 0 });
  expect(countCharacters("")).toBe(0);
});
