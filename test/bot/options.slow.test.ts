import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { recipients } from "../../src/db/schema.ts";
import { composes, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const PARTY = "5046509860389126442";

async function atOptions(post = "Open today.") {
  const all = await scene(2);
  await composes(all.owner, post);
  await all.owner.taps(en("button-options"));
  await all.owner.sees(en.like("options-ask", { id: 1 }));
  return all;
}

test("people can have all options: they are named on the card and used", async () => {
  const { telegram, owner, database, herald } = await atOptions("See https://example.com");
  expect(owner.buttons()).toEqual([
    [en("option-silent"), en("option-protect")],
    [en("option-noPreview"), en("option-forward")],
    [en("option-pin"), en("option-effect")],
    [en("option-delete"), en("option-codes")],
    [en("button-back")],
  ]);
  expect(owner.shows()).not.toContain(en("options-note-comments"));
  expect(owner.shows()).toContain(en("options-note-pin-people"));
  for (const label of ["Silent", "Protect content", "No link preview", "Pin"]) await owner.taps(label);
  await owner.taps(en("option-effect"));
  expect(owner.buttons()).toEqual([
    ["🔥", "👍", "👎", "❤️", "🎉", "💩"],
    [en("effect-none"), en("button-back")],
  ]);
  await owner.taps("🎉");
  expect(owner.buttons()).toEqual([
    [`✅ ${en("option-silent")}`, `✅ ${en("option-protect")}`],
    [`✅ ${en("option-noPreview")}`, en("option-forward")],
    [`✅ ${en("option-pin")}`, `✅ ${en("option-effect")} · 🎉`],
    [en("option-delete"), en("option-codes")],
    [en("button-back")],
  ]);
  await owner.taps(en("button-back"));
  await owner.sees("Options: silent, protected, no link preview, pinned, effect 🎉");
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 2 }));
  await shows(owner, inState("finished"));
  const call = telegram.calls.findLast(({ method, chatId }) => method === "sendMessage" && chatId === FIRST);
  expect(call?.options).toMatchObject({ disable_notification: true });
  expect(telegram.messages(FIRST).find(({ text }) => text !== undefined)).toMatchObject({
    effect_id: PARTY,
    has_protected_content: true,
    link_preview_options: { is_disabled: true },
  });
  await until(() => telegram.messages(FIRST).some((message) => message.pinned_message !== undefined));
  // Telegram says of each pin that the bot made it; that puts the bot on no list.
  await owner.sends("/help");
  await owner.sees("/broadcast");
  await herald.stop();
  const bots = await within(database, ({ db }) =>
    db.select().from(recipients).where(eq(recipients.chatId, BOT_ID)),
  );
  expect(bots).toEqual([]);
});

describe("the effect", () => {
  test("is typed as an emoji, taken from a message that has one, and taken away", async () => {
    const { owner } = await atOptions();
    await owner.taps(en("option-effect"));
    await owner.sends("an effect, please");
    await owner.sees(en("effect-wrong"));
    await owner.sends("❤");
    await owner.sees(en.like("options-ask", { id: 1 }));
    expect(owner.buttons()[2]).toEqual([en("option-pin"), `✅ ${en("option-effect")} · ❤️`]);
    await owner.sends("Effect");
    await owner.sees(en("effect-ask"));
    await owner.sends("With one.", { effect_id: PARTY });
    await owner.sees(en.like("options-ask", { id: 1 }));
    expect(owner.buttons()[2]).toEqual([en("option-pin"), `✅ ${en("option-effect")} · 🎉`]);
    await owner.taps(`${en("option-effect")} · 🎉`);
    await owner.sends("With another.", { effect_id: "5123" });
    await owner.sees(en.like("options-ask", { id: 1 }));
    expect(owner.buttons()[2]).toEqual([en("option-pin"), `✅ ${en("option-effect")} · ${en("effect-own")}`]);
    await owner.taps(`${en("option-effect")} · ${en("effect-own")}`);
    await owner.sends("None");
    await owner.sees(en.like("options-ask", { id: 1 }));
    expect(owner.buttons()[2]).toEqual([en("option-pin"), en("option-effect")]);
  });

  test("is for people only: chats are offered none, and the card says so", async () => {
    const { telegram, owner } = await atOptions();
    await owner.taps(en("option-effect"));
    await owner.taps("🔥");
    const news = telegram.channel({ title: "News", creator: owner });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await owner.taps(en("button-back"));
    await owner.sees(en("review-options", { options: en("option-is-effect", { effect: "🔥" }) }));
    await owner.taps(en("button-audience"));
    await owner.taps(en("audience-to-chats"));
    await owner.taps("News");
    await owner.taps(en("audience-continue"));
    await owner.sees(en("check-effect-people-only"));
    await owner.taps(en("button-options"));
    expect(owner.buttons().flat().join()).not.toContain(en("option-effect"));
    await owner.taps(en("button-back"));
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-yes-send", { count: 1 }));
    await shows(owner, inState("finished"));
    expect(telegram.received(news.id).map(({ text }) => text)).toEqual(["Open today."]);
  });
});

