import type {
  InlineKeyboardButton,
  InputMediaLivePhoto,
  InputMediaPhoto,
  InputMediaVideo,
  InputPollMedia,
} from "@grammyjs/types";
import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  const ada = telegram.person({ firstName: "Ada", started: true });
  return { telegram, ada, api: apiFor(telegram) };
}

const EMOJI = { type: "custom_emoji" as const, offset: 0, length: 2, custom_emoji_id: "5368324170671202286" };
const BOLD = { type: "bold" as const, offset: 0, length: 3 };

test("a live photo is a photo and its moving part, with spoiler and caption", async () => {
  const { api, ada } = await scene();
  const { live_photo: moving, photo } = await ada.sends({ live_photo: true });
  const still = photo?.at(-1)?.file_id ?? "";
  expect(moving?.photo).toEqual(photo);
  const sent = await api.sendLivePhoto(ada.id, moving?.file_id ?? "", still, {
    caption: "look",
    show_caption_above_media: true,
    has_spoiler: true,
  });
  expect(sent).toMatchObject({
    live_photo: moving,
    photo,
    caption: "look",
    show_caption_above_media: true,
    has_media_spoiler: true,
  });
  expect(await refusalOf(api.sendLivePhoto(ada.id, still, still))).toBe(
    "400 Bad Request: can't use file of type Photo as LivePhoto",
  );
  expect(await refusalOf(api.sendLivePhoto(ada.id, "https://example.com/a.mp4", still))).toContain(
    "wrong file identifier",
  );
});

test("a video has its cover and its start only where they are asked for", async () => {
  const { api, ada } = await scene();
  const { video } = await ada.sends({ video: { cover: true, start_timestamp: 7 } });
  const [id, cover] = [video?.file_id ?? "", video?.cover?.at(-1)?.file_id ?? ""];
  const whole = await api.sendVideo(ada.id, id, { cover, start_timestamp: 7 });
  expect(whole.video).toEqual(video);
  const plain = (await api.sendVideo(ada.id, id)).video;
  expect([plain.cover, plain.start_timestamp]).toEqual([undefined, undefined]);
});

test("an album mixes photos, videos with a cover and live photos, and counts each part", async () => {
  const { telegram, api, ada } = await scene();
  const [photo, video, live] = await ada.sendsAlbum([
    { photo: true },
    { video: { cover: true } },
    { live_photo: true },
  ]);
  const media: [InputMediaPhoto<never>, InputMediaVideo<never>, InputMediaLivePhoto<never>] = [
    { type: "photo", media: photo?.photo?.at(-1)?.file_id ?? "", has_spoiler: true },
    {
      type: "video",
      media: video?.video?.file_id ?? "",
      cover: video?.video?.cover?.at(-1)?.file_id ?? "",
    },
    {
      type: "live_photo",
      media: live?.live_photo?.file_id ?? "",
      photo: live?.photo?.at(-1)?.file_id ?? "",
    },
  ];
  const sent = await api.sendMediaGroup(ada.id, media);
  expect(sent).toMatchObject([
    { photo: photo?.photo, has_media_spoiler: true },
    { video: video?.video },
    { live_photo: live?.live_photo, photo: live?.photo },
  ]);
  const ids = ada.holds.slice(0, 3).map(({ message_id }) => message_id);
  await api.copyMessages(ada.id, ada.id, ids);
  await api.forwardMessages(ada.id, ada.id, ids);
  expect(new Set(ada.holds.slice(-3).map((part) => part.media_group_id)).size).toBe(1);
  expect(telegram.calls.map(({ weight }) => weight)).toEqual([3, 3, 3]);
});

test("a quiz arrives with its description, explanation and all that stands beside", async () => {
  const { api, ada } = await scene();
  const location = { latitude: 52.5, longitude: 13.4 };
  const { poll } = await ada.sends({
    poll: {
      question: "👍 Where?",
      question_entities: [EMOJI],
      options: [
        { text: "Here", media: { location } },
        { text: "There", media: { link: { url: "https://example.com" } } },
        { text: "👍 ?", text_entities: [EMOJI], media: { sticker: true } },
      ],
      type: "quiz",
      is_anonymous: false,
      correct_option_ids: [0, 2],
      explanation: "Why not",
      explanation_entities: [BOLD],
      explanation_media: { photo: true },
      description: "About places",
      description_entities: [BOLD],
      media: { video: { cover: true } },
      open_period: 600,
    },
  });
  if (poll === undefined) throw new Error("no poll");
  const { media, explanation_media: beside } = poll;
  const sticker = poll.options[2]?.media?.sticker?.file_id ?? "";
  const sent = await api.sendPoll(
    ada.id,
    poll.question,
    [
      { text: "Here", media: { type: "location", ...location } },
      { text: "There", media: { type: "link", url: "https://example.com" } },
      { text: "👍 ?", text_entities: [EMOJI, BOLD], media: { type: "sticker", media: sticker } },
    ],
    {
      question_entities: [EMOJI],
      type: "quiz",
      is_anonymous: false,
      correct_option_ids: [0, 2],
      explanation: "Why not",
      explanation_entities: [BOLD],
      explanation_media: { type: "photo", media: beside?.photo?.at(-1)?.file_id ?? "" },
      description: "About places",
      description_entities: [BOLD],
      media: {
        type: "video",
        media: media?.video?.file_id ?? "",
        cover: media?.video?.cover?.at(-1)?.file_id ?? "",
      },
      open_period: 600,
    },
  );
  expect({ ...sent.poll, id: poll.id }).toEqual(poll);
});

