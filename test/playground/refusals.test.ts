import { InlineKeyboard, InputFile, InputMediaBuilder } from "grammy";
import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

const photo = (n: number) => new InputFile(Buffer.from(`p${n}`), `p${n}.jpg`);
const part = (n: number) => InputMediaBuilder.photo(photo(n));
const parts = (n: number) => Array.from({ length: n }, (_, index) => part(index));

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  const ada = telegram.person({ started: true });
  return { telegram, ada, api: apiFor(telegram) };
}

test("half of a surrogate pair is refused wherever it stands, also in JSON within a form", async () => {
  const { api, ada } = await scene();
  const refused = "400 Bad Request: strings must be encoded in UTF-8";
  const half = "🎁".slice(0, 1);
  const markup = { inline_keyboard: [[{ text: `no ${half}`, url: "https://example.com" }]] };
  expect(await refusalOf(api.sendMessage(ada.id, `no ${half}`))).toBe(refused);
  expect(await refusalOf(api.sendMessage(ada.id, "🎁".slice(1)))).toBe(refused);
  expect(await refusalOf(api.sendMessage(ada.id, "no", { reply_markup: markup }))).toBe(refused);
  expect(await refusalOf(api.sendPhoto(ada.id, photo(1), { reply_markup: markup }))).toBe(refused);
  expect(await refusalOf(api.sendMessage(ada.id, "🎁 yes"))).toBe("accepted");
  expect(ada.holds).toHaveLength(1);
});

test("texts are refused when empty and above 4,096 characters", async () => {
  const { api, ada } = await scene();
  expect(await refusalOf(api.sendMessage(ada.id, " \n"))).toBe("400 Bad Request: message text is empty");
  expect(await refusalOf(api.sendMessage(ada.id, "x".repeat(4097)))).toBe(
    "400 Bad Request: message is too long",
  );
  expect(await refusalOf(api.sendMessage(ada.id, "x".repeat(4096)))).toBe("accepted");
  expect(await refusalOf(api.sendMessage(ada.id, "👍".repeat(4096)))).toBe("accepted");
  expect(ada.holds).toHaveLength(2);
});

test("captions are refused above 1,024 characters, after HTML is parsed", async () => {
  const { api, ada } = await scene();
  expect(await refusalOf(api.sendPhoto(ada.id, photo(1), { caption: "x".repeat(1025) }))).toBe(
    "400 Bad Request: message caption is too long",
  );
  const sent = await api.sendPhoto(ada.id, photo(1), {
    caption: `<b>${"x".repeat(1024)}</b>`,
    parse_mode: "HTML",
  });
  expect(sent.caption_entities).toEqual([{ type: "bold", offset: 0, length: 1024 }]);
});

test.each([
  [
    [{ type: "bold" as const, offset: 0, length: 6 }],
    "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 6",
  ],
  [
    [{ type: "bold" as const, offset: 9, length: 1 }],
    "entity begins after the end of the text at UTF-16 offset 9",
  ],
  [
    [{ type: "custom_emoji" as const, offset: 0, length: 1 }],
    `can't parse MessageEntity: Can't find field "custom_emoji_id"`,
  ],
])("entities that do not fit are refused: %j", async (entities, words) => {
  const { api, ada } = await scene();
  const call = api.sendMessage(ada.id, "hello", { entities: entities as never });
  expect(await refusalOf(call)).toBe(`400 Bad Request: ${words}`);
});

test("HTML becomes text and entities, and a wrong tag is refused", async () => {
  const { api, ada } = await scene();
  const sent = await api.sendMessage(
    ada.id,
    `a &lt; <b>b <i>c</i></b> <a href="https://e.org/?a=1&amp;b">d</a>`,
    {
      parse_mode: "HTML",
    },
  );
  expect(sent.text).toBe("a < b c d");
  expect(sent.entities).toEqual([
    { type: "bold", offset: 4, length: 2 },
    { type: "bold", offset: 6, length: 1 },
    { type: "italic", offset: 6, length: 1 },
    { type: "text_link", offset: 8, length: 1, url: "https://e.org/?a=1&b" },
  ]);
  expect(await refusalOf(api.sendMessage(ada.id, "<x>y</x>", { parse_mode: "HTML" }))).toBe(
    `400 Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`,
  );
  expect(await refusalOf(api.sendMessage(ada.id, "<b>y", { parse_mode: "HTML" }))).toContain(
    "can't parse entities",
  );
});

