import * as fc from "fast-check";
import type { Message, MessageEntity, PhotoSize, PollMedia } from "grammy/types";
import { describe, expect, test } from "vitest";
import { type Captured, capture } from "../../src/content/capture.ts";
import {
  type Button,
  type Content,
  type PostOptions,
  type Version,
  BUTTON_STYLES,
} from "../../src/content/content.ts";
import { type MessageKind, COMMON_FIELDS, POST_KINDS } from "../../src/content/post-kinds.ts";
import { render } from "../../src/content/render.ts";
import type { ApiCall } from "../../src/telegram/api-call.ts";
import { storedContent } from "../../src/content/stored-content.ts";
import type { Stored } from "../../src/stored-json.ts";
import { isNode, nameOf, parsed } from "../support/source.ts";

function message(parts: object): Message {
  return {
    message_id: 17,
    date: 1_770_000_000,
    from: { id: 7, is_bot: false, first_name: "Ada" },
    chat: { id: 7, type: "private", first_name: "Ada" },
    ...parts,
  };
}

const size = (file_id: string, width = 1280): PhotoSize => ({
  file_id,
  file_unique_id: `${file_id}-unique`,
  width,
  height: width,
});
const file = (file_id: string) => ({
  file_id,
  file_unique_id: `${file_id}-unique`,
  duration: 5,
  width: 640,
  height: 480,
});
const sizes = (file_id: string) => [size("thumbnail", 90), size(file_id)];

const emoji: MessageEntity = { type: "custom_emoji", offset: 0, length: 2, custom_emoji_id: "53683" };
const bold: MessageEntity = { type: "bold", offset: 0, length: 2 };
const caption = { caption: "🎁 x", caption_entities: [bold, emoji] };
const cover = { has_media_spoiler: true, show_caption_above_media: true };
const venue = {
  location: { latitude: 52.5, longitude: 13.4 },
  title: "Café",
  address: "Street 1",
  foursquare_id: "f",
  foursquare_type: "food/cafe",
  google_place_id: "g",
  google_place_type: "cafe",
};
const video = { ...file("video"), cover: sizes("cover"), start_timestamp: 7 };
const livePhoto = { ...file("live"), photo: sizes("still") };
const location = { latitude: 52.5, longitude: 13.4, horizontal_accuracy: 12 };

const option = (text: string, more: object = {}) => ({ persistent_id: text, text, voter_count: 0, ...more });
const optionMedia: PollMedia[] = [
  { photo: sizes("photo") },
  { video },
  { animation: file("animation") },
  { live_photo: livePhoto },
  { location },
  { venue },
  { link: { url: "https://example.com/" } },
  { sticker: { ...file("sticker"), type: "regular", is_animated: false, is_video: false } },
];
const poll = {
  id: "1",
  question: "🎁?",
  question_entities: [emoji],
  options: [
    option("🎁", { text_entities: [emoji] }),
    ...optionMedia.map((media, index) => option(`${index}`, { media })),
  ],
  total_voter_count: 0,
  is_closed: false,
  is_anonymous: false,
  type: "regular",
  allows_multiple_answers: true,
  allows_revoting: false,
  members_only: true,
  country_codes: ["DE", "FT"],
  open_period: 600,
  description: "🎁 of it",
  description_entities: [bold],
  media: { audio: file("audio") },
};
const quiz = {
  ...poll,
  options: [option("A"), option("B")],
  is_anonymous: true,
  type: "quiz",
  allows_multiple_answers: false,
  allows_revoting: true,
  members_only: false,
  correct_option_ids: [1],
  explanation: "🎁 since",
  explanation_entities: [bold],
  explanation_media: { document: file("document") },
};

