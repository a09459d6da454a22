import { setTimeout } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { type Telegram, startTelegram } from "../../playground/telegram.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { contradictionsIn } from "../support/books.ts";
import { broadcasts, cardOf, ownerOf, register, until, within } from "../support/broadcast.ts";
import { type CardNumbers, numbersOn } from "../support/counts.ts";
import { freshLocation } from "../support/database.ts";
import { type Child, environment, isUp, spawnHerald } from "../support/process.ts";
import type { Sabotage } from "../support/saboteur.ts";
import { copiesAmongPeople, standsAside, toPeople } from "../support/scene.ts";
import { range } from "../support/seed.ts";
import { en, inOrder, inState } from "../support/words.ts";

/*
 * Herald in a process of its own is killed at a statement, or while a call is on its way, and started again. One
 * database and one Telegram for all: each test sends the next campaign.
 */

const PEOPLE = range(100_000, 100_059);
// A death, a new start and the rest of a campaign take some 4 s on an idle machine.
vi.setConfig({ testTimeout: 60_000 });

/** What is in hand at the death: a tenth of a second's claim, one more on the way, and what is not settled yet. */
const IN_HAND = 30;

let telegram: Telegram;
let owner: Person;
let database: DatabaseLocation;
let variables: Record<string, string>;
let herald: Child;
let campaign = 0;

beforeAll(async () => {
  telegram = await startTelegram({ limits: "none" });
  owner = ownerOf(telegram);
  for (const id of PEOPLE) telegram.person({ id, started: true });
  database = await freshLocation();
  await register(database, PEOPLE);
  variables = { ...environment(telegram, database), MESSAGES_PER_SECOND: "100" };
  await rises();
  await standsAside(owner);
});

afterAll(async () => {
  await herald.kill9();
  await telegram.stop();
});

async function rises(more: Record<string, string> = {}): Promise<void> {
  herald = spawnHerald({ ...variables, ...more }, { sabotaged: true, lasting: true });
  await isUp(herald);
}

/** The dead one's lease ends now instead of in ten seconds; that nobody takes it earlier has tests of its own. */
async function buried(): Promise<void> {
  if (database.type === "server")
    await within(database, ({ db }) => db.execute(sql`update senders set lease_until = now()`));
}

const textOf = (id: number) => `Post ${id}, through thick and thin.`;

/** The next campaign is on its way. */
async function begins(): Promise<void> {
  campaign += 1;
  await broadcasts(owner, textOf(campaign));
}

/** A new start goes on by itself; the numbers in the end. Nobody has it twice, who has none is uncertain. */
async function recovers(): Promise<CardNumbers> {
  await rises();
  // Whoever died before the card was drawn draws none later; that has a test of its own.
  await owner.sends(`/campaign ${campaign}`);
  await until(
    () => inOrder(inState("finished"), en.line("card-sent")).test(cardOf(owner, campaign)?.text ?? ""),
    30_000,
  );
  const text = cardOf(owner, campaign)?.text ?? "";
  const numbers = numbersOn(text);
  if (!numbers) throw new Error(`no numbers on the card: ${text}`);
  const copies = copiesAmongPeople(telegram, textOf(campaign));
  expect(copies.filter(([, count]) => count !== 1)).toEqual([]);
  expect(numbers).toMatchObject({ total: PEOPLE.length, blocked: 0, failed: 0, skipped: 0, left: 0 });
  expect(copies.length).toBeGreaterThanOrEqual(numbers.sent);
  expect(numbers.uncertain).toBeLessThanOrEqual(IN_HAND);
  expect(text.includes(en("card-uncertain-note"))).toBe(numbers.uncertain > 0);
  return numbers;
}

/** It died of a signal; if it lives, the statement that it should die at never came. */
async function dies(): Promise<void> {
  const alive = setTimeout(30_000, "alive", { ref: false });
  expect(await Promise.race([herald.exited, alive])).toBeNull();
}

/** Kills it at that statement of the next campaign. */
async function killedAt(order: Sabotage): Promise<CardNumbers> {
  await herald.sabotage(order);
  // The dead do not answer the tap that starts it.
  begins().catch(() => undefined);
  await dies();
  await buried();
  return recovers();
}

/** Killed when at least three have left and none of them is answered; the numbers, and how many have the post. */
async function killedUnderway(accept: boolean): Promise<CardNumbers & { copies: number }> {
  const fault = telegram.fault({ ...toPeople, after: 20, times: Infinity }, { hang: "forever", accept });
  await begins();
  await until(() => fault.hits >= 3);
  await herald.kill9();
  fault.remove();
  await buried();
  const numbers = await recovers();
  expect(numbers.uncertain).toBeGreaterThanOrEqual(3);
  return { ...numbers, copies: copiesAmongPeople(telegram, textOf(campaign)).length };
}

const CONFIRM = 'update "campaigns" set .*"starts_at" =';
const LAUNCH = 'update "campaigns" set .*"started_at" =';
const FREEZE = "insert into deliveries";
const CLAIM = "for update skip locked";
const SETTLE = "jsonb as rows[^]*update deliveries";
const FINISH = 'update "campaigns" set .*"finished_at" =';
const RESCUE = "update deliveries[^]*set state = 'uncertain'";

test("killed between the confirmation and its card: it starts, and its card is drawn at the next start", async () => {
  await herald.sabotage({ die: "committed", statement: CONFIRM });
  begins().catch(() => undefined);
  await dies();
  await buried();
  await rises();
  await until(() => copiesAmongPeople(telegram, textOf(campaign)).length === PEOPLE.length);
  await until(
    () => inOrder(inState("finished"), en.line("card-sent")).test(cardOf(owner, campaign)?.text ?? ""),
    5_000,
  );
});

