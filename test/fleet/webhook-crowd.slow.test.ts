import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Telegram } from "../../playground/telegram.ts";
import { listTaps } from "../../src/campaign/votes/button-votes.ts";
import { withButtonIds } from "../../src/content/button-ids.ts";
import { recipients, senders } from "../../src/db/schema.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { addsShop } from "../support/bots-scene.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { registerSenders, sendersOf } from "../support/fleet.ts";
import { running } from "../support/herald.ts";
import { freePort } from "../support/ports.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { seedCampaign } from "../support/seed.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { queued, webhookScene } from "../support/webhook.ts";
import { en } from "../support/words.ts";

/* Bots that Telegram reaches by webhooks: a sender's crowd, several processes, and what a kill leaves. */

const POST = withButtonIds({
  kind: "text",
  text: "Do you like it?",
  buttons: [[{ text: "👍", vote: true }]],
});

/** The people of a bot who have started it. */
const joined = (database: DatabaseLocation, botId: number) =>
  within(database, async ({ db }) => {
    const rows = await db
      .select({ chatId: recipients.chatId })
      .from(recipients)
      .where(and(eq(recipients.botId, botId), eq(recipients.status, "active")));
    return rows.map(({ chatId }) => chatId).toSorted((a, b) => a - b);
  });

const votesOf = (database: DatabaseLocation, id: number) =>
  within(database, async ({ db }) => (await listTaps(homeScope(db, BOT_ID), id)).votes.get("👍") ?? 0);

/** A campaign of the home with a vote, which Herald sends by itself. */
const vote = (database: DatabaseLocation) =>
  within(database, ({ db }) =>
    seedCampaign(homeScope(db, BOT_ID), { state: "running", startedAt: new Date(), content: POST }),
  );

const methodsOf = (telegram: Telegram) => telegram.calls.map(({ method }) => method);

