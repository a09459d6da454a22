import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { PostFields } from "../../playground/people/post.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { saveSettings } from "../../src/campaign/settings.ts";
import { homeScope } from "../../src/db/scope.ts";
import { campaigns } from "../../src/db/schema.ts";
import { cardOf, composes, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, running } from "../support/herald.ts";
import { FIRST, scene } from "../support/scene.ts";

/** Longer than the bot waits for a part of an album. */
const APART_MS = 1_500;

const photos = (count: number): PostFields[] =>
  Array.from({ length: count }, (_, index) => ({ photo: true, caption: `Photo ${index + 1}` }));

async function begins(owner: Person): Promise<void> {
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
}

/** From the audience step to the report. */
async function finishes(owner: Person): Promise<void> {
  await owner.taps("Continue");
  await owner.sees("· draft");
  await launches(owner);
}

async function launches(owner: Person): Promise<void> {
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await until(() => cardOf(owner)?.text?.includes("finished") ?? false, 15_000);
}

/** One more person comes to the bot, in another language than the people of the scene. */
async function joins(telegram: Telegram, languageCode: string): Promise<void> {
  const person = telegram.person({ id: FIRST + 1000, firstName: "P", languageCode });
  await person.sends("/start");
  await until(() => person.holds.length > 1);
}

function said(owner: Person, text: string): number {
  return owner.holds.filter((message) => message.text?.includes(text)).length;
}

/** What the bot wrote that is no card: previews and copies. */
function captions(messages: Message[]): string[] {
  return messages.flatMap(({ from, caption }) => (from?.is_bot && caption !== undefined ? [caption] : []));
}

function lastCopy(telegram: Telegram): Message | undefined {
  return telegram.messages(FIRST).at(-1);
}

/** A further part of an album that was sent before. */
function sendsPart(owner: Person, [first]: Message[], post: PostFields): Promise<Message> {
  return owner.sends(post, { media_group_id: first?.media_group_id ?? "" });
}

