import { Api } from "grammy";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { ERRORS } from "../../playground/server/faults.ts";
import type { Config } from "../../src/config.ts";
import { cardOf, composes, until } from "../support/broadcast.ts";
import { OWNER_ID, TOKEN, running } from "../support/herald.ts";
import { en, inState } from "../support/words.ts";
import { scene, FIRST } from "../support/scene.ts";

/** 20 English and 30 Russian speakers and 2 of whom nothing is known; the owner is opted out. */
const crowd = (config: Partial<Config> = {}) =>
  scene(
    [
      ["en", 20],
      ["ru", 30],
      [null, 2],
    ],
    { rate: 200, config },
  );

function reached(telegram: Telegram, text: string): number[] {
  return [...telegram.counts((message) => (message.text ?? message.caption) === text).keys()].filter(
    (id) => id >= FIRST,
  );
}

const finished = (owner: Person, id = 1) =>
  until(() => inState("finished").test(cardOf(owner, id)?.text ?? ""), 15_000);

test("from /broadcast to the report, as the manual tells it", async () => {
  const { telegram, owner } = await crowd();
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Open today.");
  await owner.sees(en.like("audience-ask"));
  expect(owner.buttons()).toEqual([
    [`✅ ${en("audience-all")} · 52`],
    ["Русский · 30", "English · 20"],
    [`${en("audience-others")} · 2`],
    [en("audience-filter"), en("audience-exclude")],
    [en("audience-lists"), en("audience-saved")],
    [en("audience-to-chats")],
    [en("audience-continue")],
  ]);
  await owner.taps(/^English/);
  await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
  await owner.taps(en("audience-continue"));
  const card = await owner.sees(en("review-title", { id: 1 }));
  expect(card.text?.split("\n").slice(0, 4)).toEqual([
    en("review-title", { id: 1 }),
    en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 11, buttons: 0 }) }),
    en("review-to", {
      audience: "English",
      people: en("people", { count: 20 }),
      left: en("review-opted-out", { count: 1 }),
    }),
    en("plan-when", { time: en("plan-now") }),
  ]);
  expect(card.text).toMatch(/Takes about 1 s at 200 messages a second, done by \d\d:\d\d$/);
  expect(owner.buttons()).toEqual([
    [en("button-send-now"), en("button-schedule")],
    [en("button-edit-post"), en("button-buttons")],
    [en("button-audience"), en("button-options")],
    [en("button-test"), en("button-discard")],
  ]);
  const coloured = (message = owner.holds.at(-1)) =>
    message?.reply_markup?.inline_keyboard
      .flat()
      .flatMap(({ text, style }) => (style ? [[text, style]] : []));
  expect(coloured()).toEqual([[en("button-send-now"), "primary"]]);
  await owner.taps(en("button-send-now"));
  await owner.sees(en("confirm-ask", { id: 1, people: en("people", { count: 20 }) }));
  expect(coloured()).toEqual([[en("button-yes-send", { count: 20 }), "primary"]]);
  await owner.taps(en("button-yes-send", { count: 20 }));
  await finished(owner);
  expect(cardOf(owner)?.text).toContain(
    `${en("card-sent", { count: 20 })} · ${en("card-blocked", { count: 0 })} · ${en("card-failed", { count: 0 })}\n`,
  );
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
  const { owner } = await crowd(change);
  await composes(owner, "Open today.");
  const { text = "" } = await owner.sees(en("review-title", { id: 1 }));
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
    const { telegram, owner } = await crowd();
    const caption = "A < b & 👩‍🚀 c";
    const caption_entities = [
      { type: "bold" as const, offset: 0, length: 5 },
      { type: "custom_emoji" as const, offset: 8, length: 5, custom_emoji_id: "5368324170671202286" },
    ];
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    const sent = await owner.sends({ ...media, caption, caption_entities });
    await sends(owner);
    const got = telegram.messages(FIRST).at(-1);
    expect(got).toMatchObject({ caption, caption_entities });
    expect(got?.[kind]).toEqual(sent[kind]);
    expect(got?.has_media_spoiler).toBe(sent.has_media_spoiler);
    expect(got?.show_caption_above_media).toBe(sent.show_caption_above_media);
  });

  test.each(["video_note", "sticker"] as const)("%s arrives", async (kind) => {
    const { telegram, owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    const sent = await owner.sends({ [kind]: true });
    await sends(owner);
    expect(telegram.messages(FIRST).at(-1)?.[kind]).toEqual(sent[kind]);
  });

  test("text arrives with every entity and its link preview as it was sent", async () => {
    const { telegram, owner } = await crowd();
    const text = "Bold _link_ 🎉 <b>&amp;</b> @name";
    const entities = [
      { type: "bold" as const, offset: 0, length: 4 },
      { type: "text_link" as const, offset: 5, length: 6, url: "https://example.com/?a=1&b=2" },
      { type: "custom_emoji" as const, offset: 12, length: 2, custom_emoji_id: "5368324170671202286" },
      { type: "blockquote" as const, offset: 15, length: 10 },
    ];
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends({ text, entities }, { link_preview_options: { is_disabled: true } });
    await sends(owner);
    expect(telegram.messages(FIRST).at(-1)).toMatchObject({ text, entities });
  });

  test("what cannot be sent is refused with the reason, and the dialog waits for another post", async () => {
    const { owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends({ poll: { type: "quiz" } });
    await owner.sees(en("refused-quiz-answer-unknown"));
    await owner.sends({ raw: { story: { id: 1, chat: { id: 2, type: "private", first_name: "Ada" } } } });
    await owner.sees(en("refused-story"));
    await owner.sends("Then a text.");
    await owner.sees(en.like("audience-ask"));
  });

  test("a caption that is too long is refused with the number over", async () => {
    const { owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends({ photo: true, caption: "x".repeat(1030) });
    await owner.sees(en.like("refused-caption-too-long", { over: 6, limit: 1024 }));
  });

  test("link buttons of a forwarded post are kept, others are left out and the bot says so", async () => {
    const { telegram, owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("Forwarded.", {
      reply_markup: {
        inline_keyboard: [
          [{ text: "Shop", url: "https://example.com" }],
          [{ text: "Vote", callback_data: "v" }],
        ],
      },
    });
    await owner.sees(en.like("left-out"));
    await sends(owner);
    expect(telegram.messages(FIRST).at(-1)?.reply_markup?.inline_keyboard).toEqual([
      [{ text: "Shop", url: "https://example.com" }],
    ]);
  });

  test("one that Telegram refused cannot be sent by an old button, be it after a restart", async () => {
    const { telegram, owner, database, herald } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends({ photo: true });
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    telegram.fault({ method: "sendPhoto", times: Infinity }, { error: ERRORS.wrongRemoteFile });
    await owner.taps(en("button-edit-post"));
    await owner.sees(en("post-replace"));
    await owner.sends({ photo: true, caption: "Another." });
    await owner.sees(en.like("review-refused"));
    await herald.stop();
    await running(telegram, { database, messagesPerSecond: 200 });
    const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
    const reply_markup = { inline_keyboard: [[{ text: "Send now", callback_data: "d:1:send:" }]] };
    const { message_id } = await api.sendMessage(owner.id, "An old card", { reply_markup });
    await owner.taps(en("button-send-now"), { on: message_id });
    await owner.sees(en.like("review-refused"));
    expect(owner.buttons().flat()).not.toContain(en("button-send-now"));
  });

  test("one that Telegram refuses cannot be sent until it is changed", async () => {
    const { telegram, owner } = await crowd();
    telegram.fault({ method: "sendPhoto" }, { error: ERRORS.wrongRemoteFile });
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends({ photo: true });
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-refused"));
    expect(owner.buttons().flat()).not.toContain(en("button-send-now"));
    await owner.taps(en("button-edit-post"));
    await owner.sees(en("post-replace"));
    expect(owner.buttons()).toEqual([[en("button-back")]]);
    await owner.sends("A text instead.");
    await owner.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 15, buttons: 0 }) }),
    );
    expect(owner.buttons().flat()).toContain(en("button-send-now"));
  });
});

