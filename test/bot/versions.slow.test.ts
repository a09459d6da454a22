import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Post } from "../../playground/people/post.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { ERRORS } from "../../playground/server/faults.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import { cardOf, composes } from "../support/broadcast.ts";
import { running } from "../support/herald.ts";
import { FIRST, idOf, shows, scene } from "../support/scene.ts";
import { POST, campaignAs, range } from "../support/seed.ts";
import { pauseReason } from "../../src/bot/cards/pause-reason.ts";
import { en, inState } from "../support/words.ts";

/* So many people of each language, in this order; null is one that is not known. */
const PEOPLE: [string | null, number][] = [
  ["ru", 5],
  ["en", 4],
  ["de", 3],
  ["uk", 2],
  [null, 1],
];

/** The review card of a post to everyone. */
async function reviews(owner: Person, post: Post): Promise<Message> {
  await composes(owner, post);
  return owner.sees(en.like("review-title"));
}

async function adds(owner: Person, language: string, post: Post): Promise<Message> {
  await owner.sends("Versions"); // typed, the card stays as it is
  await owner.sees(en.like("versions-ask"));
  await owner.taps(en("button-add-version", { language }));
  await owner.sees(en.like("post-version"));
  await owner.sends(post);
  return owner.sees(en.like("review-title"));
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
  const { telegram, owner, of } = await scene(PEOPLE, { rate: 200 });
  await reviews(owner, "Guten Tag.");
  expect(owner.buttons()).toEqual([
    [en("button-send-now"), en("button-schedule")],
    [en("button-edit-post"), en("button-buttons")],
    [en("button-audience"), en("button-options")],
    [en("button-versions")],
    [en("button-test"), en("button-discard")],
  ]);
  await adds(owner, "Русский", "Добрый день.");
  await owner.sends("Versions");
  await owner.sees(en.like("versions-ask", { id: 1 }));
  const asked = await owner.sends("Add a version for English");
  await owner.sees(en.like("post-version"));
  const sent = await owner.sends({ photo: true, caption: "Good day." });
  const card = await owner.sees(en("review-title", { id: 1 }));
  expect(card.text?.split("\n").slice(0, 4)).toEqual([
    en("review-title", { id: 1 }),
    en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 10, buttons: 0 }) }),
    en("review-versions", { versions: "English and Русский", rest: "Deutsch, Українська and others" }),
    en("review-to", {
      audience: en("audience-all"),
      people: en("people", { count: 15 }),
      left: en("review-opted-out", { count: 1 }),
    }),
  ]);
  expect(asked.message_id).toBeLessThan(sent.message_id);
  const all = ["Guten Tag.", "English:", "Good day.", "Русский:", "Добрый день."];
  expect(textsOf(since(owner, sent)).slice(0, -1)).toEqual(all);
  expect(owner.buttons()).toContainEqual([en("button-versions")]);

  const before = owner.holds.at(-1)!;
  await owner.taps(en("button-test"));
  expect(textsOf(since(owner, before)).slice(0, -1)).toEqual(all);
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 15 }));
  await shows(owner, inState("finished"));
  expect(reached(telegram, "Добрый день.")).toEqual(of("ru"));
  expect(reached(telegram, "Good day.")).toEqual(of("en"));
  expect(reached(telegram, "Guten Tag.")).toEqual([...of("de"), ...of("uk"), ...of(null)]);
});

