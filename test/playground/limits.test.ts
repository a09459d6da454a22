import { GrammyError, InputFile, InputMediaBuilder } from "grammy";
import { expect, test } from "vitest";
import { Limiter, SlidingWindow } from "../../playground/world/flood-limits.ts";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

const part = () => InputMediaBuilder.photo(new InputFile(Buffer.from("p"), "p.jpg"));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("the 31st message in a second gets 429 with retry_after, and passes after that wait", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const people = telegram.people(31);
  await Promise.all(people.slice(0, 30).map((person) => api.sendMessage(person.id, "hello")));
  const refused: unknown = await api
    .sendMessage(people[30]?.id ?? 0, "hello")
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(GrammyError);
  expect(refused).toMatchObject({
    error_code: 429,
    description: "Too Many Requests: retry after 1",
    parameters: { retry_after: 1 },
  });
  expect(telegram.tooMany).toBe(1);
  expect(telegram.worstSecond()).toBe(30);
  await sleep(1000);
  await api.sendMessage(people[30]?.id ?? 0, "hello");
  expect(telegram.counts((message) => message.text === "hello").size).toBe(31);
  expect(telegram.worstSecond()).toBe(30);
});

test("a refused call is not counted: the bot is not kept out by trying", async () => {
  const telegram = await telegramFor({ limits: { bot: 5 } });
  const api = apiFor(telegram);
  const people = telegram.people(5);
  await Promise.all(people.map((person) => api.sendMessage(person.id, "1")));
  const first = people[0]?.id ?? 0;
  for (let tried = 0; tried < 6; tried += 1) {
    expect(await refusalOf(api.sendMessage(first, "2"))).toContain("429");
    await sleep(100);
  }
  await sleep(450);
  expect(await refusalOf(api.sendMessage(first, "2"))).toBe("accepted");
});

test("a private chat takes a burst, then 1 a second", async () => {
  const telegram = await telegramFor({ limits: { chatBurst: 3 } });
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  for (let sent = 0; sent < 3; sent += 1) await api.sendMessage(ada.id, String(sent));
  expect(await refusalOf(api.sendMessage(ada.id, "4"))).toBe("429 Too Many Requests: retry after 1");
  await sleep(1000);
  expect(await refusalOf(api.sendMessage(ada.id, "4"))).toBe("accepted");
  expect(await refusalOf(api.sendMessage(ada.id, "5"))).toContain("429");
});

test("a group takes 20 a minute and then asks to wait for the rest of it", async () => {
  const telegram = await telegramFor({ limits: { groupBurst: 20 } });
  const api = apiFor(telegram);
  const group = telegram.group();
  for (let sent = 0; sent < 20; sent += 1) await api.sendMessage(group.id, String(sent));
  expect(await refusalOf(api.sendMessage(group.id, "21"))).toMatch(
    /^429 Too Many Requests: retry after (59|60)$/,
  );
});

test.each(["group", "supergroup", "channel"] as const)(
  "a %s takes a burst of 3, then 1 a second",
  async (type) => {
    const telegram = await telegramFor();
    const api = apiFor(telegram);
    const { id } = telegram.group({ type, bot: "administrator" });
    const posts = Array.from({ length: 20 }, (_, index) => refusalOf(api.sendMessage(id, String(index))));
    const outcomes = await Promise.all(posts);
    expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(3);
    expect(new Set(outcomes)).toContain("429 Too Many Requests: retry after 1");
    for (let paced = 0; paced < 3; paced += 1) {
      await sleep(1000);
      expect(await refusalOf(api.sendMessage(id, "paced"))).toBe("accepted");
    }
  },
);

test("an album empties a group's burst and takes no more of it", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const group = telegram.group();
  await api.sendMediaGroup(group.id, Array.from({ length: 10 }, part));
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toContain("retry after 1");
  await sleep(1000);
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe("accepted");
});

test("a full burst is there at any fraction of a millisecond", () => {
  for (let now = 4_000.1; now < 4_100; now += 0.37) {
    const chat = { isPrivate: false, fullAt: 0, window: undefined };
    expect([now, new Limiter().take(1, chat, 10, false, now)]).toEqual([now, 0]);
  }
});

test("an album counts its parts, an edit counts, a getter and an answer do not", async () => {
  const telegram = await telegramFor({ limits: { bot: 5 } });
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  await api.sendMediaGroup(ada.id, [part(), part(), part()]);
  const { message_id: id } = await api.sendMessage(ada.id, "x");
  await api.getChat(ada.id);
  await api.deleteMessage(ada.id, 1);
  await api.editMessageText(ada.id, id, "y");
  expect(telegram.worstSecond()).toBe(5);
  expect(await refusalOf(api.editMessageText(ada.id, id, "z"))).toContain("429");
  expect(telegram.messages(ada.id).at(-1)?.text).toBe("y");
});

test("allow_paid_broadcast lifts the bot's limit", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const people = telegram.people(100);
  const send = (paid: boolean) =>
    Promise.all(
      people.map((person) => refusalOf(api.sendMessage(person.id, "x", { allow_paid_broadcast: paid }))),
    );
  expect(new Set(await send(true))).toEqual(new Set(["accepted"]));
  expect(telegram.worstSecond()).toBe(100);
  expect((await send(false)).filter((outcome) => outcome === "accepted")).toEqual([]);
});

test('limits "none" lets everything through', async () => {
  const telegram = await telegramFor({ limits: "none" });
  const api = apiFor(telegram);
  const ada = telegram.person({ started: true });
  await Promise.all(Array.from({ length: 200 }, () => api.sendMessage(ada.id, "x")));
  expect(telegram.tooMany).toBe(0);
  expect(telegram.counts(() => true)).toEqual(new Map([[ada.id, 200]]));
});

test("a sliding window never holds more than its size", () => {
  const window = new SlidingWindow(3, 1000);
  const entered: number[] = [];
  for (let now = 0; now < 5000; now += 70) {
    if (window.wait(1, now) > 0) continue;
    window.add(1, now);
    entered.push(now);
  }
  const worst = Math.max(
    ...entered.map((at) => entered.filter((other) => other > at - 1000 && other <= at).length),
  );
  expect(worst).toBe(3);
  expect(entered.length).toBeGreaterThanOrEqual(13);
});

test("it tells how many calls were under way at once, a long poll aside", async () => {
  const telegram = await telegramFor({ limits: "none", latency: 50 });
  const api = apiFor(telegram);
  const people = telegram.people(7);
  const poll = api.getUpdates({ timeout: 1 });
  await Promise.all(people.map((person) => api.sendMessage(person.id, "hello")));
  await poll;
  expect(telegram.mostAtOnce).toBe(7);
  telegram.clearRecords();
  await api.sendMessage(people[0]?.id ?? 0, "hello");
  expect(telegram.mostAtOnce).toBe(1);
});