/** From the audience step to the report. */
async function sends(owner: Person): Promise<void> {
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await finished(owner);
}

describe("the audience", () => {
  test("of nobody is refused, never read as everyone", async () => {
    const { owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("For nobody.");
    await owner.sees(en.like("audience-ask"));
    await owner.taps(`${en("audience-all")} · 52`);
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 0 }) }));
    const answer = await owner.taps(en("audience-continue"));
    expect(answer).toMatchObject({
      show_alert: true,
      text: expect.stringContaining(en("audience-nobody")) as string,
    });
    await owner.taps(en.opens("audience-others"));
    await owner.taps(en("audience-continue"));
    await owner.sees(
      en.like("review-to", { audience: en("audience-others"), people: en("people", { count: 2 }) }),
    );
  });

  test("labels can be typed instead of tapped", async () => {
    const { telegram, owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("Typed all the way.");
    await owner.sees(en.like("audience-ask"));
    await owner.sends("русский");
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 30 }) }));
    await owner.sends("gibberish");
    await owner.sees(en("audience-typed"));
    await owner.sends("continue");
    await owner.sees(en.like("review-title"));
    await owner.sends("Send now");
    await owner.sees(en.like("confirm-ask", { people: en("people", { count: 30 }) }));
    await owner.sends("yes, send to 30");
    await finished(owner);
    expect(reached(telegram, "Typed all the way.").length).toBe(30);
  });
});

