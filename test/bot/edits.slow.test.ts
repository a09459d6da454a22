import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { composes, until } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { FIRST, scene, shows } from "../support/scene.ts";

const DAY_MS = 86_400_000;

async function begins(owner: Person): Promise<void> {
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
}

/** From the review to the report. */
async function launches(owner: Person, id = 1): Promise<void> {
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await shows(owner, /finished/, id);
}

const wordsOf = ({ text, caption }: Message) => text ?? caption ?? "";

/** What the bot wrote, in order. */
function said(owner: Person, words: string): number {
  return owner.holds.filter((message) => message.from?.is_bot && wordsOf(message).includes(words)).length;
}

/** The review is the last thing in the chat, and below the edited post. */
function redrawn(owner: Person, words: string): Promise<void> {
  return until(() => {
    const { holds } = owner;
    const card = holds.at(-1);
    const isCard = /^Campaign #1 · (draft|change)/.test(card?.text ?? "") && card?.reply_markup !== undefined;
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
    await owner.sees("who should receive it?");
    await owner.edits(post, "Sale on Friday");
    await owner.sees("Your edit is in the draft.");
    await owner.taps("Continue");
    await owner.sees("· draft");
    expect(said(owner, "Sale on Fridya")).toBe(0);
    await owner.edits(post, "Sale on Saturday");
    await redrawn(owner, "Sale on Saturday");
    await launches(owner);
    expect(got(telegram)).toEqual(["Sale on Saturday"]);
  });

  test("is no answer to what is asked, and the question stays open", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, "Tomorrow at 10:00 it begins");
    await owner.taps("Buttons…");
    await owner.sees("one row a line");
    await owner.edits(post, "Shop - https://example.com");
    await redrawn(owner, "Shop - https://example.com");
    expect(said(owner, "The buttons could not")).toBe(0);
    await owner.sends("News - https://example.com/news");
    await owner.sees("1 button");
    await owner.taps("Schedule…");
    await owner.sees(/When should|time zone/);
    await owner.edits(post, "Tomorrow at 11:00");
    await redrawn(owner, "Tomorrow at 11:00");
    expect(owner.holds.at(-1)?.text).toContain("When: now");
    await owner.taps("Send now");
    await owner.taps(/^Yes, send to/);
    await shows(owner, /finished/);
    expect(telegram.messages(FIRST)).toMatchObject([
      { text: "Tomorrow at 11:00", reply_markup: { inline_keyboard: [[{ text: "News" }]] } },
    ]);
  });

  test("while the sending is confirmed has to be looked at and confirmed again", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, "First");
    await owner.taps("Send now");
    const question = await owner.sees("Send campaign #1");
    await owner.edits(post, "Second");
    await redrawn(owner, "Second");
    await owner.taps(/^Yes, send to/, { on: question }).catch(() => undefined);
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
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    await owner.taps("Buttons…");
    await owner.sees("one row a line");
    await owner.sends("Shop - https://example.com");
    await owner.sees("right below the album");
    const below = await owner.sends("Belwo");
    await owner.sees("Campaign #1 · draft");
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
    await owner.taps("Versions…");
    await owner.sees("Versions of campaign #1");
    await owner.taps(/^Add a version for Deutsch/);
    await owner.sees("should see it");
    const version = await owner.sends("Hallo Wlet");
    await owner.sees("Campaign #1 · draft");
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
    await owner.sees(
      "Your edit cannot be sent, so draft #1 keeps the post as it was. This caption is 6 characters too long",
    );
    await launches(owner);
    expect(got(telegram)).toEqual(["Short"]);
  });

  test("makes a post of a message that was too long", async () => {
    const { owner } = await scene(1);
    await begins(owner);
    const long = await owner.sends({ photo: true, caption: "x".repeat(1_030) });
    await owner.sees("6 characters too long");
    await owner.edits(long, "Short");
    await owner.sees("Campaign #1: who should receive it?");
  });

  test("reaches a draft that was left", async () => {
    const { owner } = await scene(1);
    const post = await composesMessage(owner, "Left behind");
    await owner.sends("/cancel");
    await owner.sees("Cancelled.");
    await owner.edits(post, "Not forgotten");
    await owner.sees("Your edit is in draft #1. /campaign 1 opens it.");
    await owner.sends("/campaign 1");
    await owner.sees("Not forgotten");
  });
});

test("edits of other messages are met with silence", async () => {
  const { owner } = await scene(1);
  const hello = await owner.sends("Hello");
  await owner.sees("begin with /broadcast");
  const before = owner.holds.length;
  await owner.edits(hello, "Hello again");
  await composes(owner, "A post");
  const asked = await owner.sends("/help");
  await owner.sees("What I can do");
  await owner.edits(asked, "/help again");
  await owner.edits(hello, "Hello for the third time");
  await owner.sends("Send test to me");
  await owner.sees("Campaign #1 · draft");
  expect(owner.holds.slice(before).filter((message) => /your edit/i.test(message.text ?? ""))).toEqual([]);
});

