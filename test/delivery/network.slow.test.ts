import dns from "node:dns";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { senders } from "../../src/db/schema.ts";
import { MOST_IN_FLIGHT } from "../../src/delivery/pace/flight.ts";
import { contradictionsIn, deliveriesByChat } from "../support/books.ts";
import { broadcasts, cardOf, recipientStatuses, until, within } from "../support/broadcast.ts";
import { numbersOn } from "../support/counts.ts";
import { movableClock } from "../support/clock.ts";
import { gate } from "../support/gate.ts";
import { gatewayTo, isEngine, isSend } from "../support/gateway.ts";
import { atEnd, running } from "../support/herald.ts";
import {
  FIRST,
  copiesAmongPeople,
  idOf,
  scene,
  shows,
  standsAside,
  stragglers,
  toPeople,
  stage,
} from "../support/scene.ts";
import { range } from "../support/seed.ts";
import { en, inOrder, inState } from "../support/words.ts";

const POST = "Struck on the way.";
const BESIDE = "Sent at the same time.";
/** The day stands there, too, when it ends on another one. */
const WAITS = new RegExp(
  en("card-quiet", { time: String.raw`(?:\d{1,2} [A-Z][a-z]+(?: \d{4})?, )?(\d\d:\d\d)` }),
);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const copies = (telegram: Telegram) => copiesAmongPeople(telegram, POST);

/** A campaign that is a photo, beside which one that is a text is struck: faults tell them apart by the method. */
const photo = { photo: true, caption: BESIDE } as const;

test("calls cut off, timed out or given up by a gateway are uncertain, only those, and another campaign is complete", async () => {
  const { telegram, owner, database, herald, people } = await scene(60, { sendTimeoutSeconds: 3 });
  const strike = (from: number, to: number, effect: Parameters<Telegram["fault"]>[1]) => {
    for (const chat of range(FIRST + from, FIRST + to))
      telegram.fault({ method: "sendMessage", chat }, effect);
  };
  strike(5, 7, { cut: "before" });
  strike(15, 17, { cut: "after" });
  strike(25, 26, { hang: "forever", accept: true });
  strike(30, 31, { hang: "forever", accept: false });
  strike(40, 40, { error: ERRORS.gatewayTimeout });
  strike(41, 41, { status: 504 });
  await broadcasts(owner, photo);
  await broadcasts(owner, POST);
  await shows(owner, inState("finished"), 1);
  await shows(owner, inState("finished"), 2);
  expect(numbersOn(cardOf(owner, 1)?.text ?? "")).toMatchObject({ sent: 60, uncertain: 0, failed: 0 });
  expect(numbersOn(cardOf(owner, 2)?.text ?? "")).toMatchObject({
    sent: 48,
    uncertain: 12,
    failed: 0,
    left: 0,
  });

  await owner.taps(en("button-failures"), { on: idOf(owner, en.opens("card-title", { id: 2 })) });
  await owner.sees(en("failures-caption", { id: 2, count: 12 }));
  await herald.stop();
  expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
  const struck = [...range(5, 7), ...range(15, 17), 25, 26, 30, 31, 40, 41].map((index) => FIRST + index);
  const byChat = await deliveriesByChat(database, 2);
  expect(
    [...byChat.values()].filter(({ state }) => state === "uncertain").map(({ chatId }) => chatId),
  ).toEqual(struck);
  const arrived = [...range(15, 17), 25, 26].map((index) => FIRST + index);
  expect(copies(telegram).filter(([chat]) => struck.includes(chat))).toEqual(
    arrived.map((chat) => [chat, 1]),
  );
});