describe("the card of versions", () => {
  test("says who gets which; languages are tapped or typed, versions changed and removed", async () => {
    const { owner } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    await owner.taps(en("button-versions"));
    const none = await owner.sees(en.like("versions-ask", { id: 1 }));
    expect(none.text).toContain(
      `\n${en("versions-line", { version: en("version-default"), post: en("post-summary", { kind: en("kind-text"), characters: 10, buttons: 0 }), people: en("people", { count: 15 }) })}\n`,
    );
    expect(owner.buttons()).toEqual([
      [en("button-add-version", { language: "Русский" })],
      [en("button-add-version", { language: "English" })],
      [en("button-add-version", { language: "Deutsch" })],
      [en("button-add-version", { language: "Українська" })],
      [en("button-back")],
    ]);
    await owner.sends("Klingon, please");
    await owner.sees(en("versions-unknown"));
    await owner.sends({ sticker: true });
    await owner.sees(en("versions-unknown"));
    await owner.sends("грузинский");
    await owner.sees(en("versions-unknown"));
    await owner.sends("английский");
    await owner.sees("English");
    await owner.sends("Good day.");
    await owner.sees(en.like("review-title"));
    await owner.sends("Versions");
    await owner.sees(
      en.like("versions-line", {
        version: "English",
        post: en("post-summary", { kind: en("kind-text"), characters: 9, buttons: 0 }),
        people: en("people", { count: 4 }),
      }),
    );
    await owner.sends("fr");
    await owner.sees("Français");
    await owner.sends("Bonjour.");
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-versions"));
    const both = await owner.sees(en.like("versions-ask", { id: 1 }));
    expect(both.text?.split("\n").slice(2, 5)).toEqual([
      en("versions-line", {
        version: en("version-default"),
        post: en("post-summary", { kind: en("kind-text"), characters: 10, buttons: 0 }),
        people: en("people", { count: 11 }),
      }),
      en("versions-line", {
        version: "English",
        post: en("post-summary", { kind: en("kind-text"), characters: 9, buttons: 0 }),
        people: en("people", { count: 4 }),
      }),
      en("versions-line", {
        version: "Français",
        post: en("post-summary", { kind: en("kind-text"), characters: 8, buttons: 0 }),
        people: en("people", { count: 0 }),
      }),
    ]);
    expect(owner.buttons().slice(0, 4)).toEqual([
      [
        en("button-change-version", { language: "English" }),
        en("button-remove-version", { language: "English" }),
      ],
      [en("button-version-buttons", { language: "English" })],
      [
        en("button-change-version", { language: "Français" }),
        en("button-remove-version", { language: "Français" }),
      ],
      [en("button-version-buttons", { language: "Français" })],
    ]);
    await owner.taps(en("button-change-version", { language: "English" }));
    await owner.sees("English");
    await owner.sends("Hello, all of you.");
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-versions"));
    await owner.sees(
      en.like("versions-line", {
        version: "English",
        post: en("post-summary", { kind: en("kind-text"), characters: 18, buttons: 0 }),
        people: en("people", { count: 4 }),
      }),
    );
    expect(await owner.taps(en("button-remove-version", { language: "English" }))).toMatchObject({
      text: en("version-removed", { language: "English" }),
    });
    await owner.sees(
      en.like("versions-line", {
        version: en("version-default"),
        post: en("post-summary", { kind: en("kind-text"), characters: 10, buttons: 0 }),
        people: en("people", { count: 15 }),
      }),
    );
    await owner.sends("Remove Français");
    await owner.sees(en("version-removed", { language: "Français" }));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en("button-back"));
    expect((await owner.sees(en.like("review-title"))).text).not.toMatch(en.like("review-versions"));
  });

  test("a language that is typed after a restart is still taken", async () => {
    const { telegram, owner, database, herald } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await herald.stop();
    await running(telegram, { database });
    await owner.sends("english");
    await owner.sees(en.like("post-version", { language: "English" }));
    await owner.sends("Good day.");
    expect((await owner.sees(en.like("review-title"))).text).toMatch(
      en.line("review-versions", { versions: "English" }),
    );
  });

  test("with nothing changed, the way back shows no post again", async () => {
    const { owner } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    const before = owner.holds.length;
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en("button-back"));
    await owner.sees(en.like("review-title"));
    expect(owner.holds.length).toBe(before);
  });

  test("of many, those that stand above already are not shown again", async () => {
    const { owner } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    const types = async (language: string, text: string) => {
      await owner.sends("Versions");
      await owner.sees(en.like("versions-ask", { id: 1 }));
      await owner.sends(language);
      await owner.sees(en.like("post-version"));
      const asked = owner.holds.at(-1)!;
      await owner.sends(text);
      await owner.sees(en("review-title", { id: 1 }));
      return textsOf(since(owner, asked)).slice(0, -1);
    };
    await types("ru", "Добрый день.");
    await types("en", "Good day.");
    expect(await types("uk", "Добридень.")).toHaveLength(7);
    expect(await types("fr", "Bonjour.")).toEqual([
      "Guten Tag.",
      en("version-label", { language: "Français" }),
      "Bonjour.",
    ]);
    const before = owner.holds.at(-1)!;
    await owner.taps(en("button-test"));
    await owner.sees(en("review-title", { id: 1 }));
    expect(textsOf(since(owner, before)).slice(0, -1)).toHaveLength(9);
  });

  test("buttons of a version are its own", async () => {
    const { telegram, owner, of } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    await adds(owner, "English", "Good day.");
    await owner.taps(en("button-versions"));
    await owner.taps(en("button-version-buttons", { language: "English" }));
    await owner.sends("Shop - https://example.com/en");
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-versions"));
    await owner.sees(
      en.like("versions-line", {
        version: "English",
        post: en("post-summary", { kind: en("kind-text"), characters: 9, buttons: 1 }),
        people: en("people", { count: 4 }),
      }),
    );
    await owner.sees(
      en.like("versions-line", {
        version: en("version-default"),
        post: en("post-summary", { kind: en("kind-text"), characters: 10, buttons: 0 }),
        people: en("people", { count: 11 }),
      }),
    );
    await owner.taps(en("button-back"));
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-yes-send", { count: 15 }));
    await shows(owner, inState("finished"));
    const keyboards = [...of("en"), ...of("de")].map((id) => telegram.messages(id).at(-1)?.reply_markup);
    expect(keyboards.map((keyboard) => keyboard?.inline_keyboard[0]?.[0]?.text)).toEqual([
      ...of("en").map(() => "Shop"),
      ...of("de").map(() => undefined),
    ]);
  });
});