test("MarkdownV2 becomes text and entities; those that are mentioned have a name, and legacy Markdown is refused", async () => {
  const { api, ada } = await scene();
  const text = `*a* [${ada.user.first_name}](tg://user?id=${ada.id}) [x](tg://user?id=404)`;
  const sent = await api.sendMessage(ada.id, text, { parse_mode: "MarkdownV2" });
  expect(sent.text).toBe(`a ${ada.user.first_name} x`);
  expect(sent.entities).toEqual([
    { type: "bold", offset: 0, length: 1 },
    { type: "text_mention", offset: 2, length: ada.user.first_name.length, user: ada.user },
  ]);
  expect(await refusalOf(api.sendMessage(ada.id, "a.b", { parse_mode: "MarkdownV2" }))).toBe(
    `400 Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'`,
  );
  expect(await refusalOf(api.sendMessage(ada.id, "*a*", { parse_mode: "Markdown" }))).toContain("legacy");
});

test("a text of invisible characters is empty, and control characters are spaces", async () => {
  const { api, ada } = await scene();
  expect(await refusalOf(api.sendMessage(ada.id, "\u200B\u2800 \n"))).toBe(
    "400 Bad Request: message text is empty",
  );
  expect((await api.sendMessage(ada.id, "A\u030Asa\tx")).text).toBe("Asa x");
});

test("unknown chats and people who never wrote are told apart", async () => {
  const { telegram, api } = await scene();
  expect(await refusalOf(api.sendMessage(404, "x"))).toBe("400 Bad Request: chat not found");
  const stranger = telegram.person();
  expect(await refusalOf(api.sendMessage(stranger.id, "x"))).toBe(
    "403 Forbidden: bot can't initiate conversation with a user",
  );
  await stranger.sends("hi");
  expect(await refusalOf(api.sendMessage(stranger.id, "x"))).toBe("accepted");
});

test("an unknown file_id and one of another kind are refused", async () => {
  const { api, ada } = await scene();
  expect(await refusalOf(api.sendPhoto(ada.id, "nonsense"))).toBe(
    "400 Bad Request: wrong file identifier/HTTP URL specified",
  );
  const { photo } = await ada.sends({ photo: true });
  expect(await refusalOf(api.sendDocument(ada.id, photo?.[0]?.file_id ?? ""))).toBe(
    "400 Bad Request: can't use file of type Photo as Document",
  );
});

test("a file_id is of no use to another bot", async () => {
  const { telegram, api, ada } = await scene();
  const { document } = await api.sendDocument(ada.id, new InputFile(Buffer.from("a"), "a.txt"));
  const other = apiFor(telegram, "1000002:OTHER");
  expect(await refusalOf(other.sendDocument(ada.id, document.file_id))).toContain("wrong file identifier");
});

test("an edit that changes nothing is refused, one that changes the buttons is not", async () => {
  const { api, ada } = await scene();
  const keyboard = new InlineKeyboard().text("A", "a");
  const { message_id: id } = await api.sendMessage(ada.id, "hello", { reply_markup: keyboard });
  expect(await refusalOf(api.editMessageText(ada.id, id, "hello", { reply_markup: keyboard }))).toBe(
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
  );
  await api.editMessageText(ada.id, id, "hello");
  expect(ada.holds).toMatchObject([{ message_id: id, text: "hello" }]);
  expect(ada.holds[0]?.reply_markup).toBeUndefined();
});

test("messages of others, and messages that are gone, cannot be edited", async () => {
  const { api, ada } = await scene();
  const own = await ada.sends("mine");
  expect(await refusalOf(api.editMessageText(ada.id, own.message_id, "x"))).toBe(
    "400 Bad Request: message can't be edited",
  );
  expect(await refusalOf(api.editMessageText(ada.id, 99, "x"))).toBe(
    "400 Bad Request: message to edit not found",
  );
  const sent = await api.sendMessage(ada.id, "x");
  await api.deleteMessage(ada.id, sent.message_id);
  expect(await refusalOf(api.deleteMessage(ada.id, sent.message_id))).toBe(
    "400 Bad Request: message to delete not found",
  );
});