describe("buttons", () => {
  test("are typed as lines; a wrong line is named and nothing is lost", async () => {
    const { telegram, owner } = await crowd();
    await composes(owner, "With buttons.");
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-ask"));
    await owner.sends(
      "Shop - https://example.com\nNo address here\nNews – t.me/example | Help — example.com/help",
    );
    await owner.sees(en.like("button-fault-no-url", { line: 2, part: "No address here" }));
    await owner.sends("Shop - https://example.com\nNews – t.me/example | Help — example.com/help");
    await owner.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 13, buttons: 3 }) }),
    );
    await owner.taps(en("button-buttons"));
    await owner.sees(
      "Shop - https://example.com\nNews - https://t.me/example | Help - https://example.com/help",
    );
    await owner.taps(en("button-back"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-send-now"));
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
    const { owner } = await crowd();
    await composes(owner, "With buttons.");
    const typed = [
      "(green) Shop - https://example.com | Code - copy: SALE20",
      "App - app: https://example.com/app",
      "Tell friends - share: sale | Search - here: sale",
      "👍 | 👎",
      "? Opening hours - Daily, 9:00 to 21:00",
    ].join("\n");
    await owner.taps(en("button-buttons"));
    await owner.sends(typed);
    await owner.sees(en.like("post-summary", { buttons: 8 }));
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
    await owner.taps(en("button-buttons"));
    const { text = "" } = await owner.sees(en("buttons-now"));
    const shown = text.split("The buttons now:\n")[1] ?? "";
    expect(shown).toBe(typed);
    await owner.sends(shown);
    await owner.sees(en.like("post-summary", { buttons: 8 }));
    expect(owner.holds.at(-2)?.reply_markup).toEqual(sent);
  });

  test("show a custom emoji before the text as it was typed", async () => {
    const { owner } = await crowd();
    await composes(owner, "With buttons.");
    await owner.taps(en("button-buttons"));
    const entity = {
      type: "custom_emoji" as const,
      offset: 0,
      length: 2,
      custom_emoji_id: "5368324170671202286",
    };
    await owner.sends({ text: "🎉 Shop - https://example.com", entities: [entity] });
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    expect(owner.holds.at(-2)?.reply_markup?.inline_keyboard).toEqual([
      [{ text: "Shop", url: "https://example.com", icon_custom_emoji_id: entity.custom_emoji_id }],
    ]);
    await owner.taps(en("button-buttons"));
    const { text = "", entities = [] } = await owner.sees(en("buttons-now"));
    const [shown] = entities.filter(({ type }) => type === "custom_emoji");
    expect(shown).toMatchObject({ custom_emoji_id: entity.custom_emoji_id });
    expect(text.slice((shown?.offset ?? 0) + (shown?.length ?? 0))).toBe(" Shop - https://example.com");
  });

  test("that do not fit into a message are shown in a file", async () => {
    const { owner } = await crowd();
    await composes(owner, "With buttons.");
    await owner.taps(en("button-buttons"));
    const address = `https://example.com/${"x".repeat(900)}`;
    await owner.sends([1, 2, 3, 4].map((number) => `Shop ${number} - ${address}`).join("\n"));
    await owner.sees(en.like("post-summary", { buttons: 4 }));
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-ask"));
    expect(owner.holds.at(-2)?.document?.file_name).toBe("buttons.txt");
  });

  test("can be removed again", async () => {
    const { owner } = await crowd();
    await composes(owner, "With buttons.");
    await owner.taps(en("button-buttons"));
    await owner.sends("Shop https://example.com");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    await owner.taps(en("button-buttons"));
    await owner.taps(en("button-remove-buttons"));
    await owner.sees(/Post: text, 13 characters\n/);
  });
});

