import { count, eq } from "drizzle-orm";
import { Api } from "grammy";
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../src/access/actor.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { launchAt } from "../../src/campaign/actions/launch-at.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { findCampaign } from "../../src/campaign/queries.ts";
import { audit, campaigns, deliveries, recipients, senders, series } from "../../src/db/schema.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createLog } from "../../src/log.ts";
import { addSender } from "../../src/senders/actions/add-sender.ts";
import { removeSender } from "../../src/senders/actions/remove-sender.ts";
import { renameSender } from "../../src/senders/actions/rename-sender.ts";
import { replaceToken } from "../../src/senders/actions/replace-token.ts";
import { setHandling } from "../../src/senders/actions/set-handling.ts";
import { setRate } from "../../src/senders/actions/set-rate.ts";
import { adoptConfigured, reportLostTokens } from "../../src/senders/configured-senders.ts";
import { scopeOf } from "../../src/db/scope.ts";
import { findSender, listSenders, noteIntroduced, noteTokenSaid } from "../../src/senders/sender-store.ts";
import type { SendersParts } from "../../src/senders/senders-parts.ts";
import { createTokenVault } from "../../src/senders/token-vault.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { TOKEN, localTelegram, secretKey } from "../support/herald.ts";
import { ADMIN, NOW, POST, emptied, range, seedCampaign, seedPeople, seedSeries } from "../support/seed.ts";
import { NEWS_ID, NEWS_TOKEN, SHOP_ID, SHOP_TOKEN, sendersParts } from "../support/senders.ts";

const scope = await freshScope();
const OTHER_SECRET = `${SHOP_ID}:AAHanother-token_of35characters00002`;

beforeEach(() => emptied(scope));

