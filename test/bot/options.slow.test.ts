import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { recipients } from "../../src/db/schema.ts";
import { composes, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, scene, shows } from "../support/scene.ts";

const PARTY = "5046509860389126442";

async function atOptions(post = "Open today.") {
  const all = await scene(2);
  await composes(all.owner, post);
  await all.owner.taps("Options…");
  await all.owner.sees("Options of campaign #1");
  return all;
}

test("people can have all options: they are named on the card and used", async () => {
  const { telegram, owner, database, herald } = await atOptions("See https://example.com");
  expect(owner.buttons()).toEqual([
    ["Silent", "Protect content"],
    ["No link preview", "Forward"],
    ["Pin", "Effect…"],
    ["Delete after…"],
    ["Back"],
  ]);
  expect(owner.shows()).not.toContain("Comments");
  expect(owner.shows()).toContain("That takes as long again as sending.");
  for (const label of ["Silent", "Protect content", "No link preview", "Pin"]) await owner.taps(label);
  await owner.taps("Effect…");
  expect(owner.buttons()).toEqual([
    ["🔥", "👍", "👎", "❤️", "🎉", "💩"],
    ["None", "Back"],
  ]);
  await owner.taps("🎉");
  expect(owner.buttons()).toEqual([
    ["✅ Silent", "✅ Protect content"],
    ["✅ No link preview", "Forward"],
    ["✅ Pin", "✅ Effect… · 🎉"],
    ["Delete after…"],
    ["Back"],
  ]);
  await owner.taps("Back");
  await owner.sees("Options: silent, protected, no link preview, pinned, effect 🎉");
  await owner.taps("Send now");
  await owner.taps("Yes, send to 2");
  await shows(owner, /· finished/);
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
    await owner.taps("Effect…");
    await owner.sends("an effect, please");
    await owner.sees("This message has no effect.");
    await owner.sends("❤");
    await owner.sees("Options of campaign #1");
    expect(owner.buttons()[2]).toEqual(["Pin", "✅ Effect… · ❤️"]);
    await owner.sends("Effect");
    await owner.sees("Which effect");
    await owner.sends("With one.", { effect_id: PARTY });
    await owner.sees("Options of campaign #1");
    expect(owner.buttons()[2]).toEqual(["Pin", "✅ Effect… · 🎉"]);
    await owner.taps("Effect… · 🎉");
    await owner.sends("With another.", { effect_id: "5123" });
    await owner.sees("Options of campaign #1");
    expect(owner.buttons()[2]).toEqual(["Pin", "✅ Effect… · your own"]);
    await owner.taps("Effect… · your own");
    await owner.sends("None");
    await owner.sees("Options of campaign #1");
    expect(owner.buttons()[2]).toEqual(["Pin", "Effect…"]);
  });

  test("is for people only: chats are offered none, and the card says so", async () => {
    const { telegram, owner } = await atOptions();
    await owner.taps("Effect…");
    await owner.taps("🔥");
    const news = telegram.channel({ title: "News", creator: owner });
    await owner.sees("I can post to “News” now");
    await owner.taps("Back");
    await owner.sees("Options: effect 🔥");
    await owner.taps("Audience…");
    await owner.taps("Channels & groups…");
    await owner.taps("News");
    await owner.taps("Continue");
    await owner.sees("The effect plays in private chats only");
    await owner.taps("Options…");
    expect(owner.buttons().flat().join()).not.toContain("Effect");
    await owner.taps("Back");
    await owner.taps("Send now");
    await owner.taps("Yes, send to 1");
    await shows(owner, /· finished/);
    expect(telegram.received(news.id).map(({ text }) => text)).toEqual(["Open today."]);
  });
});

test("a post that looks different now is shown anew on the way back, as it will go out", async () => {
  const { telegram, owner } = await atOptions();
  await owner.taps("Forward");
  const before = owner.holds.at(-1)?.message_id ?? 0;
  await owner.taps("Back");
  await owner.sees("Options: forwarded");
  await owner.sees("Do not delete your message until the campaign has finished.");
  const shown = owner.holds.filter(({ message_id, text }) => message_id > before && text === "Open today.");
  expect(shown).toMatchObject([{ forward_origin: { type: "user", sender_user: { first_name: "Olga" } } }]);
  await owner.taps("Send now");
  await owner.taps("Yes, send to 2");
  await shows(owner, /· finished/);
  expect(telegram.messages(FIRST).at(-1)).toMatchObject({
    text: "Open today.",
    forward_origin: { sender_user: { first_name: "Olga" } },
  });
});

test("what a post was given stays when its audience goes from chats to people", async () => {
  const { telegram, owner } = await atOptions();
  telegram.channel({ title: "News", creator: owner });
  await owner.sees("I can post to “News” now");
  await owner.taps("Pin");
  await owner.taps("Back");
  await owner.taps("Audience…");
  await owner.taps("Channels & groups…");
  await owner.taps("News");
  await owner.taps("Continue");
  await owner.sees("Options: pinned");
  await owner.taps("Audience…");
  await owner.taps("People instead");
  await owner.sees("who should receive it?");
  await owner.taps(/^All languages/);
  await owner.taps("Continue");
  expect((await owner.sees("→ 2 people (1 opted out left out)\n")).text).toContain("\nOptions: pinned\n");
});

test("of a poll, what a bot cannot see in it is asked for here", async () => {
  const { telegram, owner } = await scene(2);
  const poll = { question: "Lunch?", options: ["Soup", "Salad"], is_anonymous: false, open_period: 600 };
  await composes(owner, { poll });
  await owner.taps("Options…");
  await owner.sees("Options of campaign #1");
  expect(owner.buttons().slice(2, 5)).toEqual([
    ["Pin", "Shuffle options"],
    ["Added options", "Hide results"],
    ["Effect…", "Delete after…"],
  ]);
  for (const label of ["Shuffle options", "Added options", "Hide results"]) await owner.taps(label);
  expect(owner.buttons().slice(2, 4)).toEqual([
    ["Pin", "✅ Shuffle options"],
    ["✅ Added options", "✅ Hide results"],
  ]);
  await owner.taps("Back");
  await owner.sees("Options: options shuffled, people may add options, results hidden until the poll closes");
  await owner.taps("Send now");
  await owner.taps("Yes, send to 2");
  await shows(owner, /· finished/);
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
  await owner.taps("Options…");
  const { text } = await owner.sees("Options of campaign #1");
  expect(text).toContain(
    "People can add options only to polls with visible votes and fewer than 12 options.",
  );
  expect(text).toContain("The results can be hidden only in a poll that closes by itself");
  expect(owner.buttons().flat()).toContain("Shuffle options");
  expect(owner.buttons().flat()).not.toContain("Added options");
  expect(owner.buttons().flat()).not.toContain("Hide results");
});