describe("confirming", () => {
  test("five quick taps on Yes make one campaign and send it once", async () => {
    const { telegram, owner } = await crowd();
    await composes(owner, "Tapped in haste.");
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask"));
    const answers = await owner.tapsTimes(en.opens("button-yes-send"), 5);
    expect(answers.filter(({ text }) => en.like("error-conflict").test(text ?? "")).length).toBe(4);
    await finished(owner);
    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-done") }));
    expect(owner.buttons().slice(1, 3)).toEqual([
      [en("tab-drafts"), `• ${en("tab-done")} 1`],
      [expect.stringMatching(/^#1 · \d+ \w+ → 52 · Tapped in haste\.$/)],
    ]);
    const counts = telegram.counts((message) => message.text === "Tapped in haste.");
    expect([...counts].filter(([id]) => id >= FIRST).map(([, count]) => count)).toEqual(Array(52).fill(1));
  });

  test("from CONFIRM_TYPED_FROM people on the number is typed", async () => {
    const { owner } = await crowd({ confirmTypedFrom: 50 });
    await composes(owner, "To many.");
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-type", { number: 52 }));
    expect(owner.buttons()).toEqual([[en("button-back")]]);
    await owner.sends("53");
    await owner.sees(en.like("confirm-wrong", { text: "53", number: 52 }));
    await owner.sends("52");
    await finished(owner);
  });

  test("is asked again when the number of people moved by more than 5 %", async () => {
    const { telegram, owner } = await crowd();
    await composes(owner, "To fewer.");
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask", { people: en("people", { count: 52 }) }));
    for (let index = 0; index < 4; index += 1) await telegram.person({ id: FIRST + index }).sends("/stop");
    await until(() => telegram.received(FIRST + 3).length > 0);
    await owner.taps(en.opens("button-yes-send", { count: 52 }));
    await owner.sees(en.like("confirm-moved", { before: 52, after: 48 }));
    await owner.taps(en("button-yes-send", { count: 48 }));
    await finished(owner);
  });

  test("agrees to the post and the people that were shown: changed since, it is asked anew", async () => {
    const { telegram, owner } = await crowd({ ownerIds: [OWNER_ID, 2] });
    const other = telegram.person({ id: 2, firstName: "Otto", languageCode: "en", started: true });
    await composes(owner, "As agreed.");
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask", { people: en("people", { count: 52 }) }));
    await other.sends("/campaign 1");
    await other.sees(en("review-title", { id: 1 }));
    await other.taps(en("button-edit-post"));
    await other.sends("Half written");
    await other.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 12, buttons: 0 }) }),
    );
    await owner.taps(en.opens("button-yes-send"));
    await owner.sees(en.like("confirm-changed", { id: 1 }));
    await owner.sees(en("review-title", { id: 1 }));
    expect(reached(telegram, "Half written")).toEqual([]);
  });

  test("Back leads to the card, Discard asks once and deletes the draft", async () => {
    const { owner } = await crowd();
    await composes(owner, "Not this one.");
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-back"));
    await owner.sees(en("review-title", { id: 1 }));
    const messages = owner.holds.length;
    await owner.taps(en("button-discard"));
    await owner.sees(en("ask-discard", { id: 1 }));
    expect(owner.buttons()).toEqual([[en("button-yes-discard"), en("button-back")]]);
    await owner.taps(en("button-back"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-discard"));
    await owner.sees(en.like("ask-discard", { id: 1 }));
    expect(owner.holds.length).toBe(messages);
    await owner.taps(en("button-yes-discard"));
    await owner.sees(en.like("discarded", { id: 1 }));
    await owner.sends("/campaign 1");
    await owner.sees(en.like("error-not-found", { id: 1 }));
  });
});

test("what Discard asks is typed as well", async () => {
  const { owner } = await crowd();
  await composes(owner, "Not this one either.");
  await owner.sends("discard");
  await owner.sees(en.like("ask-discard", { id: 1 }));
  await owner.sends("back");
  await owner.sees(en("review-title", { id: 1 }));
  await owner.sends("discard");
  await owner.sees(en.like("ask-discard", { id: 1 }));
  await owner.sends("yes, discard");
  await owner.sees(en.like("discarded", { id: 1 }));
  await owner.sends("/campaign 1");
  await owner.sees(en.like("error-not-found", { id: 1 }));
});