describe("an edit after the confirmation", () => {
  test("of a scheduled campaign is offered, and taken over as a change that is saved whole", async () => {
    const clock = movableClock();
    const { telegram, owner } = await scene(1, { clock });
    const post = await composesMessage(owner, "Old words");
    await owner.taps("Schedule…");
    await owner.taps("London");
    await owner.sends("in 2 days");
    await owner.sees("When: ");
    await owner.taps(/^Schedule for/);
    await owner.taps(/^Yes, /);
    await shows(owner, /scheduled/);
    await owner.edits(post, "New words");
    const offer = await owner.sees("Your edit does not count yet: campaign #1 goes out as you confirmed it.");
    expect(offer.reply_to_message?.message_id).toBe(post.message_id);
    // What is taken over is the message as it is at the tap.
    await owner.edits(post, "Newest words");
    await owner.sees("does not count yet");
    await owner.taps("Take the edit over…");
    await owner.sees("Campaign #1 · change");
    expect(said(owner, "Newest words")).toBe(1);
    await owner.taps("Save changes");
    await shows(owner, /scheduled/);
    clock.advance(2 * DAY_MS);
    await shows(owner, /finished/);
    expect(got(telegram)).toEqual(["Newest words"]);
  });

  test("of a running campaign is taken over for those who have not received it", async () => {
    const { telegram, owner } = await scene(60, { rate: 20 });
    const post = await composesMessage(owner, "Old words");
    await owner.taps("Send now");
    await owner.taps(/^Yes, send to/);
    await until(() => telegram.messages(FIRST).length > 0);
    await owner.edits(post, "New words");
    await owner.sees("campaign #1 is being sent as you confirmed it");
    await owner.taps("Pause and take the edit over…");
    await owner.sees("Campaign #1 · change");
    await owner.taps("Save changes");
    await shows(owner, /paused/);
    await owner.taps("Resume");
    await shows(owner, /finished/);
    const all = telegram.counts(({ text }) => text?.endsWith("words") ?? false);
    expect([...all].filter(([chat, count]) => chat >= FIRST && count !== 1)).toEqual([]);
    expect(got(telegram)).toEqual(["Old words"]);
    expect(telegram.messages(FIRST + 59).map(wordsOf)).toEqual(["New words"]);
  });

  test("that cannot be sent by the time it is taken over pauses nothing", async () => {
    const { telegram, owner } = await scene(60, { rate: 20 });
    const post = await composesMessage(owner, "Old words");
    await owner.taps("Send now");
    await owner.taps(/^Yes, send to/);
    await until(() => telegram.messages(FIRST).length > 0);
    await owner.edits(post, "New words");
    await owner.sees("campaign #1 is being sent as you confirmed it");
    await owner.edits(post, "Too long. ".repeat(500));
    await owner.sees("Your edit cannot be sent");
    expect((await owner.taps("Pause and take the edit over…")).text).toContain("characters too long");
    await shows(owner, /finished/);
    expect(owner.holds.filter(({ text }) => /· paused/.test(text ?? ""))).toEqual([]);
    expect(got(telegram)).toEqual(["Old words"]);
  });

  test("of a finished campaign is offered as a new draft", async () => {
    const { telegram, owner } = await scene(1);
    const post = await composesMessage(owner, "Old words");
    await launches(owner);
    await owner.edits(post, "New words");
    await owner.sees("campaign #1 is over, and messages already sent stay as they are");
    await owner.taps("New draft with the edit…");
    await owner.sees("Campaign #2 · draft");
    await launches(owner, 2);
    expect(got(telegram)).toEqual(["Old words", "New words"]);
  });

  test("that was deleted since is not taken over, and nothing is paused for it", async () => {
    const { owner } = await scene(1);
    const post = await composesMessage(owner, "Old words");
    await launches(owner);
    await owner.edits(post, "New words");
    await owner.sees("campaign #1 is over");
    await owner.deletes(post);
    expect((await owner.taps("New draft with the edit…")).text).toContain("the message was deleted");
  });

  test("of a message that is forwarded is told to count at once", async () => {
    const { telegram, owner } = await scene(40, { rate: 20 });
    const post = await composesMessage(owner, "Old words");
    await owner.taps("Options…");
    await owner.taps("Forward");
    await owner.taps("Back");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Send now");
    await owner.taps(/^Yes, send to/);
    await until(() => telegram.messages(FIRST).length > 0);
    await owner.edits(post, "New words");
    await owner.sees("whoever receives it from now on gets your edit");
    await shows(owner, /finished/);
    expect(telegram.messages(FIRST + 39).map(wordsOf)).toEqual(["New words"]);
  });
});

/** From /broadcast to the review card; resolves with the admin's message. */
async function composesMessage(owner: Person, post: Parameters<Person["sends"]>[0]): Promise<Message> {
  await begins(owner);
  const message = await owner.sends(post);
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  await owner.sees("· draft");
  return message;
}
