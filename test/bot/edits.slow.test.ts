import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { composes, until } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { FIRST, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const DAY_MS = 86_400_000;

async function begins(owner: Person): Promise<void> {
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
}

/** From the review to the report. */
async function launches(owner: Person, id = 1): Promise<void> {
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"), id);
}

const wordsOf = ({ text, caption }: Message) => text ?? caption ?? "";

/** What the bot wrote, in order. */
function said(owner: Person, words: string | RegExp): number {
  const has = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
  return owner.holds.filter((message) => message.from?.is_bot && has(wordsOf(message))).length;
}

/** The review is the last thing in the chat, and below the edited post. */
function redrawn(owner: Person, words: string | RegExp): Promise<void> {
  return until(() => {
    const { holds } = owner;
    const card = holds.at(-1);
    const isCard =
      [en("review-title", { id: 1 }), en("change-title", { id: 1 })].some((title) =>
        card?.text?.startsWith(title),
      ) && card?.reply_markup !== undefined;
    return isCard && said(owner, words) > 0;
  });
}

function got(telegram: { messages(chat: number): Message[] }): string[] {
  return telegram.messages(FIRST).map(wordsOf);
}

describe("an edit before the confirmation", () => {
  test("is what people get, whichever step the dialog is in", async () => {
    const { telegram, owner } = await scene(1);
    await begins(owner);
    const post = await owner.sends("Sale on Fridya");
    await owner.sees(en.like("audience-ask"));
    await owner.edits(post, "Sale on Friday");
    await owner.sees(en("edit-taken"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    expect(said(owner, "Sale on Fridya")).toBe(0);
    await owner.edits(post, "Sale on Saturday");
    await redrawn(owner, "Sale on Saturday");
    await launches(owner);
    expect(got(telegram)).toEqual(["Sale on Saturday"]);
  });

  test("is no answer to what is asked, and the question stays open", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, "Tomorrow at 10:00 it begins");
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-ask"));
    await owner.edits(post, "Shop - https://example.com");
    await redrawn(owner, "Shop - https://example.com");
    expect(said(owner, "The buttons could not")).toBe(0);
    await owner.sends("News - https://example.com/news");
    await owner.sees(en.like("post-summary", { buttons: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sees(/When should|time zone/);
    await owner.edits(post, "Tomorrow at 11:00");
    await redrawn(owner, "Tomorrow at 11:00");
    expect(owner.holds.at(-1)?.text).toContain(en("plan-when", { time: en("plan-now") }));
    await owner.taps(en("button-send-now"));
    await owner.taps(en.opens("button-yes-send"));
    await shows(owner, inState("finished"));
    expect(telegram.messages(FIRST)).toMatchObject([
      { text: "Tomorrow at 11:00", reply_markup: { inline_keyboard: [[{ text: "News" }]] } },
    ]);
  });

  test("while the sending is confirmed has to be looked at and confirmed again", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, "First");
    await owner.taps(en("button-send-now"));
    const question = await owner.sees(en.like("confirm-ask", { id: 1 }));
    await owner.edits(post, "Second");
    await redrawn(owner, "Second");
    await owner.taps(en.opens("button-yes-send"), { on: question }).catch(() => undefined);
    expect(telegram.messages(FIRST)).toEqual([]);
    await launches(owner);
    expect(got(telegram)).toEqual(["Second"]);
  });

  test("reaches captions, files, parts of albums and the text below one", async () => {
    const { telegram, owner } = await scene(1);
    await begins(owner);
    const [first, second] = await owner.sendsAlbum([
      { photo: true, caption: "One" },
      { photo: true, caption: "Two" },
    ]);
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-buttons"));
    await owner.sees(en("buttons-ask"));
    await owner.sends("Shop - https://example.com");
    await owner.sees(en("below-ask"));
    const below = await owner.sends("Belwo");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.edits(second!, { video: true, caption: "Zwei" });
    await redrawn(owner, "Zwei");
    await owner.edits(first!, "Eins");
    await redrawn(owner, "Eins");
    await owner.edits(below, "Below");
    await redrawn(owner, "Below");
    await launches(owner);
    expect(got(telegram)).toEqual(["Eins", "Zwei", "Below"]);
    expect(telegram.messages(FIRST)[1]).toHaveProperty("video");
  });

  test("reaches the version that the message is", async () => {
    const { telegram, owner } = await scene(1);
    const german = telegram.person({ id: FIRST + 500, firstName: "G", languageCode: "de" });
    await german.sends("/start");
    await until(() => german.holds.length > 1);
    await composes(owner, "Hello");
    await owner.taps(en("button-versions"));
    await owner.sees(en.like("versions-ask", { id: 1 }));
    await owner.taps(en.opens("button-add-version", { language: "Deutsch" }));
    await owner.sees(en.like("post-version"));
    const version = await owner.sends("Hallo Wlet");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.edits(version, "Hallo Welt");
    await redrawn(owner, "Hallo Welt");
    await launches(owner);
    expect(got(telegram)).toEqual(["Hello"]);
    expect(german.holds.at(-1)?.text).toBe("Hallo Welt");
  });

  test("that cannot be sent leaves the draft as it was, and says why", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, { photo: true, caption: "Short" });
    await owner.edits(post, "x".repeat(1_030));
    await owner.sees(en("edit-refused", { id: 1, reason: "This caption is 6 characters too long" }));
    await launches(owner);
    expect(got(telegram)).toEqual(["Short"]);
  });

  test("makes a post of a message that was too long", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const long = await owner.sends({ photo: true, caption: "x".repeat(1_030) });
    await owner.sees(en.like("refused-caption-too-long", { over: 6 }));
    await owner.edits(long, "Short");
    await owner.sees(en.like("audience-ask", { id: 1 }));
  });

  test("reaches a draft that was left", async () => {
    const { owner } = await scene(1);
    const post = await composesMessage(owner, "Left behind");
    await owner.sends("/cancel");
    await owner.sees(en("dialog-left"));
    await owner.edits(post, "Not forgotten");
    await owner.sees(en("edit-taken-draft", { id: 1, draft: 1 }));
    await owner.sends("/campaign 1");
    await owner.sees("Not forgotten");
  });
});

