import { expect, test } from "vitest";
import type { Telegram, TelegramOptions } from "../../playground/telegram.ts";
import type { Config } from "../../src/config.ts";
import { recipients } from "../../src/db/schema.ts";
import { broadcasts, cardOf, ownerOf, register, until, within } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { freshLocation } from "../support/database.ts";
import { localTelegram, running } from "../support/herald.ts";
import { range } from "../support/seed.ts";
import { en, inState } from "../support/words.ts";

const POST = "While a crowd comes in.";
const [FIRST, FIRST_OF_CROWD] = [100_000, 200_000];

/** A broadcast to so many people is under way, at Telegram's strict limits. */
async function underWay(count: number, options?: TelegramOptions, config: Partial<Config> = {}) {
  const telegram = await localTelegram(options);
  const owner = ownerOf(telegram);
  telegram.people(count, { firstId: FIRST });
  const database = await freshLocation();
  await register(database, range(FIRST, FIRST + count - 1));
  const herald = await running(telegram, { database, ...config });
  await broadcasts(owner, POST);
  await until(() => copiesOf(telegram, POST).size > 30);
  return { telegram, owner, database, herald };
}

const postsIn = (telegram: Telegram) =>
  [...copiesOf(telegram, POST).keys()].filter((id) => id >= FIRST).length;

test(
  "a crowd that starts the bot during a broadcast leaves it seven tenths of the rate, and the admin is answered first",
  // Bot and Telegram share this process and its stalls; on a busy machine a call may arrive too close to the next.
  { timeout: 60_000, retry: 1 },
  async () => {
    const { telegram, owner } = await underWay(300);
    const newcomers = telegram.people(60, { firstId: FIRST_OF_CROWD });
    const before = postsIn(telegram);
    for (const person of newcomers) await person.sends("/start");
    const answered = () => newcomers.filter(({ id }) => telegram.received(id).length === 1).length;
    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
    expect(answered()).toBeLessThan(30);
    await until(() => answered() === newcomers.length, 30_000);
    // 7 posts to 3 answers at the least; some of the posts may have been the last.
    const posts = postsIn(telegram) - before;
    expect(posts).toBeGreaterThanOrEqual(Math.min((newcomers.length * 7) / 3, 300 - before));
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 30_000);
    // None on an idle machine; on a busy one calls may arrive more closely than they left.
    expect(telegram.tooMany).toBeLessThanOrEqual(5);
    expect(telegram.worstSecond()).toBeLessThanOrEqual(30);
    // The newcomers are not in it: the audience was frozen before they came.
    const copies = [...copiesOf(telegram, POST)].filter(([chat]) => chat >= FIRST);
    expect(copies.map(([, count]) => count)).toEqual(Array(300).fill(1));
  },
);

test(
  "someone who hammers the bot is answered once a second, with the latest answer; everything they ask for is done",
  { timeout: 60_000 },
  async () => {
    const { telegram, database } = await underWay(200);
    const [stranger] = telegram.people(1, { firstId: FIRST_OF_CROWD });
    const began = performance.now();
    for (let update = 0; update < 90; update += 1) {
      await stranger?.sends(update % 2 === 0 ? "/start" : "/stop");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await stranger?.sends("/language ru");
    const answers = () => telegram.received(FIRST_OF_CROWD);
    await until(() => answers().at(-1)?.text?.startsWith("Теперь ваш язык") ?? false, 30_000);
    const seconds = (performance.now() - began) / 1_000;
    expect(answers().length).toBeLessThanOrEqual(seconds + 1);
    const people = await within(database, ({ db }) => db.select().from(recipients));
    const found = people.find(({ chatId }) => chatId === FIRST_OF_CROWD);
    expect(found?.optedOutAt).toBeInstanceOf(Date);
    expect(found?.language).toBe("ru");
  },
);

test(
  "someone who taps a button without end keeps no admin waiting, and gets answers to their last taps",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner } = await underWay(100, { latency: 50 });
    const stranger = telegram.person({ id: FIRST_OF_CROWD });
    await stranger.sends("/language");
    await stranger.sees("language");
    // One after the other, the answers would take 50 s: the runner would be full of them until 25 of these had passed.
    const taps = Array.from({ length: 1_000 }, (_, tap) =>
      stranger.taps(tap % 2 === 0 ? "English" : "Deutsch", { within: 30_000 }).catch(() => undefined),
    );
    const first = Promise.race(taps);
    await owner.sends("/campaigns");
    await owner.sees(en.like("campaigns-title"), { within: 12_000 });
    expect(await first).toBeDefined();
  },
);

test(
  "a crowd does not slow down a paid broadcast, and the admin is answered while it runs",
  { timeout: 60_000 },
  async () => {
    const paid = { messagesPerSecond: 100, paidBroadcast: true };
    const { telegram, owner, herald } = await underWay(800, {}, paid);
    for (const person of telegram.people(40, { firstId: FIRST_OF_CROWD })) await person.sends("/start");
    await owner.sends("/status");
    await owner.sees(en("status-running"));
    expect(postsIn(telegram)).toBeLessThan(800);
    await until(() => postsIn(telegram) === 800, 30_000);
    const refused = telegram.calls.filter(({ ok, chatId = 0 }) => !ok && chatId < FIRST_OF_CROWD);
    expect(refused.filter(({ method }) => method === "sendMessage")).toEqual([]);
    expect(herald.logged.filter((line) => line.includes('Telegram asks to wait"'))).toEqual([]);
  },
);

test(
  "an admin is answered while most of 900 people who start the bot at once still wait to be handled",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database } = await underWay(100);
    for (const person of telegram.people(900, { firstId: FIRST_OF_CROWD })) await person.sends("/start");
    await owner.sends("/campaigns");
    await owner.sees(en.like("campaigns-title"));
    const known = await within(database, ({ db }) => db.select().from(recipients));
    // With 500 in work at the most, the admin's update was fetched when 400 of theirs were done.
    expect(known.filter(({ chatId }) => chatId >= FIRST_OF_CROWD).length).toBeLessThan(400);
  },
);