test(
  "5xx answers of Telegram and of a gateway are uncertain, only those; nobody gets it twice, and another campaign is complete",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database, herald, people } = await scene(80);
    telegram.fault({ ...toPeople, after: 5, times: 3 }, { error: ERRORS.aborted });
    telegram.fault({ ...toPeople, after: 15, times: 3 }, { status: 502, body: "<html>Bad Gateway</html>" });
    telegram.fault({ ...toPeople, after: 25, times: 3 }, { error: ERRORS.unavailable });
    await broadcasts(owner, photo);
    await broadcasts(owner, POST);
    await shows(owner, inState("finished"), 1);
    await shows(owner, inState("finished"), 2, 40_000);
    const unharmed = { failed: 0, left: 0 };
    expect(numbersOn(cardOf(owner, 1)?.text ?? "")).toMatchObject({ sent: 80, uncertain: 0, ...unharmed });
    expect(numbersOn(cardOf(owner, 2)?.text ?? "")).toMatchObject({ sent: 71, uncertain: 9, ...unharmed });
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    for (const id of [1, 2])
      expect(
        [...(await deliveriesByChat(database, id)).values()].every(({ attempts }) => attempts === 1),
      ).toBe(true);
  },
);

test(
  "a gateway whose upstream accepts calls and dies before it answers: 1 in 10 is uncertain, and nobody gets it twice",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database, people } = await stage(100);
    const gateway = await gatewayTo(telegram.port);
    let sends = 0;
    gateway.loses = (call) => isSend(call) && (sends += 1) % 10 === 0;
    const telegramApiRoot = gateway.apiRoot;
    const herald = await running(telegram, { database, telegramApiRoot, messagesPerSecond: 100 });
    await standsAside(owner);
    await broadcasts(owner, POST);
    await shows(owner, inState("finished"), 1, 40_000);
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({
      sent: 90,
      uncertain: 10,
      failed: 0,
      left: 0,
    });
    expect(copies(telegram).map(([, count]) => count)).toEqual(Array(100).fill(1));
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
  },
);

describe("an outage behind a gateway costs the calls in flight and at most ten more, and the others get the post afterwards", () => {
  test.each([
    ["at 30 a second", 30, 150, 30],
    ["at 1,000 a second", 1_000, 3_000, MOST_IN_FLIGHT],
  ])(
    "%s, with calls that were accepted and calls that were not",
    { timeout: 90_000 },
    async (_title, rate, count, inFlight) => {
      const { telegram, owner, database, people } = await stage(count);
      telegram.latency = 60;
      const gateway = await gatewayTo(telegram.port);
      const herald = await running(telegram, {
        database,
        telegramApiRoot: gateway.apiRoot,
        messagesPerSecond: rate,
      });
      await standsAside(owner);
      await broadcasts(owner, POST);
      await until(() => copies(telegram).length > count / 5);
      // The upstream dies with what it has, and is away for a while.
      gateway.loses = isSend;
      await pause(30);
      gateway.isDown = isEngine;
      await pause(3_000);
      const reached = copies(telegram).length;
      gateway.loses = () => false;
      gateway.isDown = () => false;

      await shows(owner, inState("finished"), 1, 40_000);
      const numbers = numbersOn(cardOf(owner)?.text ?? "");
      expect(reached).toBeLessThan(count / 2);
      expect(numbers).toMatchObject({ total: count, failed: 0, left: 0 });
      expect(numbers?.uncertain).toBeGreaterThan(0);
      expect(numbers?.uncertain).toBeLessThanOrEqual(inFlight + 10);
      await herald.stop();
      expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    },
  );

  test(
    "a Bot API server that answers itself but does not reach Telegram: sends hang, and nobody else is tried meanwhile",
    { timeout: 60_000 },
    async () => {
      const { telegram, owner, database, herald, people } = await scene(100, { sendTimeoutSeconds: 1 });
      await broadcasts(owner, POST);
      await until(() => copies(telegram).length > 20);
      const hangs = { hang: "forever", accept: false } as const;
      const faults = [
        telegram.fault({ ...toPeople, times: Infinity }, hangs),
        telegram.fault({ method: "getMyCommands", times: Infinity }, hangs),
      ];
      await until(() => (faults[1]?.hits ?? 0) > 0, 10_000);
      const struck = faults[0]?.hits ?? 0;
      await pause(4_000);
      expect(faults[0]?.hits).toBe(struck);
      for (const fault of faults) fault.remove();
      await shows(owner, inState("finished"), 1, 20_000);
      expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({
        uncertain: struck,
        sent: 100 - struck,
        left: 0,
      });
      await herald.stop();
      expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    },
  );

  test(
    "Telegram answers, but not to sends: one is tried at a time, and after five the campaigns pause and say why",
    { timeout: 60_000 },
    async () => {
      const clock = movableClock();
      const { telegram, owner, database, people } = await stage(100);
      const gateway = await gatewayTo(telegram.port);
      const parts = { database, telegramApiRoot: gateway.apiRoot, messagesPerSecond: 30 };
      const herald = await running(telegram, parts, { clock });
      await standsAside(owner);
      await broadcasts(owner, POST);
      await until(() => copies(telegram).length > 20);
      gateway.isDown = isSend;
      await until(() => {
        clock.advance(2_000);
        return inState("paused").test(cardOf(owner)?.text ?? "");
      }, 20_000);
      expect(cardOf(owner)?.text).toContain("a proxy answered 502 in Telegram's place");
      gateway.isDown = () => false;
      await owner.taps(en("button-resume"), { on: idOf(owner) });
      await shows(owner, inState("finished"), 1, 20_000);
      const numbers = numbersOn(cardOf(owner)?.text ?? "");
      expect(numbers).toMatchObject({ total: 100, failed: 0, left: 0 });
      expect(numbers?.uncertain).toBeGreaterThanOrEqual(10);
      expect(numbers?.uncertain).toBeLessThanOrEqual(30 + 10);
      await herald.stop();
      expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    },
  );
});