async function staged(configured: readonly string[] = []) {
  const telegram = await localTelegram();
  telegram.bot(SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
  telegram.bot(NEWS_TOKEN, { username: "news_bot", name: "News" });
  return { telegram, parts: sendersParts(scope, telegram, configured) };
}

async function withShop() {
  const stage = await staged();
  await addSender(stage.parts, ADMIN, SHOP_TOKEN);
  return stage;
}

/** From this many people on, a removal has to be typed. */
const TYPED_FROM = 10;

/** Removes the shop, as if these campaigns had been shown and this had been typed. */
const removes = (
  parts: SendersParts,
  ending: readonly number[] = [],
  typed: string | null = "@shop_bot",
  actor: Actor = ADMIN,
) => removeSender(parts, actor, { botId: SHOP_ID, ending, typed }, TYPED_FROM);

const done = async () =>
  (await scope.db.select().from(audit)).map(({ action, subject }) => [action, subject]);
const rowOf = async (botId: number) =>
  (await scope.db.select().from(senders).where(eq(senders.botId, botId)))[0];

describe("adding a bot", () => {
  test("stores what Telegram says of it and its sealed token, and tells whom it concerns", async () => {
    const { parts } = await staged();
    const { sender, looked } = await addSender(parts, ADMIN, SHOP_TOKEN);
    expect(sender).toMatchObject({
      botId: SHOP_ID,
      homeId: BOT_ID,
      isHome: false,
      name: "Shop",
      username: "shop_bot",
      handling: "beside",
      rate: null,
      addedBy: 7,
    });
    expect(looked.receiver).toEqual({ type: "unknown" });
    expect(await listSenders(parts.home)).toMatchObject([
      { botId: BOT_ID, isHome: true },
      { botId: SHOP_ID },
    ]);
    const known = await findSender(parts.home, SHOP_ID);
    expect(known && (await parts.vault.open(known))).toBe(SHOP_TOKEN);
    expect(JSON.stringify(await scope.db.select().from(senders))).not.toContain(SHOP_TOKEN.slice(8));
    expect(await done()).toEqual([["sender.added", SHOP_ID]]);
    expect(parts.changes()).toBe(1);
  });

  test.each([
    ["what is no token", "hello", "bot-token-malformed"],
    ["the home's token", TOKEN, "bot-is-home"],
    ["a bot that is there", SHOP_TOKEN, "bot-known"],
  ])("%s is refused without asking Telegram", async (_, token, code) => {
    const { telegram, parts } = await withShop();
    telegram.clearRecords();
    await expect(addSender(parts, ADMIN, token)).rejects.toMatchObject({ code });
    expect(telegram.calls).toEqual([]);
  });

  test("a bot of another home, or one that is still being removed, is refused", async () => {
    const { parts } = await staged();
    await scope.db.insert(senders).values([
      { botId: SHOP_ID, homeId: 999 },
      { botId: NEWS_ID, homeId: BOT_ID, removedAt: NOW },
    ]);
    await expect(addSender(parts, ADMIN, SHOP_TOKEN)).rejects.toMatchObject({ code: "bot-elsewhere" });
    await expect(addSender(parts, ADMIN, NEWS_TOKEN)).rejects.toMatchObject({ code: "bot-leaving" });
    expect(await findSender(parts.home, SHOP_ID)).toBeNull();
    expect((await listSenders(parts.home)).map(({ botId }) => botId)).toEqual([BOT_ID]);
  });

  test("a refused token leaves nothing behind; two at the same time add it once", async () => {
    const { telegram, parts } = await staged();
    telegram.revoke(NEWS_TOKEN);
    await expect(addSender(parts, ADMIN, NEWS_TOKEN)).rejects.toMatchObject({ code: "bot-token-refused" });
    expect(await rowOf(NEWS_ID)).toBeUndefined();
    const both = await Promise.allSettled([1, 2].map(() => addSender(parts, ADMIN, SHOP_TOKEN)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")).toMatchObject({ reason: { code: "bot-known" } });
  });
});

describe("only owners", () => {
  const others: [string, Actor][] = [
    ["an admin", { type: "admin", userId: 8, owner: false }],
    ["a key", { type: "key", id: 1, name: "Shop" }],
    ["Herald itself", { type: "herald" }],
  ];

  test.each(others)("%s may do none of it", async (_, actor) => {
    const { telegram, parts } = await withShop();
    telegram.clearRecords();
    const attempts = [
      () => addSender(parts, actor, NEWS_TOKEN),
      () => replaceToken(parts, actor, SHOP_ID, OTHER_SECRET),
      () => renameSender(parts, actor, SHOP_ID, "x"),
      () => setRate(parts, actor, SHOP_ID, 5),
      () => setHandling(parts, actor, SHOP_ID, "answers"),
      () => removes(parts, [], null, actor),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
    expect(telegram.calls).toEqual([]);
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ name: "Shop", rate: null });
    expect(parts.changes()).toBe(1);
  });
});

describe("a bot", () => {
  test("is renamed, also the home; a name that shows nothing is refused", async () => {
    const { parts } = await withShop();
    expect(await renameSender(parts, ADMIN, SHOP_ID, "  The\nshop ")).toMatchObject({ name: "The shop" });
    await renameSender(parts, ADMIN, BOT_ID, "Office");
    for (const unfit of ["\u3164", "x".repeat(65), ""])
      await expect(renameSender(parts, ADMIN, SHOP_ID, unfit)).rejects.toMatchObject({
        code: "bot-name-unfit",
      });
    await noteIntroduced(parts.home, { id: SHOP_ID, first_name: "Shop 2", username: "shop2_bot" });
    await noteIntroduced(parts.home, { id: BOT_ID, first_name: "Herald" });
    expect(await listSenders(parts.home)).toMatchObject([
      { name: "Office", username: null },
      { name: "The shop", username: "shop2_bot" },
    ]);
  });

  test("has a rate of its own, or the configured one", async () => {
    const { parts } = await withShop();
    expect(await setRate(parts, ADMIN, SHOP_ID, 2.5)).toMatchObject({ rate: 2.5 });
    expect(await setRate(parts, ADMIN, SHOP_ID, null)).toMatchObject({ rate: null });
    for (const unfit of [0, 0.5, 1_001, Number.NaN, -1, Infinity])
      await expect(setRate(parts, ADMIN, SHOP_ID, unfit)).rejects.toMatchObject({ code: "bot-rate-unfit" });
    await expect(setRate(parts, ADMIN, SHOP_ID, 30.5)).rejects.toMatchObject({
      code: "bot-rate-not-free",
      details: { rate: 30.5, free: 30 },
    });
    expect(await setRate(parts, ADMIN, SHOP_ID, 30)).toMatchObject({ rate: 30 });
    expect(await setRate(parts, ADMIN, SHOP_ID, 30.5, true)).toMatchObject({ rate: 30.5 });
    const paying = { ...parts, paysForRate: true };
    expect(await setRate(paying, ADMIN, SHOP_ID, 1_000)).toMatchObject({ rate: 1_000 });
    await expect(setRate(parts, ADMIN, BOT_ID, 5)).rejects.toMatchObject({ code: "bot-is-home" });
    await expect(setRate(parts, ADMIN, NEWS_ID, 5)).rejects.toMatchObject({ code: "bot-unknown" });
  });

  test("gets another token of its own, which ends a refusal; that of another bot changes nothing", async () => {
    const { telegram, parts } = await withShop();
    await noteTokenSaid(parts.home, SHOP_ID, NOW);
    await noteTokenSaid(parts.home, SHOP_ID, new Date());
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ tokenRefusedAt: NOW });
    await expect(replaceToken(parts, ADMIN, SHOP_ID, NEWS_TOKEN)).rejects.toMatchObject({
      code: "bot-token-of-another",
    });
    await expect(replaceToken(parts, ADMIN, BOT_ID, TOKEN)).rejects.toMatchObject({ code: "bot-is-home" });
    telegram.revoke(OTHER_SECRET);
    await expect(replaceToken(parts, ADMIN, SHOP_ID, OTHER_SECRET)).rejects.toMatchObject({
      code: "bot-token-refused",
    });
    const before = await findSender(parts.home, SHOP_ID);
    expect(before && (await parts.vault.open(before))).toBe(SHOP_TOKEN);
    telegram.restore(OTHER_SECRET);
    const replaced = await replaceToken(parts, ADMIN, SHOP_ID, OTHER_SECRET);
    expect(replaced.tokenRefusedAt).toBeNull();
    expect(await parts.vault.open(replaced)).toBe(OTHER_SECRET);
    expect((await done()).at(-1)).toEqual(["sender.token-replaced", SHOP_ID]);
  });

  test("is answered by Herald only once its webhook is removed, which has to be said", async () => {
    const { telegram, parts } = await withShop();
    const api = new Api(SHOP_TOKEN, { apiRoot: telegram.apiRoot });
    await api.setWebhook("https://shop.example.com/secret");
    await expect(setHandling(parts, ADMIN, SHOP_ID, "answers")).rejects.toMatchObject({
      code: "bot-has-webhook",
      details: { host: "shop.example.com" },
    });
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ handling: "beside" });
    await setHandling(parts, ADMIN, SHOP_ID, "answers", "its-webhook");
    expect((await api.getWebhookInfo()).url).toBe("");
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ handling: "answers" });
    await setHandling(parts, ADMIN, SHOP_ID, "beside");
    await expect(setHandling(parts, ADMIN, SHOP_ID, "answers")).rejects.toMatchObject({
      code: "bot-may-be-polled",
    });
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ handling: "beside" });
    await setHandling(parts, ADMIN, SHOP_ID, "answers", "its-polls");
    await setHandling(parts, ADMIN, SHOP_ID, "beside");
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ handling: "beside" });
  });

  test("whose token cannot be read stays, and says that it needs its token again", async () => {
    const { parts } = await withShop();
    const vault = createTokenVault({ type: "given", key: secretKey(2) });
    const lines: string[] = [];
    const log = createLog("info", { write: (line: string) => void lines.push(line) });
    await reportLostTokens(parts.home, parts.vault, log);
    expect(lines).toEqual([]);
    await reportLostTokens(parts.home, vault, log);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(String(SHOP_ID));
    expect(lines[0]).toContain("nothing else is lost");
    await expect(setHandling({ ...parts, vault }, ADMIN, SHOP_ID, "answers")).rejects.toMatchObject({
      code: "bot-needs-token",
    });
    await replaceToken({ ...parts, vault }, ADMIN, SHOP_ID, SHOP_TOKEN);
    const sender = await findSender(parts.home, SHOP_ID);
    expect(sender && (await vault.open(sender))).toBe(SHOP_TOKEN);
  });
});