describe("an album", () => {
  test("is one post: its parts arrive together, in their order", async () => {
    const { telegram, owner } = await scene(2);
    await begins(owner);
    await owner.sendsAlbum(photos(4));
    await owner.sees("Album: 4 parts. Any that arrive later will be added.");
    await owner.sees("who should receive it?");
    expect(said(owner, "Album:")).toBe(1);
    await finishes(owner);
    const copies = telegram.messages(FIRST);
    expect(captions(copies)).toEqual(["Photo 1", "Photo 2", "Photo 3", "Photo 4"]);
    expect(new Set(copies.map((copy) => copy.media_group_id)).size).toBe(1);
  });

  test("keeps its place: a text right behind it is taken after it", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sendsAlbum(photos(3));
    await owner.sends("Continue");
    await owner.sees("Campaign #1 · draft");
    expect(said(owner, "Album: 3 parts")).toBe(1);
    expect(captions(owner.holds)).toEqual(["Photo 1", "Photo 2", "Photo 3"]);
  });

  test("that arrives slowly is not cut in two: later parts join it, whatever is asked for", async () => {
    const { telegram, owner, database, herald } = await scene(2);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(3), { apart: APART_MS });
    await owner.sees("The album has 3 parts now.");
    // In the audience step nothing is shown anew.
    expect(said(owner, "Album: 1 part. ")).toBe(1);
    expect(said(owner, "· draft")).toBe(0);
    await owner.taps("Continue");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Buttons…");
    await owner.sees("one row a line");
    // A caption is no buttons that were typed, and what was asked stays open.
    await sendsPart(owner, parts, { photo: true, caption: "Shop - https://example.com" });
    await owner.sees("The album has 4 parts now.");
    await owner.sees("Campaign #1 · draft");
    expect(captions(owner.holds).slice(-4)).toEqual([
      "Photo 1",
      "Photo 2",
      "Photo 3",
      "Shop - https://example.com",
    ]);
    expect(said(owner, "Tap the buttons")).toBe(0);
    expect(said(owner, "one row a line")).toBe(1);
    await owner.sends("News - https://example.com");
    await owner.sees("Albums cannot carry buttons");
    await owner.sends("Below it.");
    await owner.sees("Campaign #1 · draft");
    const live = () => owner.holds.filter((one) => one.text?.includes("#1 · draft") && one.reply_markup);
    await until(() => live().length === 1);
    await herald.stop();
    await running(telegram, { database, messagesPerSecond: 100 });
    await sendsPart(owner, parts, { video: true, caption: "Video 5" });
    await owner.sees("The album has 5 parts now.");
    await owner.sees("Campaign #1 · draft");
    await launches(owner);
    const copies = telegram.messages(FIRST);
    expect(captions(copies).at(-1)).toBe("Video 5");
    expect(copies.length).toBe(6);
    expect(lastCopy(telegram)).toMatchObject({
      text: "Below it.",
      reply_markup: { inline_keyboard: [[{ text: "News", url: "https://example.com" }]] },
    });
  });

  test("that grows while its sending is confirmed has to be looked at again", async () => {
    const { owner } = await scene(2);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    await owner.taps("Send now");
    await owner.sees("people now?");
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("The album has 3 parts now.");
    await owner.sees("Campaign #1 · draft");
    await owner.sends("Send now");
    await owner.sees("people now?");
  });

  test("takes no part that does not fit, and stays as it was", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees("who should receive it?");
    await sendsPart(owner, parts, { document: true });
    await owner.sees("could not be added");
    await owner.taps("Continue");
    await owner.sees("· draft");
    expect(captions(owner.holds)).toEqual(["Photo 1", "Photo 2"]);
  });

  test("grows in the version that it is", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await composes(owner, "In any language.");
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps(/^Add a version for/);
    await owner.sees("should see it");
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees("Album: 2 parts");
    await owner.sees("· draft");
    await sendsPart(owner, parts, { photo: true, caption: "Photo 3" });
    await owner.sees("The album has 3 parts now.");
    await until(() => captions(owner.holds).slice(-3).join() === "Photo 1,Photo 2,Photo 3");
    expect(owner.holds.filter(({ text }) => text === "In any language.").length).toBeGreaterThan(1);
  });

  test("joins the draft that was left, also from within another dialog", async () => {
    const { owner, database, herald } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees("who should receive it?");
    await owner.sends("/cancel");
    await owner.sees("Cancelled.");
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("the album of draft #1 has 3 parts now. /campaign 1 opens it.");
    await begins(owner);
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("the album of draft #1 has 4 parts now.");
    await owner.sends("A text for the other one.");
    await owner.sees("Campaign #2: who should receive it?");
    await herald.stop();
    const [draft] = await within(database, (scope) =>
      scope.db.select().from(campaigns).orderBy(campaigns.id),
    );
    expect(draft?.content).toMatchObject({ kind: "album", parts: [{}, {}, {}, {}] });
  });

  test("that has gone out does not go again for a part that comes too late", async () => {
    const { telegram, owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees("who should receive it?");
    await finishes(owner);
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("This part came too late: campaign #1 is going out, or has gone out, without it.");
    await begins(owner);
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("This part came too late");
    expect(telegram.messages(FIRST)).toHaveLength(2);
  });

  test("that another post has replaced is no post of its own", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    await owner.taps("Edit post");
    await owner.sees("new post");
    await owner.sends("In any language.");
    await owner.sees("Post: text");
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps(/^Add a version for/);
    await owner.sees("should see it");
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("This is one more part of an album that is no longer used. I ignored it.");
    await owner.sends("На русском.");
    await owner.sees("Versions:");
  });

  test("that is sent outside of a dialog is answered once", async () => {
    const { owner } = await scene(1);
    await owner.sendsAlbum(photos(3));
    await owner.sees("begin with /broadcast");
    await owner.sends("/cancel");
    await owner.sees("No dialog is open. To end");
    expect(said(owner, "begin with /broadcast")).toBe(1);
  });

  test("that was refused takes its later parts with it", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum([{ photo: true, caption: "x".repeat(5000) }, { photo: true }]);
    await owner.sees("3,976 characters too long");
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("I could not accept. Send the whole album again.");
    await owner.sends("A text instead.");
    await owner.sees("who should receive it?");
  });
});

