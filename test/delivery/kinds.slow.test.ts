import type { Message, Poll } from "grammy/types";
import { expect, test } from "vitest";
import type { PollGiven, PostFields } from "../../playground/people/post.ts";
import { cardOf, until } from "../support/broadcast.ts";
import { numbersOn } from "../support/counts.ts";
import { FIRST, type Scene, scene, shows } from "../support/scene.ts";
import { en, inOrder, inState } from "../support/words.ts";

const EMOJI = "5368324170671202286";

/** Beyond the BMP, with what markup would have to escape, and with one entity in another. */
const TEXT = `👩‍🚀 Bold & <b>"italic"</b> 🎉 link, 22:45, code`;
const at = (words: string) => ({ offset: TEXT.indexOf(words), length: words.length });
const ENTITIES: NonNullable<Message["entities"]> = [
  { type: "custom_emoji", ...at("👩‍🚀"), custom_emoji_id: EMOJI },
  { type: "bold", ...at(`Bold & <b>"italic"</b>`) },
  { type: "italic", ...at(`"italic"`) },
  { type: "spoiler", ...at("🎉") },
  { type: "text_link", ...at("link"), url: "https://example.com/?a=1&b=2" },
  { type: "date_time", ...at("22:45"), unix_time: 1_647_531_900, date_time_format: "wDT" },
  { type: "pre", ...at("code"), language: "ts" },
];
const WORDS = { text: TEXT, entities: ENTITIES };
const CAPTION = { caption: TEXT, caption_entities: ENTITIES };
const HIDDEN = { ...CAPTION, has_media_spoiler: true as const, show_caption_above_media: true as const };
const PLACE = { latitude: 52.520008, longitude: 13.404954, horizontal_accuracy: 25 };
const VENUE = {
  location: { latitude: 52.5219, longitude: 13.4132 },
  title: "Alexanderplatz",
  address: "10178 Berlin",
  foursquare_id: "4adcda",
  foursquare_type: "travel/train",
  google_place_id: "ChIJ",
  google_place_type: "station",
};
const BUTTONS = {
  inline_keyboard: [
    [
      { text: "Open", url: "https://example.com/?a=1&b=2", style: "success" as const },
      { text: "Gift", url: "https://t.me/herald", icon_custom_emoji_id: EMOJI, style: "danger" as const },
    ],
    [{ text: "Copy", copy_text: { text: "SALE-20 & more" } }],
  ],
};

const QUIZ: PollGiven = {
  question: "🎉 Where?",
  question_entities: [{ type: "custom_emoji", offset: 0, length: 2, custom_emoji_id: EMOJI }],
  options: [
    { text: "Here", media: { location: PLACE } },
    { text: "There", media: { venue: VENUE } },
    { text: "🎉", text_entities: [{ type: "custom_emoji", offset: 0, length: 2, custom_emoji_id: EMOJI }] },
    { text: "On film", media: { video: { cover: true, start_timestamp: 3 } } },
    { text: "Alive", media: { live_photo: true } },
    { text: "Moving", media: { animation: true } },
    { text: "Stuck", media: { sticker: true } },
    { text: "Linked", media: { link: { url: "https://example.com" } } },
  ],
  type: "quiz",
  is_anonymous: false,
  allows_multiple_answers: true,
  correct_option_ids: [0, 2],
  explanation: TEXT,
  explanation_entities: ENTITIES,
  explanation_media: { audio: true },
  description: TEXT,
  description_entities: ENTITIES,
  media: { photo: true },
  open_period: 600,
};

