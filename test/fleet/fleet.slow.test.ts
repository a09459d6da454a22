import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { campaigns, recipients } from "../../src/db/schema.ts";
import { ownerOf, until, within } from "../support/broadcast.ts";
import { freshFolder, freshLocation } from "../support/database.ts";
import { OWNER_ID, type Running, localTelegram, running } from "../support/herald.ts";
import { type TestSender, copies, registerSenders, sendersOf, startCampaigns } from "../support/fleet.ts";
import { en } from "../support/words.ts";

const PEOPLE = 60;

let telegram: Telegram;
let database: DatabaseLocation;
let owner: Person;

beforeEach(async () => {
  telegram = await localTelegram({ limits: "none" });
  database = await freshLocation();
});

/** Herald with the home and these senders; the list is read again whenever the fleet looks. */
async function withSenders(bots: readonly TestSender[], list = () => bots): Promise<Running> {
  owner = ownerOf(telegram);
  await registerSenders(database, bots);
  return running(telegram, { database, messagesPerSecond: 50 }, { listSenders: async () => list() });
}

const everyoneHas = (bot: TestSender) => copies(telegram, bot).people === bot.people.length;

async function stateOf(id: number): Promise<{ state: string; pauseReason: string | null }> {
  return within(database, async ({ db }) => {
    const [row] = await db
      .select({ state: campaigns.state, pauseReason: campaigns.pauseReason })
      .from(campaigns)
      .where(eq(campaigns.id, id));
    return row ?? { state: "gone", pauseReason: null };
  });
}

