import { Api } from "grammy";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { ERRORS } from "../../playground/server/faults.ts";
import type { Config } from "../../src/config.ts";
import { cardOf, composes, ownerOf, register, until } from "../support/broadcast.ts";
import { emptyLocation } from "../support/database.ts";
import { OWNER_ID, TOKEN, localTelegram, running } from "../support/herald.ts";

const FIRST = 100_000;

/** 20 English and 30 Russian speakers and 2 of whom nothing is known; the owner is opted out. */
async function scene(change: Partial<Config> = {}) {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  telegram.people(52, { firstId: FIRST });
  const database = await emptyLocation();
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => FIRST + from + index);
  await register(database, ids(0, 20), "en");
  await register(database, ids(20, 30), "ru");
  await register(database, ids(50, 2), null);
  const herald = await running(telegram, { database, messagesPerSecond: 200, ...change });
  await owner.sends("/stop");
  await owner.sees("no more messages");
  return { telegram, owner, database, herald };
}

function reached(telegram: Telegram, text: string): number[] {
  return [...telegram.counts((message) => (message.text ?? message.caption) === text).keys()].filter(
    (id) => id >= FIRST,
  );
}

const finished = (owner: Person, id = 1) =>
  until(() => cardOf(owner, id)?.text?.includes("finished") ?? false, 15_000);

test("from /broadcast to the report, as the manual tells it", async () => {
  const { telegram, owner } = await scene();
  await owner.sends("/broadcast");
  await owner.sees("Send me the post exactly as people should see it");
  await owner.sends("Open today.");
  await owner.sees("who should receive it?");
  expect(owner.buttons()).toEqual([
    ["✅ All languages · 52"],
    ["Русский · 30", "English · 20"],
    ["Other languages · 2"],
    ["Channels & groups…"],
    ["Continue"],
  ]);
  await owner.taps(/^English/);
  await owner.sees("Chosen: 20 people");
  await owner.taps("Continue");
  const card = await owner.sees("Campaign #1 · draft");
  expect(card.text?.split("\n").slice(0, 4)).toEqual([
    "Campaign #1 · draft",
    "Post: text, 11 characters",
    "To: English → 20 people (1 opted out left out)",
    "When: now",
  ]);
  expect(card.text).toMatch(/Takes about 1 s at 200 messages a second, done by \d\d:\d\d$/);
  expect(owner.buttons()).toEqual([
    ["Send now", "Schedule…"],
    ["Edit post", "Buttons…"],
    ["Audience…", "Options…"],
    ["Send test to me", "Discard"],
  ]);
  const coloured = (message = owner.holds.at(-1)) =>
    message?.reply_markup?.inline_keyboard
      .flat()
      .flatMap(({ text, style }) => (style ? [[text, style]] : []));
  expect(coloured()).toEqual([["Send now", "primary"]]);
  await owner.taps("Send now");
  await owner.sees("Send campaign #1 to 20 people now?");
  expect(coloured()).toEqual([["Yes, send to 20", "primary"]]);
  await owner.taps("Yes, send to 20");
  await finished(owner);
  expect(cardOf(owner)?.text).toContain("Sent 20 · Blocked 0 · Failed 0\n");
  expect(reached(telegram, "Open today.")).toEqual(Array.from({ length: 20 }, (_, index) => FIRST + index));
});

test.each<[string, Partial<Config>, string | null]>([
  [
    "paid and fast",
    { paidBroadcast: true, messagesPerSecond: 1000 },
    "Costs up to 6 Stars (0.1 a message above the free 30 a second)",
  ],
  ["paid, but slow enough to be free", { paidBroadcast: true, messagesPerSecond: 30 }, null],
  ["fast, but not paid", { messagesPerSecond: 1000 }, null],
])("the review card says what it may cost: %s", async (_, change, line) => {
  const { owner } = await scene(change);
  await composes(owner, "Open today.");
  const { text = "" } = await owner.sees("Campaign #1 · draft");
  expect(text.split("\n").slice(5)).toEqual(line === null ? [] : [line]);
});