describe("removing a bot", () => {
  test("cancels its open campaigns and series, forgets its token, and touches no other bot", async () => {
    const { parts } = await withShop();
    const shop = scopeOf(parts.home, { botId: SHOP_ID });
    await seedPeople(shop, [1, 2, 3]);
    const { id: running } = await seedCampaign(shop, { state: "running", startedAt: NOW });
    const { id: run } = await seedCampaign(shop, {
      state: "scheduled",
      startsAt: new Date(Date.now() + 3_600_000),
      seriesId: 1,
      run: 1,
    });
    await seedSeries(shop, {
      recurrence: { cron: "0 10 * * *", timezone: "UTC" } as never,
      lastAt: NOW,
    });
    const { id: over } = await seedCampaign(shop, { state: "finished", finishedAt: NOW });
    const { id: own } = await seedCampaign(scope, { state: "running", startedAt: NOW });
    await expect(removes(parts, [running])).rejects.toMatchObject({
      code: "bot-campaigns-moved",
      details: { before: 1, after: 2 },
    });
    expect(await findSender(parts.home, SHOP_ID)).not.toBeNull();
    await removes(parts, [running, run]);
    expect(await findSender(parts.home, SHOP_ID)).toBeNull();
    expect(await rowOf(SHOP_ID)).toMatchObject({ sealedToken: null });
    for (const id of [running, run])
      expect(await findCampaign(shop, id)).toMatchObject({ state: "cancelled" });
    expect(await findCampaign(shop, over)).toMatchObject({ state: "finished" });
    expect(await findCampaign(scope, own)).toMatchObject({ state: "running" });
    expect((await scope.db.select().from(series))[0]?.endedAt).not.toBeNull();
    const open = await scope.db
      .select({ count: count() })
      .from(campaigns)
      .where(eq(campaigns.state, "scheduled"));
    expect(open[0]?.count).toBe(0);
    expect((await scope.db.select().from(recipients)).length).toBe(3); // deleted later
    expect((await done()).at(-1)).toEqual(["sender.removed", SHOP_ID]);
    await expect(removes(parts)).rejects.toMatchObject({ code: "bot-unknown" });
    const home = { botId: BOT_ID, ending: [own], typed: null };
    await expect(removeSender(parts, ADMIN, home, TYPED_FROM)).rejects.toMatchObject({ code: "bot-is-home" });
  });
});

