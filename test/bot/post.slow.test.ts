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
import { en, inState } from "../support/words.ts";

/** Longer than the bot waits for a part of an album. */
const APART_MS = 1_500;

const photos = (count: number): PostFields[] =>
  Array.from({ length: count }, (_, index) => ({ photo: true, caption: `Photo ${index + 1}` }));

async function begins(owner: Person): Promise<void> {
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
}

/** From the audience step to the report. */
async function finishes(owner: Person): Promise<void> {
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  await launches(owner);
}

async function launches(owner: Person): Promise<void> {
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 15_000);
}

/** One more person comes to the bot, in another language than the people of the scene. */
async function joins(telegram: Telegram, languageCode: string): Promise<void> {
  const person = telegram.person({ id: FIRST + 1000, firstName: "P", languageCode });
  await person.sends("/start");
  await until(() => person.holds.length > 1);
}

function said(owner: Person, words: string | RegExp): number {
  const has = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
  return owner.holds.filter(({ text = "" }) => has(text)).length;
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
    await owner.sees(en("album-parts", { count: 4 }));
    await owner.sees(en.like("audience-ask"));
    expect(said(owner, en.like("album-parts"))).toBe(1);
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
    await owner.sees(en("review-title", { id: 1 }));
    expect(said(owner, en.like("album-parts", { count: 3 }))).toBe(1);
    expect(captions(owner.holds)).toEqual(["Photo 1", "Photo 2", "Photo 3"]);
  });

  test("that arrives slowly is not cut in two: later parts join it, whatever is asked for", async () => {
    const { telegram, owner, database, herald } = await scene(2);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(3), { apart: APART_MS });
    await owner.sees(en("album-has", { count: 3 }));
    // In the audience step nothing is shown anew.
    expect(said(owner, en.like("album-parts", { count: 1 }))).toBe(1);
    expect(said(owner, "· draft")).toBe(0);
    await owner.taps(en("audience-continue"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-ask"));
    // A caption is no buttons that were typed, and what was asked stays open.
    await sendsPart(owner, parts, { photo: true, caption: "Shop - https://example.com" });
    await owner.sees(en("album-has", { count: 4 }));
    await owner.sees(en("review-title", { id: 1 }));
    expect(captions(owner.holds).slice(-4)).toEqual([
      "Photo 1",
      "Photo 2",
      "Photo 3",
      "Shop - https://example.com",
    ]);
    expect(said(owner, en("audience-typed"))).toBe(0);
    expect(said(owner, en("buttons-ask"))).toBe(1);
    await owner.sends("News - https://example.com");
    await owner.sees(en("below-ask"));
    await owner.sends("Below it.");
    await owner.sees(en("review-title", { id: 1 }));
    const live = () => owner.holds.filter((one) => one.text?.includes("#1 · draft") && one.reply_markup);
    await until(() => live().length === 1);
    await herald.stop();
    await running(telegram, { database, messagesPerSecond: 100 });
    await sendsPart(owner, parts, { video: true, caption: "Video 5" });
    await owner.sees(en("album-has", { count: 5 }));
    await owner.sees(en("review-title", { id: 1 }));
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
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask"));
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en("album-has", { count: 3 }));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.sends("Send now");
    await owner.sees(en.like("confirm-ask"));
  });

  test("takes no part that does not fit, and stays as it was", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees(en.like("audience-ask"));
    await sendsPart(owner, parts, { document: true });
    await owner.sees(en("album-cannot-join"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    expect(captions(owner.holds)).toEqual(["Photo 1", "Photo 2"]);
  });

  test("grows in the version that it is", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await composes(owner, "In any language.");
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en.opens("button-add-version"));
    await owner.sees(en.like("post-version"));
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees(en.like("album-parts", { count: 2 }));
    await owner.sees(en.like("review-title"));
    await sendsPart(owner, parts, { photo: true, caption: "Photo 3" });
    await owner.sees(en("album-has", { count: 3 }));
    await until(() => captions(owner.holds).slice(-3).join() === "Photo 1,Photo 2,Photo 3");
    expect(owner.holds.filter(({ text }) => text === "In any language.").length).toBeGreaterThan(1);
  });

  test("joins the draft that was left, also from within another dialog", async () => {
    const { owner, database, herald } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees(en.like("audience-ask"));
    await owner.sends("/cancel");
    await owner.sees(en("dialog-left"));
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en.like("album-of-draft-has", { id: 1, count: 3 }));
    await begins(owner);
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en.like("album-of-draft-has", { id: 1, count: 4 }));
    await owner.sends("A text for the other one.");
    await owner.sees(en.like("audience-ask", { id: 2 }));
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
    await owner.sees(en.like("audience-ask"));
    await finishes(owner);
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en.like("album-too-late", { id: 1 }));
    await begins(owner);
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en.like("album-too-late"));
    expect(telegram.messages(FIRST)).toHaveLength(2);
  });

  test("that another post has replaced is no post of its own", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await begins(owner);
    const parts = await owner.sendsAlbum(photos(2));
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-edit-post"));
    await owner.sees(en("post-replace"));
    await owner.sends("In any language.");
    await owner.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 0, buttons: 0 }) }),
    );
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en.opens("button-add-version"));
    await owner.sees(en.like("post-version"));
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en("album-not-waiting"));
    await owner.sends("На русском.");
    await owner.sees(en.like("review-versions"));
  });

  test("that is sent outside of a dialog is answered once", async () => {
    const { owner } = await scene(1);
    await owner.sendsAlbum(photos(3));
    await owner.sees(en("outside-dialog"));
    await owner.sends("/cancel");
    await owner.sees(en("dialog-none"));
    expect(said(owner, en("outside-dialog"))).toBe(1);
  });

  test("that was refused takes its later parts with it", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum([{ photo: true, caption: "x".repeat(5000) }, { photo: true }]);
    await owner.sees(en.like("refused-caption-too-long", { over: 3976 }));
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en("album-refused-part"));
    await owner.sends("A text instead.");
    await owner.sees(en.like("audience-ask"));
  });
});