const words = [
  "Plain ",
  { type: "bold", text: ["bold ", { type: "italic", text: "both" }] },
  { type: "custom_emoji", custom_emoji_id: "53683", alternative_text: "🎁" },
  { type: "url", text: "here", url: "https://example.com/" },
  { type: "anchor", name: "a" },
  { type: "button", button: { text: "Open", url: "https://example.com/" } },
];
const under = { caption: { text: words, credit: "Ada" } };
const rich = {
  is_rtl: true,
  blocks: [
    { type: "heading", text: words, size: 1 },
    { type: "paragraph", text: words },
    { type: "pre", text: "x = 1", language: "ts" },
    { type: "footer", text: "foot" },
    { type: "divider" },
    { type: "mathematical_expression", expression: "E = mc^2" },
    { type: "anchor", name: "b" },
    {
      type: "list",
      items: [
        { label: "•", blocks: [{ type: "paragraph", text: "one" }], has_checkbox: true, is_checked: true },
        { label: "•", blocks: [{ type: "photo", photo: sizes("photo"), ...under }], value: 3, type: "i" },
      ],
    },
    { type: "blockquote", blocks: [{ type: "paragraph", text: words }], credit: words },
    { type: "expandable_blockquote", text: words, credit: words },
    { type: "pullquote", text: words },
    {
      type: "collage",
      blocks: [
        { type: "photo", photo: sizes("photo"), has_spoiler: true },
        { type: "video", video, has_spoiler: true, ...under },
      ],
      ...under,
    },
    { type: "slideshow", blocks: [{ type: "animation", animation: file("animation"), has_spoiler: true }] },
    {
      type: "table",
      cells: [
        [{ text: words, is_header: true, colspan: 2, align: "left", valign: "top" }],
        [{ align: "left", valign: "top" }],
      ],
      is_bordered: true,
      caption: words,
    },
    { type: "details", summary: words, blocks: [{ type: "divider" }], is_open: true },
    { type: "map", location, zoom: 14, width: 100, height: 100, ...under },
    { type: "audio", audio: file("audio"), ...under },
    { type: "document", document: file("document"), ...under },
    { type: "voice_note", voice_note: file("voice"), ...under },
    {
      type: "buttons",
      buttons: [{ text: "Copy", copy_text: { text: "SALE" }, style: "danger" }],
      align: "left",
    },
  ],
};

/** What a message of each kind holds, as it comes from Telegram. */
const SENT: Partial<Record<MessageKind, object[]>> = {
  text: [
    { text: "🎁 x", entities: [bold, emoji], link_preview_options: { is_disabled: true } },
    { text: "x" },
  ],
  photo: [{ photo: sizes("photo"), ...caption, ...cover }, { photo: sizes("photo") }],
  live_photo: [{ live_photo: livePhoto, photo: sizes("still"), ...caption, ...cover }],
  video: [{ video, ...caption, ...cover }, { video: file("video") }],
  animation: [{ animation: file("animation"), document: file("animation"), ...caption, ...cover }],
  document: [{ document: file("document"), ...caption }],
  audio: [{ audio: file("audio"), ...caption }],
  voice: [{ voice: file("voice"), ...caption }],
  video_note: [{ video_note: file("note") }],
  sticker: [{ sticker: file("sticker") }],
  poll: [{ poll }, { poll: quiz }],
  venue: [{ venue, location: venue.location }],
  location: [{ location }],
  contact: [{ contact: { phone_number: "+49", first_name: "B", last_name: "C", vcard: "V" } }],
  dice: [{ dice: { emoji: "🎯", value: 3 } }],
  rich_message: [{ rich_message: rich }, { rich_message: { blocks: [{ type: "divider" }] } }],
};

function fateOf(result: Captured): string {
  if (result.type !== "captured") return result.reason;
  return result.version.kind === "copy" ? "copied" : "sent";
}

