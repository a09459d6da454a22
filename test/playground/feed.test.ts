import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ChatSummary, LogLine } from "../../playground/shared/protocol.ts";
import type { Runner } from "../../playground/live/runner.ts";
import { apiFor, telegramFor } from "./harness.ts";
import { pageOn, until } from "./stream.ts";

const OWNER = 1;

async function shownTelegram(runner?: Runner) {
  const telegram = await telegramFor();
  const owner = telegram.person({ id: OWNER, firstName: "Olga", started: true });
  const live = telegram.tells({ owner: OWNER, ...(runner && { runner }) });
  return { telegram, owner, live, api: apiFor(telegram) };
}

function admins(chats: readonly ChatSummary[]): number[] {
  return chats.filter(({ admin }) => admin).map(({ id }) => id);
}

/** A bot that never runs, and says what it is told to say. */
function runnerFor() {
  const lines: LogLine[] = [];
  const acts: string[] = [];
  const says = (text: string) => void lines.push({ at: Date.now(), level: "info", text });
  const runner: Runner = {
    status: { state: "running", pid: 77, kills: 2 },
    lines,
    act: async (what) => {
      if (what === "start") throw new Error("It is running already.");
      acts.push(what);
    },
  };
  return { runner, says, acts };
}

test("a page that connects is told the overview, its chat, the last minute and the log, in this order", async () => {
  const { runner, says } = runnerFor();
  says("Herald is up");
  const { telegram, owner } = await shownTelegram(runner);
  await owner.sends("/start");
  const page = await pageOn(telegram, OWNER);
  expect(await page.next("overview")).toMatchObject({
    owner: OWNER,
    chats: [{ id: OWNER, title: "Olga", last: { text: "/start", byBot: false } }],
    people: { total: 0, blocked: 0 },
    herald: { state: "running", pid: 77, kills: 2 },
  });
  expect(await page.next("chat")).toMatchObject({
    summary: { id: OWNER, open: true },
    messages: [{ message: { text: "/start" }, own: true }],
    keyboard: null,
    pinned: [],
    commands: [],
  });
  await page.next("log");
  expect(page.fields).toEqual(["retry: 500"]);
  expect(page.names.slice(0, 4)).toEqual(["overview", "chat", "meters", "log"]);
});

test("a page on which nothing happens hears a heartbeat every 15 s", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { telegram } = await shownTelegram();
  const page = await pageOn(telegram, OWNER);
  await page.next("overview");
  vi.advanceTimersByTime(30_000);
  await until(() => page.fields.filter((field) => field === ":").length === 2);
});

test("the last minute is measured before anybody looks", async () => {
  const { telegram, api, live } = await shownTelegram();
  const [ada] = telegram.people(1);
  await api.sendMessage(ada?.id ?? 0, "news");
  await until(() => live.ledger.counts.delivered === 1);
  await sleep(600);
  const page = await pageOn(telegram);
  const meters = await page.next("meters");
  expect(meters.at(-1)).toMatchObject({ rate: 1, limit: 30, inFlight: 0, worstSecond: 1, delivered: 1 });
  expect(await page.next("meter", ({ rate }) => rate === 0)).toMatchObject({ worstSecond: 1, tooMany: 0 });
});

test("a new message, an edit and a removal arrive as changes with nothing but them", async () => {
  const { telegram, api } = await shownTelegram();
  const page = await pageOn(telegram, OWNER);
  await page.next("chat");
  const { message_id: first } = await api.sendMessage(OWNER, "one");
  await page.next("change");
  const { message_id: second } = await api.sendMessage(OWNER, "two");
  expect((await page.next("change")).messages).toMatchObject([{ message: { text: "two" }, own: false }]);
  await api.editMessageText(OWNER, first, "uno");
  const { messages, ...rest } = await page.next("change");
  expect(messages).toMatchObject([{ message: { message_id: first, text: "uno" } }]);
  expect(rest).toEqual({});
  await api.deleteMessage(OWNER, first);
  expect(await page.next("change")).toEqual({ gone: [first] });
  await api.deleteMessage(OWNER, second);
  expect(await page.next("change")).toMatchObject({ gone: [second], summary: { id: OWNER } });
  expect(page.names.filter((name) => name === "chat")).toHaveLength(1);
});