describe("a post that is too long", () => {
  const long = `${"a".repeat(4000)} ${"b".repeat(1000)}`;

  test("is offered as two messages, and taken so when that is tapped", async () => {
    const { telegram, owner, database, herald } = await scene(2);
    await begins(owner);
    await owner.sends(long);
    await owner.sees(en.like("refused-text-too-long", { over: 905 }));
    expect(owner.buttons()).toEqual([[en("button-split")]]);
    await herald.stop();
    await running(telegram, { database, messagesPerSecond: 100 });
    await owner.taps(en("button-split"));
    await owner.sees(en.like("audience-ask"));
    await finishes(owner);
    expect(telegram.messages(FIRST).map(({ text }) => text?.length)).toEqual([4000, 1000]);
  });

  test("is taken so when the label is typed; a caption goes below the photo", async () => {
    const { telegram, owner } = await scene(2);
    await begins(owner);
    await owner.sends({ photo: true, caption: "x".repeat(1030) });
    await owner.sees(en.like("refused-caption-too-long", { over: 6 }));
    await owner.sends("text under the photo");
    await owner.sees(en.like("audience-ask"));
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
    await owner.sees(en.like("refused-caption-too-long", { over: 6 }));
    expect(owner.buttons()).toEqual([[label]]);
  });

  test("gives way to another one; its button says that it waits no longer", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sends(long);
    const offer = await owner.sees(en.like("refused-text-too-long"));
    await owner.sends("Short.");
    await owner.sees(en.like("audience-ask"));
    expect(await owner.taps(en("button-split"), { on: offer })).toMatchObject({
      text: expect.stringContaining(en("offer-gone")) as string,
    });
    // The dialog is where it was.
    await owner.sends("continue");
    await owner.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 6, buttons: 0 }) }),
    );
  });

  test("takes the place of a draft's post, which keeps its buttons", async () => {
    const { owner } = await scene(1);
    await composes(owner, "Short.");
    await owner.taps(en("button-buttons"));
    await owner.sends("Shop - https://example.com");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    await owner.taps(en("button-edit-post"));
    await owner.sees(en("post-replace"));
    await owner.sends(long);
    await owner.sees(en.like("refused-text-too-long"));
    await owner.taps(en("button-split"));
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    expect(owner.holds.findLast(({ text }) => text === "b".repeat(1000))?.reply_markup).toEqual({
      inline_keyboard: [[{ text: "Shop", url: "https://example.com" }]],
    });
  });

  test("and an album of it: a part that comes later joins the offer", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const parts = await owner.sendsAlbum([{ photo: true, caption: "x".repeat(1030) }, { photo: true }]);
    await owner.sees(en.like("refused-caption-too-long", { over: 6 }));
    await sendsPart(owner, parts, { photo: true });
    await owner.sees(en("album-has", { count: 3 }));
    await owner.taps(en("button-text-below"));
    await owner.sees(en.like("album-parts", { count: 3 }));
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    const preview = owner.holds.filter(({ from, photo }) => from?.is_bot && photo);
    expect(preview.length).toBe(3);
  });
});