/** Names that the resolver is told here; `fails` is the error that it gives instead. */
function resolver(host: string): { fails: string | null } {
  const { lookup } = dns;
  const state: { fails: string | null } = { fails: null };
  type Callback = (error: Error | null, address?: unknown, family?: number) => void;
  const told = (name: string, options: { all?: boolean }, callback: Callback): void => {
    const error =
      state.fails && Object.assign(new Error(`getaddrinfo ${state.fails} ${name}`), { code: state.fails });
    if (error) process.nextTick(callback, error);
    else if (options.all) process.nextTick(callback, null, [{ address: "127.0.0.1", family: 4 }]);
    else process.nextTick(callback, null, "127.0.0.1", 4);
  };
  const ours = (name: string, ...rest: unknown[]) =>
    name === host
      ? told(name, typeof rest[0] === "object" ? (rest[0] ?? {}) : {}, rest.at(-1) as Callback)
      : (lookup as (...given: unknown[]) => void)(name, ...rest);
  // Node's sockets ask this very function.
  dns.lookup = ours as typeof lookup;
  atEnd(async () => {
    dns.lookup = lookup;
    await Promise.resolve();
  });
  return state;
}

describe("Telegram out of reach for a while: everyone whose call never left gets the post once afterwards", () => {
  test.each([
    ["its port refuses", []],
    ["its name is not found, then the resolver itself is out of reach", ["ENOTFOUND", "EAI_AGAIN"]],
  ])("%s", { timeout: 60_000 }, async (_title, failures) => {
    const { telegram, owner, database, people } = await stage(120);
    const way = await gate("127.0.0.1", telegram.port);
    const names = resolver("telegram.test");
    const telegramApiRoot = `http://telegram.test:${way.port}`;
    const herald = await running(telegram, { database, telegramApiRoot, messagesPerSecond: 100 });
    await standsAside(owner);
    await broadcasts(owner, photo);
    await broadcasts(owner, POST);
    await until(() => copies(telegram).length > 30);

    const [first = null, second = null] = failures;
    names.fails = first;
    if (first) way.cut();
    else await way.close();
    await pause(500);
    const reached = copies(telegram).length;
    await pause(500);
    names.fails = second;
    await pause(1_000);
    expect(copies(telegram).length).toBe(reached);
    names.fails = null;
    if (!first) await way.reopen();

    for (const id of [1, 2]) {
      await shows(owner, inState("finished"), id, 40_000);
      const numbers = numbersOn(cardOf(owner, id)?.text ?? "");
      expect(numbers).toMatchObject({ total: people.length, failed: 0, left: 0 });
      // Those on their way when the connections broke.
      expect(numbers?.uncertain).toBeLessThanOrEqual(12);
    }
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    const both = [await deliveriesByChat(database, 1), await deliveriesByChat(database, 2)];
    const waited = both.flatMap((one) => [...one.values()]).filter(({ attempts }) => attempts > 1);
    expect(waited.length).toBeGreaterThan(0);
    expect(waited.every(({ state }) => state === "sent")).toBe(true);
  });
});

