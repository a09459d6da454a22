import { expect, onTestFinished, test, vi } from "vitest";
import type { PollGiven } from "../../playground/people/post.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { apiFor, posterFor, refusalOf, telegramFor } from "./harness.ts";

const OPTIONS = ["Tea", "Coffee", "Cocoa"];

/** A person, a poll that they have sent to the bot, and how to vote in it over HTTP. */
async function pollOf(poll: PollGiven) {
  const telegram = await telegramFor();
  const ada = telegram.person({ id: 7, started: true });
  const { message_id: id } = await ada.sends({ poll: { options: OPTIONS, ...poll } });
  const post = posterFor(telegram);
  return {
    telegram,
    votes: (...options: number[]) => post("votes", { from: 7, id, options }),
    counts: () => countsOf(telegram, 7, id),
  };
}

/** How many voters there are, then how many each option has. */
function countsOf(telegram: Telegram, chat: number, id: number): number[] {
  const poll = telegram.messages(chat).find(({ message_id }) => message_id === id)?.poll;
  return [poll?.total_voter_count ?? -1, ...(poll?.options ?? []).map((option) => option.voter_count)];
}

test("a vote counts, moves to another option, and is taken back", async () => {
  const { votes, counts } = await pollOf({});
  await votes(1);
  expect(counts()).toEqual([1, 0, 1, 0]);
  await votes(0);
  expect(counts()).toEqual([1, 1, 0, 0]);
  await votes(0);
  expect(counts()).toEqual([1, 1, 0, 0]);
  await votes();
  expect(counts()).toEqual([0, 0, 0, 0]);
});

test("several options count one voter where several may be chosen, and are refused where not", async () => {
  const several = await pollOf({ allows_multiple_answers: true });
  await several.votes(2, 0, 2);
  expect(several.counts()).toEqual([1, 1, 0, 1]);
  const one = await pollOf({});
  expect(await one.votes(0, 1)).toEqual({ error: "Only one option can be chosen in this poll." });
  expect(await one.votes(3)).toEqual({ error: "The poll has no such option." });
  expect(one.counts()).toEqual([0, 0, 0, 0]);
});

test("the answer to a quiz stays", async () => {
  const { votes, counts } = await pollOf({ type: "quiz", correct_option_ids: [1] });
  await votes(0);
  expect(await votes(1)).toEqual({ error: "In this poll a vote cannot be changed." });
  expect(await votes()).toEqual({ error: "The answer to a quiz cannot be taken back." });
  expect(counts()).toEqual([1, 1, 0, 0]);
});

test("a poll that is closed, or whose time is over, takes no votes", async () => {
  for (const poll of [{ is_closed: true }, { close_date: 1 }])
    expect(await (await pollOf(poll)).votes(0)).toEqual({ error: "This poll is closed." });
});

test("the bot hears of votes in its own poll: who chose what, and how the poll stands", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.person({ id: 7, started: true });
  const { message_id: id, poll } = await api.sendPoll(7, "Drink?", OPTIONS, { is_anonymous: false });
  await post("votes", { from: 7, id, options: [2] });
  expect(await api.getUpdates()).toMatchObject([
    { poll: { id: poll.id, total_voter_count: 1 } },
    {
      poll_answer: { poll_id: poll.id, user: { id: 7 }, option_ids: [2], option_persistent_ids: ["2"] },
    },
  ]);
});

test("of an anonymous poll the bot hears only how it stands, of somebody else's nothing", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  const ada = telegram.person({ id: 7, started: true });
  const anonymous = await api.sendPoll(7, "Drink?", OPTIONS);
  await post("votes", { from: 7, id: anonymous.message_id, options: [0] });
  const own = await ada.sends({ poll: { is_anonymous: false } });
  await post("votes", { from: 7, id: own.message_id, options: [0] });
  const updates = await api.getUpdates();
  expect(updates.map((update) => Object.keys(update)[1])).toEqual(["poll", "message"]);
});

test("a forwarded poll is the same poll: it counts in both chats, and once for each person", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(2, { firstId: 7 });
  const { message_id: id } = await api.sendPoll(7, "Drink?", OPTIONS);
  const { message_id: forward } = await api.forwardMessage(8, 7, id);
  await post("votes", { from: 7, id, options: [0] });
  await post("votes", { from: 8, id: forward, options: [1] });
  await post("votes", { from: 8, id: forward, options: [0] });
  for (const [chat, message] of [
    [7, id],
    [8, forward],
  ] as const)
    expect(countsOf(telegram, chat, message)).toEqual([2, 2, 0, 0]);
});