describe("what becomes of each kind of message", () => {
  const interfaces = parsed("node_modules/@grammyjs/types/message.d.ts").filter(
    ({ type }) => type === "TSInterfaceDeclaration",
  );
  const bodyOf = (name: string) => {
    const body = interfaces.find(({ id }) => nameOf(id) === name)?.["body"];
    const members: unknown[] = isNode(body) && Array.isArray(body["body"]) ? body["body"] : [];
    return members.map((member) => (isNode(member) ? nameOf(member["key"]) : ""));
  };

  test("is decided for every field that Telegram has", () => {
    const common = ["ServiceMessage", "CommonMessage", "CaptionableMessage", "MediaMessage"].flatMap(bodyOf);
    const own = bodyOf("Message");
    expect(common.length).toBeGreaterThan(35);
    expect(own.length).toBeGreaterThan(75);
    expect(Object.keys(COMMON_FIELDS).toSorted()).toEqual([...common, "entities"].toSorted());
    expect(Object.keys(POST_KINDS).toSorted()).toEqual(
      own.filter((field) => field !== "entities").toSorted(),
    );
  });

  test.each(Object.entries(POST_KINDS))("%s is %s", (kind, fate) => {
    const messages = SENT[kind as MessageKind];
    expect(messages !== undefined).toBe(fate === "sent");
    for (const parts of messages ?? [{ [kind]: {} }]) {
      expect(fateOf(capture([message(parts)]))).toBe(fate);
    }
  });

  test("one that nobody knows yet is copied, unless it may not be", () => {
    expect(capture([message({ hologram: {} })])).toEqual({
      type: "captured",
      leftOut: 0,
      notes: [],
      version: { kind: "copy", what: "hologram", source: { chatId: 7, messageIds: [17] } },
    });
    const refused = { type: "refused", reason: "protected" };
    expect(capture([message({ hologram: {}, has_protected_content: true })])).toEqual(refused);
    expect(capture([message({ checklist: {}, has_protected_content: true })])).toEqual(refused);
    expect(capture([message({ text: "a", has_protected_content: true })]).type).toBe("captured");
  });

  test("a rich message with a block that nobody knows yet is copied, too", () => {
    const blocks = [{ type: "details", summary: "a", blocks: [{ type: "hologram" }] }];
    expect(capture([message({ rich_message: { blocks } })])).toMatchObject({
      version: { kind: "copy", what: "rich_message" },
    });
  });

  test("a message without any content is refused", () => {
    expect(capture([message({})])).toEqual({ type: "refused", reason: "unsupported" });
    expect(capture([])).toEqual({ type: "refused", reason: "unsupported" });
  });
});

test("what is plain in a rich message stays plain, even if it looks like a link", () => {
  const blocks = [{ type: "paragraph", text: "example.com" }];
  expect(versionOf({ rich_message: { blocks } })).toEqual({
    kind: "rich",
    rich: { blocks, skip_entity_detection: true },
  });
});

test("buttons in a rich message that only its bot could answer are left out and counted", () => {
  const like = { text: "Like", callback_data: "like" };
  const open = { text: "Open", url: "https://example.com/" };
  const blocks = [
    { type: "paragraph", text: ["a", { type: "bold", text: { type: "button", button: like } }, "b"] },
    { type: "buttons", buttons: [like, open] },
    { type: "buttons", buttons: [like] },
  ];
  expect(capture([message({ rich_message: { blocks } })])).toMatchObject({
    leftOut: 3,
    version: {
      rich: {
        blocks: [
          { type: "paragraph", text: ["a", { type: "bold", text: "" }, "b"] },
          { type: "buttons", buttons: [open] },
        ],
      },
    },
  });
});

describe("what was sent is captured as the same post again", () => {
  const cases = Object.entries(SENT).flatMap(([kind, list]) => list.map((parts) => [kind, parts] as const));

  test.each(cases)("%s", (_, parts) => {
    const post = versionOf(parts);
    const [call] = render({ buttons: [], ...post }, { chatId: 42, campaignId: 1, seq: 1 });
    expect(versionOf(arrived(call!))).toEqual(post);
    // It is stored as JSON, and must be the same when it comes back.
    expect(JSON.parse(JSON.stringify(post))).toStrictEqual(post);
    expect(JSON.parse(JSON.stringify(call))).toStrictEqual(call);
  });

  test("every post made of them is read from the database as it was written", () => {
    fc.assert(
      fc.property(contents, (content) => {
        const column = JSON.parse(JSON.stringify(storedContent.store(content))) as Stored<"post">;
        expect(storedContent.parse(column, "campaign 1")).toEqual(content);
      }),
    );
  });

  test("and the message is the same, field by field", () => {
    for (const [, parts] of cases) {
      const [call] = render({ buttons: [], ...versionOf(parts) }, { chatId: 42, campaignId: 1, seq: 1 });
      expect(arrived(call!)).toEqual(parts);
    }
  });
});