describe("a post that is too long", () => {
  const long = `${"a".repeat(4000)} ${"b".repeat(1000)}`;

  test("is offered as two messages, and taken so when that is tapped", async () => {
    const { telegram, owner, database, herald } = await scene(2);
    await begins(owner);
    await owner.sends(long);
    await owner.sees("905 characters too long");
    expect(owner.buttons()).toEqual([["Split into two messages"]]);
    await herald.stop();
    await running(telegram, { database, messagesPerSecond: 100 });
    await owner.taps("Split into two messages");
    await owner.sees("who should receive it?");
    await finishes(owner);
    expect(telegram.messages(FIRST).map(({ text }) => text?.length)).toEqual([4000, 1000]);
  });

  test("is taken so when the label is typed; a caption goes below the photo", async () => {
    const { telegram, owner } = await scene(2);
    await begins(owner);
    await owner.sends({ photo: true, caption: "x".repeat(1030) });
    await owner.sees("6 characters too long");
    await owner.sends("text under the photo");
    await owner.sees("who should receive it?");
    await finishes(owner);
    const [photo, text] = telegram.messages(FIRST);
    expect(photo).toMatchObject({ photo: expect.anything() as unknown });
    expect(photo?.caption).toBeUndefined();
    expect(text?.text?.length).toBe(1030);
  });

  test.each([
    ["video", "Text in a message below"],
    ["document", "Text in a message below"],
  ])("%s: the button says what becomes of the caption", async (kind, label) => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sends({ [kind]: true, caption: "x".repeat(1030) });
    await owner.sees("6 characters too long");
    expect(owner.buttons()).toEqual([[label]]);
  });

  test("gives way to another one; its button says that it waits no longer", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sends(long);
    const offer = await owner.sees("too long");
    await owner.sends("Short.");
    await owner.sees("who should receive it?");
    expect(await owner.taps("Split into two messages", { on: offer })).toMatchObject({
      text: expect.stringContaining("This was already accepted") as string,
    });
    // The dialog is where it was.
    await owner.sends("continue");
    await owner.sees("Post: text, 6 characters");
  });

  test("takes the place of a draft's post, which keeps its buttons", async () => {
    const { owner } = await scene(1);
    await composes(owner, "Short.");
    await owner.taps("Buttons…");
    await owner.sends("Shop - https://example.com");
    await owner.sees("1 button");
    await owner.taps("Edit post");
    await owner.sees("Send me the new post");
    await owner.sends(long);
    await owner.sees("too long");
    await owner.taps("Split into two messages");
    await owner.sees("1 button");
    expect(owner.holds.findLast(({ text }) => text === "b".repeat(1000))?.reply_markup).toEqual({
      inline_keyboard: [[{ text: "Shop", url: "https://example.com" }]],
    });
  });

  test("and an album of it: a part that comes later joins the offer", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum([{ photo: true, caption: "x".repeat(1030) }, { photo: true }]);
    await owner.sees("6 characters too long");
    await sendsPart(owner, parts, { photo: true });
    await owner.sees("The album has 3 parts now.");
    await owner.taps("Text in a message below");
    await owner.sees("Album: 3 parts");
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    const preview = owner.holds.filter(({ from, photo }) => from?.is_bot && photo);
    expect(preview.length).toBe(3);
  });
});

describe("buttons of an album", () => {
  test("stand under a message below it; replaced by a text and back they stay", async () => {
    const { telegram, owner } = await scene(2);
    await composes(owner, "A text.");
    await owner.taps("Options…");
    await owner.taps("Silent");
    await owner.taps("Back");
    await owner.taps("Buttons…");
    await owner.sends("Shop - https://example.com");
    await owner.sees("1 button");
    await owner.taps("Edit post");
    await owner.sendsAlbum(photos(2));
    await owner.sees("Albums cannot carry buttons");
    expect(owner.buttons()).toEqual([["Without buttons", "Back"]]);
    await owner.sends({ photo: true });
    await owner.sees("The message below an album must be a text");
    const entities = [{ type: "bold" as const, offset: 0, length: 5 }];
    await owner.sends({ text: "Below it.", entities });
    await owner.sees("Options: silent");
    await owner.taps("Edit post");
    await owner.sends("A text again.");
    await owner.sees("Post: text, 13 characters, 1 button");
    expect(owner.holds.at(-2)).toMatchObject({
      text: "A text again.",
      reply_markup: expect.anything() as unknown,
    });
    await owner.taps("Edit post");
    await owner.sendsAlbum(photos(3));
    await owner.sees("Albums cannot carry buttons");
    await owner.sends({ text: "Below it.", entities });
    await owner.sees("Options: silent");
    await launches(owner);
    expect(telegram.messages(FIRST).length).toBe(4);
    expect(lastCopy(telegram)).toMatchObject({
      text: "Below it.",
      entities,
      reply_markup: { inline_keyboard: [[{ text: "Shop", url: "https://example.com" }]] },
    });
  });

  test("can be left out again, and the message below with them", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sendsAlbum(photos(2));
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    await owner.taps("Buttons…");
    await owner.sees("An album cannot carry buttons. They go under a message below it");
    await owner.sends("Shop - https://example.com");
    await owner.sees("Albums cannot carry buttons");
    await owner.taps("Without buttons");
    await owner.sees("· draft");
    await owner.taps("Buttons…");
    await owner.sends("Shop - https://example.com");
    await owner.sees("Albums cannot carry buttons");
    await owner.sends("Below it.");
    await owner.sees("1 button");
    await owner.taps("Buttons…");
    await owner.taps("Text below…");
    await owner.sees("Send me the new text");
    await owner.sends("Another text below it.");
    await owner.sees("1 button");
    expect(owner.holds.at(-2)?.text).toBe("Another text below it.");
    await owner.taps("Buttons…");
    await owner.taps("Remove all");
    await owner.sees("The message below the album stays");
    await owner.taps("Keep it");
    await owner.sees("· draft");
    expect(owner.holds.at(-2)).toMatchObject({ text: "Another text below it." });
    await owner.taps("Buttons…");
    await owner.taps("Remove the message below");
    await owner.sees("· draft");
    expect(owner.holds.at(-2)).toMatchObject({ caption: "Photo 2" });
  });
});