test("members vote in a group, and nobody in a message without a poll", async () => {
  const telegram = await telegramFor();
  const post = posterFor(telegram);
  const [ada, bob] = telegram.people(2, { firstId: 7 });
  const group = telegram.group({ members: [ada, bob].filter((one) => one !== undefined) });
  const poll = await ada?.sends({ poll: true }, { in: group });
  const id = poll?.message_id ?? 0;
  await post("votes", { from: 8, in: group.id, id, options: [1] });
  expect(countsOf(telegram, group.id, id)).toEqual([1, 0, 1]);
  expect(await post("votes", { from: 8, in: group.id, id: 99, options: [1] })).toHaveProperty("error");
  const text = await ada?.sends("Hello");
  expect(await post("votes", { from: 7, id: text?.message_id, options: [0] })).toEqual({
    error: "There is no poll in this message.",
  });
});

/** Timers and the clock stand still until the test moves them. */
function frozenTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
}

const DAY = 24 * 3600;

test.each([5, 30 * DAY])("a poll that is open for %i s then closes, wherever it stands", async (seconds) => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  telegram.people(2, { firstId: 7 });
  frozenTime();
  const { message_id: id, poll } = await api.sendPoll(7, "Drink?", OPTIONS, { open_period: seconds });
  vi.advanceTimersByTime((seconds - 2) * 1000);
  await api.forwardMessage(8, 7, id);
  expect(telegram.messages(7)[0]?.poll?.is_closed).toBe(false);
  vi.advanceTimersByTime(2000);
  for (const chat of [7, 8]) expect(telegram.messages(chat)[0]?.poll?.is_closed).toBe(true);
  expect(await api.getUpdates()).toMatchObject([{ poll: { id: poll.id, is_closed: true } }]);
  vi.advanceTimersByTime(seconds * 1000);
  expect(await api.getUpdates()).toHaveLength(1);
});

test("a poll with a date closes then, one that was deleted and forwarded, too, and a person's without a word to the bot", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const [ada, bob] = telegram.people(2, { firstId: 7 });
  frozenTime();
  const end = Math.floor(Date.now() / 1000) + 60;
  const { message_id: id } = await api.sendPoll(7, "Drink?", OPTIONS, { close_date: end });
  await api.forwardMessage(8, 7, id);
  await ada?.deletes(id);
  await bob?.sends({ poll: { close_date: end } });
  await api.getUpdates({ offset: -1 });
  vi.advanceTimersByTime(60_000);
  expect(telegram.messages(8).map(({ poll }) => poll?.is_closed)).toEqual([true, true]);
  expect((await api.getUpdates()).filter(({ poll }) => poll !== undefined)).toEqual([]);
});

test("no poll ends after the playground has stopped", async () => {
  const telegram = await telegramFor();
  telegram.people(1, { firstId: 7 });
  frozenTime();
  await apiFor(telegram).sendPoll(7, "Drink?", OPTIONS, { open_period: 5 });
  await telegram.stop();
  vi.advanceTimersByTime(10_000);
  expect(telegram.messages(7)[0]?.poll?.is_closed).toBe(false);
});

const button = (text: string) => ({ inline_keyboard: [[{ text, callback_data: text }]] });

test("a bot stops its poll, once, with another keyboard or none", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  const ada = telegram.person({ id: 7, started: true });
  const { message_id: id } = await api.sendPoll(7, "Drink?", OPTIONS, { reply_markup: button("old") });
  await post("votes", { from: 7, id, options: [1] });
  await api.getUpdates({ offset: 500_000_002 });
  const stopped = await api.stopPoll(7, id, { reply_markup: button("new") });
  expect(stopped).toMatchObject({ question: "Drink?", is_closed: true, total_voter_count: 1 });
  expect(telegram.messages(7)[0]).toMatchObject({ poll: stopped, reply_markup: button("new") });
  expect(await api.getUpdates()).toMatchObject([{ poll: stopped }]);
  expect(await post("votes", { from: 7, id, options: [0] })).toEqual({ error: "This poll is closed." });
  const other = await api.sendPoll(7, "Food?", OPTIONS, { reply_markup: button("old") });
  await api.stopPoll(7, other.message_id);
  expect(telegram.messages(7)[1]).not.toHaveProperty("reply_markup");
  const text = await api.sendMessage(7, "x");
  const own = await ada.sends({ poll: true });
  const refused = async (message: number, words: string) =>
    expect(await refusalOf(api.stopPoll(7, message))).toBe(`400 Bad Request: ${words}`);
  await refused(id, "poll has already been closed");
  await refused(99, "message with poll to stop not found");
  await refused(text.message_id, "message is not a poll");
  await refused(own.message_id, "poll can't be stopped");
});
