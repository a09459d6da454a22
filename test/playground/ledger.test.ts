import { Api, InputMediaBuilder } from "grammy";
import { expect, test } from "vitest";
import { tooManyRequests } from "../../playground/server/faults.ts";
import type { Ledger } from "../../playground/live/ledger.ts";
import type { Runner } from "../../playground/live/runner.ts";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { createFetch } from "../../src/telegram/fetch.ts";
import { apiFor, posterFor, refusalOf, telegramFor, TOKEN } from "./harness.ts";

const OWNER = 1;
const [ADA, BOB] = [100, 101];

const RUNNER: Runner = {
  status: { state: "running", kills: 0 },
  lines: [],
  act: () => Promise.resolve(),
};

interface Scene {
  telegram: Telegram;
  /** By the connection that Herald sends campaigns on. */
  sends: Api;
  /** By grammY's own client, as Herald answers. */
  answers: Api;
  ledger: Ledger;
  ada: Person;
}

async function scene(runner?: Runner): Promise<Scene> {
  const telegram = await telegramFor({ limits: "none" });
  telegram.person({ id: OWNER, started: true });
  telegram.people(2, { firstId: ADA });
  const { ledger } = telegram.tells({ owner: OWNER, ...(runner && { runner }) });
  const { apiRoot } = telegram;
  const sends = new Api(TOKEN, { apiRoot, timeoutSeconds: 5, fetch: createFetch(apiRoot, "broadcast") });
  return { telegram, sends, answers: apiFor(telegram), ledger, ada: telegram.person({ id: ADA }) };
}

/** What a case comes to. What is left out is 0. */
type Counts = Partial<Ledger["counts"]>;
type Case = [title: string, act: (scene: Scene) => Promise<unknown>, counts: Counts];

const NOTHING: Counts = { delivered: 0, refused: 0, duplicates: 0, tooMany: 0 };

const photo = (name: string) => InputMediaBuilder.photo(`https://example.org/${name}.jpg`);
const link = (text: string) => ({
  reply_markup: { inline_keyboard: [[{ text, url: "https://a.example" }]] },
});