const RICH: PostFields["rich_message"] = {
  is_rtl: true,
  blocks: [
    { type: "heading", text: ["Re", { type: "bold", text: { type: "italic", text: "port 🎉" } }], size: 1 },
    {
      type: "paragraph",
      text: [
        { type: "url", text: "https://example.com", url: "https://example.com" },
        " < & ",
        { type: "custom_emoji", custom_emoji_id: EMOJI, alternative_text: "🎉" },
        { type: "date_time", text: "22:45", unix_time: 1_647_531_900, date_time_format: "t" },
        { type: "button", button: { text: "Go", url: "https://example.com", style: "primary" } },
      ],
    },
    { type: "pre", text: "let x = 1 < 2;", language: "ts" },
    { type: "divider" },
    { type: "mathematical_expression", expression: "E = mc^2" },
    { type: "anchor", name: "top" },
    {
      type: "list",
      items: [
        { blocks: [{ type: "paragraph", text: "seven" }], value: 7, type: "I" },
        {
          blocks: [{ type: "list", items: [{ blocks: [{ type: "paragraph", text: "deeper" }] }] }],
          value: 8,
        },
        { blocks: [{ type: "paragraph", text: "done" }], has_checkbox: true, is_checked: true },
      ],
    },
    {
      type: "blockquote",
      blocks: [{ type: "photo", photo: { has_spoiler: true }, caption: { text: "look", credit: "Ada" } }],
      credit: { type: "bold", text: "Ada" },
    },
    { type: "expandable_blockquote", text: "long", credit: "Ada" },
    { type: "pullquote", text: "short" },
    {
      type: "collage",
      blocks: [
        { type: "photo", photo: true },
        { type: "video", video: { cover: true, start_timestamp: 4, has_spoiler: true } },
      ],
      caption: { text: "both" },
    },
    { type: "slideshow", blocks: [{ type: "animation", animation: true }] },
    {
      type: "table",
      cells: [
        [
          { text: { type: "marked", text: "Speed" }, is_header: true, align: "left", valign: "top" },
          { align: "right", valign: "middle", colspan: 2 },
        ],
      ],
      is_bordered: true,
      is_compact: true,
      caption: "Numbers",
    },
    {
      type: "details",
      summary: "More",
      blocks: [
        { type: "audio", audio: true },
        { type: "document", document: true, caption: { text: "the file" } },
        { type: "voice_note", voice_note: true },
      ],
      is_open: true,
    },
    { type: "map", location: { latitude: 1, longitude: 2 }, zoom: 14, width: 600, height: 400 },
    {
      type: "buttons",
      buttons: [
        { text: "Go", url: "https://example.com" },
        { text: "Copy", copy_text: { text: "SALE" } },
      ],
      align: "center",
    },
    { type: "footer", text: "The end" },
  ],
};

/** Each of a kind, or of several at once as an album. */
const POSTS: Record<string, PostFields | PostFields[]> = {
  "a text with its preview chosen": {
    ...WORDS,
    link_preview_options: { url: "https://example.com", prefer_large_media: true, show_above_text: true },
  },
  "a text without preview and with an effect": {
    text: "https://example.com",
    link_preview_options: { is_disabled: true },
    effect_id: "5104841245755180586",
  },
  "a quotation that folds": {
    text: "a\nb\nc\nd",
    entities: [{ type: "expandable_blockquote", offset: 0, length: 7 }],
  },
  "a text with buttons": { ...WORDS, reply_markup: BUTTONS },
  "a photo": { photo: true, ...HIDDEN, reply_markup: BUTTONS },
  "a bare photo": { photo: true },
  "a live photo": { live_photo: true, ...HIDDEN },
  "a video": { video: { cover: true, start_timestamp: 7 }, ...HIDDEN },
  "a video without a cover": { video: true },
  "an animation": { animation: true, ...HIDDEN },
  "a document": { document: { file_name: "prices.pdf" }, ...CAPTION },
  "an audio": { audio: { title: "Song", performer: "Ada" }, ...CAPTION },
  "a voice note": { voice: true, ...CAPTION },
  "a video note": { video_note: true },
  "a sticker": { sticker: true, reply_markup: BUTTONS },
  "a poll": { poll: { question: TEXT, options: ["Tea", "Coffee"] }, reply_markup: BUTTONS },
  "an open poll": { poll: { is_anonymous: false, allows_multiple_answers: true, allows_revoting: false } },
  "a quiz": { poll: QUIZ },
  "a quiz of one answer": { poll: { type: "quiz", correct_option_ids: [1] } },
  "a poll about a link": { poll: { description: TEXT, media: { document: true }, open_period: 86_400 } },
  "a location": { location: PLACE, reply_markup: BUTTONS },
  "a venue": { venue: VENUE },
  "a contact": { contact: { phone_number: "+491700000000", first_name: "Ada", last_name: "L", vcard: "V" } },
  "a dice": { dice: { emoji: "🎯", value: 3 } },
  "a rich message": { rich_message: RICH, reply_markup: BUTTONS },
  "a checklist": { checklist: true },
  "an album to look at": [
    { photo: true, ...HIDDEN },
    { video: { cover: true, start_timestamp: 2 }, ...HIDDEN },
    { live_photo: true, caption: "third", show_caption_above_media: true },
  ],
  "an album of documents": Array.from({ length: 10 }, (_, index) => ({
    document: { file_name: `${index}.txt` },
    caption: `file ${index}`,
  })),
  "an album of music": [{ audio: { title: "A" } }, { audio: { title: "B" }, ...CAPTION }],
};

/** The owner composes a post; resolves with what they sent, when the review card is there. */
async function composed({ owner }: Scene, post: PostFields | PostFields[]): Promise<Message[]> {
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  const sent = Array.isArray(post) ? await owner.sendsAlbum(post) : [await owner.sends(post)];
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  return sent;
}

async function starts({ owner }: Scene): Promise<void> {
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
}

