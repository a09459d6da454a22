import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { ERRORS, tooManyRequests } from "../../playground/wire/telegram-errors.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { senders } from "../../src/db/schema.ts";
import { ownerOf, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { type TestSender, copies, registerSenders, sendersOf } from "../support/fleet.ts";
import { localTelegram, running } from "../support/herald.ts";
import { shows } from "../support/scene.ts";
import { seedCampaign } from "../support/seed.ts";
import { en } from "../support/words.ts";

/* Two processes show one house: one has the home, the other runs one of its two senders. */

const PEOPLE = 200;

interface House {
  telegram: Telegram;
  owner: Person;
  /** Runs where the home is, and in the other process. */
  near: TestSender;
  away: TestSender;
  /** Starts a campaign of the bot in the other process, and opens its card. */
  sends(): Promise<number>;
}

/** Asks for it, and resolves with the answer. */
async function status(owner: Person, bot = ""): Promise<string> {
  const answers = () => owner.holds.filter(({ text = "" }) => en.like("status-title").test(text));
  const before = answers().length;
  await owner.sends(`/status ${bot}`.trim());
  await until(() => answers().length > before);
  return answers().at(-1)?.text ?? "";
}

async function house(): Promise<House> {
  const telegram = await localTelegram({ limits: "none" });
  const database = await freshLocation();
  const owner = ownerOf(telegram);
  const bots = sendersOf(telegram, 2, PEOPLE) as [TestSender, TestSender];
  await registerSenders(database, bots);
  const start = () =>
    running(telegram, { database, messagesPerSecond: 28 }, { listSenders: async () => bots });
  const holders = () =>
    within(database, async ({ db }) => {
      const rows = await db.select().from(senders).where(eq(senders.homeId, BOT_ID));
      return new Map(rows.map(({ botId, leaseHolder }) => [botId, leaseHolder]));
    });
  await start();
  await until(async () => [...(await holders()).values()].filter(Boolean).length === 3);
  await start();
  let away: TestSender | undefined;
  await until(async () => {
    const held = await holders();
    away = bots.find(({ botId }) => held.get(botId) && held.get(botId) !== held.get(BOT_ID));
    return away !== undefined;
  });
  const far = away ?? bots[0];
  const near = bots.find((bot) => bot !== far) ?? bots[1];
  await until(async () => (await status(owner)).includes(en("status-senders-elsewhere", { count: 1 })));
  return {
    telegram,
    owner,
    near,
    away: far,
    async sends() {
      const { id } = await within(database, ({ db }) =>
        seedCampaign(scopeOf(homeScope(db, BOT_ID), far), {
          state: "running",
          startedAt: new Date(),
          createdBy: owner.id,
          content: { kind: "text", text: far.post, buttons: [[{ text: "👍", vote: true }]] },
        }),
      );
      await owner.sends("/campaigns");
      await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
      await owner.taps(new RegExp(`#${id}`));
      await shows(owner, /\d/, id);
      return id;
    },
  };
}

test("/status counts the people of all bots, says what runs elsewhere, and shows one bot alone", async () => {
  const { owner, near, away } = await house();
  const all = await status(owner);
  expect(all).toContain(en("status-senders", { count: 2 }));
  expect(all).toContain(en("status-reachable", { count: 2 * PEOPLE + 1 }));
  const one = await status(owner, `@${away.username}`);
  expect(one).toContain(en("card-from", { bot: `@${away.username}` }));
  expect(one).toContain(`${en("status-sender-up")} · ${en("status-sender-elsewhere")}`);
  expect(one).toContain(en("status-reachable", { count: PEOPLE }));
  const other = await status(owner, `@${near.username}`);
  expect(other).toContain(en("status-sender-up"));
  expect(other).not.toContain(en("status-sender-elsewhere"));
}, 60_000);

test("the card of a campaign in another process shows a pause that Telegram asks for, and votes", async () => {
  const { telegram, owner, away, sends } = await house();
  const [voter = 0] = away.people;
  telegram.fault({ token: away.token, method: "sendMessage", after: 30 }, { error: tooManyRequests(12) });
  const id = await sends();
  await shows(owner, en.like("card-quiet"), id);
  const paused = await status(owner, `@${away.username}`);
  expect(paused).toMatch(en.like("card-quiet"));
  expect(paused).toMatch(en.like("status-rate-cut"));
  const person = telegram.person({ id: voter, bot: away.botId });
  await until(() => copies(telegram, away).people > 0);
  await person.taps(/👍/);
  await shows(owner, /👍 1/, id);
}, 90_000);

test("that a campaign in another process pauses is told once", async () => {
  const { telegram, owner, away, sends } = await house();
  telegram.fault(
    { token: away.token, method: "sendMessage", after: 10, times: Infinity },
    { error: ERRORS.cantParse },
  );
  const id = await sends();
  const notices = () =>
    owner.holds.filter(({ text = "" }) => text.includes(en("notice-paused", { id: String(id) })));
  await until(() => notices().length > 0, 30_000);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(notices()).toHaveLength(1);
}, 90_000);