const CASES: Case[] = [
  [
    "each chat that got a post counts once, the owner's like any other",
    async ({ sends, telegram }) => {
      for (const chat of [ADA, ADA, BOB, OWNER, telegram.group().id, telegram.channel().id])
        await sends.sendMessage(chat, `post ${Math.random()}`);
    },
    { delivered: 5 },
  ],
  [
    "a copy, a forward and an album are posts, too",
    async ({ sends, ada }) => {
      const [one, two] = [await ada.sends("one"), await ada.sends("two")];
      await sends.copyMessage(BOB, ADA, one.message_id);
      await sends.forwardMessages(OWNER, ADA, [one.message_id, two.message_id]);
      await sends.sendMediaGroup(ADA, [photo("one"), photo("two")]);
    },
    { delivered: 3 },
  ],
  [
    "an answer is no delivery, however late it comes, and never a duplicate",
    async ({ answers, sends, ada }) => {
      await answers.sendMessage(ADA, "Welcome");
      await ada.sends("/start");
      await answers.sendMessage(ADA, "Welcome");
      await answers.sendMessage(OWNER, "50 %");
      await sends.sendMessage(BOB, "Hello");
    },
    { delivered: 1 },
  ],
  [
    "a post to somebody who has just written is one",
    async ({ sends, ada }) => {
      await ada.sends("/start");
      await sends.sendMessage(ADA, "Hello");
    },
    { delivered: 1 },
  ],
  [
    "a post with the words of an answer is no duplicate",
    async ({ sends, answers }) => {
      await answers.sendMessage(OWNER, "Hello");
      await sends.sendMessage(OWNER, "Hello");
    },
    { delivered: 1 },
  ],
  [
    "the same text twice in one chat is a duplicate",
    async ({ sends }) => {
      for (const chat of [ADA, BOB, ADA]) await sends.sendMessage(chat, "Hello");
    },
    { delivered: 2, duplicates: 1 },
  ],
  [
    "a copied message that arrives twice is a duplicate",
    async ({ sends, ada }) => {
      const { message_id: id } = await ada.sends({ photo: true });
      for (const chat of [BOB, BOB]) await sends.copyMessage(chat, ADA, id);
    },
    { delivered: 1, duplicates: 1 },
  ],
  [
    "a text with a name of its own for everybody is no duplicate",
    async ({ sends }) => {
      await sends.sendMessage(ADA, "Hello, Ada");
      await sends.sendMessage(BOB, "Hello, Bob");
    },
    { delivered: 2 },
  ],
  [
    "another formatting, another file, other buttons make another post",
    async ({ sends }) => {
      await sends.sendMessage(ADA, "Hello");
      await sends.sendMessage(ADA, "<b>Hello</b>", { parse_mode: "HTML" });
      await sends.sendMessage(ADA, "Hello", link("Open"));
      await sends.sendMessage(ADA, "Hello", link("Close"));
      await sends.sendPhoto(ADA, "https://example.org/a.jpg", { caption: "Hello" });
      await sends.sendPhoto(ADA, "https://example.org/b.jpg", { caption: "Hello" });
    },
    { delivered: 1 },
  ],
  [
    "an album sent again is as many duplicates as it has parts",
    async ({ sends }) => {
      const sent = await sends.sendMediaGroup(ADA, [photo("one"), photo("two")]);
      const ids = sent.map((message) => ("photo" in message ? message.photo.at(-1)?.file_id : "") ?? "");
      await sends.sendMediaGroup(
        ADA,
        ids.map((id) => InputMediaBuilder.photo(id)),
      );
    },
    { delivered: 1, duplicates: 2 },
  ],
  [
    "an album that holds the same file twice is no duplicate of itself",
    async ({ sends, ada }) => {
      const id = (await ada.sends({ photo: true })).photo?.at(-1)?.file_id ?? "";
      await sends.sendMediaGroup(BOB, [InputMediaBuilder.photo(id), InputMediaBuilder.photo(id)]);
    },
    { delivered: 1 },
  ],
  [
    "polls, places and contacts are told apart by what they hold",
    async ({ sends }) => {
      for (const last of ["no", "never", "no"]) await sends.sendPoll(ADA, "Coming?", ["yes", last]);
      for (const latitude of [1, 2, 1]) await sends.sendLocation(ADA, latitude, 3);
      for (const name of ["Al", "Bo", "Al"]) await sends.sendContact(ADA, "+4912", name);
      for (const emoji of ["🎲", "🎯", "🎲"] as const) await sends.sendDice(ADA, emoji);
    },
    { delivered: 1, duplicates: 4 },
  ],
  [
    "an edit, a pin, and what people write are no deliveries",
    async ({ sends, answers, telegram, ada }) => {
      await telegram.channel().posts("mine");
      await ada.sends("Hello");
      const { message_id } = await answers.sendMessage(ADA, "Welcome");
      await sends.editMessageText(ADA, message_id, "Hello");
      await sends.pinChatMessage(ADA, message_id);
    },
    {},
  ],
  [
    "403s of posts are refusals, those of answers and of other methods are not",
    async ({ sends, answers, telegram, ada }) => {
      await ada.blocks();
      await telegram.person({ id: OWNER }).blocks();
      await refusalOf(sends.sendMessage(ADA, "Hello"));
      await refusalOf(sends.sendMessage(OWNER, "Hello"));
      await refusalOf(sends.sendChatAction(ADA, "typing"));
      await refusalOf(answers.sendMessage(ADA, "Hello"));
    },
    { refused: 2 },
  ],
  [
    "429s count whether a limit or a fault has made them, those of answers, too",
    async ({ sends, answers, telegram }) => {
      telegram.fault({ method: "sendMessage" }, { error: tooManyRequests(1) });
      await refusalOf(sends.sendMessage(ADA, "Hello"));
      telegram.flood(5);
      await refusalOf(answers.sendMessage(ADA, "Hello"));
    },
    { tooMany: 2 },
  ],
  [
    "an accepted post of which the bot never heard counts; sent again it is a duplicate",
    async ({ sends, telegram }) => {
      telegram.fault({ method: "sendMessage" }, { cut: "after" });
      await refusalOf(sends.sendMessage(ADA, "Hello"));
      await sends.sendMessage(ADA, "Hello");
    },
    { delivered: 1, duplicates: 1 },
  ],
  [
    "a post that was cut before it was accepted is none",
    async ({ sends, telegram }) => {
      telegram.fault({ method: "sendMessage" }, { cut: "before" });
      await refusalOf(sends.sendMessage(ADA, "Hello"));
      await sends.sendMessage(ADA, "Hello");
    },
    { delivered: 1 },
  ],
  [
    "the same text in the next broadcast is no duplicate, and its deliveries count anew",
    async ({ sends, ledger }) => {
      for (const id of [1, 2]) {
        ledger.goes(id);
        await sends.sendMessage(ADA, "Hello");
        ledger.rests(id);
      }
    },
    { delivered: 1 },
  ],
  [
    "a duplicate stays counted when the next broadcast begins",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      for (const chat of [ADA, ADA]) await sends.sendMessage(chat, "Hello");
      ledger.rests(1);
      ledger.goes(2);
    },
    { duplicates: 1 },
  ],
  [
    "a copy that a bot sends after it was killed is found, even if it says once more that it has started",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      await sends.sendMessage(ADA, "Hello");
      ledger.goes(1);
      await sends.sendMessage(ADA, "Hello");
    },
    { delivered: 1, duplicates: 1 },
  ],
  [
    "of broadcasts that run at once the deliveries add up",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      for (const chat of [ADA, BOB]) await sends.sendMessage(chat, "Hello");
      ledger.goes(2);
      await sends.sendMessage(BOB, "Good morning");
      ledger.rests(1);
    },
    { delivered: 3 },
  ],
  [
    "a copy of what one broadcast has sent is found while another runs beside it",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      await sends.sendMessage(ADA, "Hello");
      ledger.goes(2);
      await sends.sendMessage(ADA, "Hello");
    },
    { delivered: 1, duplicates: 1 },
  ],
  [
    "the same text in another broadcast is no duplicate while the first is paused, nor when that goes on",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      await sends.sendMessage(ADA, "Hello");
      ledger.rests(1);
      ledger.goes(2);
      for (const chat of [ADA, BOB]) await sends.sendMessage(chat, "Hello");
      ledger.rests(2);
      ledger.goes(1);
      await sends.sendMessage(BOB, "Hello");
    },
    { delivered: 2 },
  ],
  [
    "a retry adds to what its broadcast has delivered, and a copy is found, whatever went out in between",
    async ({ sends, ledger }) => {
      for (const id of [1, 2]) {
        ledger.goes(id);
        await sends.sendMessage(ADA, "Hello");
        ledger.rests(id);
      }
      ledger.goes(1);
      for (const chat of [BOB, ADA]) await sends.sendMessage(chat, "Hello");
    },
    { delivered: 2, duplicates: 1 },
  ],
  [
    "what was in flight when a broadcast was paused belongs to it",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      await sends.sendMessage(ADA, "Hello");
      ledger.rests(1);
      await sends.sendMessage(BOB, "Hello");
      ledger.goes(1);
      await sends.sendMessage(BOB, "Hello");
    },
    { delivered: 2, duplicates: 1 },
  ],
  [
    "counted anew, in the middle of a broadcast or after it, a copy of what it has sent is still found",
    async ({ sends, ledger }) => {
      ledger.goes(1);
      for (const chat of [ADA, BOB]) await sends.sendMessage(chat, "Hello");
      ledger.recount();
      await sends.sendMessage(ADA, "Hello");
      ledger.rests(1);
      ledger.recount();
      await sends.sendMessage(BOB, "Hello");
    },
    { delivered: 1, duplicates: 1 },
  ],
];

