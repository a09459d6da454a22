import dns from "node:dns";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/faults.ts";
import type { Person } from "../../playground/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { bots } from "../../src/db/schema.ts";
import { contradictionsIn, deliveriesByChat } from "../support/books.ts";
import { broadcasts, cardOf, numbersOn, recipientStatuses, until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { gate } from "../support/gate.ts";
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

const POST = "Struck on the way.";
const BESIDE = "Sent at the same time.";
/** The day stands there, too, when it ends on another one. */
const WAITS = /Telegram asks to wait until (?:\d{1,2} [A-Z][a-z]+(?: \d{4})?, )?(\d\d:\d\d)/;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const copies = (telegram: Telegram) => copiesAmongPeople(telegram, POST);

/** A campaign that is a photo, beside which one that is a text is struck: faults tell them apart by the method. */
const photo = { photo: true, caption: BESIDE } as const;

test("calls cut off, timed out or given up by a gateway are uncertain, just those, and the campaign beside is whole", async () => {
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
  await shows(owner, /finished/, 1);
  await shows(owner, /finished/, 2);
  expect(numbersOn(cardOf(owner, 1)?.text ?? "")).toMatchObject({ sent: 60, uncertain: 0, failed: 0 });
  expect(numbersOn(cardOf(owner, 2)?.text ?? "")).toMatchObject({
    sent: 48,
    uncertain: 12,
    failed: 0,
    left: 0,
  });

  await owner.taps("Failures (CSV)", { on: idOf(owner, /^Campaign #2 ·/) });
  await owner.sees("Failures of campaign #2: 12 rows");
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
  "bursts of 5xx and of a proxy's HTML: those struck are tried again, everyone has it once, the campaign beside is whole",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database, herald, people } = await scene(80);
    telegram.fault({ ...toPeople, after: 5, times: 12 }, { error: ERRORS.internal });
    telegram.fault({ ...toPeople, after: 15, times: 12 }, { status: 502, body: "<html>Bad Gateway</html>" });
    telegram.fault({ ...toPeople, after: 25, times: 12 }, { error: ERRORS.unavailable });
    await broadcasts(owner, photo);
    await broadcasts(owner, POST);
    await shows(owner, /finished/, 1);
    await shows(owner, /finished/, 2, 40_000);
    for (const id of [1, 2])
      expect(numbersOn(cardOf(owner, id)?.text ?? "")).toMatchObject({
        sent: 80,
        uncertain: 0,
        failed: 0,
        left: 0,
      });
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    expect([...(await deliveriesByChat(database, 1)).values()].every(({ attempts }) => attempts === 1)).toBe(
      true,
    );
  },
);

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

describe("Telegram out of reach for a while: whoever's call never left has it once afterwards", () => {
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
      await shows(owner, /finished/, id, 40_000);
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
  "a 429 of 2,282 s: the card says until when, a restart honours it, nobody's delivery fails, and after it all goes on",
  { timeout: 60_000 },
  async () => {
    const clock = movableClock();
    const { telegram, owner, database, herald, people } = await scene(120, { clock });
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

    const [bot] = await within(database, ({ db }) => db.select({ until: bots.quietUntil }).from(bots));
    expect(Math.abs((bot?.until?.getTime() ?? 0) - end)).toBeLessThan(5_000);
    const before = copies(telegram).length;
    expect(before).toBeLessThan(people.length);
    const again = await running(telegram, { database, messagesPerSecond: 100 }, { clock });
    await pause(2_000);
    expect(copies(telegram).length).toBe(before);
    await asksFor(owner, 2, WAITS);

    clock.advance(2_282_000);
    for (const id of [1, 2]) {
      await shows(owner, /finished\nSent/, id, 20_000);
      expect(numbersOn(cardOf(owner, id)?.text ?? "")).toMatchObject({ sent: 120, failed: 0, uncertain: 0 });
    }
    await again.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    // It was no attempt.
    expect([...(await deliveriesByChat(database, 2)).values()].every(({ attempts }) => attempts === 1)).toBe(
      true,
    );
    expect(await recipientStatuses(database)).toEqual({ active: 121 });
  },
);

test(
  "the database's disk full at every third write: nobody has it twice, nobody is lost, and it ends",
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
      await shows(owner, /finished/, id, 40_000);
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
