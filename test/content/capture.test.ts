import type { Message, MessageEntity } from "grammy/types";
import { describe, expect, test } from "vitest";
import { type Captured, capture, joinAlbum } from "../../src/content/capture.ts";
import {
  type FileKind,
  type FileRef,
  type Version,
  CAPTION_LIMIT,
  TEXT_LIMIT,
  countCharacters,
  summarize,
} from "../../src/content/content.ts";
import { withoutFiles } from "../../src/content/post-files.ts";
import { render } from "../../src/content/render.ts";

/** The call that sends it to somebody. */
const call = (version: Version) =>
  render({ buttons: [], ...version }, { chatId: 42, campaignId: 1, seq: 1 })[0]!;

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

function taken(...messages: Partial<Message>[]): Extract<Captured, { type: "captured" }> {
  const result = capture(messages.map(message));
  if (result.type !== "captured") throw new Error(`not captured: ${result.reason}`);
  return result;
}

/** Without where it came from, and without the lasting ids of its files, which post-files.test.ts looks at. */
function captured(...messages: Partial<Message>[]): Version {
  const { source: _, ...version } = taken(...messages).version;
  return withoutFiles(version);
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
const ref = (name: string, kind: FileKind): FileRef => ({
  fileId: `${name}-id`,
  uniqueId: `${name}-unique`,
  kind,
});
const LARGE: FileRef = { ...ref("large", "photo"), details: { size: 128_000, width: 1280, height: 1280 } };
const VIDEO: FileRef = {
  ...ref("video", "video"),
  details: {
    size: 4096,
    mimeType: "video/mp4",
    width: 640,
    height: 480,
    duration: 5,
    thumbnailId: "thumbnail-id",
  },
};
const LIVE: FileRef = {
  ...ref("live", "live_photo"),
  details: { size: 4096, width: 640, height: 480, duration: 2 },
};

const photo = [size("small", 90), size("middle", 320), size("large", 1280)];
const livePhoto = { ...file("live"), width: 640, height: 480, duration: 2, photo };
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

  test.each<[string, Partial<Message>, Version, string, object]>([
    ["a bare text", { text: "Hello" }, { kind: "text", text: "Hello" }, "sendMessage", { text: "Hello" }],
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
      { kind: "text", text: "https://example.com", linkPreview: { is_disabled: true } },
      "sendMessage",
      { text: "https://example.com", link_preview_options: { is_disabled: true } },
    ],
    [
      "a photo, the largest",
      { photo },
      { kind: "photo", fileId: "large-id" },
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
      },
      "sendAnimation",
      { animation: "animation-id", ...withCaption, ...withCover },
    ],
    [
      "a document",
      { document, ...caption },
      { kind: "document", fileId: "document-id", caption: TEXT, entities: ENTITIES },
      "sendDocument",
      { document: "document-id", ...withCaption },
    ],
    [
      "an audio",
      { audio, ...caption },
      { kind: "audio", fileId: "audio-id", caption: TEXT, entities: ENTITIES },
      "sendAudio",
      { audio: "audio-id", ...withCaption },
    ],
    [
      "a voice message",
      { voice, ...caption },
      { kind: "voice", fileId: "voice-id", caption: TEXT, entities: ENTITIES },
      "sendVoice",
      { voice: "voice-id", ...withCaption },
    ],
    [
      "a video note",
      { video_note: videoNote },
      { kind: "video_note", fileId: "note-id" },
      "sendVideoNote",
      { video_note: "note-id" },
    ],
    [
      "a sticker",
      { sticker },
      { kind: "sticker", fileId: "sticker-id" },
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
      { kind: "text", text: "News" },
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
});