describe("leaving and coming back", () => {
  test("a restart in the middle resumes the dialog where it was", async () => {
    const { telegram, owner, database, herald } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await herald.stop();
    const second = await running(telegram, { database, messagesPerSecond: 200 });
    await owner.sends("Survived one restart.");
    await owner.sees(en.like("audience-ask"));
    await owner.taps(/^English/);
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
    await second.stop();
    await running(telegram, { database, messagesPerSecond: 200 });
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-to", { audience: "English", people: en("people", { count: 20 }) }));
    await owner.sends("send now");
    await owner.sees(en.like("confirm-ask", { people: en("people", { count: 20 }) }));
  });

  test("/cancel leaves, the draft lies in /campaigns and its card still works", async () => {
    const { owner } = await crowd();
    await composes(owner, "For later.");
    await owner.sends("/cancel");
    await owner.sees(en("dialog-left"));
    await owner.sends("Just a note to myself.");
    await owner.sends("/cancel");
    await owner.sees(en("dialog-none"));
    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-drafts") }));
    await owner.taps(/^#1 · draft/);
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-audience"));
    await owner.sees(en.like("audience-ask"));
  });

  test("/broadcast in the middle of one starts afresh", async () => {
    const { owner } = await crowd();
    await composes(owner, "The first.");
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("The second.");
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en("review-title", { id: 2 }));
  });

  test("other commands work in the middle of a dialog and leave it open", async () => {
    const { owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
    await owner.sends("The post after all.");
    await owner.sees(en.like("audience-ask"));
  });

  test("Send test to me sends the post to the admin alone", async () => {
    const { telegram, owner } = await crowd();
    await composes(owner, "Only a test.");
    expect(await owner.taps(en("button-test"))).toMatchObject({ text: en("test-sent") });
    expect(
      owner.holds.filter((message) => message.from?.is_bot && message.text === "Only a test.").length,
    ).toBe(2);
    // The card with its buttons stays the last message.
    await until(() => owner.holds.at(-1)?.text?.startsWith(en("review-title", { id: 1 })) ?? false);
    expect(owner.buttons().flat()).toContain(en("button-send-now"));
    expect(reached(telegram, "Only a test.")).toEqual([]);
  });

  test("a test goes to the admins that are chosen, each in their language and with their name, once", async () => {
    const { telegram, owner } = await crowd();
    for (const id of [7, 8]) {
      await owner.sends("/admins");
      await owner.sees(en.like("admins-list"));
      await owner.taps(en("admins-add"));
      await owner.sees(en("admins-ask"));
      await owner.sends(String(id));
      await owner.sees(en.like("admins-added"));
    }
    const vera = telegram.person({ id: 7, firstName: "Вера", languageCode: "ru", started: true });
    await vera.sends("/start");
    await vera.sees("Здравствуйте");
    await composes(owner, "Hello, {first_name}!");
    expect(owner.buttons().slice(-2)).toEqual([
      [en("button-test"), en("button-test-others")],
      [en("button-discard")],
    ]);
    await owner.taps(en("button-test-others"));
    await owner.sees(en.like("testers-ask", { id: 1 }));
    expect(owner.buttons()).toEqual([["Вера", "8"], [en("testers-all")], [en("button-back")]]);
    expect(await owner.taps("Вера")).toMatchObject({ text: en("tester-sent", { names: "Вера" }) });
    const got = () => vera.holds.filter(({ from }) => from?.is_bot).map(({ text }) => text);
    expect(got().slice(-2)).toEqual(["Рассылка № 1 для проверки (от: Olga):", "Hello, Вера!"]);
    await until(() => owner.buttons()[0]?.join() === "✅ Вера,8");
    expect(await owner.taps("✅ Вера")).toMatchObject({ text: en("tester-has-it", { names: "Вера" }) });
    // The other one has never started the bot.
    expect(await owner.taps(en("testers-all"))).toMatchObject({
      text: en("tester-unreachable", { names: "8" }),
    });
    expect(got().filter((text) => text === "Hello, Вера!")).toHaveLength(1);
    expect(telegram.messages(FIRST)).toEqual([]);
    await owner.taps(en("button-back"));
    await owner.sees(en("review-title", { id: 1 }));
    expect(owner.buttons()[0]).toEqual([en("button-send-now"), en("button-schedule")]);
  });
});

const isBare = (owner: Person, id: number) =>
  until(() => owner.holds.find(({ message_id }) => message_id === id)?.reply_markup === undefined);

describe("a review that a newer one replaces loses its buttons", () => {
  test("when a time was typed, and whatever the old one shows by then", async () => {
    const { owner } = await crowd();
    await owner.sends("/timezone Moscow");
    await owner.sees("Europe/Moscow");
    await composes(owner, "Later.");
    const old = await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("in 2 hours");
    const card = await owner.sees(en("review-title", { id: 1 }));
    expect(card.message_id).toBeGreaterThan(old.message_id);
    await isBare(owner, old.message_id);
    expect(owner.buttons(card)[0]?.[0]).toMatch(en.opens("button-schedule-for"));
  });

  test("when the old one was opened again after its dialog", async () => {
    const { owner } = await crowd();
    await composes(owner, "Now.");
    const old = await owner.sees(en("review-title", { id: 1 }));
    await owner.sends("/cancel");
    await owner.sees(en("dialog-left"));
    await owner.taps(en("button-edit-post"), { on: old });
    await owner.sees(en("post-replace"));
    await owner.sends("Now or never.");
    const card = await owner.sees(en("review-title", { id: 1 }));
    await isBare(owner, old.message_id);
    await owner.taps(en("button-send-now"), { on: card });
    await owner.taps(en.opens("button-yes-send"));
    await finished(owner);
    // The card itself goes on in its message.
    expect(cardOf(owner)?.message_id).toBe(card.message_id);
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-show-post"), en("button-duplicate")],
      [en("button-people")],
      [en("button-edit-sent")],
    ]);
  });

  test("when the campaign was confirmed by typing, in favour of its card", async () => {
    const { owner } = await crowd({ confirmTypedFrom: 20 });
    await composes(owner, "Many.");
    const old = await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-type", { number: 52 }));
    await owner.sends("52");
    await finished(owner);
    await isBare(owner, old.message_id);
  });

  test("also when Telegram does not take the edit: the new one stands all the same", async () => {
    const { telegram, owner } = await crowd();
    await composes(owner, "Later.");
    await owner.sees(en("review-title", { id: 1 }));
    telegram.fault(
      { method: "editMessageReplyMarkup" },
      { error: { error_code: 400, description: "Bad Request: message can't be edited" } },
    );
    await owner.sends("Edit post");
    await owner.sees(en("post-replace"));
    await owner.sends("Later, after all.");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-send-now"));
    await owner.sees(en("confirm-ask", { id: 1, people: en("people", { count: 52 }) }));
  });
});