test("in Russian", async () => {
  const { owner } = await scene(PEOPLE, { rate: 200 });
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
  const { owner } = await scene([["en", 3]], { rate: 200 });
  await reviews(owner, "Hello.");
  expect(
    owner
      .buttons()
      .flat()
      .filter((label) => /version/i.test(label)),
  ).toEqual([]);
});

test("versions stay when the audience becomes chats, which get the default one", async () => {
  const { telegram, owner } = await scene(PEOPLE, { rate: 200 });
  const news = telegram.channel({ title: "News", creator: owner });
  await owner.sees(en.like("chat-can-post", { title: "News" }));
  await reviews(owner, "Guten Tag.");
  await adds(owner, "English", "Good day.");
  await owner.taps(en("button-audience"));
  await owner.taps(en("audience-to-chats"));
  await owner.taps("News");
  await owner.taps(en("audience-continue"));
  const card = await owner.sees(en.like("review-title"));
  expect(card.text).toContain(`\n${en("review-versions-chats", { versions: "English" })}\n`);
  await owner.taps(en("button-versions"));
  await owner.sees(
    `${en("versions-line", { version: "English", post: en("post-summary", { kind: en("kind-text"), characters: 9, buttons: 0 }), people: "none" })}\n`,
  );
  expect(owner.buttons().at(-1)).toEqual([en("button-back")]);
  await owner.taps(en("button-back"));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 1 }));
  await shows(owner, inState("finished"));
  expect(textsOf(telegram.received(news.id))).toEqual(["Guten Tag."]);
});