describe("the name of a bot that is removed has to be typed", () => {
  test("from many people on", async () => {
    const { parts } = await withShop();
    const shop = scopeOf(parts.home, { botId: SHOP_ID });
    await seedPeople(shop, range(1, TYPED_FROM), { status: "blocked" });
    for (const typed of [null, "", "@news_bot", "Shop"])
      await expect(removes(parts, [], typed)).rejects.toMatchObject({
        code: "bot-removal-not-typed",
        details: { name: "@shop_bot" },
      });
    expect(await rowOf(SHOP_ID)).toMatchObject({ removedAt: null, sealedToken: expect.any(String) });
    await removes(parts, [], " Shop_Bot ");
    expect(await findSender(parts.home, SHOP_ID)).toBeNull();
  });

  test("if a campaign ends with it, but not for a few people", async () => {
    const { parts } = await withShop();
    const shop = scopeOf(parts.home, { botId: SHOP_ID });
    await seedPeople(shop, range(1, TYPED_FROM - 1));
    const { id } = await seedCampaign(shop, { state: "paused", pauseReason: "admin" });
    await expect(removes(parts, [id], null)).rejects.toMatchObject({ code: "bot-removal-not-typed" });
    await scope.db.update(campaigns).set({ state: "finished" }).where(eq(campaigns.id, id));
    await removes(parts, [], null);
    expect(await findSender(parts.home, SHOP_ID)).toBeNull();
  });
});

const finishes = (id: number) =>
  scope.db.update(campaigns).set({ state: "finished", finishedAt: NOW }).where(eq(campaigns.id, id));

test("campaigns that finish while their bot is being removed do not hold it up", async () => {
  const { parts } = await withShop();
  const shop = scopeOf(parts.home, { botId: SHOP_ID });
  const ids: number[] = [];
  for (let nth = 0; nth < 3; nth += 1)
    ids.push((await seedCampaign(shop, { state: "running", startedAt: NOW })).id);
  const [first = 0, , third = 0] = ids;
  await finishes(first); // since it was shown
  // Between two of the cancellations, by the engine.
  const nudges = { send: async () => void (await finishes(third)) };
  await removes({ ...parts, home: { ...parts.home, nudges } }, ids);
  expect(await findSender(parts.home, SHOP_ID)).toBeNull();
  const states = await Promise.all(ids.map(async (id) => (await findCampaign(shop, id))?.state));
  expect(states).toEqual(["finished", "cancelled", "finished"]);
});