describe("senders beside the home", () => {
  test("two send their campaigns at the same time, each to its own people, nobody twice, and the author hears of both", async () => {
    const bots = sendersOf(telegram, 2, PEOPLE);
    await withSenders(bots);
    const numbers = await startCampaigns(database, bots);
    await until(() => bots.every(everyoneHas));
    for (const bot of bots) expect(copies(telegram, bot)).toEqual({ people: PEOPLE, most: 1 });
    for (const { post, people } of bots) {
      const strangers = [...telegram.counts(({ text }) => text === post).keys()].filter(
        (chat) => !people.includes(chat),
      );
      expect(strangers).toEqual([]);
    }
    for (const id of numbers) await until(async () => (await stateOf(id)).state === "finished");
    await until(() => numbers.every((id) => owner.holds.some(({ text = "" }) => text.includes(`#${id}`))));
  });

  test("on the embedded database, too", async () => {
    database = await freshFolder();
    const bots = sendersOf(telegram, 2, PEOPLE);
    await registerSenders(database, bots);
    await startCampaigns(database, bots);
    await running(telegram, { database, messagesPerSecond: 50 }, { listSenders: async () => bots });
    await until(() => bots.every(everyoneHas));
    for (const bot of bots) expect(copies(telegram, bot).most).toBe(1);
  });

  test("one whose token is refused does not hurt the others; its campaign waits, and the owners hear which bot it is", async () => {
    const bots = sendersOf(telegram, 2, PEOPLE);
    const [refused, other] = bots as [TestSender, TestSender];
    telegram.revoke(refused.token);
    await withSenders(bots);
    const [waiting = 0] = await startCampaigns(database, bots);
    await until(() => everyoneHas(other));
    await owner.sees(en("trouble-sender-unauthorized", { bot: refused.username }));
    expect(await stateOf(waiting)).toEqual({ state: "paused", pauseReason: "unauthorized" });
    expect(copies(telegram, refused)).toEqual({ people: 0, most: 0 });
  });

  test("a token replaced in the middle of a campaign: it pauses, and goes on with the new one, nobody twice", async () => {
    const bots = sendersOf(telegram, 2, 200);
    const [old, other] = bots as [TestSender, TestSender];
    const replaced = { ...old, token: `${old.botId}:TEST-new-token` };
    let current: readonly TestSender[] = bots;
    await withSenders(bots, () => current);
    const [id = 0] = await startCampaigns(database, bots);
    await until(() => copies(telegram, old).people >= 40);
    telegram.revoke(old.token);
    await until(async () => (await stateOf(id)).pauseReason === "unauthorized");
    expect(copies(telegram, old).people).toBeLessThan(200);
    telegram.bot(replaced.token, { username: old.username });
    current = [replaced, other];
    await until(() => copies(telegram, replaced).people === 200);
    expect(copies(telegram, replaced)).toEqual({ people: 200, most: 1 });
    await until(() => everyoneHas(other));
    await until(async () => (await stateOf(id)).state === "finished");
    await owner.sees(en.opens("trouble-sender-unauthorized-over", { bot: old.username }));
  });

  test("a sender that is removed sends no more, and one that is added sends", async () => {
    const bots = sendersOf(telegram, 2, 200);
    const [removed, added] = bots as [TestSender, TestSender];
    let current: readonly TestSender[] = [removed];
    await withSenders(bots, () => current);
    await startCampaigns(database, bots);
    await until(() => copies(telegram, removed).people >= 20);
    current = [added];
    await until(() => everyoneHas(added));
    const sent = copies(telegram, removed).people;
    expect(sent).toBeLessThan(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(copies(telegram, removed).people).toBe(sent);
  });
});

describe("the people of a sender that Herald answers", () => {
  test("start, stop and block it, and are people of that bot only", async () => {
    const [bot] = sendersOf(telegram, 1, 0) as [TestSender];
    await withSenders([bot]);
    const anna = telegram.person({ id: 900_001, firstName: "Anna", languageCode: "en", bot: bot.botId });
    await anna.sends("/start");
    await anna.sees(en("start-person", { name: "Anna" }));
    const rows = () =>
      within(database, async ({ db }) => db.select().from(recipients).where(eq(recipients.chatId, anna.id)));
    expect((await rows()).map(({ botId, optedOutAt }) => ({ botId, optedOutAt }))).toEqual([
      { botId: bot.botId, optedOutAt: null },
    ]);
    await anna.sends("/stop");
    await anna.sees(en("stop-done"));
    await anna.blocks();
    await until(async () => (await rows())[0]?.status === "blocked");
  });

  test("an admin is sent to the home for everything that belongs there", async () => {
    const [bot] = sendersOf(telegram, 1, 0) as [TestSender];
    await registerSenders(database, [bot]);
    await running(telegram, { database }, { listSenders: async () => [bot] });
    const admin = telegram.person({ id: OWNER_ID, firstName: "Olga", languageCode: "en", bot: bot.botId });
    await admin.sends("/start");
    await admin.sees(en("start-person", { name: "Olga" }));
    await admin.sends("/broadcast");
    const home = telegram.bots.find(({ id }) => id === 1_000_001)?.me.username ?? "";
    await admin.sees(en("sender-home", { bot: home }));
    const stranger = telegram.person({ id: 900_002, firstName: "Boris", languageCode: "en", bot: bot.botId });
    await stranger.sends("/broadcast");
    await stranger.sees(`${en("unknown-command")} ${en("help")}`);
  });

  test("beside another program it polls nothing, and still sends", async () => {
    const [answering] = sendersOf(telegram, 1, PEOPLE) as [TestSender];
    const bot: TestSender = { ...answering, handling: "beside" };
    await withSenders([bot]);
    await startCampaigns(database, [bot]);
    await until(() => everyoneHas(bot));
    // Whoever polls says which updates it wants.
    expect(telegram.bot(bot.token).allowed).toBeUndefined();
  });

  test("a webhook of another program is reported with the name of the bot and the way out", async () => {
    const [bot] = sendersOf(telegram, 1, 0) as [TestSender];
    telegram
      .bot(bot.token)
      .setWebhook({ url: "https://shop.example/hook", max_connections: 40, ip_address: "192.0.2.1" });
    await withSenders([bot]);
    await owner.sees(en("trouble-sender-webhook", { bot: bot.username, host: "shop.example", waiting: 0 }));
  });
});