describe("what is wrong with a version", () => {
  test("one that Telegram refuses is named, and nothing can be sent until it is changed, whatever the way to the card", async () => {
    const { telegram, owner } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    telegram.fault({ method: "sendPhoto" }, { error: ERRORS.wrongRemoteFile });
    const card = await adds(owner, "English", { photo: true, caption: "Good day." });
    expect(card.text).toMatch(
      en.like("in-version", {
        version: "English",
        text: en("review-refused", { description: ERRORS.wrongRemoteFile.description }),
      }),
    );
    expect(owner.buttons().flat()).not.toContain(en("button-send-now"));
    await owner.taps(en("button-options"));
    await owner.taps(en("option-silent"));
    await owner.taps(en("button-back"));
    expect((await owner.sees(en.like("review-title"))).text).toContain(
      "English: ⚠️ Telegram refuses this post:",
    );
    expect(owner.buttons().flat()).not.toContain(en("button-send-now"));
    await owner.taps(en("button-versions"));
    await owner.taps(en("button-remove-version", { language: "English" }));
    await owner.taps(en("button-back"));
    expect((await owner.sees(en.like("review-title"))).text).not.toContain("refuses");
    expect(owner.buttons().flat()).toContain(en("button-send-now"));
  });

  test("a campaign that it stops says which version it was", async () => {
    const { telegram, owner, of } = await scene(PEOPLE, { rate: 200 });
    await reviews(owner, "Guten Tag.");
    await adds(owner, "English", { photo: true, caption: "Good day." });
    const people = new Set(of("en"));
    telegram.fault(
      { method: "sendPhoto", chat: (id) => people.has(id), times: Infinity },
      { error: ERRORS.wrongRemoteFile },
    );
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-yes-send", { count: 15 }));
    await shows(owner, inState("paused"));
    expect(cardOf(owner)?.text).toMatch(
      /refuses the post. The English version: Bad Request: wrong remote file/,
    );

    // It is mended for those who have not got it, and nobody gets anything twice.
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-resume"), en("button-edit"), en("button-cancel")],
      [en("button-show-post")],
    ]);
    await owner.taps(en("button-edit"), { on: idOf(owner) });
    const change = await owner.sees(en("change-title", { id: 1 }));
    expect(change.text).toMatch(en.like("change-note-mends"));
    expect(change.text).not.toContain("To:");
    const offered = owner.buttons().flat();
    expect(offered).toContain(en("button-save"));
    for (const label of ["Schedule…", "Audience…"]) expect(offered).not.toContain(label);
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en("button-change-version", { language: "English" }));
    await owner.sees(en.like("post-version"));
    await owner.sends("Good day, in words.");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-save"));
    await owner.sees(en.opens("card-title", { id: 1, state: en("state-paused") }));
    await owner.taps(en("button-resume"));
    await shows(owner, inState("finished"));
    expect(reached(telegram, "Good day, in words.")).toEqual(of("en"));
    expect([...telegram.counts(({ text }) => text !== undefined)].filter(([id]) => id >= FIRST)).toEqual(
      range(FIRST, FIRST + 14).map((id) => [id, 1]),
    );
  });
});

test("an album of which a part is gone is not forwarded", async () => {
  const { owner } = await scene(PEOPLE, { rate: 200 });
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  const [, part] = await owner.sendsAlbum([{ photo: true }, { photo: true }, { photo: true }]);
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(
    en("review-post", {
      post: en("post-summary", { kind: en("kind-album", { parts: 3 }), characters: 0, buttons: 0 }),
    }),
  );
  await owner.taps(en("button-options"));
  await owner.taps(en("option-forward"));
  if (part) await owner.deletes(part);
  await owner.taps(en("button-back"));
  await owner.sees(en.like("review-parts", { arrived: 2, asked: 3 }));
  expect(owner.buttons().flat()).not.toContain(en("button-send-now"));
});

test("the card of a paused campaign names the version that was refused", () => {
  const t = loadWords()("en");
  const content = { ...POST, versions: { en: { kind: "text", text: "Hello." } as const } };
  const paused = { state: "paused", pauseReason: "content", pauseDetail: "Bad Request" } as const;
  expect(pauseReason(t, campaignAs({ ...paused, content, pauseLanguage: "en" }))).toMatch(
    en.like("paused-content", {
      description: en("paused-version", { language: "English", description: "Bad Request" }),
    }),
  );
  expect(pauseReason(t, campaignAs({ ...paused, content }))).toContain(
    en("paused-version", { description: "Bad Request.", language: "none" }),
  );
  expect(pauseReason(t, campaignAs(paused))).toMatch(
    en.like("paused-content", { description: en("paused-said", { description: "Bad Request" }) }),
  );
});