test("a crowd of two bots joins and leaves by webhook, each heard once, none of them polled and no post made again", async () => {
  const { telegram, database, config, publicUrl } = await webhookScene();
  const bots = sendersOf(telegram, 2, 50);
  await registerSenders(
    database,
    bots.map((bot) => ({ ...bot, people: [] })),
  );
  await running(telegram, { ...config, extraBotTokens: bots.map(({ token }) => token) });
  const accounts = bots.map(({ token }) => telegram.bot(token));
  await until(() => accounts.every(({ webhook }) => webhook?.url.startsWith(publicUrl)));
  for (const { botId, people } of bots) {
    const crowd = telegram.people(people.length, { firstId: people[0] ?? 0, bot: botId });
    await Promise.all(crowd.map((person) => person.sends("/start")));
  }
  for (const { botId, people } of bots)
    await until(async () => (await joined(database, botId)).join() === people.join());
  const [leaver] = telegram.people(1, { firstId: bots[0]?.people[0] ?? 0, bot: bots[0]?.botId ?? 0 });
  await leaver?.blocks();
  await until(async () => (await joined(database, bots[0]?.botId ?? 0)).length === 49);
  expect(accounts.map(({ webhookFailures, pending }) => [webhookFailures, pending])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(methodsOf(telegram)).not.toContain("getUpdates");
  await until(async () => (await queued(database)).length === 0);
}, 60_000);

test("a bot that is set beside another program, or removed, loses Herald's webhook, and no other", async () => {
  const { telegram, owner, database, config, publicUrl } = await webhookScene();
  const shop = telegram.bot(SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
  const home = telegram.bot(`${BOT_ID}:TEST-token`);
  await running(telegram, config);
  const opens = async () => {
    await owner.sends("/bots");
    await owner.sees(en("bots-title"));
    await owner.taps(/^Shop/);
  };
  await addsShop(owner);
  expect(shop.webhook).toBeUndefined();
  await owner.taps(en("bots-answers"));
  await owner.taps(en("bots-yes-polls"));
  await owner.sees(en("bots-state-webhook"));
  await until(() => shop.webhook?.url.startsWith(publicUrl) ?? false);

  await opens();
  await owner.taps(en("bots-beside"));
  await until(() => shop.webhook === undefined);
  await opens();
  await owner.taps(en("bots-answers"));
  await owner.taps(en("bots-yes-polls"));
  await until(() => shop.webhook?.url.startsWith(publicUrl) ?? false);

  await opens();
  await owner.taps(en("bots-remove"));
  await owner.taps(en("bots-yes-remove"));
  await until(() => shop.webhook === undefined);
  expect(home.webhook?.url.startsWith(publicUrl)).toBe(true);
  await until(async () => {
    const rows = await within(database, ({ db }) =>
      db.select().from(senders).where(eq(senders.botId, SHOP_ID)),
    );
    return rows[0]?.removedAt !== null;
  });
}, 60_000);

test("a process that stands by takes what Telegram posts, and the one that runs the bot hears of it at once", async () => {
  const { telegram, bot, owner, database, variables } = await webhookScene();
  // Only the second one is reached.
  const first = spawnHerald({
    ...environment(telegram, database),
    ...variables,
    HTTP_PORT: String(await freePort()),
  });
  await isUp(first);
  const second = spawnHerald({ ...environment(telegram, database), ...variables });
  await until(() => second.output().includes("the HTTP API is up"), 30_000);
  await until(() => bot.pending === 0);
  for (let round = 0; round < 3; round += 1) {
    const before = performance.now();
    await owner.sends("/status");
    await until(() => telegram.received(owner.id).length > round);
    expect(performance.now() - before).toBeLessThan(3_000);
  }
  expect(second.output()).not.toContain("Herald is up");
  // The other way round: what is stored by then is handled by the one that takes over.
  await first.kill9();
  await owner.sends("/status");
  await until(() => bot.pending === 0);
  await until(() => telegram.received(owner.id).length > 3, 30_000);
}, 120_000);

test.each([
  ["before its vote is written", { die: "before", statement: 'insert into "votes"' }],
  ["before that is committed", { die: "after", statement: 'insert into "votes"' }],
  ["after that is committed", { die: "committed", statement: 'insert into "votes"' }],
  ["before the tap leaves the queue", { die: "before", statement: 'delete from "queued_updates"' }],
] as const)(
  "a process killed %s: the tap counts once after the restart",
  async (_, order) => {
    const { telegram, bot, owner, database, variables } = await webhookScene();
    const [ann] = telegram.people(1, { firstId: 100_000 });
    const start = () =>
      spawnHerald({ ...environment(telegram, database), ...variables }, { sabotaged: true });
    const first = start();
    await isUp(first);
    await ann?.sends("/start");
    await until(async () => (await joined(database, BOT_ID)).length === 1);
    const { id } = await vote(database);
    await until(() => ann?.holds.some(({ text }) => text === "Do you like it?") ?? false);
    await until(async () => (await queued(database)).length === 0);
    await first.sabotage(order);
    ann?.taps("👍").catch(() => undefined); // nobody may answer it
    expect(await first.exited).toBeNull();
    await isUp(start());
    await until(async () => (await votesOf(database, id)) === 1);
    await until(async () => (await queued(database)).length === 0);
    await owner.sends("/status");
    await owner.sees(en.like("status-title"));
    expect(bot.pending).toBe(0);
    expect(await votesOf(database, id)).toBe(1);
  },
  60_000,
);

test("a process killed while an album gathers: after the restart the post has all of its parts", async () => {
  const { telegram, owner, database, variables } = await webhookScene();
  const start = () => spawnHerald({ ...environment(telegram, database), ...variables }, { sabotaged: true });
  const first = start();
  await isUp(first);
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await until(async () => (await queued(database)).length === 0);
  await owner.sendsAlbum([
    { photo: true },
    { photo: true },
    { photo: true },
    { photo: true, caption: "Four" },
  ]);
  await until(async () => (await queued(database)).length === 4);
  await first.kill9();
  await isUp(start());
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  await until(async () => (await queued(database)).length === 0);
  const album = telegram.received(owner.id).filter((message) => "photo" in message);
  expect(album).toHaveLength(4);
}, 60_000);
