import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Post } from "../../playground/people/post.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { ERRORS } from "../../playground/server/faults.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import type { Config } from "../../src/config.ts";
import { cardOf, composes, ownerOf, register } from "../support/broadcast.ts";
import { emptyLocation } from "../support/database.ts";
import { localTelegram, running } from "../support/herald.ts";
import { FIRST, idOf, shows, standsAside } from "../support/scene.ts";
import { POST, campaignAs, range } from "../support/seed.ts";
import { pauseReason } from "../../src/bot/cards/pause-reason.ts";

/* So many people of each language, in this order; null is one that is not known. */
const PEOPLE: [string | null, number][] = [
  ["ru", 5],
  ["en", 4],
  ["de", 3],
  ["uk", 2],
  [null, 1],
];

/** People by their language, the owner aside. */
async function scene(people = PEOPLE, config: Partial<Config> = {}) {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const database = await emptyLocation();
  const ids = new Map<string | null, number[]>();
  let next = FIRST;
  for (const [language, count] of people) {
    telegram.people(count, { firstId: next });
    await register(database, range(next, next + count - 1), language);
    ids.set(language, range(next, next + count - 1));
    next += count;
  }
  const herald = await running(telegram, { database, messagesPerSecond: 200, ...config });
  await standsAside(owner);
  return { telegram, owner, database, herald, of: (language: string | null) => ids.get(language) ?? [] };
}

/** The review card of a post to everyone. */
async function reviews(owner: Person, post: Post): Promise<Message> {
  await composes(owner, post);
  return owner.sees("· draft");
}

async function adds(owner: Person, language: string, post: Post): Promise<Message> {
  await owner.sends("Versions"); // typed, the card stays as it is
  await owner.sees("Versions of campaign #");
  await owner.taps(`Add a version for ${language}…`);
  await owner.sees("should see it");
  await owner.sends(post);
  return owner.sees("· draft");
}

/** What a chat got of the bot since a message. */
const since = (owner: Person, { message_id }: Message) =>
  owner.holds.filter((message) => message.from?.is_bot && message.message_id > message_id);

const textsOf = (messages: Message[]) => messages.map(({ text, caption }) => text ?? caption);

/** Who of the people got a post. */
const reached = (telegram: Telegram, text: string) =>
  [...telegram.counts((message) => (message.text ?? message.caption) === text).keys()].filter(
    (id) => id >= FIRST,
  );

test("people get the version of their language, the others the default one; preview and test send show each", async () => {
  const { telegram, owner, of } = await scene();
  await reviews(owner, "Guten Tag.");
  expect(owner.buttons()).toEqual([
    ["Send now", "Schedule…"],
    ["Edit post", "Buttons…"],
    ["Audience…", "Options…"],
    ["Versions…"],
    ["Send test to me", "Discard"],
  ]);
  await adds(owner, "Русский", "Добрый день.");
  await owner.sends("Versions");
  await owner.sees("Versions of campaign #1");
  const asked = await owner.sends("Add a version for English");
  await owner.sees("should see it");
  const sent = await owner.sends({ photo: true, caption: "Good day." });
  const card = await owner.sees("Campaign #1 · draft");
  expect(card.text?.split("\n").slice(0, 4)).toEqual([
    "Campaign #1 · draft",
    "Post: text, 10 characters",
    "Versions: English and Русский; the default one goes to Deutsch, Українська and others",
    "To: All languages → 15 people (1 opted out left out)",
  ]);
  expect(asked.message_id).toBeLessThan(sent.message_id);
  const all = ["Guten Tag.", "English:", "Good day.", "Русский:", "Добрый день."];
  expect(textsOf(since(owner, sent)).slice(0, -1)).toEqual(all);
  expect(owner.buttons()).toContainEqual(["Versions…"]);

  const before = owner.holds.at(-1)!;
  await owner.taps("Send test to me");
  expect(textsOf(since(owner, before)).slice(0, -1)).toEqual(all);
  await owner.taps("Send now");
  await owner.taps("Yes, send to 15");
  await shows(owner, /· finished/);
  expect(reached(telegram, "Добрый день.")).toEqual(of("ru"));
  expect(reached(telegram, "Good day.")).toEqual(of("en"));
  expect(reached(telegram, "Guten Tag.")).toEqual([...of("de"), ...of("uk"), ...of(null)]);
});

