import { Api } from "grammy";
import { expect, test } from "vitest";
import { scopeOf, homeScope } from "../../src/db/scope.ts";
import * as schema from "../../src/db/schema.ts";
import { findSender, listSenders } from "../../src/senders/sender-store.ts";
import { botsScene, dumpOf } from "../support/bots-scene.ts";
import { until } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { TOKEN } from "../support/herald.ts";
import type { SceneOptions } from "../support/scene.ts";
import { range, seedCampaign, seedPeople } from "../support/seed.ts";
import { en } from "../support/words.ts";

const TITLE = "Coffee (@coffee_bot)";
const COFFEE = { name: "Coffee", username: "coffee_bot" };

/** A home that may manage other bots. */
async function managing(options: SceneOptions = {}) {
  const staged = await botsScene(options);
  const { telegram, owner, opens, onDatabase } = staged;
  telegram.bot(TOKEN).managesBots = true;
  const coffeeBot = () => telegram.bots.find(({ me, revoked }) => me.username === "coffee_bot" && !revoked);
  const coffee = () => onDatabase((db) => findSender(homeScope(db, BOT_ID), coffeeBot()?.id ?? 0));
  const asks = async () => {
    await opens();
    await owner.taps(en("bots-add"));
    await owner.sees(en("bots-ask-token"));
  };
  /** Makes the bot, and waits for its card. */
  const makes = async () => {
    await asks();
    await owner.createsBot(1, COFFEE);
    await owner.sees(en("bots-made", { name: TITLE }));
    await owner.sees(en("bots-managed"));
    return coffeeBot()?.id ?? 0;
  };
  const opensCoffee = async () => {
    await opens();
    await owner.taps(TITLE);
    return owner.sees(en("bots-managed"));
  };
  const tokenOf = () => coffeeBot()?.token ?? "";
  return { ...staged, coffee, asks, makes, opensCoffee, tokenOf };
}

/** Whether Telegram takes the token. */
async function isGood(apiRoot: string, token: string): Promise<boolean> {
  return new Api(token, { apiRoot }).getMe().then(
    () => true,
    () => false,
  );
}

test("a bot that an owner makes by a button is added and answered, and its token is in no log, table, message or button", async () => {
  const { telegram, owner, herald, onDatabase, makes, coffee, tokenOf } = await managing();
  const botId = await makes();
  expect(owner.place.keyboard).toBeNull();
  expect(await coffee()).toMatchObject({ name: "Coffee", managed: true, handling: "answers", addedBy: 1 });
  const anna = telegram.person({ id: 500_001, firstName: "Anna", languageCode: "en", bot: botId });
  await anna.sends("/start");
  await anna.sees(en("start-person", { name: "Anna" }));
  await owner.taps(en("bots-replace-token"));
  await owner.sees(en("bots-ask-replace", { name: TITLE }));
  const tokens = [tokenOf()];
  await owner.taps(en("bots-yes-replace"));
  await until(() => tokenOf() !== tokens[0]);
  tokens.push(tokenOf());
  await until(async () => (await coffee())?.tokenRefusedAt === null);
  const dump = await onDatabase(dumpOf);
  const chat = JSON.stringify(owner.holds);
  await herald.stop();
  for (const trace of [dump, chat, herald.logged.join("\n")]) {
    expect(trace).toContain(String(botId));
    for (const token of tokens) expect(trace).not.toContain(token.slice(-20));
  }
});

test("a token replaced in the middle of a campaign: the old one is dead, the campaign goes on with the new one, nobody twice", async () => {
  const { telegram, owner, onDatabase, makes, opensCoffee, tokenOf } = await managing({ rate: 80 });
  const botId = await makes();
  const ids = range(600_001, 601_000);
  telegram.people(ids.length, { firstId: 600_001, bot: botId });
  const scope = <T>(work: (its: ReturnType<typeof scopeOf>) => Promise<T>) =>
    onDatabase((db) => work(scopeOf(homeScope(db, BOT_ID), { botId })));
  const content = { kind: "text", text: "Fresh beans.", buttons: [] } as const;
  const id = await scope(async (its) => {
    await seedPeople(its, ids);
    const begun = { state: "running", startedAt: new Date() } as const;
    return (await seedCampaign(its, { ...begun, content: { ...content, buttons: [] } })).id;
  });
  const copies = () => telegram.counts(({ text }) => text === "Fresh beans.");
  await until(() => copies().size >= 40);
  const before = tokenOf();
  // By the owner's tap, and then again in @BotFather.
  await opensCoffee();
  await owner.taps(en("bots-replace-token"));
  await owner.taps(en("bots-yes-replace"));
  expect(copies().size).toBeLessThan(ids.length);
  expect(await isGood(telegram.apiRoot, before)).toBe(false);
  await until(() => copies().size >= 300, 30_000);
  telegram.replaceToken(botId);
  expect(copies().size).toBeLessThan(ids.length);
  await until(() => copies().size === ids.length, 60_000);
  expect(Math.max(...copies().values())).toBe(1);
  const stateOf = () =>
    onDatabase(
      async (db) => (await db.select().from(schema.campaigns)).find((campaign) => campaign.id === id)?.state,
    );
  await until(async () => (await stateOf()) === "finished");
});