describe("buttons of an album", () => {
  test("stand under a message below it; replaced by a text and back they stay", async () => {
    const { telegram, owner } = await scene(2);
    await composes(owner, "A text.");
    await owner.taps(en("button-options"));
    await owner.taps(en("option-silent"));
    await owner.taps(en("button-back"));
    await owner.taps(en("button-buttons"));
    await owner.sends("Shop - https://example.com");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    await owner.taps(en("button-edit-post"));
    await owner.sendsAlbum(photos(2));
    await owner.sees(en("below-ask"));
    expect(owner.buttons()).toEqual([[en("button-without-buttons"), en("button-back")]]);
    await owner.sends({ photo: true });
    await owner.sees(en("below-not-text"));
    const entities = [{ type: "bold" as const, offset: 0, length: 5 }];
    await owner.sends({ text: "Below it.", entities });
    await owner.sees(en("review-options", { options: en("option-is-silent") }));
    await owner.taps(en("button-edit-post"));
    await owner.sends("A text again.");
    await owner.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 13, buttons: 1 }) }),
    );
    expect(owner.holds.at(-2)).toMatchObject({
      text: "A text again.",
      reply_markup: expect.anything() as unknown,
    });
    await owner.taps(en("button-edit-post"));
    await owner.sendsAlbum(photos(3));
    await owner.sees(en("below-ask"));
    await owner.sends({ text: "Below it.", entities });
    await owner.sees(en("review-options", { options: en("option-is-silent") }));
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
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-album"));
    await owner.sends("Shop - https://example.com");
    await owner.sees(en("below-ask"));
    await owner.taps(en("button-without-buttons"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-buttons"));
    await owner.sends("Shop - https://example.com");
    await owner.sees(en("below-ask"));
    await owner.sends("Below it.");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    await owner.taps(en("button-buttons"));
    await owner.taps(en("button-below"));
    await owner.sees(en("below-replace"));
    await owner.sends("Another text below it.");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    expect(owner.holds.at(-2)?.text).toBe("Another text below it.");
    await owner.taps(en("button-buttons"));
    await owner.taps(en("button-remove-buttons"));
    await owner.sees(en("buttons-removed-below"));
    await owner.taps(en("button-keep-below"));
    await owner.sees(en.like("review-title"));
    expect(owner.holds.at(-2)).toMatchObject({ text: "Another text below it." });
    await owner.taps(en("button-buttons"));
    await owner.taps(en("button-remove-below"));
    await owner.sees(en.like("review-title"));
    expect(owner.holds.at(-2)).toMatchObject({ caption: "Photo 2" });
  });
});

describe("buttons of versions", () => {
  test("stand below an album, also those that it has from the default version", async () => {
    const { telegram, owner } = await scene(1);
    await joins(telegram, "ru");
    await composes(owner, "Default.");
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en.opens("button-add-version", { language: "English" }));
    await owner.sees(en.like("post-version"));
    await owner.sendsAlbum(photos(2));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-buttons"));
    await owner.taps(en("version-default"));
    await owner.sees(en("buttons-of", { version: en("version-default") }));
    await owner.sends("Shop - https://example.com");
    const asked = await owner.sees(en("below-ask"));
    expect(asked.text).toContain(en("buttons-of", { version: "English" }));
    await owner.sends("Below it.");
    await owner.sees(en.like("review-title"));
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
    await owner.taps(en("button-buttons"));
    await owner.sends("Shop - https://example.com");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en.opens("button-add-version", { language: "English" }));
    await owner.sees(en.like("post-version"));
    await owner.sends("In English.");
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-which"));
    expect(owner.buttons()).toEqual([[en("version-default")], ["English"], [en("button-back")]]);
    await owner.sends("english");
    const asked = await owner.sees(en("buttons-of", { version: "English" }));
    expect(asked.text).toContain(en("buttons-inherited"));
    expect(asked.text).toContain("Shop - https://example.com");
    await owner.sends("News - https://example.com/news");
    await owner.sees(en.like("review-title"));
    const labels = () =>
      ["Default.", "In English."].map(
        (text) =>
          owner.holds.findLast((message) => message.from?.is_bot && message.text === text)?.reply_markup
            ?.inline_keyboard[0]?.[0]?.text,
      );
    expect(labels()).toEqual(["Shop", "News"]);
    await owner.taps(en("button-buttons"));
    await owner.taps("English");
    await owner.taps(en("button-as-default"));
    await owner.sees(en.like("review-title"));
    expect(labels()).toEqual(["Shop", "Shop"]);
    await owner.taps(en("button-buttons"));
    await owner.taps("English");
    await owner.taps(en("button-remove-buttons"));
    await owner.sees(en.like("review-title"));
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
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    expect((await owner.sees(en.like("review-title"))).text).toMatch(/Options: silent, .*🎉/);
    await launches(owner);
    expect(lastCopy(telegram)?.effect_id).toBe("5046509860389126442");
  });

  test("of a live location and of a closed poll says what is sent instead", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    await owner.sends({ location: { latitude: 1, longitude: 2, live_period: 600 } });
    await owner.sees(en("note-live-location"));
    await owner.sees(en.like("audience-ask"));
    await begins(owner);
    await owner.sends({ poll: { is_closed: true } });
    await owner.sees(en("note-closed-poll"));
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
  await owner.sees(en("outside-dialog"));
});