test("a change elsewhere is none in the open chat", async () => {
  const { telegram, api } = await shownTelegram();
  const [ada] = telegram.people(1);
  const page = await pageOn(telegram, OWNER);
  await api.sendMessage(ada?.id ?? 0, "news");
  await page.next("overview", ({ chats }) => chats.some(({ last }) => last?.text === "news"));
  expect(page.names).not.toContain("change");
});

test("keyboard, pins and commands come when they change", async () => {
  const { telegram, api } = await shownTelegram();
  const page = await pageOn(telegram, OWNER);
  await page.next("chat");
  const { message_id } = await api.sendMessage(OWNER, "Which?", {
    reply_markup: { keyboard: [[{ text: "A" }]] },
  });
  expect((await page.next("change")).keyboard?.keyboard).toEqual([[{ text: "A" }]]);
  await api.pinChatMessage(OWNER, message_id);
  expect(await page.next("change", ({ pinned }) => pinned !== undefined)).toMatchObject({
    pinned: [message_id],
  });
  await api.unpinChatMessage(OWNER, message_id);
  expect(await page.next("change")).toEqual({ pinned: [] });
  const commands = [{ command: "start", description: "Begin" }];
  await api.setMyCommands(commands);
  expect(await page.next("change")).toEqual({ commands });
});

const named = (command: string) => [{ command, description: "x" }];

test("the menu offers the narrowest list of commands in the person's language", async () => {
  const { telegram, api } = await shownTelegram();
  const ada = telegram.person({ id: 7, languageCode: "ru-RU", started: true });
  const group = telegram.group({ creator: ada, admins: [telegram.person({ id: OWNER })] });
  const channel = telegram.channel();
  const shown = async (chat: number) => {
    const page = await pageOn(telegram, chat);
    const { commands } = await page.next("chat");
    page.leave();
    return commands.map(({ command }) => command).join();
  };
  await api.setMyCommands(named("all"));
  expect(await shown(7)).toBe("all");
  await api.setMyCommands(named("russian"), { language_code: "ru" });
  expect(await shown(7)).toBe("russian");
  expect(await shown(OWNER)).toBe("all");
  await api.setMyCommands(named("private"), { scope: { type: "all_private_chats" } });
  expect(await shown(7)).toBe("private");
  await api.setMyCommands(named("hers"), { scope: { type: "chat", chat_id: 7 } });
  expect(await shown(7)).toBe("hers");
  expect(await shown(group.id)).toBe("all");
  await api.setMyCommands(named("groups"), { scope: { type: "all_group_chats" } });
  expect(await shown(group.id)).toBe("groups");
  await api.setMyCommands(named("admins"), { scope: { type: "all_chat_administrators" } });
  expect(await shown(group.id)).toBe("admins");
  expect(await shown(channel.id)).toBe("");
});

test("in a channel and a group what people post stands on the right", async () => {
  const { telegram, api, owner } = await shownTelegram();
  const channel = telegram.channel({ creator: owner });
  await api.sendMessage(channel.id, "by the bot");
  await channel.posts("by a person");
  const page = await pageOn(telegram, channel.id);
  const { messages, summary } = await page.next("chat");
  expect(messages.map(({ own }) => own)).toEqual([false, true]);
  expect(summary).toMatchObject({ type: "channel", open: true, botStatus: "administrator" });
});

test("a page holds the newest 200 messages: what slides out is gone", async () => {
  const { telegram, owner } = await shownTelegram();
  for (let index = 0; index < 201; index += 1) await owner.sends(`message ${index + 1}`);
  const page = await pageOn(telegram, OWNER);
  const { messages } = await page.next("chat");
  expect([messages.length, messages[0]?.message.message_id]).toEqual([200, 2]);
  await owner.sends("one more");
  expect(await page.next("change")).toMatchObject({
    gone: [2],
    messages: [{ message: { message_id: 202 } }],
  });
});

test("an unknown chat is answered with everything but a chat", async () => {
  const { telegram } = await shownTelegram();
  for (const chat of [4711, "nonsense"]) {
    const page = await pageOn(telegram, chat);
    await page.next("meter");
    expect(page.names).not.toContain("chat");
    expect(page.names.slice(0, 2)).toEqual(["overview", "meters"]);
  }
});