test.each([
  [{ is_anonymous: false }, "non-anonymous polls can't be sent to channel chats"],
  [{ type: "quiz" as const }, "correct quiz option list must be non-empty"],
  [{ type: "quiz" as const, correct_option_ids: [1, 0] }, "correct quiz option list must be increasing"],
  [{ type: "quiz" as const, correct_option_ids: [2] }, "wrong quiz correct_option_id"],
  [{ open_period: 4 }, "open_period must be from 5 to 2628000 seconds"],
  [{ description: "x".repeat(1025) }, "MESSAGE_TOO_LONG"],
  [{ media: { type: "sticker" } as unknown as InputPollMedia<never> }, "can't parse InputPollMedia"],
])("a channel gets no poll with %j", async (options, words) => {
  const { telegram, api } = await scene();
  const answers = ["Tea", "Coffee"].map((text) => ({ text }));
  const call = api.sendPoll(telegram.channel().id, "Which?", answers, options);
  expect(await refusalOf(call)).toContain(`400 Bad Request: ${words}`);
});

test("places arrive with all that is known of them", async () => {
  const { api, ada } = await scene();
  const place = { latitude: 52.5, longitude: 13.4, horizontal_accuracy: 12 };
  const shop = { foursquare_id: "a", foursquare_type: "b", google_place_id: "c", google_place_type: "d" };
  const { location } = await api.sendLocation(ada.id, place.latitude, place.longitude, {
    horizontal_accuracy: 12,
    live_period: 60,
    heading: 90,
  });
  expect(location).toEqual({ ...place, live_period: 60, heading: 90 });
  const { venue } = await api.sendVenue(ada.id, 1, 2, "Shop", "Street", shop);
  expect(venue).toEqual({
    location: { latitude: 1, longitude: 2 },
    title: "Shop",
    address: "Street",
    ...shop,
  });
});

test("a rich message arrives in blocks, its lists labelled and its media resolved", async () => {
  const { api, ada } = await scene();
  const text = ["Hello ", { type: "bold" as const, text: "world" }];
  const list = (item: object) => ({
    type: "list" as const,
    items: [{ blocks: [{ type: "paragraph" as const, text }], ...item }],
  });
  const { rich_message: given } = await ada.sends({
    rich_message: { blocks: [{ type: "photo", photo: { has_spoiler: true }, caption: { text: "look" } }] },
  });
  const [photo] = given?.blocks ?? [];
  if (photo?.type !== "photo") throw new Error("no photo");
  expect(photo.has_spoiler).toBe(true);
  const sent = await api.sendRichMessage(ada.id, {
    is_rtl: true,
    blocks: [
      { type: "heading", text, size: 2 },
      list({}),
      list({ value: 4, type: "i" }),
      {
        type: "photo",
        photo: { type: "photo", media: photo.photo.at(-1)?.file_id ?? "", has_spoiler: true },
        caption: { text: "look" },
      },
      {
        type: "map",
        location: { latitude: 1, longitude: 2 },
        zoom: 15,
        width: 400,
        height: 200,
        caption: { text, credit: "Ada" },
      },
    ],
  });
  expect(sent.rich_message).toMatchObject({
    is_rtl: true,
    blocks: [
      { type: "heading", text, size: 2 },
      { items: [{ label: "•", blocks: [{ text }] }] },
      { items: [{ label: "iv.", value: 4, type: "i" }] },
      photo,
      { type: "map", caption: { text, credit: "Ada" } },
    ],
  });
});