describe("buttons", () => {
  const markup = {
    inline_keyboard: [
      [
        {
          text: "Shop",
          url: "https://example.com",
          style: "success" as const,
          icon_custom_emoji_id: "53683",
        },
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

  test("links and what copies stay in their rows, as they look; others are left out and counted", () => {
    expect(taken({ text: "News", reply_markup: markup })).toEqual({
      type: "captured",
      leftOut: 3,
      notes: [],
      version: {
        kind: "text",
        text: "News",
        source: { chatId: 7, messageIds: [17] },
        buttons: [
          [{ text: "Shop", url: "https://example.com", style: "success", icon: "53683" }],
          [
            { text: "Copy", copy: "SALE" },
            { text: "Profile", url: "tg://user?id=1" },
          ],
        ],
      },
    });
    expect(call(captured({ text: "News", reply_markup: markup })).payload).toMatchObject({
      reply_markup: {
        inline_keyboard: [
          [markup.inline_keyboard[0]![0]],
          [markup.inline_keyboard[2]![1], markup.inline_keyboard[2]![2]],
        ],
      },
    });
  });

  test("when all of them work under any bot's post, they go along with a forward; else none does", () => {
    const inline_keyboard = [[{ text: "Shop", url: "https://example.com" }]];
    const { source } = taken({ text: "News", reply_markup: { inline_keyboard } }).version;
    expect(source).toEqual({ chatId: 7, messageIds: [17], buttons: inline_keyboard });
    expect(taken({ text: "News", reply_markup: markup }).version.source).not.toHaveProperty("buttons");
  });

  test("they go out with every kind, and no empty keyboard does", () => {
    const buttons = [[{ text: "Shop", url: "https://example.com" }]];
    for (const parts of [{ text: "a" }, { photo }, { document }, { sticker }, { video_note: videoNote }]) {
      const version = captured(parts);
      expect(version).not.toHaveProperty("buttons");
      expect(call({ ...version, buttons }).payload).toMatchObject({
        reply_markup: { inline_keyboard: buttons },
      });
      expect(call(version).payload).not.toHaveProperty("reply_markup");
    }
  });
});

test("the effect is told beside the post", () => {
  expect(taken({ text: "a", effect_id: "5104841245755180586" }).effect).toBe("5104841245755180586");
  expect(taken({ text: "a" })).not.toHaveProperty("effect");
});

const join = (version: Version, ...late: Partial<Message>[]) => joinAlbum(version, late.map(message));
const ids = (version: Version | null) => version?.source?.messageIds;

describe("an album", () => {
  const album = { media_group_id: "13579" };
  const parts = (count: number, from = 1, body: Partial<Message> = { photo }) =>
    Array.from({ length: count }, (_, index) => ({ ...body, ...album, message_id: from + index }));

  test("has its parts in their order, however they came", () => {
    const result = taken(
      { video, ...album, message_id: 12, has_media_spoiler: true },
      { photo, ...album, message_id: 11, caption: TEXT, caption_entities: ENTITIES },
      { live_photo: livePhoto, photo, ...album, message_id: 13 },
    );
    expect(result.version).toEqual({
      kind: "album",
      parts: [
        { kind: "photo", fileId: "large-id", files: [LARGE], caption: TEXT, entities: ENTITIES },
        { kind: "video", fileId: "video-id", files: [VIDEO], spoiler: true },
        { kind: "live_photo", fileId: "live-id", photoId: "large-id", files: [LIVE, LARGE] },
      ],
      source: { chatId: 7, messageIds: [11, 12, 13], albumId: "13579" },
    });
    expect(call(result.version)).toEqual({
      method: "sendMediaGroup",
      payload: {
        chat_id: 42,
        media: [
          { type: "photo", media: "large-id", caption: TEXT, caption_entities: ENTITIES },
          { type: "video", media: "video-id", has_spoiler: true },
          { type: "live_photo", media: "live-id", photo: "large-id" },
        ],
      },
    });
  });

  test.each([
    ["ten photos", parts(10), 10],
    ["documents", parts(2, 1, { document }), 2],
    ["audio", parts(3, 1, { audio }), 3],
  ])("of %s", (_, messages, count) => {
    expect(captured(...messages)).toMatchObject({ kind: "album", parts: { length: count } });
  });

  test("one part alone is its kind, and knows its album", () => {
    expect(taken({ photo, ...album }).version).toEqual({
      kind: "photo",
      fileId: "large-id",
      files: [LARGE],
      source: { chatId: 7, messageIds: [17], albumId: "13579" },
    });
  });

  test.each<[string, Partial<Message>[]]>([
    ["eleven parts", parts(11)],
    ["a photo and a document", [...parts(1), ...parts(1, 2, { document })]],
    ["a document and music", [...parts(1, 1, { document }), ...parts(1, 2, { audio })]],
    ["what no album holds", [...parts(1), ...parts(1, 2, { voice })]],
    ["a text", [...parts(1), ...parts(1, 2, { text: "a" })]],
  ])("of %s is refused", (_, messages) => {
    expect(capture(messages.map(message))).toEqual({ type: "refused", reason: "album" });
  });

  describe("late parts", () => {
    test("join it in their order; buttons and the text below stay", () => {
      const buttons = [[{ text: "Shop", url: "https://example.com" }]];
      const below = { text: "Below" };
      const first: Version = { ...taken(...parts(2, 5)).version, buttons, below };
      const joined = join(first, { video, ...album, message_id: 9 }, { photo, ...album, message_id: 3 });
      expect(joined).toEqual({
        ...taken(...parts(3, 3).map((part, index) => ({ ...part, message_id: [3, 5, 6][index]! })), {
          video,
          ...album,
          message_id: 9,
        }).version,
        buttons,
        below,
      });
    });

    test("a single post becomes the album that it began", () => {
      const buttons = [[{ text: "Shop", url: "https://example.com" }]];
      // As it stands in a draft, with what belongs to all versions.
      const first = {
        ...taken({ ...parts(1, 5)[0]!, caption: "A" }).version,
        buttons,
        options: {},
        versions: {},
      };
      expect(join(first, ...parts(1, 4, { video }))).toEqual({
        kind: "album",
        parts: [
          { kind: "video", fileId: "video-id", files: [VIDEO] },
          { kind: "photo", fileId: "large-id", files: [LARGE], caption: "A" },
        ],
        buttons,
        source: { chatId: 7, messageIds: [4, 5], albumId: "13579" },
      });
    });

    test("one that is there already changes nothing", () => {
      const first = taken(...parts(2)).version;
      expect(join(first, ...parts(1, 2))).toBe(first);
      expect(ids(join(first, ...parts(2, 2)))).toEqual([1, 2, 3]);
      expect(ids(join(first, ...parts(1, 3), ...parts(1, 3)))).toEqual([1, 2, 3]);
    });

    test.each<[string, Partial<Message>[]]>([
      ["another album", [{ photo, media_group_id: "2", message_id: 20 }]],
      ["no album", [{ photo, message_id: 20 }]],
      ["the album of another chat", parts(1, 20, { photo, chat: { ...message({}).chat, id: 8 } })],
      ["another kind", parts(1, 20, { document })],
      ["a kind that no album holds", parts(1, 20, { animation })],
      ["an eleventh part", parts(9, 20)],
      ["a caption that is too long", parts(1, 20, { photo, caption: "a".repeat(1025) })],
    ])("%s does not", (_, late) => {
      expect(join(taken(...parts(2)).version, ...late)).toBeNull();
    });

    test("nor does anything join what is no album", () => {
      expect(join(taken({ text: "a" }).version, ...parts(1, 20))).toBeNull();
      expect(join(taken({ text: "a" }).version, { photo, message_id: 20 })).toBeNull();
      expect(join(taken({ photo }).version, { photo, message_id: 20 })).toBeNull();
    });
  });
});

describe("not quite as it came", () => {
  const poll: Message["poll"] = {
    id: "1",
    question: "?",
    options: [{ persistent_id: "0", text: "A", voter_count: 3 }],
    total_voter_count: 3,
    is_closed: false,
    is_anonymous: true,
    type: "regular",
    allows_multiple_answers: false,
    allows_revoting: true,
    members_only: false,
  };

  test.each<[string, Partial<Message>, string[]]>([
    ["a place that moves", { location: { latitude: 1, longitude: 2, live_period: 60 } }, ["live-location"]],
    ["a place that does not", { location: { latitude: 1, longitude: 2 } }, []],
    ["a closed poll", { poll: { ...poll, is_closed: true } }, ["closed-poll"]],
    ["one that closes at a time", { poll: { ...poll, close_date: 1_800_000_000 } }, ["close-date"]],
    ["one that is open for a while", { poll: { ...poll, open_period: 60, close_date: 1_770_000_060 } }, []],
  ])("%s", (_, parts, notes) => {
    expect(taken(parts).notes).toEqual(notes);
  });

  test("a quiz whose answer is not known is refused", () => {
    const quiz = { ...poll, type: "quiz" as const };
    expect(capture([message({ poll: quiz })])).toEqual({ type: "refused", reason: "quiz-answer-unknown" });
    expect(captured({ poll: { ...quiz, correct_option_ids: [0] } })).toMatchObject({
      poll: { type: "quiz", correct_option_ids: [0] },
    });
  });
});

const whole = (...messages: Partial<Message>[]) => {
  const result = capture(messages.map(message));
  if (result.type !== "too-long") throw new Error(result.type);
  return result.whole;
};
const bold = (offset: number, length: number): MessageEntity => ({ type: "bold", offset, length });

describe("too long", () => {
  test.each<[string, (text: string) => Partial<Message>, string, number]>([
    ["text", (text) => ({ text }), "text-too-long", TEXT_LIMIT],
    ["caption", (caption) => ({ photo, caption }), "caption-too-long", CAPTION_LIMIT],
  ])("a %s over the limit, counted in characters, not in UTF-16 units", (_, parts, reason, limit) => {
    for (const character of ["a", "я", "🎁"]) {
      expect(capture([message(parts(character.repeat(limit)))]).type).toBe("captured");
      expect(capture([message(parts(character.repeat(limit + 3)))])).toMatchObject({
        type: "too-long",
        reason,
        over: 3,
        limit,
      });
    }
  });

  test("a text in two messages keeps its words, entities, buttons, effect and the preview of the first", () => {
    const text = `${"a".repeat(4000)}\n\n${"b".repeat(4000)}`;
    const linkPreview = { url: "https://example.com", prefer_large_media: true };
    const reply_markup = { inline_keyboard: [[{ text: "Shop", url: "https://example.com" }]] };
    expect(
      whole({
        text,
        entities: [bold(3990, 20)],
        link_preview_options: linkPreview,
        effect_id: "5",
        reply_markup,
      }),
    ).toEqual({
      type: "captured",
      effect: "5",
      leftOut: 0,
      notes: [],
      version: {
        kind: "text",
        text: "a".repeat(4000),
        entities: [bold(3990, 10)],
        linkPreview,
        below: { text: "b".repeat(4000), entities: [bold(0, 8)], linkPreview: { is_disabled: true } },
        buttons: reply_markup.inline_keyboard,
        source: { chatId: 7, messageIds: [17], buttons: reply_markup.inline_keyboard },
      },
    });
    expect(whole({ text: "a".repeat(2 * TEXT_LIMIT + 1) })).toBeNull();
  });

  test("a caption goes below whole; an album keeps those of its other parts", () => {
    const caption = "a".repeat(2000);
    const below = { text: caption, entities: [bold(0, 2000)], linkPreview: { is_disabled: true } };
    const long = { caption, caption_entities: [bold(0, 2000)] };
    const shown = { show_caption_above_media: true as const, has_media_spoiler: true as const };
    expect(whole({ photo, ...long, ...shown })?.version).toEqual({
      kind: "photo",
      fileId: "large-id",
      files: [LARGE],
      spoiler: true,
      below,
      source: { chatId: 7, messageIds: [17] },
    });
    const album = { media_group_id: "1" };
    expect(
      whole({ photo, ...album, message_id: 1, caption: "short" }, { video, ...album, message_id: 2, ...long })
        ?.version,
    ).toMatchObject({
      kind: "album",
      parts: [
        { kind: "photo", caption: "short" },
        { kind: "video", fileId: "video-id" },
      ],
      below,
    });
    expect(whole({ photo, caption: "a".repeat(TEXT_LIMIT + 1) })).toBeNull();
    expect(
      whole({ photo, ...album, message_id: 1, ...long }, { photo, ...album, message_id: 2, ...long }),
    ).toBeNull();
  });

  test("names make nothing too long here; a placeholder may be longer than any name", () => {
    expect(capture([message({ text: `${"a".repeat(4080)}{first_name}` })]).type).toBe("captured");
    expect(capture([message({ text: `${"a".repeat(4060)}{ username | ${"b".repeat(32)} }` })]).type).toBe(
      "captured",
    );
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
    parts: 0,
  });
  expect(summarize({ kind: "photo", fileId: "x", buttons: [] })).toMatchObject({ characters: 0 });
  expect(summarize({ kind: "photo", fileId: "x", caption: "Привет", buttons: [] })).toMatchObject({
    characters: 6,
  });
  expect(summarize({ kind: "sticker", fileId: "x", buttons: [] })).toMatchObject({ characters: 0 });
  expect(countCharacters("")).toBe(0);
});