describe("the card of versions", () => {
  test("says who gets which; languages are tapped or typed, versions changed and removed", async () => {
    const { owner } = await scene();
    await reviews(owner, "Guten Tag.");
    await owner.taps("Versions…");
    const none = await owner.sees("Versions of campaign #1");
    expect(none.text).toContain("\nDefault: text, 10 characters → 15 people\n");
    expect(owner.buttons()).toEqual([
      ["Add a version for Русский…"],
      ["Add a version for English…"],
      ["Add a version for Deutsch…"],
      ["Add a version for Українська…"],
      ["Back"],
    ]);
    await owner.sends("Klingon, please");
    await owner.sees("I do not know that language");
    await owner.sends({ sticker: true });
    await owner.sees("I do not know that language");
    await owner.sends("грузинский");
    await owner.sees("I do not know that language");
    await owner.sends("английский");
    await owner.sees("English");
    await owner.sends("Good day.");
    await owner.sees("· draft");
    await owner.sends("Versions");
    await owner.sees("English: text, 9 characters → 4 people");
    await owner.sends("fr");
    await owner.sees("Français");
    await owner.sends("Bonjour.");
    await owner.sees("· draft");
    await owner.taps("Versions…");
    const both = await owner.sees("Versions of campaign #1");
    expect(both.text?.split("\n").slice(2, 5)).toEqual([
      "Default: text, 10 characters → 11 people",
      "English: text, 9 characters → 4 people",
      "Français: text, 8 characters → 0 people",
    ]);
    expect(owner.buttons().slice(0, 4)).toEqual([
      ["Change English…", "Remove English"],
      ["Buttons for English…"],
      ["Change Français…", "Remove Français"],
      ["Buttons for Français…"],
    ]);
    await owner.taps("Change English…");
    await owner.sees("English");
    await owner.sends("Hello, all of you.");
    await owner.sees("· draft");
    await owner.taps("Versions…");
    await owner.sees("English: text, 18 characters → 4 people");
    expect(await owner.taps("Remove English")).toMatchObject({
      text: "The English version has been removed.",
    });
    await owner.sees("Default: text, 10 characters → 15 people");
    await owner.sends("Remove Français");
    await owner.sees("The Français version has been removed.");
    await owner.sees("Versions of campaign #1");
    await owner.taps("Back");
    expect((await owner.sees("· draft")).text).not.toContain("Versions:");
  });

  test("a language that is typed after a restart is still taken", async () => {
    const { telegram, owner, database, herald } = await scene();
    await reviews(owner, "Guten Tag.");
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await herald.stop();
    await running(telegram, { database });
    await owner.sends("english");
    await owner.sees("English version, exactly");
    await owner.sends("Good day.");
    expect((await owner.sees("· draft")).text).toContain("\nVersions: English; the default one goes to");
  });

  test("with nothing changed, the way back shows no post again", async () => {
    const { owner } = await scene();
    await reviews(owner, "Guten Tag.");
    const before = owner.holds.length;
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps("Back");
    await owner.sees("· draft");
    expect(owner.holds.length).toBe(before);
  });

  test("of many, those that stand above already are not shown again", async () => {
    const { owner } = await scene();
    await reviews(owner, "Guten Tag.");
    const types = async (language: string, text: string) => {
      await owner.sends("Versions");
      await owner.sees("Versions of campaign #1");
      await owner.sends(language);
      await owner.sees("should see it");
      const asked = owner.holds.at(-1)!;
      await owner.sends(text);
      await owner.sees("Campaign #1 · draft");
      return textsOf(since(owner, asked)).slice(0, -1);
    };
    await types("ru", "Добрый день.");
    await types("en", "Good day.");
    expect(await types("uk", "Добридень.")).toHaveLength(7);
    expect(await types("fr", "Bonjour.")).toEqual(["Guten Tag.", "Français:", "Bonjour."]);
    const before = owner.holds.at(-1)!;
    await owner.taps("Send test to me");
    await owner.sees("Campaign #1 · draft");
    expect(textsOf(since(owner, before)).slice(0, -1)).toHaveLength(9);
  });

  test("buttons of a version are its own", async () => {
    const { telegram, owner, of } = await scene();
    await reviews(owner, "Guten Tag.");
    await adds(owner, "English", "Good day.");
    await owner.taps("Versions…");
    await owner.taps("Buttons for English…");
    await owner.sends("Shop - https://example.com/en");
    await owner.sees("· draft");
    await owner.taps("Versions…");
    await owner.sees("English: text, 9 characters, 1 button → 4 people");
    await owner.sees("Default: text, 10 characters → 11 people");
    await owner.taps("Back");
    await owner.taps("Send now");
    await owner.taps("Yes, send to 15");
    await shows(owner, /· finished/);
    const keyboards = [...of("en"), ...of("de")].map((id) => telegram.messages(id).at(-1)?.reply_markup);
    expect(keyboards.map((keyboard) => keyboard?.inline_keyboard[0]?.[0]?.text)).toEqual([
      ...of("en").map(() => "Shop"),
      ...of("de").map(() => undefined),
    ]);
  });
});