describe("the post", () => {
  test.each([
    ["photo", { photo: true, has_media_spoiler: true, show_caption_above_media: true }],
    ["video", { video: true, has_media_spoiler: true }],
    ["animation", { animation: true }],
    ["document", { document: true }],
    ["audio", { audio: true }],
    ["voice", { voice: true }],
  ] as const)("%s arrives with its caption as it was sent", async (kind, media) => {
    const { telegram, owner } = await scene();
    const caption = "A < b & 👩‍🚀 c";
    const caption_entities = [
      { type: "bold" as const, offset: 0, length: 5 },
      { type: "custom_emoji" as const, offset: 8, length: 5, custom_emoji_id: "5368324170671202286" },
    ];
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    const sent = await owner.sends({ ...media, caption, caption_entities });
    await sends(owner);
    const got = telegram.messages(FIRST).at(-1);
    expect(got).toMatchObject({ caption, caption_entities });
    expect(got?.[kind]).toEqual(sent[kind]);
    expect(got?.has_media_spoiler).toBe(sent.has_media_spoiler);
    expect(got?.show_caption_above_media).toBe(sent.show_caption_above_media);
  });

  test.each(["video_note", "sticker"] as const)("%s arrives", async (kind) => {
    const { telegram, owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    const sent = await owner.sends({ [kind]: true });
    await sends(owner);
    expect(telegram.messages(FIRST).at(-1)?.[kind]).toEqual(sent[kind]);
  });

  test("text arrives with every entity and its link preview as it was sent", async () => {
    const { telegram, owner } = await scene();
    const text = "Bold _link_ 🎉 <b>&amp;</b> @name";
    const entities = [
      { type: "bold" as const, offset: 0, length: 4 },
      { type: "text_link" as const, offset: 5, length: 6, url: "https://example.com/?a=1&b=2" },
      { type: "custom_emoji" as const, offset: 12, length: 2, custom_emoji_id: "5368324170671202286" },
      { type: "blockquote" as const, offset: 15, length: 10 },
    ];
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends({ text, entities }, { link_preview_options: { is_disabled: true } });
    await sends(owner);
    expect(telegram.messages(FIRST).at(-1)).toMatchObject({ text, entities });
  });

  test("what cannot be sent is refused with the reason, and the dialog waits for another post", async () => {
    const { owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends({ poll: { type: "quiz" } });
    await owner.sees("Create the quiz again here");
    await owner.sends({ raw: { story: { id: 1, chat: { id: 2, type: "private", first_name: "Ada" } } } });
    await owner.sees("Bots cannot forward stories");
    await owner.sends("Then a text.");
    await owner.sees("who should receive it?");
  });

  test("a caption that is too long is refused with the number over", async () => {
    const { owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends({ photo: true, caption: "x".repeat(1030) });
    await owner.sees("This caption is 6 characters too long: a bot may send 1,024 under media");
  });

  test("link buttons of a forwarded post are kept, others are left out and the bot says so", async () => {
    const { telegram, owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("Forwarded.", {
      reply_markup: {
        inline_keyboard: [
          [{ text: "Shop", url: "https://example.com" }],
          [{ text: "Vote", callback_data: "v" }],
        ],
      },
    });
    await owner.sees("One button was left out");
    await sends(owner);
    expect(telegram.messages(FIRST).at(-1)?.reply_markup?.inline_keyboard).toEqual([
      [{ text: "Shop", url: "https://example.com" }],
    ]);
  });

  test("one that Telegram refused cannot be sent by an old button, be it after a restart", async () => {
    const { telegram, owner, database, herald } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends({ photo: true });
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    telegram.fault({ method: "sendPhoto", times: Infinity }, { error: ERRORS.wrongRemoteFile });
    await owner.taps("Edit post");
    await owner.sees("Send me the new post");
    await owner.sends({ photo: true, caption: "Another." });
    await owner.sees("Telegram refuses this post");
    await herald.stop();
    await running(telegram, { database, messagesPerSecond: 200 });
    const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
    const reply_markup = { inline_keyboard: [[{ text: "Send now", callback_data: "d:1:send:" }]] };
    const { message_id } = await api.sendMessage(owner.id, "An old card", { reply_markup });
    await owner.taps("Send now", { on: message_id });
    await owner.sees("Telegram refuses this post");
    expect(owner.buttons().flat()).not.toContain("Send now");
  });

  test("one that Telegram refuses cannot be sent until it is changed", async () => {
    const { telegram, owner } = await scene();
    telegram.fault({ method: "sendPhoto" }, { error: ERRORS.wrongRemoteFile });
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends({ photo: true });
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("Telegram refuses this post");
    expect(owner.buttons().flat()).not.toContain("Send now");
    await owner.taps("Edit post");
    await owner.sees("Send me the new post");
    expect(owner.buttons()).toEqual([["Back"]]);
    await owner.sends("A text instead.");
    await owner.sees("Post: text, 15 characters");
    expect(owner.buttons().flat()).toContain("Send now");
  });
});

/** From the audience step to the report. */
async function sends(owner: Person): Promise<void> {
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  await owner.sees("· draft");
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await finished(owner);
}

describe("the audience", () => {
  test("of nobody is refused, never read as everyone", async () => {
    const { owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("For nobody.");
    await owner.sees("who should receive it?");
    await owner.taps("All languages · 52");
    await owner.sees("Chosen: 0 people");
    const answer = await owner.taps("Continue");
    expect(answer).toMatchObject({
      show_alert: true,
      text: expect.stringContaining("Nobody is chosen") as string,
    });
    await owner.taps(/^Other languages/);
    await owner.taps("Continue");
    await owner.sees("To: Other languages → 2 people");
  });

  test("labels can be typed instead of tapped", async () => {
    const { telegram, owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("Typed all the way.");
    await owner.sees("who should receive it?");
    await owner.sends("русский");
    await owner.sees("Chosen: 30 people");
    await owner.sends("gibberish");
    await owner.sees("type one of their labels");
    await owner.sends("continue");
    await owner.sees("· draft");
    await owner.sends("Send now");
    await owner.sees("to 30 people now?");
    await owner.sends("yes, send to 30");
    await finished(owner);
    expect(reached(telegram, "Typed all the way.").length).toBe(30);
  });
});

describe("buttons", () => {
  test("are typed as lines; a wrong line is named and nothing is lost", async () => {
    const { telegram, owner } = await scene();
    await composes(owner, "With buttons.");
    await owner.taps("Buttons…");
    await owner.sees("one row a line");
    await owner.sends(
      "Shop - https://example.com\nNo address here\nNews – t.me/example | Help — example.com/help",
    );
    await owner.sees("Line 2: “No address here” does not end with an address");
    await owner.sends("Shop - https://example.com\nNews – t.me/example | Help — example.com/help");
    await owner.sees("Post: text, 13 characters, 3 buttons");
    await owner.taps("Buttons…");
    await owner.sees(
      "Shop - https://example.com\nNews - https://t.me/example | Help - https://example.com/help",
    );
    await owner.taps("Back");
    await owner.sees("· draft");
    await owner.taps("Send now");
    await owner.taps(/^Yes/);
    await finished(owner);
    expect(
      telegram
        .messages(FIRST)
        .at(-1)
        ?.reply_markup?.inline_keyboard.map((row) => row.map(({ text }) => text)),
    ).toEqual([["Shop"], ["News", "Help"]]);
  });

  test("of every kind are shown as they were typed, and typed again they stay the same", async () => {
    const { owner } = await scene();
    await composes(owner, "With buttons.");
    const typed = [
      "(green) Shop - https://example.com | Code - copy: SALE20",
      "App - app: https://example.com/app",
      "Tell friends - share: sale | Search - here: sale",
      "👍 | 👎",
      "? Opening hours - Daily, 9:00 to 21:00",
    ].join("\n");
    await owner.taps("Buttons…");
    await owner.sends(typed);
    await owner.sees("8 buttons");
    const { reply_markup: sent } = owner.holds.at(-2) ?? {};
    expect(sent?.inline_keyboard.flat()).toMatchObject([
      { text: "Shop", url: "https://example.com", style: "success" },
      { text: "Code", copy_text: { text: "SALE20" } },
      { text: "App", web_app: { url: "https://example.com/app" } },
      { text: "Tell friends", switch_inline_query: "sale" },
      { text: "Search", switch_inline_query_current_chat: "sale" },
      { text: "👍", callback_data: expect.any(String) as string },
      { text: "👎", callback_data: expect.any(String) as string },
      { text: "Opening hours", callback_data: expect.any(String) as string },
    ]);
    await owner.taps("Buttons…");
    const { text = "" } = await owner.sees("The buttons now:");
    const shown = text.split("The buttons now:\n")[1] ?? "";
    expect(shown).toBe(typed);
    await owner.sends(shown);
    await owner.sees("8 buttons");
    expect(owner.holds.at(-2)?.reply_markup).toEqual(sent);
  });

  test("show a custom emoji before the text as it was typed", async () => {
    const { owner } = await scene();
    await composes(owner, "With buttons.");
    await owner.taps("Buttons…");
    const entity = {
      type: "custom_emoji" as const,
      offset: 0,
      length: 2,
      custom_emoji_id: "5368324170671202286",
    };
    await owner.sends({ text: "🎉 Shop - https://example.com", entities: [entity] });
    await owner.sees("1 button");
    expect(owner.holds.at(-2)?.reply_markup?.inline_keyboard).toEqual([
      [{ text: "Shop", url: "https://example.com", icon_custom_emoji_id: entity.custom_emoji_id }],
    ]);
    await owner.taps("Buttons…");
    const { text = "", entities = [] } = await owner.sees("The buttons now:");
    const [shown] = entities.filter(({ type }) => type === "custom_emoji");
    expect(shown).toMatchObject({ custom_emoji_id: entity.custom_emoji_id });
    expect(text.slice((shown?.offset ?? 0) + (shown?.length ?? 0))).toBe(" Shop - https://example.com");
  });

  test("that do not fit into a message are shown in a file", async () => {
    const { owner } = await scene();
    await composes(owner, "With buttons.");
    await owner.taps("Buttons…");
    const address = `https://example.com/${"x".repeat(900)}`;
    await owner.sends([1, 2, 3, 4].map((number) => `Shop ${number} - ${address}`).join("\n"));
    await owner.sees("4 buttons");
    await owner.taps("Buttons…");
    await owner.sees("one row a line");
    expect(owner.holds.at(-2)?.document?.file_name).toBe("buttons.txt");
  });

  test("can be removed again", async () => {
    const { owner } = await scene();
    await composes(owner, "With buttons.");
    await owner.taps("Buttons…");
    await owner.sends("Shop https://example.com");
    await owner.sees("1 button");
    await owner.taps("Buttons…");
    await owner.taps("Remove all");
    await owner.sees(/Post: text, 13 characters\n/);
  });
});

describe("confirming", () => {
  test("five quick taps on Yes make one campaign and send it once", async () => {
    const { telegram, owner } = await scene();
    await composes(owner, "Tapped in haste.");
    await owner.taps("Send now");
    await owner.sees("people now?");
    const answers = await owner.tapsTimes(/^Yes, send to/, 5);
    expect(answers.filter(({ text }) => text?.includes("Not possible now")).length).toBe(4);
    await finished(owner);
    await owner.sends("/campaigns");
    await owner.sees("Campaigns · Done");
    expect(owner.buttons().slice(1, 3)).toEqual([
      ["Drafts", "• Done 1"],
      [expect.stringMatching(/^#1 · \d+ \w+ → 52 · Tapped in haste\.$/)],
    ]);
    const counts = telegram.counts((message) => message.text === "Tapped in haste.");
    expect([...counts].filter(([id]) => id >= FIRST).map(([, count]) => count)).toEqual(Array(52).fill(1));
  });

  test("from CONFIRM_TYPED_FROM people on the number is typed", async () => {
    const { owner } = await scene({ confirmTypedFrom: 50 });
    await composes(owner, "To many.");
    await owner.taps("Send now");
    await owner.sees("Type the number 52");
    expect(owner.buttons()).toEqual([["Back"]]);
    await owner.sends("53");
    await owner.sees("“53” is not 52. Nothing was sent.");
    await owner.sends("52");
    await finished(owner);
  });

  test("is asked again when the number of people moved by more than 5 %", async () => {
    const { telegram, owner } = await scene();
    await composes(owner, "To fewer.");
    await owner.taps("Send now");
    await owner.sees("52 people now?");
    for (let index = 0; index < 4; index += 1) await telegram.person({ id: FIRST + index }).sends("/stop");
    await until(() => telegram.received(FIRST + 3).length > 0);
    await owner.taps(/^Yes, send to 52/);
    await owner.sees("it was 52, now it is 48");
    await owner.taps("Yes, send to 48");
    await finished(owner);
  });

  test("agrees to the post and the people that were shown: changed since, it is asked anew", async () => {
    const { telegram, owner } = await scene({ ownerIds: [OWNER_ID, 2] });
    const other = telegram.person({ id: 2, firstName: "Otto", languageCode: "en", started: true });
    await composes(owner, "As agreed.");
    await owner.taps("Send now");
    await owner.sees("52 people now?");
    await other.sends("/campaign 1");
    await other.sees("Campaign #1 · draft");
    await other.taps("Edit post");
    await other.sends("Half written");
    await other.sees("Post: text, 12 characters");
    await owner.taps(/^Yes, send to/);
    await owner.sees("Draft #1 was changed since you were asked");
    await owner.sees("Campaign #1 · draft");
    expect(reached(telegram, "Half written")).toEqual([]);
  });

  test("Back leads to the card, Discard asks once and deletes the draft", async () => {
    const { owner } = await scene();
    await composes(owner, "Not this one.");
    await owner.taps("Send now");
    await owner.taps("Back");
    await owner.sees("Campaign #1 · draft");
    const messages = owner.holds.length;
    await owner.taps("Discard");
    await owner.sees("Discard draft #1? Its post and everything chosen for it will be lost.");
    expect(owner.buttons()).toEqual([["Yes, discard", "Back"]]);
    await owner.taps("Back");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Discard");
    await owner.sees("Discard draft #1?");
    expect(owner.holds.length).toBe(messages);
    await owner.taps("Yes, discard");
    await owner.sees("Draft #1 is discarded");
    await owner.sends("/campaign 1");
    await owner.sees("There is no campaign #1");
  });
});

test("what Discard asks is typed as well", async () => {
  const { owner } = await scene();
  await composes(owner, "Not this one either.");
  await owner.sends("discard");
  await owner.sees("Discard draft #1?");
  await owner.sends("back");
  await owner.sees("Campaign #1 · draft");
  await owner.sends("discard");
  await owner.sees("Discard draft #1?");
  await owner.sends("yes, discard");
  await owner.sees("Draft #1 is discarded");
  await owner.sends("/campaign 1");
  await owner.sees("There is no campaign #1");
});

describe("leaving and coming back", () => {
  test("a restart in the middle resumes the dialog where it was", async () => {
    const { telegram, owner, database, herald } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await herald.stop();
    const second = await running(telegram, { database, messagesPerSecond: 200 });
    await owner.sends("Survived one restart.");
    await owner.sees("who should receive it?");
    await owner.taps(/^English/);
    await owner.sees("Chosen: 20 people");
    await second.stop();
    await running(telegram, { database, messagesPerSecond: 200 });
    await owner.taps("Continue");
    await owner.sees("To: English → 20 people");
    await owner.sends("send now");
    await owner.sees("to 20 people now?");
  });

  test("/cancel leaves, the draft lies in /campaigns and its card still works", async () => {
    const { owner } = await scene();
    await composes(owner, "For later.");
    await owner.sends("/cancel");
    await owner.sees("Drafts are kept in /campaigns");
    await owner.sends("Just a note to myself.");
    await owner.sends("/cancel");
    await owner.sees("No dialog is open");
    await owner.sends("/campaigns");
    await owner.sees("Campaigns · Drafts");
    await owner.taps(/^#1 · draft/);
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Audience…");
    await owner.sees("who should receive it?");
  });

  test("/broadcast in the middle of one starts afresh", async () => {
    const { owner } = await scene();
    await composes(owner, "The first.");
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("The second.");
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("Campaign #2 · draft");
  });

  test("other commands work in the middle of a dialog and leave it open", async () => {
    const { owner } = await scene();
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("/campaigns");
    await owner.sees("Campaigns · Running");
    await owner.sends("The post after all.");
    await owner.sees("who should receive it?");
  });

  test("Send test to me sends the post to the admin alone", async () => {
    const { telegram, owner } = await scene();
    await composes(owner, "Only a test.");
    expect(await owner.taps("Send test to me")).toMatchObject({ text: "Sent, see below." });
    expect(
      owner.holds.filter((message) => message.from?.is_bot && message.text === "Only a test.").length,
    ).toBe(2);
    // The card with its buttons stays the last message.
    await until(() => owner.holds.at(-1)?.text?.startsWith("Campaign #1 · draft") ?? false);
    expect(owner.buttons().flat()).toContain("Send now");
    expect(reached(telegram, "Only a test.")).toEqual([]);
  });

  test("a test goes to the admins that are chosen, each in their language and with their name, once", async () => {
    const { telegram, owner } = await scene();
    for (const id of [7, 8]) {
      await owner.sends("/admins");
      await owner.sees("Owners");
      await owner.taps("Add an admin");
      await owner.sees("Who should become an admin?");
      await owner.sends(String(id));
      await owner.sees("is an admin now");
    }
    const vera = telegram.person({ id: 7, firstName: "Вера", languageCode: "ru", started: true });
    await vera.sends("/start");
    await vera.sees("Здравствуйте");
    await composes(owner, "Hello, {first_name}!");
    expect(owner.buttons().slice(-2)).toEqual([["Send test to me", "Send test to…"], ["Discard"]]);
    await owner.taps("Send test to…");
    await owner.sees("Who should get a test of campaign #1?");
    expect(owner.buttons()).toEqual([["Вера", "8"], ["All of them"], ["Back"]]);
    expect(await owner.taps("Вера")).toMatchObject({ text: "Sent to Вера" });
    const got = () => vera.holds.filter(({ from }) => from?.is_bot).map(({ text }) => text);
    expect(got().slice(-2)).toEqual(["Рассылка № 1 для проверки (от: Olga):", "Hello, Вера!"]);
    await until(() => owner.buttons()[0]?.join() === "✅ Вера,8");
    expect(await owner.taps("✅ Вера")).toMatchObject({ text: "Has it already: Вера" });
    // The other one has never started the bot.
    expect(await owner.taps("All of them")).toMatchObject({
      text: "I cannot write to 8: they have not started this bot, or have blocked it.",
    });
    expect(got().filter((text) => text === "Hello, Вера!")).toHaveLength(1);
    expect(telegram.messages(FIRST)).toEqual([]);
    await owner.taps("Back");
    await owner.sees("Campaign #1 · draft");
    expect(owner.buttons()[0]).toEqual(["Send now", "Schedule…"]);
  });
});

const isBare = (owner: Person, id: number) =>
  until(() => owner.holds.find(({ message_id }) => message_id === id)?.reply_markup === undefined);

describe("a review that a newer one replaces loses its buttons", () => {
  test("when a time was typed, and whatever the old one shows by then", async () => {
    const { owner } = await scene();
    await owner.sends("/timezone Moscow");
    await owner.sees("Europe/Moscow");
    await composes(owner, "Later.");
    const old = await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("in 2 hours");
    const card = await owner.sees("Campaign #1 · draft");
    expect(card.message_id).toBeGreaterThan(old.message_id);
    await isBare(owner, old.message_id);
    expect(owner.buttons(card)[0]?.[0]).toMatch(/^Schedule for/);
  });

  test("when the old one was opened again after its dialog", async () => {
    const { owner } = await scene();
    await composes(owner, "Now.");
    const old = await owner.sees("Campaign #1 · draft");
    await owner.sends("/cancel");
    await owner.sees("Cancelled.");
    await owner.taps("Edit post", { on: old });
    await owner.sees("Send me the new post");
    await owner.sends("Now or never.");
    const card = await owner.sees("Campaign #1 · draft");
    await isBare(owner, old.message_id);
    await owner.taps("Send now", { on: card });
    await owner.taps(/^Yes, send to/);
    await finished(owner);
    // The card itself goes on in its message.
    expect(cardOf(owner)?.message_id).toBe(card.message_id);
    expect(owner.buttons(cardOf(owner))).toEqual([["Show post", "Duplicate"]]);
  });

  test("when the campaign was confirmed by typing, in favour of its card", async () => {
    const { owner } = await scene({ confirmTypedFrom: 20 });
    await composes(owner, "Many.");
    const old = await owner.sees("Campaign #1 · draft");
    await owner.taps("Send now");
    await owner.sees("Type the number 52");
    await owner.sends("52");
    await finished(owner);
    await isBare(owner, old.message_id);
  });

  test("also when Telegram does not take the edit: the new one stands all the same", async () => {
    const { telegram, owner } = await scene();
    await composes(owner, "Later.");
    await owner.sees("Campaign #1 · draft");
    telegram.fault(
      { method: "editMessageReplyMarkup" },
      { error: { error_code: 400, description: "Bad Request: message can't be edited" } },
    );
    await owner.sends("Edit post");
    await owner.sees("Send me the new post");
    await owner.sends("Later, after all.");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Send now");
    await owner.sees("Send campaign #1 to 52 people now?");
  });
});

test("a draft that changes a campaign goes by the number of that campaign", async () => {
  const { owner } = await scene();
  await owner.sends("/timezone Moscow");
  await owner.sees("Europe/Moscow");
  await composes(owner, "Later.");
  await owner.taps("Schedule…");
  await owner.sees("When should campaign #1 go out?");
  await owner.sends("in 2 hours");
  await owner.sees("Campaign #1 · draft");
  await owner.taps(/^Schedule for/);
  await owner.sees("Schedule campaign #1 for");
  await owner.taps(/^Yes, schedule for/);
  await until(() => cardOf(owner)?.text?.includes("· scheduled") ?? false);
  // The draft itself is #2.
  await owner.sends("/edit 1");
  await owner.sees("Campaign #1 · change");
  await owner.taps("Audience…");
  await owner.sees("Campaign #1: who should receive it?");
  await owner.taps(/^English/);
  await owner.sees("Chosen: 20 people");
  expect(owner.shows()).toContain("Campaign #1: who should receive it?");
  await owner.taps("Continue");
  await owner.sees("Campaign #1 · change");
  await owner.taps("Options…");
  await owner.sees("Options of campaign #1.");
  await owner.taps("Back");
  await owner.sees("Campaign #1 · change");
  await owner.taps("Edit post");
  expect((await owner.sees("Send me the new post.")).text).not.toContain("#");
});

test("the prompt under /schedule tells of the time, the one under /broadcast does not", async () => {
  const { owner } = await scene();
  await owner.sends("/schedule");
  expect((await owner.sees("Send me the post")).text).toMatch(
    /\/cancel to quit\.\nAfter the post, .* when\.$/,
  );
  await owner.sends("/broadcast");
  expect((await owner.sees("Send me the post")).text).toMatch(/\/cancel to quit\.$/);
});

test("/help in the middle of the dialog is answered, and the post can still be sent", async () => {
  const { owner } = await scene();
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  await owner.sends("/help");
  const { text } = await owner.sees("What I can do:");
  expect(text).toMatch(/^What I can do:\n\/broadcast/);
  await owner.sends("The post.");
  await owner.sees("who should receive it?");
});

test("an admin with a Russian Telegram is spoken to in Russian", async () => {
  const { telegram } = await scene({ ownerIds: [2] });
  const owner = telegram.person({ id: 2, firstName: "Оля", languageCode: "ru" });
  await owner.sends("/broadcast");
  await owner.sees("Пришлите пост ровно таким");
  await owner.sends("Привет всем!");
  await owner.sees("кому отправить?");
  await owner.taps("Продолжить");
  await owner.sees("Рассылка № 1 · черновик");
  expect(owner.shows()).toContain("Пост: текст, 12 знаков");
  await owner.taps("Отправить сейчас");
  await owner.taps(/^Да, отправить/);
  await until(
    () => owner.holds.some((message) => message.text?.startsWith("Рассылка № 1 · завершена")),
    15_000,
  );
});