describe("what its removal would delete unseen", () => {
  const AT = new Date(Date.now() + 3_600_000);
  const LIMITS = { typedFrom: 1_000_000, mostScheduled: 500 };

  async function withDraft() {
    const { parts } = await withShop();
    const shop = scopeOf(parts.home, { botId: SHOP_ID });
    await seedPeople(shop, [1, 2]);
    const draft = await createDraft(
      parts.home,
      ADMIN,
      { content: POST, audience: EVERYONE, originKey: "test:1" },
      SHOP_ID,
    );
    const launches = (startsAt: Date | null) =>
      launchAt(parts.home, ADMIN, draft, { startsAt, recurrence: null }, 2, { ...LIMITS, now: new Date() });
    return { parts, shop, draft, launches };
  }

  test("a draft of a removed bot is not launched or scheduled, and no other is made of its campaigns", async () => {
    const { parts, shop, draft, launches } = await withDraft();
    const { id: over } = await seedCampaign(shop, { state: "finished", finishedAt: NOW });
    await scope.db
      .insert(deliveries)
      .values({ botId: SHOP_ID, campaignId: over, seq: 1, chatId: 1, state: "failed", reason: "other" });
    await removes(parts);
    const attempts = [
      () => launches(null),
      () => launches(AT),
      () => duplicate(parts.home, ADMIN, over, "test:2"),
      () => duplicate(parts.home, ADMIN, draft.id, "test:3"),
      () => retry(parts.home, ADMIN, over, "failed"),
      () =>
        createDraft(parts.home, ADMIN, { content: POST, audience: EVERYONE, originKey: "test:4" }, SHOP_ID),
    ];
    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({ code: "bot-unknown", details: { bot: SHOP_ID } });
    expect(await findCampaign(shop, draft.id)).toMatchObject({ state: "draft", startsAt: null });
    expect(await findCampaign(shop, over)).toMatchObject({ state: "finished" });
    expect((await scope.db.select().from(campaigns)).length).toBe(2);
  });

  test.each([null, AT])(
    "of a launch and a removal at once, one is refused, whichever comes first",
    async (at) => {
      for (let round = 0; round < 5; round += 1) {
        const { parts, shop, draft, launches } = await withDraft();
        const both = [() => launches(at), () => removes(parts)];
        const order = round % 2 === 0 ? both : both.toReversed();
        const done = await Promise.allSettled(order.map((one) => one()));
        const codes = done.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
        const { state } = (await findCampaign(shop, draft.id)) ?? {};
        expect([
          ["draft", "bot-unknown"],
          ["scheduled", "bot-campaigns-moved"],
        ]).toContainEqual([state, ...codes]);
        await emptied(scope);
      }
    },
  );
});

describe("a bot of EXTRA_BOT_TOKENS", () => {
  test("is there without its token in the database, and its token is changed only in the environment", async () => {
    const { parts } = await staged([SHOP_TOKEN]);
    const lines: string[] = [];
    const log = createLog("info", { write: (line: string) => void lines.push(line) });
    for (let start = 0; start < 2; start += 1) await adoptConfigured(parts.home, parts.vault, log);
    await noteIntroduced(parts.home, { id: SHOP_ID, first_name: "Shop", username: "shop_bot" });
    const sender = await findSender(parts.home, SHOP_ID);
    expect(sender).toMatchObject({ name: "Shop", handling: "beside", addedBy: null, sealedToken: null });
    expect(sender && (await parts.vault.open(sender))).toBe(SHOP_TOKEN);
    await noteTokenSaid(parts.home, SHOP_ID, NOW);
    await noteTokenSaid(parts.home, SHOP_ID, null);
    expect(await findSender(parts.home, SHOP_ID)).toMatchObject({ tokenRefusedAt: null });
    for (const attempt of [() => replaceToken(parts, ADMIN, SHOP_ID, OTHER_SECRET), () => removes(parts)])
      await expect(attempt()).rejects.toMatchObject({ code: "bot-configured" });
    expect(lines).toEqual([]);
  });

  test("of another home is left out, and the log says so", async () => {
    const { parts } = await staged([SHOP_TOKEN]);
    await scope.db.insert(senders).values({ botId: SHOP_ID, homeId: 999, name: "Theirs" });
    const lines: string[] = [];
    await adoptConfigured(
      parts.home,
      parts.vault,
      createLog("info", { write: (line: string) => void lines.push(line) }),
    );
    expect(lines.join("")).toContain("belongs to another Herald");
    expect(await rowOf(SHOP_ID)).toMatchObject({ homeId: 999, name: "Theirs" });
    expect(await findSender(parts.home, SHOP_ID)).toBeNull();
  });
});