test("edits of other messages are met with silence", async () => {
  const { owner } = await scene(1);
  const hello = await owner.sends("Hello");
  await owner.sees(en("outside-dialog"));
  const before = owner.holds.length;
  await owner.edits(hello, "Hello again");
  await composes(owner, "A post");
  const asked = await owner.sends("/help");
  await owner.sees(en("help-admin"));
  await owner.edits(asked, "/help again");
  await owner.edits(hello, "Hello for the third time");
  await owner.sends("Send test to me");
  await owner.sees(en("review-title", { id: 1 }));
  expect(owner.holds.slice(before).filter((message) => /your edit/i.test(message.text ?? ""))).toEqual([]);
});

describe("an edit after the confirmation", () => {
  test("of a scheduled campaign is offered, and taken over as a change that is saved whole", async () => {
    const clock = movableClock();
    const { telegram, owner } = await scene(1, { clock });
    const post = await composesMessage(owner, "Old words");
    await owner.taps(en("button-schedule"));
    await owner.taps("London");
    await owner.sends("in 2 days");
    await owner.sees(en.like("plan-when"));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.taps(en.opens("button-yes-schedule"));
    await shows(owner, inState("scheduled"));
    await owner.edits(post, "New words");
    const offer = await owner.sees(en.like("edit-offer-scheduled", { id: 1 }));
    expect(offer.reply_to_message?.message_id).toBe(post.message_id);
    // What is taken over is the message as it is at the tap.
    await owner.edits(post, "Newest words");
    await owner.sees(en.like("edit-offer-scheduled"));
    await owner.taps(en("button-take-edit"));
    await owner.sees(en("change-title", { id: 1 }));
    expect(said(owner, "Newest words")).toBe(1);
    await owner.taps(en("button-save"));
    await shows(owner, inState("scheduled"));
    clock.advance(2 * DAY_MS);
    await shows(owner, inState("finished"));
    expect(got(telegram)).toEqual(["Newest words"]);
  });

  test("of a running campaign is taken over for those who have not received it", async () => {
    const { telegram, owner } = await scene(60, { rate: 20 });
    const post = await composesMessage(owner, "Old words");
    await owner.taps(en("button-send-now"));
    await owner.taps(en.opens("button-yes-send"));
    await until(() => telegram.messages(FIRST).length > 0);
    await owner.edits(post, "New words");
    await owner.sees(en.like("edit-offer-running", { id: 1 }));
    await owner.taps(en("button-pause-take-edit"));
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-save"));
    await shows(owner, inState("paused"));
    await owner.taps(en("button-resume"));
    await shows(owner, inState("finished"));
    const all = telegram.counts(({ text }) => text?.endsWith("words") ?? false);
    expect([...all].filter(([chat, count]) => chat >= FIRST && count !== 1)).toEqual([]);
    expect(got(telegram)).toEqual(["Old words"]);
    expect(telegram.messages(FIRST + 59).map(wordsOf)).toEqual(["New words"]);
  });

  test("that cannot be sent by the time it is taken over pauses nothing", async () => {
    const { telegram, owner } = await scene(60, { rate: 20 });
    const post = await composesMessage(owner, "Old words");
    await owner.taps(en("button-send-now"));
    await owner.taps(en.opens("button-yes-send"));
    await until(() => telegram.messages(FIRST).length > 0);
    await owner.edits(post, "New words");
    await owner.sees(en.like("edit-offer-running", { id: 1 }));
    await owner.edits(post, "Too long. ".repeat(500));
    await owner.sees(en.like("edit-refused-campaign"));
    expect((await owner.taps(en("button-pause-take-edit"))).text).toMatch(en.like("refused-text-too-long"));
    await shows(owner, inState("finished"));
    expect(owner.holds.filter(({ text }) => inState("paused").test(text ?? ""))).toEqual([]);
    expect(got(telegram)).toEqual(["Old words"]);
  });

  test("of a finished campaign is offered as a new draft", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, "Old words");
    await launches(owner);
    await owner.edits(post, "New words");
    await owner.sees(en.like("edit-offer-over", { id: 1 }));
    await owner.taps(en("button-edit-anew"));
    await owner.sees(en("review-title", { id: 2 }));
    await launches(owner, 2);
    expect(got(telegram)).toEqual(["Old words", "New words"]);
  });

  test("that was deleted since is not taken over, and nothing is paused for it", async () => {
    const { owner } = await scene(1);
    const post = await composesMessage(owner, "Old words");
    await launches(owner);
    await owner.edits(post, "New words");
    await owner.sees(en.like("edit-offer-over", { id: 1 }));
    await owner.deletes(post);
    expect((await owner.taps(en("button-edit-anew"))).text).toContain(en("edit-gone"));
  });

  test("of a message that is forwarded is told to count at once", async () => {
    const { telegram, owner } = await scene(40, { rate: 20 });
    const post = await composesMessage(owner, "Old words");
    await owner.taps(en("button-options"));
    await owner.taps(en("option-forward"));
    await owner.taps(en("button-back"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-send-now"));
    await owner.taps(en.opens("button-yes-send"));
    await until(() => telegram.messages(FIRST).length > 0);
    await owner.edits(post, "New words");
    await owner.sees(en.like("edit-live"));
    await shows(owner, inState("finished"));
    expect(telegram.messages(FIRST + 39).map(wordsOf)).toEqual(["New words"]);
  });
});

/** From /broadcast to the review card; resolves with the admin's message. */
async function composesMessage(owner: Person, post: Parameters<Person["sends"]>[0]): Promise<Message> {
  await begins(owner);
  const message = await owner.sends(post);
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  return message;
}