test("a post that looks different now is shown anew on the way back, as it will go out", async () => {
  const { telegram, owner } = await atOptions();
  await owner.taps(en("option-forward"));
  const before = owner.holds.at(-1)?.message_id ?? 0;
  await owner.taps(en("button-back"));
  await owner.sees(en("review-options", { options: en("option-is-forward") }));
  await owner.sees(en("check-source-must-stay"));
  const shown = owner.holds.filter(({ message_id, text }) => message_id > before && text === "Open today.");
  expect(shown).toMatchObject([{ forward_origin: { type: "user", sender_user: { first_name: "Olga" } } }]);
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 2 }));
  await shows(owner, inState("finished"));
  expect(telegram.messages(FIRST).at(-1)).toMatchObject({
    text: "Open today.",
    forward_origin: { sender_user: { first_name: "Olga" } },
  });
});

test("what a post was given stays when its audience goes from chats to people", async () => {
  const { telegram, owner } = await atOptions();
  telegram.channel({ title: "News", creator: owner });
  await owner.sees(en.like("chat-can-post", { title: "News" }));
  await owner.taps(en("option-pin"));
  await owner.taps(en("button-back"));
  await owner.taps(en("button-audience"));
  await owner.taps(en("audience-to-chats"));
  await owner.taps("News");
  await owner.taps(en("audience-continue"));
  await owner.sees(en("review-options", { options: en("option-is-pin") }));
  await owner.taps(en("button-audience"));
  await owner.taps(en("chats-people"));
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en.opens("audience-all"));
  await owner.taps(en("audience-continue"));
  expect((await owner.sees("→ 2 people (1 opted out left out)\n")).text).toContain(
    `\n${en("review-options", { options: en("option-is-pin") })}\n`,
  );
});

test("of a poll, what a bot cannot see in it is asked for here", async () => {
  const { telegram, owner } = await scene(2);
  const poll = { question: "Lunch?", options: ["Soup", "Salad"], is_anonymous: false, open_period: 600 };
  await composes(owner, { poll });
  await owner.taps(en("button-options"));
  await owner.sees(en.like("options-ask", { id: 1 }));
  expect(owner.buttons().slice(2, 5)).toEqual([
    [en("option-pin"), en("option-shuffle")],
    [en("option-addOptions"), en("option-hideResults")],
    [en("option-effect"), en("option-delete")],
  ]);
  for (const label of ["Shuffle options", "Added options", "Hide results"]) await owner.taps(label);
  expect(owner.buttons().slice(2, 4)).toEqual([
    [en("option-pin"), `✅ ${en("option-shuffle")}`],
    [`✅ ${en("option-addOptions")}`, `✅ ${en("option-hideResults")}`],
  ]);
  await owner.taps(en("button-back"));
  await owner.sees("Options: options shuffled, people may add options, results hidden until the poll closes");
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 2 }));
  await shows(owner, inState("finished"));
  const call = telegram.calls.findLast(({ method, chatId }) => method === "sendPoll" && chatId === FIRST);
  expect(call?.options).toMatchObject({
    shuffle_options: true,
    allow_adding_options: true,
    hide_results_until_closes: true,
  });
});

test("of an anonymous poll without an end the card says why two of them are missing", async () => {
  const { owner } = await scene(1);
  await composes(owner, { poll: { question: "Lunch?", options: ["Soup", "Salad"] } });
  await owner.taps(en("button-options"));
  const { text } = await owner.sees(en.like("options-ask", { id: 1 }));
  expect(text).toContain(en("options-note-no-addOptions"));
  expect(text).toContain(en("options-note-no-hideResults"));
  expect(owner.buttons().flat()).toContain(en("option-shuffle"));
  expect(owner.buttons().flat()).not.toContain(en("option-addOptions"));
  expect(owner.buttons().flat()).not.toContain(en("option-hideResults"));
});