test("a draft that changes a campaign goes by the number of that campaign", async () => {
  const { owner } = await crowd();
  await owner.sends("/timezone Moscow");
  await owner.sees("Europe/Moscow");
  await composes(owner, "Later.");
  await owner.taps(en("button-schedule"));
  await owner.sees(en("when-ask", { id: 1 }));
  await owner.sends("in 2 hours");
  await owner.sees(en("review-title", { id: 1 }));
  await owner.taps(en.opens("button-schedule-for"));
  await owner.sees(en.like("confirm-schedule", { id: 1 }));
  await owner.taps(en.opens("button-yes-schedule"));
  await until(() => inState("scheduled").test(cardOf(owner)?.text ?? ""));
  // The draft itself is #2.
  await owner.sends("/edit 1");
  await owner.sees(en("change-title", { id: 1 }));
  await owner.taps(en("button-audience"));
  await owner.sees(en.like("audience-ask", { id: 1 }));
  await owner.taps(/^English/);
  await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
  expect(owner.shows()).toMatch(en.like("audience-ask", { id: 1 }));
  await owner.taps(en("audience-continue"));
  await owner.sees(en("change-title", { id: 1 }));
  await owner.taps(en("button-options"));
  await owner.sees(en.like("options-ask", { id: 1 }));
  await owner.taps(en("button-back"));
  await owner.sees(en("change-title", { id: 1 }));
  await owner.taps(en("button-edit-post"));
  expect((await owner.sees(en("post-replace"))).text).not.toContain("#");
});

test("the prompt under /schedule tells of the time, the one under /broadcast does not", async () => {
  const { owner } = await crowd();
  await owner.sends("/schedule");
  expect((await owner.sees(en("post-ask"))).text).toMatch(/\/cancel to quit\.\nAfter the post, .* when\.$/);
  await owner.sends("/broadcast");
  expect((await owner.sees(en("post-ask"))).text).toMatch(/\/cancel to quit\.$/);
});

test("/help in the middle of the dialog is answered, and the post can still be sent", async () => {
  const { owner } = await crowd();
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("/help");
  const { text } = await owner.sees(en("help-admin"));
  expect(text).toMatch(en.opens("help-admin"));
  await owner.sends("The post.");
  await owner.sees(en.like("audience-ask"));
});

test("an admin with a Russian Telegram is spoken to in Russian", async () => {
  const { telegram } = await crowd({ ownerIds: [2] });
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