async function asksFor(owner: Person, id: number, pattern: RegExp): Promise<void> {
  await owner.sends(`/campaign ${id}`);
  await shows(owner, pattern, id);
}

test("while Telegram asks to wait, the card says so by itself", { timeout: 30_000 }, async () => {
  const { telegram, owner } = await scene(60);
  telegram.fault({ ...toPeople, after: 20 }, { error: tooManyRequests(2282) });
  await broadcasts(owner, POST);
  const card = () => cardOf(owner)?.text ?? "";
  await until(() => WAITS.test(card()), 8_000);
});

test(
  "a 429 of 2,282 s: the card says until when, a restart honours it, no delivery fails, and sending continues after it",
  { timeout: 60_000 },
  async () => {
    const clock = movableClock();
    const { telegram, owner, database, herald, people } = await scene(400, { clock });
    telegram.fault({ ...toPeople, after: 30 }, { error: tooManyRequests(2282) });
    await broadcasts(owner, photo);
    await broadcasts(owner, POST);
    await until(() => herald.logged.some((line) => line.includes("asks to wait")));
    const end = clock.now().getTime() + 2_282_000;
    for (const id of [1, 2]) await asksFor(owner, id, WAITS);
    const times = [0, -60_000].map((early) => new Date(end + early).toISOString().slice(11, 16));
    expect(times).toContain(WAITS.exec(cardOf(owner, 2)?.text ?? "")?.[1]);
    await stragglers();
    await herald.stop();

    const [bot] = await within(database, ({ db }) => db.select({ until: senders.quietUntil }).from(senders));
    expect(Math.abs((bot?.until?.getTime() ?? 0) - end)).toBeLessThan(5_000);
    const before = copies(telegram).length;
    expect(before).toBeLessThan(people.length);
    const again = await running(telegram, { database, messagesPerSecond: 100 }, { clock });
    await pause(2_000);
    expect(copies(telegram).length).toBe(before);
    await asksFor(owner, 2, WAITS);

    clock.advance(2_282_000);
    for (const id of [1, 2]) {
      await shows(owner, inOrder(inState("finished"), en.line("card-sent")), id, 20_000);
      expect(numbersOn(cardOf(owner, id)?.text ?? "")).toMatchObject({ sent: 400, failed: 0, uncertain: 0 });
    }
    await again.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    // It was no attempt.
    expect([...(await deliveriesByChat(database, 2)).values()].every(({ attempts }) => attempts === 1)).toBe(
      true,
    );
    expect(await recipientStatuses(database)).toEqual({ active: 401 });
  },
);

test(
  "the database's disk full at every third write: nobody gets it twice, nobody is left out, and the campaign ends",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database, people } = await stage(100);
    // A sequence goes on although the statement fails. It counts the writes, also where no second connection can look.
    await within(database, async ({ db }) => {
      await db.execute(sql`create sequence writes`);
      await db.execute(sql`create function disk_full() returns trigger language plpgsql as $$
        declare n bigint := nextval('writes');
        begin
          if n < 25 and n % 3 = 1 then
            raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100';
          end if;
          return null;
        end $$`);
      await db.execute(sql`create trigger disk_full before insert or update on deliveries
        for each statement execute function disk_full()`);
    });
    const herald = await running(telegram, { database, messagesPerSecond: 100 });
    await standsAside(owner);
    await broadcasts(owner, photo);
    await broadcasts(owner, POST);
    for (const id of [1, 2]) {
      await shows(owner, inState("finished"), id, 40_000);
      expect(numbersOn(cardOf(owner, id)?.text ?? "")).toMatchObject({ total: 100, failed: 0, left: 0 });
    }
    await herald.stop();
    expect(herald.logged.join("")).toContain("53100");
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    // A write that the database refused did not happen; nobody becomes uncertain by it.
    const states = [...(await deliveriesByChat(database, 2)).values()].map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(["sent"]));
  },
);