test("in Russian", async () => {
  const { owner } = await scene();
  await owner.sends("/language ru");
  await owner.sees("Теперь ваш язык");
  await owner.sends("/broadcast");
  await owner.sees("Пришлите пост");
  await owner.sends("Guten Tag, {first_name|друг}.");
  await owner.sees("кому отправить?");
  await owner.taps("Продолжить");
  await owner.sees("Подстановки: {first_name}");
  await owner.taps("Версии…");
  await owner.sees("Версии рассылки № 1");
  await owner.sends("Добавить версию: English");
  await owner.sees("версию «English»");
  await owner.sends({ sticker: true });
  const card = await owner.sees("Рассылка № 1 · черновик");
  expect(card.text).toContain("\nВерсии: English; основную получат: Русский, Deutsch, Українська и другие\n");
  await owner.sends("Версии");
  await owner.sees("English: стикер → 4 человека");
  await owner.sends("французский");
  await owner.sees("Français");
  await owner.sends("Назад");
  await owner.sees("Рассылка № 1 · черновик");
  await owner.taps("Параметры…");
  await owner.taps("Переслать");
  await owner.taps("Эффект…");
  await owner.taps("👍");
  await owner.taps("Назад");
  await owner.sees("Параметры: переслать, эффект 👍");
  await owner.sees("Не удаляйте исходное сообщение");
});

test("people of one language need no versions", async () => {
  const { owner } = await scene([["en", 3]]);
  await reviews(owner, "Hello.");
  expect(
    owner
      .buttons()
      .flat()
      .filter((label) => /version/i.test(label)),
  ).toEqual([]);
});

test("versions stay when the audience becomes chats, which get the default one", async () => {
  const { telegram, owner } = await scene();
  const news = telegram.channel({ title: "News", creator: owner });
  await owner.sees("I can post to “News” now");
  await reviews(owner, "Guten Tag.");
  await adds(owner, "English", "Good day.");
  await owner.taps("Audience…");
  await owner.taps("Channels & groups…");
  await owner.taps("News");
  await owner.taps("Continue");
  const card = await owner.sees("· draft");
  expect(card.text).toContain("\nVersions: English. Groups and channels get the default one.\n");
  await owner.taps("Versions…");
  await owner.sees("English: text, 9 characters\n");
  expect(owner.buttons().at(-1)).toEqual(["Back"]);
  await owner.taps("Back");
  await owner.taps("Send now");
  await owner.taps("Yes, send to 1");
  await shows(owner, /· finished/);
  expect(textsOf(telegram.received(news.id))).toEqual(["Guten Tag."]);
});