test.each([
  [{ type: "hologram" }, `type "hologram" is unsupported`],
  [{ type: "thinking", text: "…" }, `type "thinking" is unsupported`],
  [{ type: "paragraph", text: { type: "loud", text: "x" } }, "can't parse RichText"],
  [{ type: "paragraph", text: ["x", { text: "y" }] }, "can't parse RichText: type is unsupported"],
  [{ type: "table", cells: [[]], caption: { text: "x" } }, "can't parse RichText: type is unsupported"],
  [{ type: "map", location: {}, caption: { text: { text: "x" } } }, "can't parse RichText"],
  [{ type: "map", location: {}, caption: { text: "x", credit: { text: "y" } } }, "can't parse RichText"],
  [{ type: "map", location: {}, caption: "x" }, "can't parse RichBlockCaption"],
  [{ type: "buttons", buttons: [{ text: { text: "A" }, callback_data: "a" }] }, "can't parse RichText"],
  [{ type: "paragraph", text: "x".repeat(32_769) }, "too many characters"],
  [{ type: "photo", photo: { type: "photo", media: "nonsense" } }, "wrong file identifier"],
  [{ type: "table", cells: [Array.from({ length: 21 }, () => ({ text: "x" }))] }, "too many columns"],
  [{ type: "list", items: [{ blocks: [{ type: "nothing" }] }] }, `type "nothing" is unsupported`],
  [{ type: "buttons", buttons: [{ text: "A", callback_data: "x".repeat(65) }] }, "BUTTON_DATA_INVALID"],
])("a rich message with %j is refused", async (block, words) => {
  const { api, ada } = await scene();
  const rich = { blocks: [block] } as Parameters<typeof api.sendRichMessage>[1];
  expect(await refusalOf(api.sendRichMessage(ada.id, rich))).toMatch(/^400 Bad Request: /);
  expect(await refusalOf(api.sendRichMessage(ada.id, rich))).toContain(words);
});

test("an effect plays in private chats only, and only one that there is", async () => {
  const { telegram, api, ada } = await scene();
  const effect = { message_effect_id: "5104841245755180586" };
  expect((await api.sendMessage(ada.id, "x", effect)).effect_id).toBe(effect.message_effect_id);
  expect(await refusalOf(api.sendMessage(telegram.channel().id, "x", effect))).toBe(
    "400 Bad Request: can't use message effects in the chat",
  );
  const own = { message_effect_id: "77" };
  expect(await refusalOf(api.sendMessage(ada.id, "x", own))).toBe("400 Bad Request: EFFECT_ID_INVALID");
  await ada.sends("with an effect of Premium", { effect_id: "77" });
  expect(await refusalOf(api.sendMessage(ada.id, "x", own))).toBe("accepted");
});

test("custom emoji and icons are dropped from what a bot without the right sends, but not from forwards", async () => {
  const { telegram, api, ada } = await scene();
  telegram.customEmoji = false;
  const entities = [EMOJI, { ...BOLD, offset: 3 }];
  const from = await ada.sends({ text: "👍 bold", entities });
  const keyboard = {
    inline_keyboard: [[{ text: "Go", url: "https://t.me/x", icon_custom_emoji_id: "5368324170671202286" }]],
  };
  const sent = await api.sendMessage(ada.id, "👍 bold", { entities, reply_markup: keyboard });
  expect(sent.entities).toEqual([entities[1]]);
  expect(sent.text).toBe("👍 bold");
  expect(sent.reply_markup).toEqual({ inline_keyboard: [[{ text: "Go", url: "https://t.me/x" }]] });
  const { poll } = await api.sendPoll(ada.id, "👍?", [{ text: "👍", text_entities: [EMOJI] }], {
    question_entities: [EMOJI],
  });
  expect([poll.question_entities, poll.options[0]?.text_entities]).toEqual([undefined, undefined]);
  const rich = await api.sendRichMessage(ada.id, {
    blocks: [
      {
        type: "paragraph",
        text: ["a", { type: "custom_emoji", custom_emoji_id: "1", alternative_text: "👍" }],
      },
    ],
  });
  expect(rich.rich_message.blocks).toEqual([{ type: "paragraph", text: ["a", "👍"] }]);
  await api.copyMessage(ada.id, ada.id, from.message_id);
  expect(ada.holds.at(-1)?.entities).toEqual([entities[1]]);
  await api.forwardMessage(ada.id, ada.id, from.message_id);
  expect(ada.holds.at(-1)?.entities).toEqual(entities);
  telegram.customEmoji = true;
  expect((await api.sendMessage(ada.id, "👍 bold", { entities })).entities).toEqual(entities);
});

const APP = { text: "A", web_app: { url: "https://example.com" } };
const HERE = { text: "A", switch_inline_query_current_chat: "" };
const SHARE = { text: "A", switch_inline_query: "" };