/** The next messages that the first of the people gets. */
async function nextOf({ telegram }: Scene, before: number, count: number): Promise<Message[]> {
  await until(() => telegram.received(FIRST).length >= before + count);
  return telegram.received(FIRST).slice(before);
}

/** All that a message says, but for what no two messages have in common. */
function said(message: Message): object {
  const { message_id: _, date: __, chat: ___, from: ____, media_group_id: _____, ...rest } = message;
  const { poll, dice } = rest;
  return { ...rest, ...(poll && { poll: asked(poll) }), ...(dice && { dice: dice.emoji }) };
}

function asked(poll: Poll): object {
  return { ...poll, id: "", options: poll.options.map((option) => ({ ...option, persistent_id: "" })) };
}

test("each kind of post arrives as it was sent, field by field", async () => {
  const stage = await scene(1);
  const { telegram } = stage;
  for (const [name, post] of Object.entries(POSTS)) {
    const sent = await composed(stage, post);
    const before = telegram.received(FIRST).length;
    await starts(stage);
    const got = await nextOf(stage, before, sent.length);
    expect.soft(got.map(said), name).toEqual(sent.map(said));
    const albums = new Set(got.map((message) => message.media_group_id));
    expect.soft(albums.size, name).toBe(1);
    expect.soft(albums.has(undefined), name).toBe(sent.length === 1);
  }
  // Nothing but these came, and no two albums have become one.
  const posts = Object.values(POSTS);
  expect(telegram.received(FIRST)).toHaveLength(posts.flat().length);
  const ids = telegram.received(FIRST).flatMap(({ media_group_id: id }) => id ?? []);
  expect(new Set(ids).size).toBe(posts.filter((post) => Array.isArray(post)).length);
});

test.each(["a photo", "a quiz", "a rich message", "an album of music"])(
  "%s still arrives after its source is deleted",
  async (name) => {
    const stage = await scene(45, { rate: 30 });
    const { telegram, owner, people } = stage;
    const sent = await composed(stage, POSTS[name] ?? []);
    await starts(stage);
    await until(() => telegram.received(FIRST).length > 0);
    for (const message of sent) await owner.deletes(message);
    expect(telegram.received(people.at(-1) ?? 0)).toEqual([]);
    await shows(owner, inState("finished"));
    for (const person of people) expect(telegram.received(person).map(said)).toEqual(sent.map(said));
  },
);

test("a checklist, which is copied, stops when its source is deleted and fails nobody", async () => {
  const stage = await scene(45, { rate: 30 });
  const { telegram, owner } = stage;
  const [source] = await composed(stage, POSTS["a checklist"] ?? []);
  await starts(stage);
  await until(() => telegram.received(FIRST).length > 0);
  await owner.deletes(source ?? 0);
  await shows(owner, inOrder(inState("paused"), /message to copy not found/));
  // What was in flight then waits, like the rest.
  await until(() => {
    const { sent = 0, left = 0, total } = numbersOn(cardOf(owner)?.text ?? "") ?? {};
    return sent > 0 && left > 0 && sent + left === total;
  });
});

test("a forwarded post keeps its author, and an album stays one", async () => {
  const stage = await scene(1);
  const { telegram, owner } = stage;
  for (const name of ["a text with buttons", "an album to look at", "a checklist"]) {
    const sent = await composed(stage, POSTS[name] ?? []);
    await owner.taps(en("button-options"));
    await owner.taps(en("option-forward"));
    await until(() => owner.shows().includes(`✅ ${en("option-forward")}`));
    await owner.taps(en("button-back"));
    await owner.sees(en.like("review-title"));
    const before = telegram.received(FIRST).length;
    await starts(stage);
    const got = await nextOf(stage, before, sent.length);
    const forward_origin = { type: "user", sender_user: owner.user, date: sent[0]?.date };
    const wanted = sent.map((message) => ({ ...said(message), forward_origin }));
    expect(got.map(said)).toEqual(wanted);
    expect(new Set(got.map((message) => message.media_group_id)).size).toBe(1);
  }
});

test("an album of 10 for 300 people is 300 deliveries, and 3,000 messages at the rate of messages", async () => {
  const rate = 600;
  const stage = await scene(300, { rate });
  const { telegram, owner, people } = stage;
  await composed(stage, POSTS["an album of documents"] ?? []);
  telegram.clearRecords();
  await starts(stage);
  await shows(owner, inOrder(inState("finished"), en.like("card-sent", { count: 300 })));
  expect(people.filter((person) => telegram.received(person).length !== 10)).toEqual([]);
  const albums = telegram.calls.filter(({ method }) => method === "sendMediaGroup");
  expect(albums).toHaveLength(300);
  // A tenth more is what timers may squeeze into a second.
  expect(telegram.worstSecond(({ method }) => method === "sendMediaGroup")).toBeLessThanOrEqual(rate * 1.1);
});