describe("killed in the launch, nobody is uncertain", () => {
  test.each(["before", "after"] as const)("%s the statement", async (die) => {
    expect(await killedAt({ die, statement: LAUNCH })).toMatchObject({ sent: 60, uncertain: 0 });
  });
});

describe("killed in the freeze, nobody is uncertain or left out", () => {
  test.each(["before", "after", "committed"] as const)("%s", async (die) => {
    expect((await killedAt({ die, statement: FREEZE })).sent).toBeGreaterThanOrEqual(PEOPLE.length - IN_HAND);
  });
});

describe("killed in the claim", () => {
  test("before the statement: nobody is uncertain", async () => {
    expect(await killedAt({ die: "before", statement: CLAIM })).toMatchObject({ sent: 60, uncertain: 0 });
  });

  test("after it: the claimed deliveries are uncertain although no call left, because nobody can know", async () => {
    const { uncertain } = await killedAt({ die: "committed", statement: CLAIM, effective: true });
    expect(uncertain).toBeGreaterThan(0);
    expect(copiesAmongPeople(telegram, textOf(campaign)).length).toBe(PEOPLE.length - uncertain);
  });
});

describe("killed while calls are in flight", () => {
  test("not yet accepted by Telegram: uncertain, and nobody has the post", async () => {
    expect((await killedUnderway(false)).copies).toBeLessThanOrEqual(PEOPLE.length - 3);
  });

  test("accepted by Telegram but not yet answered: uncertain, and everyone has it once", async () => {
    const { copies, sent } = await killedUnderway(true);
    expect(copies).toBeGreaterThanOrEqual(sent + 3);
  });
});

describe("killed in the settle", () => {
  test.each(["before", "after"] as const)(
    "%s the statement: those whose outcome was lost are uncertain",
    async (die) => {
      expect((await killedAt({ die, statement: SETTLE, nth: 3 })).uncertain).toBeGreaterThan(0);
    },
  );

  test("after the commit: what was settled stays settled", async () => {
    const { sent, uncertain } = await killedAt({ die: "committed", statement: SETTLE, nth: 3 });
    expect(sent + uncertain).toBe(PEOPLE.length);
  });
});

describe("killed at the finish", () => {
  test("before the statement: at most those whose answer was still to come are uncertain", async () => {
    // It is tried as soon as there is nobody left to claim.
    expect((await killedAt({ die: "before", statement: FINISH })).uncertain).toBeLessThanOrEqual(IN_HAND);
  });

  test("after it: nobody is uncertain, and the card is drawn at the next start", async () => {
    const numbers = await killedAt({ die: "committed", statement: FINISH, effective: true });
    expect(numbers).toMatchObject({ sent: 60, uncertain: 0 });
  });
});

describe("killed again while it continues after the first crash", () => {
  test.each(["before", "committed"] as const)("%s the statement", async (die) => {
    const fault = telegram.fault({ ...toPeople, after: 20, times: Infinity }, { hang: "forever" });
    await begins();
    await until(() => fault.hits >= 3);
    await herald.kill9();
    fault.remove();
    await buried();
    herald = spawnHerald(
      { ...variables, SABOTAGE: JSON.stringify({ die, statement: RESCUE } satisfies Sabotage) },
      { sabotaged: true, lasting: true },
    );
    await dies();
    await buried();
    expect((await recovers()).uncertain).toBeGreaterThanOrEqual(3);
  });
});

test("asked to stop in the middle, it exits with 0, nobody is uncertain, and the next start continues", async () => {
  telegram.latency = 100;
  await begins();
  await until(() => copiesAmongPeople(telegram, textOf(campaign)).length >= 15);
  herald.signal("SIGTERM");
  expect(await herald.exited).toBe(0);
  telegram.latency = 0;
  expect(copiesAmongPeople(telegram, textOf(campaign)).length).toBeLessThan(PEOPLE.length);
  expect(await recovers()).toMatchObject({ sent: PEOPLE.length, uncertain: 0 });
});

test("killed between two chunks of the freeze: it continues after the first, and nobody is left out or in it twice", async () => {
  herald.signal("SIGTERM");
  expect(await herald.exited).toBe(0);
  // The first chunk takes 1,000.
  const more = range(200_000, 200_999);
  for (const id of more) telegram.person({ id, started: true });
  await register(database, more);
  await rises({ MESSAGES_PER_SECOND: "500" });
  await herald.sabotage({ die: "after", statement: FREEZE, nth: 2 });
  begins().catch(() => undefined);
  await dies();
  await buried();
  await rises({ MESSAGES_PER_SECOND: "500" });
  await owner.sends(`/campaign ${campaign}`);
  await until(
    () => inOrder(inState("finished"), en.line("card-sent")).test(cardOf(owner, campaign)?.text ?? ""),
    30_000,
  );
  const total = PEOPLE.length + more.length;
  expect(numbersOn(cardOf(owner, campaign)?.text ?? "")).toMatchObject({ total, failed: 0, left: 0 });
});

test("after all these crashes, the counts agree with what Telegram has", async () => {
  herald.signal("SIGTERM");
  expect(await herald.exited).toBe(0);
  expect(campaign).toBeGreaterThan(0);
  expect(await contradictionsIn(database, telegram, { audience: PEOPLE })).toEqual([]);
});