const buttons = fc.array(
  fc.array(
    fc
      .tuple(
        fc.record(
          { id: fc.string(), text: fc.string(), style: fc.constantFrom(...BUTTON_STYLES), icon: fc.string() },
          { requiredKeys: ["text"] },
        ),
        fc.oneof(
          ...(["url", "app", "copy", "share", "here", "answer"] as const).map((action) =>
            fc.string().map((value) => ({ [action]: value })),
          ),
          fc.constant({ vote: true as const }),
        ),
      )
      .map(([face, action]) => ({ ...face, ...action }) as Button),
  ),
);
const source = fc.record(
  { chatId: fc.integer(), messageIds: fc.array(fc.nat()), albumId: fc.string(), buttons },
  { requiredKeys: ["chatId", "messageIds"] },
);
const versions = fc
  .tuple(
    fc.constantFrom(...Object.values(SENT).flat()),
    fc.record(
      { buttons, source, below: fc.record({ text: fc.string(), source }, { requiredKeys: ["text"] }) },
      { requiredKeys: [] },
    ),
  )
  .map(([parts, more]): Version => ({ ...versionOf(parts), ...more }));
const yes = fc.constant(true as const);
const options = fc.record<PostOptions>(
  {
    silent: yes,
    protect: yes,
    noPreview: yes,
    effect: fc.string(),
    forward: yes,
    pin: yes,
    shuffle: yes,
    addOptions: yes,
    hideResults: yes,
    deleteAfterHours: fc.nat(),
  },
  { requiredKeys: [] },
);
const contents = fc
  .tuple(
    versions,
    buttons,
    fc.record(
      {
        options,
        versions: fc.dictionary(fc.constantFrom("de", "ru", "pt"), versions, { noNullPrototype: true }),
        buttonIds: fc.nat(),
        retired: buttons.map((rows) => rows.flat()),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([version, buttons, more]): Content => ({ ...version, buttons, ...more }));

function versionOf(parts: object): Version {
  const result = capture([message(parts)]);
  if (result.type !== "captured") throw new Error(result.reason);
  const { source: _, ...version } = result.version;
  return version;
}

/** What Telegram makes of a call: the fields of the message that arrives. */
function arrived({ method, payload }: ApiCall): object {
  const { caption, caption_entities, has_spoiler, show_caption_above_media } = payload as Record<
    string,
    unknown
  >;
  const told = {
    ...(caption !== undefined && { caption }),
    ...(caption_entities !== undefined && { caption_entities }),
    ...(has_spoiler === true && { has_media_spoiler: true }),
    ...(show_caption_above_media === true && { show_caption_above_media: true }),
  };
  switch (method) {
    case "sendMessage": {
      const { chat_id: _, ...rest } = payload;
      return rest;
    }
    case "sendPhoto":
      return { photo: sizes(idOf(payload.photo)), ...told };
    case "sendLivePhoto": {
      const photo = sizes(idOf(payload.photo));
      return { live_photo: { ...file(idOf(payload.live_photo)), photo }, photo, ...told };
    }
    case "sendVideo":
      return { video: filmOf({ ...payload, media: payload.video }), ...told };
    case "sendAnimation": {
      const animation = file(idOf(payload.animation));
      return { animation, document: animation, ...told };
    }
    case "sendDocument":
      return { document: file(idOf(payload.document)), ...told };
    case "sendAudio":
      return { audio: file(idOf(payload.audio)), ...told };
    case "sendVoice":
      return { voice: file(idOf(payload.voice)), ...told };
    case "sendVideoNote":
      return { video_note: file(idOf(payload.video_note)) };
    case "sendSticker":
      return { sticker: file(idOf(payload.sticker)) };
    case "sendPoll":
      return { poll: pollOf(payload) };
    case "sendVenue":
      return { venue: venueOf(payload), location: venueOf(payload).location };
    case "sendLocation":
      return { location: without(payload) };
    case "sendContact":
      return { contact: without(payload) };
    case "sendDice":
      return { dice: { emoji: payload.emoji, value: 3 } };
    case "sendRichMessage": {
      const { blocks = [], is_rtl } = payload.rich_message;
      return { rich_message: { ...(is_rtl && { is_rtl }), blocks: blocks.map(blockOf) } };
    }
    default:
      throw new Error(method);
  }
}

/** Everything is sent by the id of a file. */
function idOf(file: unknown): string {
  if (typeof file !== "string") throw new TypeError("no file_id");
  return file;
}

function without(payload: { chat_id?: unknown; type?: unknown }): object {
  const { chat_id: _, type: __, ...rest } = payload;
  return rest;
}

function filmOf({ media, cover, start_timestamp }: Record<string, unknown> & { media: unknown }) {
  return {
    ...file(idOf(media)),
    ...(cover !== undefined && { cover: sizes(idOf(cover)) }),
    ...(start_timestamp !== undefined && { start_timestamp }),
  };
}

function venueOf(payload: { latitude: number; longitude: number }) {
  const { latitude, longitude, ...rest } = payload;
  return { location: { latitude, longitude }, ...without(rest) };
}

type PollPayload = Extract<ApiCall, { method: "sendPoll" }>["payload"];
type SentMedia = NonNullable<PollPayload["media"] | PollPayload["options"][number]["media"]>;

function pollOf({ options, media, explanation_media, ...rest }: PollPayload): object {
  const { persistent_id: _, ...counts } = option("");
  return {
    id: "1",
    total_voter_count: 0,
    is_closed: false,
    members_only: false,
    ...without(rest),
    type: rest.type,
    options: options.map(({ media, ...option }) => ({
      persistent_id: option.text,
      ...counts,
      ...option,
      ...(media && { media: mediaOf(media) }),
    })),
    ...(media && { media: mediaOf(media) }),
    ...(explanation_media && { explanation_media: mediaOf(explanation_media) }),
  };
}

function mediaOf(sent: SentMedia): object {
  switch (sent.type) {
    case "photo":
      return { photo: sizes(idOf(sent.media)) };
    case "live_photo":
      return { live_photo: { ...file(idOf(sent.media)), photo: sizes(idOf(sent.photo)) } };
    case "video":
      return { video: filmOf({ ...sent }) };
    case "venue":
      return { venue: venueOf(sent) };
    case "location":
      return { location: without(sent) };
    case "link":
      return { link: without(sent) };
    case "sticker":
      return {
        sticker: { ...file(idOf(sent.media)), type: "regular", is_animated: false, is_video: false },
      };
    default:
      return { [sent.type]: file(idOf(sent.media)) };
  }
}

type Rich = NonNullable<
  Extract<ApiCall, { method: "sendRichMessage" }>["payload"]["rich_message"]["blocks"]
>[number];

function blockOf(block: Rich): object {
  switch (block.type) {
    case "photo":
      return media(block, { photo: sizes(idOf(block.photo.media)) }, block.photo);
    case "video":
      return media(block, { video: filmOf({ ...block.video }) }, block.video);
    case "animation":
      return media(block, { animation: file(idOf(block.animation.media)) }, block.animation);
    case "audio":
      return { ...block, audio: file(idOf(block.audio.media)) };
    case "document":
      return { ...block, document: file(idOf(block.document.media)) };
    case "voice_note":
      return { ...block, voice_note: file(idOf(block.voice_note.media)) };
    case "list":
      return { ...block, items: block.items.map(itemOf) };
    case "blockquote":
    case "collage":
    case "slideshow":
    case "details":
      return { ...block, blocks: block.blocks.map(blockOf) };
    default:
      return block;
  }
}

function media(block: object, made: object, { has_spoiler }: { has_spoiler?: boolean }): object {
  return { ...block, ...made, ...(has_spoiler && { has_spoiler }) };
}

function itemOf(item: { blocks: Rich[] }): object {
  return { label: "•", ...item, blocks: item.blocks.map(blockOf) };
}