test("a token that was changed while the home heard nothing is taken when the old one is refused, and no owner is told", async () => {
  const { telegram, herald, makes, tokenOf } = await managing();
  const botId = await makes();
  const anna = telegram.person({ id: 500_001, firstName: "Anna", languageCode: "en", bot: botId });
  await anna.sends("/start");
  await anna.sees(en("start-person", { name: "Anna" }));
  const failure = { error_code: 500, description: "Internal Server Error" };
  const silence = telegram.fault({ method: "getUpdates", token: TOKEN, times: Infinity }, { error: failure });
  telegram.bot(TOKEN).stop(); // ends the poll that waits
  await until(() => silence.hits > 0);
  const before = tokenOf();
  telegram.replaceToken(botId);
  expect(tokenOf()).not.toBe(before);
  await anna.sends("/stop");
  await anna.sees(en("stop-done"));
  silence.remove();
  await herald.stop();
  const lines = herald.logged.join("\n");
  expect(lines).toContain("the token of a managed bot has changed");
  expect(lines).not.toContain("Telegram refuses the token of a sender");
});

test("where the home may not manage bots, the owner reads what to do, and there is no button", async () => {
  const { telegram, owner, asks } = await managing();
  telegram.bot(TOKEN).managesBots = false;
  await asks();
  await owner.sees(en("bots-cannot-make", { home: `@herald_${BOT_ID}_bot` }));
  expect(owner.place.keyboard).toBeNull();
  // After the setting is changed, without a restart.
  telegram.bot(TOKEN).managesBots = true;
  await asks();
  await owner.sees(en("bots-or-make"));
  expect(owner.place.keyboard?.keyboard[0]?.[0]).toMatchObject({ text: en("bots-make") });
});

test("a bot whose token cannot be had right now is not lost: it is fetched later by a tap", async () => {
  const { telegram, owner, asks, coffee } = await managing();
  const fault = telegram.fault(
    { method: "getManagedBotToken", times: Infinity },
    { error: { error_code: 500, description: "Internal Server Error" } },
  );
  await asks();
  await owner.createsBot(1, COFFEE);
  await owner.sees(en("error-telegram-unreachable"));
  await owner.sees(en("bots-trouble-no-token"));
  fault.remove();
  await owner.taps(en("bots-fetch-token"));
  await owner.sees(en("bots-state-answers"));
  expect(await coffee()).toMatchObject({ managed: true, sealedToken: expect.any(String) });
});

test("only owners add bots so; what an admin, a stranger or an update of an unknown bot says adds none", async () => {
  const { telegram, owner, herald, onDatabase } = await managing();
  await onDatabase((db) =>
    db.insert(schema.admins).values({ homeId: BOT_ID, userId: 7, name: "Anna", addedBy: 1 }),
  );
  const bot = { id: 7_700_000_001, is_bot: true, first_name: "Theirs", username: "theirs_bot" };
  const home = telegram.bot(TOKEN);
  for (const id of [7, 8]) {
    const person = telegram.person({ id, firstName: "Anna", languageCode: "en", started: true });
    await person.sends({ raw: { managed_bot_created: { bot } } });
    home.push({ managed_bot: { user: person.user, bot } });
  }
  home.push({ managed_bot: { user: owner.user, bot } });
  await owner.sends("/bots");
  await owner.sees(en("bots-title"));
  await until(() => home.pending === 0);
  await herald.stop();
  const ids = await onDatabase(async (db) =>
    (await listSenders(homeScope(db, BOT_ID))).map((one) => one.botId),
  );
  expect(ids).toEqual([BOT_ID]);
  expect(telegram.calls.some(({ method }) => method === "getManagedBotToken")).toBe(false);
});