test.each(CASES)("%s", async (_title, act, counts) => {
  const there = await scene(RUNNER);
  await act(there);
  expect(there.ledger.counts).toEqual({ ...NOTHING, ...counts });
});

test("of a bot that the playground does not run every message counts, and none is a duplicate", async () => {
  const { ledger, answers, sends, ada } = await scene();
  await ada.sends("/start");
  for (const api of [answers, sends]) for (const chat of [ADA, OWNER]) await api.sendMessage(chat, "Hello");
  await ada.blocks();
  await refusalOf(answers.sendMessage(ADA, "Hello"));
  expect(ledger.counts).toEqual({ delivered: 2, refused: 1, duplicates: null, tooMany: 0 });
});

test("counting anew over HTTP sets everything back, the worst second, too", async () => {
  const { telegram, sends, ledger, ada } = await scene(RUNNER);
  for (const chat of [ADA, BOB, BOB]) await sends.sendMessage(chat, "Hello");
  await ada.blocks();
  await refusalOf(sends.sendMessage(ADA, "Hello"));
  telegram.flood(5);
  await refusalOf(sends.sendMessage(BOB, "Hello"));
  expect(ledger.counts).toEqual({ delivered: 2, refused: 1, duplicates: 1, tooMany: 1 });
  expect(await posterFor(telegram)("recount", {})).toBe(true);
  expect(ledger.counts).toEqual(NOTHING);
  expect(telegram.worstSecond()).toBe(0);
});

test("the first broadcast is ahead, has begun, also while it is paused, and is over once it has gone out to all", async () => {
  const { ledger, telegram } = await scene(RUNNER);
  expect(ledger.first).toBe("ahead");
  ledger.goes(1);
  expect(ledger.first).toBe("begun");
  ledger.rests(1);
  expect(ledger.first).toBe("begun");
  ledger.goes(1);
  ledger.ends(1);
  expect(ledger.first).toBe("over");
  telegram.recount();
  ledger.goes(2);
  expect(ledger.first).toBe("over");
});