test.each([
  ["private", APP, "accepted"],
  ["supergroup", APP, "BUTTON_TYPE_INVALID"],
  ["channel", APP, "BUTTON_TYPE_INVALID"],
  ["supergroup", HERE, "accepted"],
  ["channel", HERE, "can't use switch_inline_query_current_chat button in a channel chat"],
  ["supergroup", SHARE, "accepted"],
  ["channel", SHARE, "can't use switch_inline_query button in a channel chat"],
  ["private", { text: "A", copy_text: { text: "x".repeat(256) } }, "accepted"],
  ["private", { text: "A", copy_text: { text: "x".repeat(257) } }, "BUTTON_COPY_TEXT_INVALID"],
  ["private", { text: "A", url: "https://t.me/x", style: "success" as const }, "accepted"],
  ["private", { text: "A", url: "https://t.me/x", style: "loud" as "danger" }, "Invalid button style"],
])("in a %s chat the button %j comes to: %s", async (type, button, words) => {
  const { telegram, api, ada } = await scene();
  const chat =
    type === "channel"
      ? telegram.channel()
      : type === "private"
        ? ada
        : telegram.group({ type: "supergroup" });
  const call = api.sendMessage(chat.id, "x", { reply_markup: { inline_keyboard: [[button]] } });
  expect(await refusalOf(call)).toContain(words);
});

const longLinks = (length: number) =>
  Array.from({ length: 4 }, () => [{ text: "A", url: `https://example.com/${"x".repeat(length)}` }]);

test("a keyboard has at most 10 kB", async () => {
  const { api, ada } = await scene();
  const send = (length: number) =>
    refusalOf(api.sendMessage(ada.id, "x", { reply_markup: { inline_keyboard: longLinks(length) } }));
  expect(await send(2_400)).toBe("accepted");
  expect(await send(2_600)).toBe("400 Bad Request: reply markup is too long");
});

test("paying for speed is possible for copies but not for forwards and batches", async () => {
  const telegram = await telegramFor({ limits: { bot: 1, paid: 100 } });
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  const { message_id: id } = await ada.sends("x");
  const paid = { allow_paid_broadcast: true };
  const calls = [
    () => api.copyMessage(ada.id, ada.id, id, paid),
    () => api.copyMessage(ada.id, ada.id, id, paid),
    () => api.copyMessages(ada.id, ada.id, [id], paid as never),
    () => api.forwardMessage(ada.id, ada.id, id, paid as never),
    () => api.forwardMessages(ada.id, ada.id, [id], paid as never),
  ];
  const codes: string[] = [];
  for (const call of calls) codes.push((await refusalOf(call())).slice(0, 3));
  expect(codes).toEqual(["acc", "acc", "429", "429", "429"]);
});

test.each([
  ["paid_media", { star_count: 1, paid_media: [] }],
  ["giveaway", { chats: [], winners_selection_date: 1, winner_count: 1 }],
  ["invoice", { title: "a", description: "b", start_parameter: "", currency: "XTR", total_amount: 1 }],
] as const)("%s can be forwarded but not copied", async (kind, value) => {
  const { api, ada } = await scene();
  const { message_id: id } = await ada.sends({ raw: { [kind]: value } });
  expect(await refusalOf(api.copyMessage(ada.id, ada.id, id))).toContain("message can't be copied");
  expect(await api.forwardMessage(ada.id, ada.id, id)).toMatchObject({ [kind]: value });
});

test("a forward keeps the buttons when each works without the bot, a copy never", async () => {
  const { api, ada } = await scene();
  const [link, copy] = [
    { text: "A", url: "https://t.me/x" },
    { text: "B", copy_text: { text: "b" } },
  ];
  const sends = (row: InlineKeyboardButton[]) =>
    api.sendMessage(ada.id, "x", { reply_markup: { inline_keyboard: [row] } });
  const [free, bound] = [await sends([link, copy]), await sends([link, { text: "C", callback_data: "c" }])];
  const kept = await api.forwardMessage(ada.id, ada.id, free.message_id);
  expect(kept.reply_markup).toEqual(free.reply_markup);
  expect((await ada.forwards(free)).reply_markup).toEqual(free.reply_markup);
  expect((await api.forwardMessage(ada.id, ada.id, bound.message_id)).reply_markup).toBeUndefined();
  await api.copyMessage(ada.id, ada.id, free.message_id);
  expect(ada.holds.at(-1)?.reply_markup).toBeUndefined();
});

test("a quiz whose answer the bot does not know can be forwarded but not copied", async () => {
  const { api, ada } = await scene();
  const { message_id: id } = await ada.sends({ poll: { type: "quiz" } });
  expect(await refusalOf(api.copyMessage(ada.id, ada.id, id))).toContain("message can't be copied");
  expect(await refusalOf(api.forwardMessage(ada.id, ada.id, id))).toBe("accepted");
});