test.each([
  [{ text: "A", callback_data: "x".repeat(65) }, "BUTTON_DATA_INVALID"],
  [
    { text: "A", url: "http://localhost:3000" },
    "inline keyboard button URL 'http://localhost:3000' is invalid: Wrong HTTP URL",
  ],
  [
    { text: "A", url: "ftp://example.com" },
    "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
  ],
  [{ text: "A" }, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"],
])("a wrong button is refused: %j", async (button, words) => {
  const { api, ada } = await scene();
  const markup = { inline_keyboard: [[button as never]] };
  expect(await refusalOf(api.sendMessage(ada.id, "x", { reply_markup: markup }))).toBe(
    `400 Bad Request: ${words}`,
  );
  expect(ada.holds).toEqual([]);
});

test.each(["https://example.com/a?b=c", "example.com", "tg://user?id=1", "https://t.me/herald"])(
  "a button may lead to %s",
  async (url) => {
    const { api, ada } = await scene();
    const markup = new InlineKeyboard().url("A", url);
    expect(await refusalOf(api.sendMessage(ada.id, "x", { reply_markup: markup }))).toBe("accepted");
  },
);

test("an album has 2 to 10 parts, documents and audio only with their own kind, and no buttons", async () => {
  const { api, ada } = await scene();
  expect(await refusalOf(api.sendMediaGroup(ada.id, parts(1)))).toContain("must include 2-10 items");
  expect(await refusalOf(api.sendMediaGroup(ada.id, parts(11)))).toContain(
    "too many messages to send as an album",
  );
  const mixed = [part(1), InputMediaBuilder.document(new InputFile(Buffer.from("d"), "d.txt"))];
  expect(await refusalOf(api.sendMediaGroup(ada.id, mixed as never))).toBe(
    "400 Bad Request: document can't be mixed with other media types",
  );
  expect(ada.holds).toEqual([]);
  const sent = await api.sendMediaGroup(ada.id, parts(3), {
    reply_markup: new InlineKeyboard().text("A", "a"),
  } as never);
  expect(new Set(ada.holds.map((message) => message.media_group_id)).size).toBe(1);
  expect(ada.holds[0]?.media_group_id).toMatch(/^\d+$/);
  expect(sent.map((message) => message.reply_markup)).toEqual([undefined, undefined, undefined]);
});

test.each([
  [[], "poll must have at least one answer option"],
  [Array.from({ length: 13 }, (_, index) => String(index)), "poll can't have more than 12 options"],
  [["a", "x".repeat(101)], "poll options length must not exceed 100"],
])("a wrong poll is refused: %j", async (options, words) => {
  const { api, ada } = await scene();
  const call = api.sendPoll(
    ada.id,
    "Which?",
    options.map((text) => ({ text })),
  );
  expect(await refusalOf(call)).toBe(`400 Bad Request: ${words}`);
});

test("an unknown callback query is too old", async () => {
  const { api } = await scene();
  await api.getMe();
  expect(await refusalOf(api.answerCallbackQuery("1"))).toBe(
    "400 Bad Request: query is too old and response timeout expired or query ID is invalid",
  );
});

test("copies leave out what cannot be copied and carry no buttons", async () => {
  const { api, ada } = await scene();
  const text = await api.sendMessage(ada.id, "hello", { reply_markup: new InlineKeyboard().text("A", "a") });
  const service = await ada.sharesUsers(1, [5]);
  const photo = await ada.sends({ photo: true, caption: "look" });
  const ids = await api.copyMessages(ada.id, ada.id, [text.message_id, service.message_id, photo.message_id]);
  expect(ids).toHaveLength(2);
  const [first, second] = ada.holds.slice(-2);
  expect(first).toMatchObject({ text: "hello" });
  expect(first?.reply_markup).toBeUndefined();
  expect(second).toMatchObject({ caption: "look", photo: photo.photo });
  expect(await refusalOf(api.copyMessage(ada.id, ada.id, service.message_id))).toContain(
    "message can't be copied",
  );
  expect(await refusalOf(api.copyMessage(ada.id, ada.id, 99))).toBe(
    "400 Bad Request: message to copy not found",
  );
});

test("a photo is exchanged for a video, and for the same video only once", async () => {
  const { api, ada } = await scene();
  const { message_id: id } = await api.sendPhoto(ada.id, photo(1), { caption: "old" });
  const { video } = await ada.sends({ video: true });
  const next = InputMediaBuilder.video(video?.file_id ?? "", { caption: "new" });
  await api.editMessageMedia(ada.id, id, next);
  expect(ada.holds[0]).toMatchObject({ message_id: id, video, caption: "new" });
  expect(ada.holds[0]?.photo).toBeUndefined();
  expect(await refusalOf(api.editMessageMedia(ada.id, id, next))).toContain("message is not modified");
});