describe("buttons of versions", () => {
  test("stand below an album, also those that it has from the default version", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await composes(owner, "Default.");
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps(/^Add a version for English/);
    await owner.sees("should see it");
    await owner.sendsAlbum(photos(2));
    await owner.sees("· draft");
    await owner.taps("Buttons…");
    await owner.taps("Default");
    await owner.sees("Version: Default");
    await owner.sends("Shop - https://example.com");
    const asked = await owner.sees("Albums cannot carry buttons");
    expect(asked.text).toContain("Version: English");
    await owner.sends("Below it.");
    await owner.sees("· draft");
    await launches(owner);
    expect(lastCopy(telegram)?.reply_markup).toEqual({
      inline_keyboard: [[{ text: "Shop", url: "https://example.com" }]],
    });
    expect(telegram.messages(FIRST).length).toBe(3);
    expect(telegram.messages(FIRST + 1000).at(-1)?.text).toBe("Default.");
  });

  test("are those of the default version until a version gets its own", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await composes(owner, "Default.");
    await owner.taps("Buttons…");
    await owner.sends("Shop - https://example.com");
    await owner.sees("1 button");
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps(/^Add a version for English/);
    await owner.sees("should see it");
    await owner.sends("In English.");
    await owner.sees("· draft");
    await owner.taps("Buttons…");
    await owner.sees("Buttons for which version?");
    expect(owner.buttons()).toEqual([["Default"], ["English"], ["Back"]]);
    await owner.sends("english");
    const asked = await owner.sees("Version: English");
    expect(asked.text).toContain("This version has the buttons of the default one.");
    expect(asked.text).toContain("Shop - https://example.com");
    await owner.sends("News - https://example.com/news");
    await owner.sees("· draft");
    const labels = () =>
      ["Default.", "In English."].map(
        (text) =>
          owner.holds.findLast((message) => message.from?.is_bot && message.text === text)?.reply_markup
            ?.inline_keyboard[0]?.[0]?.text,
      );
    expect(labels()).toEqual(["Shop", "News"]);
    await owner.taps("Buttons…");
    await owner.taps("English");
    await owner.taps("As the default version");
    await owner.sees("· draft");
    expect(labels()).toEqual(["Shop", "Shop"]);
    await owner.taps("Buttons…");
    await owner.taps("English");
    await owner.taps("Remove all");
    await owner.sees("· draft");
    expect(labels()).toEqual(["Shop", undefined]);
  });
});

describe("a new draft", () => {
  test("has the options that are set for all new posts, and the effect of its message", async () => {
    const { telegram, owner, database, herald } = await scene(1);
    await herald.stop();
    await within(database, ({ db }) =>
      saveSettings(homeScope(db, BOT_ID), OWNER, { options: { silent: true } }),
    );
    await running(telegram, { database, messagesPerSecond: 100 });
    await begins(owner);
    await owner.sends("With an effect.", { effect_id: "5046509860389126442" });
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    expect((await owner.sees("· draft")).text).toMatch(/Options: silent, .*🎉/);
    await launches(owner);
    expect(lastCopy(telegram)?.effect_id).toBe("5046509860389126442");
  });

  test("of a live location and of a closed poll says what is sent instead", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sends({ location: { latitude: 1, longitude: 2, live_period: 600 } });
    await owner.sees("A live location is sent as a fixed point: it will not move.");
    await owner.sees("who should receive it?");
    await begins(owner);
    await owner.sends({ poll: { is_closed: true } });
    await owner.sees("This poll is closed; people will be able to vote in the copy.");
  });
});

test.each<[string, PostFields]>([
  ["a text", { text: "Sent without a dialog." }],
  ["a photo", { photo: true }],
  ["a poll", { poll: true }],
  ["a place", { location: true }],
  ["a contact", { contact: true }],
  ["a dice", { dice: true }],
])("%s outside of a dialog is answered", async (_, post) => {
  const { owner } = await scene(1);
  await owner.sends(post);
  await owner.sees("begin with /broadcast");
});