describe("personal text", () => {
  test("is shown with the admin's own names, and the card says so", async () => {
    const { owner } = await scene(PEOPLE, { rate: 200 });
    const card = await reviews(owner, "Hello, {first_name}{last_name|!}");
    expect(card.text).toContain(`\n${en("review-personal", { names: "{first_name}, {last_name}" })}\n`);
    expect(textsOf(owner.holds)).toContain("Hello, Olga!");
    const added = await adds(owner, "English", "Dear {first_name}");
    expect(textsOf(owner.holds)).toContain("Dear Olga");
    expect(added.text).toContain(`\n${en("review-personal", { names: "{first_name}, {last_name}" })}\n`);
  });

  test("that could be too long or empty is named and cannot be sent, by an old button either", async () => {
    const { owner } = await scene(PEOPLE, { rate: 200 });
    const before = await reviews(owner, "Guten Tag.");
    const card = await adds(owner, "English", `{last_name}`);
    expect(card.text).toContain(
      `\n⚠️ ${en("in-version", { version: "English", text: en("check-personal-empty") })}`,
    );
    expect(card.text).toContain(
      `\n· ${en("in-version", { version: "English", text: en("check-no-default", { name: "last_name" }) })}`,
    );
    expect(owner.buttons().flat()).not.toContain(en("button-send-now"));
    await owner.taps(en("button-send-now"), { on: before });
    await owner.sees(en("check-personal-empty"));
    expect(owner.buttons().flat()).not.toContain(en("button-yes-send", { count: 15 }));
  });

  test("a misspelt name is pointed out, and can be sent", async () => {
    const { owner } = await scene(PEOPLE, { rate: 200 });
    const card = await reviews(owner, "Hello, {firstname}");
    expect(card.text).toContain(`\n· ${en("check-unknown-name", { name: "firstname" })}`);
    expect(owner.buttons().flat()).toContain(en("button-send-now"));
  });
});

test("what Telegram leaves out of custom emoji is counted on the card", async () => {
  const { telegram, owner } = await scene(PEOPLE, { rate: 200 });
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
  expect(card.text).toContain(`\n· ${en("review-custom-emoji", { count: 2 })}`);
  await owner.taps(en("button-options"));
  await owner.taps(en("button-back"));
  await owner.sees(en.like("review-custom-emoji", { count: 2 }));
  await owner.taps(en("button-buttons"));
  await owner.sends({ text: "🎉 Shop - https://example.com", entities: [{ ...emoji, offset: 0 }] });
  await owner.sees(`· ${en("review-icons", { count: 1 })}`);
});

test("time and Stars count messages: an album of 4 is four of them", async () => {
  const { owner } = await scene([["en", 300]], { rate: 40, config: { paidBroadcast: true } });
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sendsAlbum([{ photo: true }, { photo: true }, { photo: true }, { photo: true }]);
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  const card = await owner.sees(en.like("review-title"));
  expect(card.text).toContain(
    `\n${en("review-post", { post: en("post-summary", { kind: en("kind-album", { parts: 4 }), characters: 0, buttons: 0 }) })}\n`,
  );
  expect(card.text).toMatch(
    en.line("review-takes", { duration: en("duration-seconds", { count: 30 }), rate: 40 }),
  );
  // 1,200 messages, a quarter of them above the free rate.
  expect(card.text).toMatch(en.line("review-stars", { stars: 30 }));
  await owner.taps(en("button-options"));
  await owner.taps(en("option-forward"));
  await owner.taps(en("button-back"));
  const forwarded = await owner.sees(en.like("review-title"));
  expect(forwarded.text).toMatch(
    en.line("review-takes", { duration: en("duration-seconds", { count: 40 }), rate: 30 }),
  );
  expect(forwarded.text).not.toContain("Stars");
  expect(forwarded.text).toContain(`\n· ${en("check-source-must-stay")}`);
});

test("every kind has its words", async () => {
  const { owner } = await scene(PEOPLE, { rate: 200 });
  const card = await reviews(owner, { poll: true });
  expect(card.text).toContain(
    `\n${en("review-post", { post: en("post-summary", { kind: en("kind-poll"), characters: 14, buttons: 0 }) })}\n`,
  );
  await owner.taps(en("button-edit-post"));
  await owner.sends({ location: true });
  await owner.sees(
    `${en("review-post", { post: en("post-summary", { kind: en("kind-location"), characters: 0, buttons: 0 }) })}\n`,
  );
  await owner.taps(en("button-edit-post"));
  await owner.sends({ dice: true });
  await owner.sees(en("check-dice"));
  await owner.sends("/campaigns");
  await owner.sees(en("stats-campaigns"));
  expect(owner.buttons().flat()).toContain(`#1 · ${en("state-draft")} · ${en("kind-dice")}`);
});