test("the list holds the owner, channels, groups, who acted last, then people by id, 50 at most", async () => {
  const { telegram, owner } = await shownTelegram();
  telegram.people(60, { firstId: 200 });
  telegram.people(1, { firstId: 100 });
  const group = telegram.group();
  const channel = telegram.channel();
  await telegram.person({ id: 255 }).sends("hi");
  await telegram.person({ id: 230 }).sends("hi");
  await owner.sends("hi");
  const page = await pageOn(telegram);
  const { chats, people } = await page.next("overview");
  expect(chats.map(({ id }) => id).slice(0, 7)).toEqual([OWNER, channel.id, group.id, 230, 255, 100, 200]);
  expect(chats).toHaveLength(50);
  expect(people).toEqual({ total: 61, blocked: 0 });
  await telegram.person({ id: 255 }).blocks();
  await owner.blocks();
  const blocked = await page.next("overview", (overview) => overview.people.blocked > 0);
  expect(blocked.people).toEqual({ total: 61, blocked: 1 });
  expect(blocked.chats.find(({ id }) => id === 255)).toMatchObject({ blocked: true });
  await telegram.person({ id: 255 }).unblocks();
  await telegram.person({ id: 900 }).sends("new here");
  const grown = await page.next("overview", (overview) => overview.people.blocked === 0);
  expect(grown).toMatchObject({ people: { total: 62 } });
});

test("an admin with commands of their own counts as one, before others who have acted, until these are taken back", async () => {
  const { telegram, owner } = await shownTelegram();
  telegram.people(60, { firstId: 200 });
  await telegram.person({ id: 230 }).sends("hi");
  const api = apiFor(telegram);
  const commands = [{ command: "broadcast", description: "Send a post" }];
  const scope = { type: "chat", chat_id: 259 } as const;
  await api.setMyCommands(commands);
  await api.setMyCommands(commands, { scope });
  await api.setMyCommands(commands, { scope: { type: "chat", chat_id: telegram.group().id } });
  await owner.sends("hi");
  const page = await pageOn(telegram);
  const { chats } = await page.next("overview");
  expect(admins(chats)).toEqual([259]);
  const people = chats.filter(({ type, id }) => type === "private" && id !== OWNER);
  expect(people.map(({ id }) => id).slice(0, 3)).toEqual([259, 230, 200]);
  await api.deleteMyCommands({ scope });
  await page.next("overview", ({ chats }) => admins(chats).length === 0);
});

test("who had acted before anything was shown stands first, too", async () => {
  const telegram = await telegramFor();
  telegram.people(60, { firstId: 200 });
  await telegram.person({ id: 255 }).sends("hi");
  telegram.tells({ owner: OWNER });
  const { chats } = await (await pageOn(telegram)).next("overview");
  expect(chats.map(({ id }) => id).slice(0, 2)).toEqual([255, 200]);
});

test("trouble shows in the overview", async () => {
  const { telegram } = await shownTelegram();
  const page = await pageOn(telegram);
  telegram.latency = 40;
  expect((await page.next("overview", ({ trouble }) => trouble.latency > 0)).trouble).toEqual({
    latency: 40,
    flood: 0,
    cut: 0,
  });
});

test("the log goes on where it was", async () => {
  const { runner, says } = runnerFor();
  says("one");
  const { telegram } = await shownTelegram(runner);
  const page = await pageOn(telegram);
  expect((await page.next("log")).map(({ text }) => text)).toEqual(["one"]);
  says("two");
  says("three");
  expect((await page.next("log")).map(({ text }) => text)).toEqual(["two", "three"]);
});

/** Ids, in the order in which they are shown. */
async function peopleFound({ apiRoot }: { apiRoot: string }, query: string): Promise<number[]> {
  const response = await fetch(`${apiRoot}/playground/people?query=${encodeURIComponent(query)}`);
  const people = (await response.json()) as { id: number }[];
  return people.map(({ id }) => id);
}