describe("what is wrong with a version", () => {
  test("one that Telegram refuses is named, and nothing can be sent until it is changed, whatever the way to the card", async () => {
    const { telegram, owner } = await scene();
    await reviews(owner, "Guten Tag.");
    telegram.fault({ method: "sendPhoto" }, { error: ERRORS.wrongRemoteFile });
    const card = await adds(owner, "English", { photo: true, caption: "Good day." });
    expect(card.text).toMatch(/English: ⚠️ Telegram refuses this post: Bad Request: wrong remote file/);
    expect(owner.buttons().flat()).not.toContain("Send now");
    await owner.taps("Options…");
    await owner.taps("Silent");
    await owner.taps("Back");
    expect((await owner.sees("· draft")).text).toContain("English: ⚠️ Telegram refuses this post:");
    expect(owner.buttons().flat()).not.toContain("Send now");
    await owner.taps("Versions…");
    await owner.taps("Remove English");
    await owner.taps("Back");
    expect((await owner.sees("· draft")).text).not.toContain("refuses");
    expect(owner.buttons().flat()).toContain("Send now");
  });

  test("a campaign that it stops says which version it was", async () => {
    const { telegram, owner, of } = await scene();
    await reviews(owner, "Guten Tag.");
    await adds(owner, "English", { photo: true, caption: "Good day." });
    const people = new Set(of("en"));
    telegram.fault(
      { method: "sendPhoto", chat: (id) => people.has(id), times: Infinity },
      { error: ERRORS.wrongRemoteFile },
    );
    await owner.taps("Send now");
    await owner.taps("Yes, send to 15");
    await shows(owner, /· paused/);
    expect(cardOf(owner)?.text).toMatch(
      /refuses the post. The English version: Bad Request: wrong remote file/,
    );

    // It is mended for those who have not got it, and nobody gets anything twice.
    expect(owner.buttons(cardOf(owner))).toEqual([["Resume", "Edit", "Cancel"], ["Show post"]]);
    await owner.taps("Edit", { on: idOf(owner) });
    const change = await owner.sees("Campaign #1 · change");
    expect(change.text).toMatch(/Once saved, it applies to the \d+ who ha(s|ve) not received the post yet/);
    expect(change.text).not.toContain("To:");
    const offered = owner.buttons().flat();
    expect(offered).toContain("Save changes");
    for (const label of ["Schedule…", "Audience…"]) expect(offered).not.toContain(label);
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps("Change English…");
    await owner.sees("should see it");
    await owner.sends("Good day, in words.");
    await owner.sees("Campaign #1 · change");
    await owner.taps("Save changes");
    await owner.sees(/^Campaign #1 · paused/);
    await owner.taps("Resume");
    await shows(owner, /· finished/);
    expect(reached(telegram, "Good day, in words.")).toEqual(of("en"));
    expect([...telegram.counts(({ text }) => text !== undefined)].filter(([id]) => id >= FIRST)).toEqual(
      range(FIRST, FIRST + 14).map((id) => [id, 1]),
    );
  });
});

test("an album of which a part is gone is not forwarded", async () => {
  const { owner } = await scene();
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  const [, part] = await owner.sendsAlbum([{ photo: true }, { photo: true }, { photo: true }]);
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  await owner.sees("Post: album of 3");
  await owner.taps("Options…");
  await owner.taps("Forward");
  if (part) await owner.deletes(part);
  await owner.taps("Back");
  await owner.sees("Only 2 of 3 source messages are still there");
  expect(owner.buttons().flat()).not.toContain("Send now");
});

test("the card of a paused campaign names the version that was refused", () => {
  const t = loadWords()("en");
  const content = { ...POST, versions: { en: { kind: "text", text: "Hello." } as const } };
  const paused = { state: "paused", pauseReason: "content", pauseDetail: "Bad Request" } as const;
  expect(pauseReason(t, campaignAs({ ...paused, content, pauseLanguage: "en" }))).toContain(
    "the post. The English version: Bad Request. Nobody",
  );
  expect(pauseReason(t, campaignAs({ ...paused, content }))).toContain("The default version: Bad Request.");
  expect(pauseReason(t, campaignAs(paused))).toContain("the post. It said: Bad Request. Nobody");
});

describe("personal text", () => {
  test("is shown with the admin's own names, and the card says so", async () => {
    const { owner } = await scene();
    const card = await reviews(owner, "Hello, {first_name}{last_name|!}");
    expect(card.text).toContain("\nPersonal: {first_name}, {last_name}\n");
    expect(textsOf(owner.holds)).toContain("Hello, Olga!");
    const added = await adds(owner, "English", "Dear {first_name}");
    expect(textsOf(owner.holds)).toContain("Dear Olga");
    expect(added.text).toContain("\nPersonal: {first_name}, {last_name}\n");
  });

  test("that could be too long or empty is named and cannot be sent, by an old button either", async () => {
    const { owner } = await scene();
    const before = await reviews(owner, "Guten Tag.");
    const card = await adds(owner, "English", `{last_name}`);
    expect(card.text).toContain("\n⚠️ English: Anyone without the name would get no text.");
    expect(card.text).toContain("\n· English: Anyone without one will see nothing in place of {last_name}.");
    expect(owner.buttons().flat()).not.toContain("Send now");
    await owner.taps("Send now", { on: before });
    await owner.sees("would get no text");
    expect(owner.buttons().flat()).not.toContain("Yes, send to 15");
  });

  test("a misspelt name is pointed out, and can be sent", async () => {
    const { owner } = await scene();
    const card = await reviews(owner, "Hello, {firstname}");
    expect(card.text).toContain("\n· {firstname} will be sent as is");
    expect(owner.buttons().flat()).toContain("Send now");
  });
});

test("what Telegram leaves out of custom emoji is counted on the card", async () => {
  const { telegram, owner } = await scene();
  const emoji = { type: "custom_emoji", length: 2, custom_emoji_id: "5368324170671202286" } as const;
  const post = {
    text: "🎉 and 🎊",
    entities: [
      { ...emoji, offset: 0 },
      { ...emoji, offset: 7 },
    ],
  };
  const whole = await reviews(owner, post);
  expect(whole.text).not.toContain("Custom emoji");
  telegram.customEmoji = false;
  const card = await reviews(owner, post);
  expect(card.text).toContain("\n· Custom emoji: this bot may not use them; 2 will look like plain emoji");
  await owner.taps("Options…");
  await owner.taps("Back");
  await owner.sees("2 will look like plain emoji");
  await owner.taps("Buttons…");
  await owner.sends({ text: "🎉 Shop - https://example.com", entities: [{ ...emoji, offset: 0 }] });
  await owner.sees("· Custom emoji on buttons: this bot may not use them; 1 will be missing");
});

test("time and Stars count messages: an album of 4 is four of them", async () => {
  const { owner } = await scene([["en", 300]], { paidBroadcast: true, messagesPerSecond: 40 });
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  await owner.sendsAlbum([{ photo: true }, { photo: true }, { photo: true }, { photo: true }]);
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  const card = await owner.sees("· draft");
  expect(card.text).toContain("\nPost: album of 4\n");
  expect(card.text).toContain("\nTakes about 30 s at 40 messages a second");
  // 1,200 messages, a quarter of them above the free rate.
  expect(card.text).toContain("\nCosts up to 30 Stars");
  await owner.taps("Options…");
  await owner.taps("Forward");
  await owner.taps("Back");
  const forwarded = await owner.sees("· draft");
  expect(forwarded.text).toContain("\nTakes about 40 s at 30 messages a second");
  expect(forwarded.text).not.toContain("Stars");
  expect(forwarded.text).toContain("\n· Do not delete your message until the campaign has finished.");
});

test("every kind has its words", async () => {
  const { owner } = await scene();
  const card = await reviews(owner, { poll: true });
  expect(card.text).toContain("\nPost: poll, 14 characters\n");
  await owner.taps("Edit post");
  await owner.sends({ location: true });
  await owner.sees("Post: location\n");
  await owner.taps("Edit post");
  await owner.sends({ dice: true });
  await owner.sees("Each recipient gets a throw of their own.");
  await owner.sends("/campaigns");
  await owner.sees("Campaigns");
  expect(owner.buttons().flat()).toContain("#1 · draft · dice");
});