test("people are found by id, name and username", async () => {
  const { telegram } = await shownTelegram();
  telegram.person({ id: 70, firstName: "Ada", lastName: "Lovelace", username: "countess" });
  telegram.people(80, { firstId: 7000 });
  const found = (query: string) => peopleFound(telegram, query);
  expect(await found("LOVE")).toEqual([70]);
  expect(await found("ada love")).toEqual([70]);
  expect(await found("@Count")).toEqual([70]);
  expect(await found("7079")).toEqual([7079]);
  expect((await found("70")).slice(0, 2)).toEqual([70, 7000]);
  expect(await found("7 ada")).toEqual([70]);
  expect(await found("0 ada")).toEqual([]);
  expect(await found("")).toHaveLength(50);
  expect(await found("nobody")).toEqual([]);
});

test("people are found without the marks of their letters, by words in any order", async () => {
  const { telegram } = await shownTelegram();
  telegram.person({ id: 70, firstName: "Lena", lastName: "Müller" });
  telegram.person({ id: 71, firstName: "Алексей", lastName: "Семёнов" });
  const found = (query: string) => peopleFound(telegram, query);
  expect(await found("muller")).toEqual([70]);
  expect(await found("MÜLLER  lena")).toEqual([70]);
  expect(await found("lena müller".normalize("NFD"))).toEqual([70]);
  expect(await found("семенов алексеи")).toEqual([71]);
  expect(await found("Семёнов Алексей")).toEqual([71]);
  expect(await found("lena семенов")).toEqual([]);
});

test("the bot's process is steered, and says why it cannot be", async () => {
  const { runner, acts } = runnerFor();
  const { telegram, live } = await shownTelegram(runner);
  const post = async (body: string) => {
    const response = await fetch(`${telegram.apiRoot}/playground/herald`, { method: "POST", body });
    return [response.status, await response.json()];
  };
  expect(await post('{"do":"kill"}')).toEqual([200, true]);
  expect(acts).toEqual(["kill"]);
  expect(await post('{"do":"start"}')).toEqual([400, { error: "It is running already." }]);
  expect(await post('{"do":"dance"}')).toEqual([400, { error: expect.stringContaining('"kill"') }]);
  expect(await post("nonsense")).toEqual([400, { error: expect.stringContaining("not JSON") }]);
  live.close();
  telegram.tells({ owner: OWNER });
  expect(await post('{"do":"kill"}')).toEqual([
    400,
    { error: expect.stringContaining("does not run the bot") },
  ]);
});

test("a page that has gone leaves nothing behind, and streams end with the server", async () => {
  const { telegram, live } = await shownTelegram();
  const [gone, stays] = [await pageOn(telegram, OWNER), await pageOn(telegram, OWNER)];
  await stays.next("chat");
  expect(live.listeners).toBe(2);
  gone.leave();
  await until(() => live.listeners === 1);
  await telegram.stop();
  await stays.ended;
  expect(live.listeners).toBe(0);
});

test("after the network was away pages are told again", async () => {
  const { telegram, live } = await shownTelegram();
  const page = await pageOn(telegram, OWNER);
  await telegram.offline();
  await page.ended;
  await telegram.online();
  await (await pageOn(telegram, OWNER)).next("meter");
  expect(live.listeners).toBe(1);
});

test("a page that does not read is skipped, and gets all anew when it reads again", async () => {
  const { telegram, owner } = await shownTelegram();
  for (let index = 0; index < 200; index += 1) await owner.sends(`${index} ${"long ".repeat(800)}`);
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    request(`${telegram.apiRoot}/playground/events?chat=${OWNER}`, resolve).once("error", reject).end();
  });
  const rounds = 30;
  for (let round = 1; round <= rounds; round += 1) {
    // Every message becomes another: 800 kB a round.
    for (let id = 1; id <= 200; id += 1) telegram.ages(OWNER, id, 1);
    await sleep(60);
  }
  let received = "";
  const count = (name: string) => received.split(`event: ${name}\n`).length - 1;
  stream.on("data", (part) => (received += String(part)));
  await until(() => count("chat") > 1 && count("meter") > 0);
  expect(count("change")).toBeLessThan(rounds);
  const chats = [...received.matchAll(/event: chat\ndata: (.*)\n/g)];
  const { messages } = JSON.parse(chats.at(-1)?.[1] ?? "{}") as { messages: { message: { date: number } }[] };
  expect(messages[0]?.message.date).toBe(telegram.messages(OWNER)[0]?.date);
});
