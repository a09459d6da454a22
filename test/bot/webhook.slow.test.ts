import { type SQL, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { queuedUpdates, recipients } from "../../src/db/schema.ts";
import { createUpdateSeal } from "../../src/telegram/update-seal.ts";
import { broadcasts, register, until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { TOKEN, running } from "../support/herald.ts";
import { environment, runs } from "../support/process.ts";
import { shows } from "../support/scene.ts";
import { posts, queued, webhookScene, writes } from "../support/webhook.ts";
import { en } from "../support/words.ts";

const isSet = (bot: { webhook: { url: string } | undefined }, publicUrl: string) =>
  until(() => bot.webhook?.url.startsWith(publicUrl) ?? false);

/** From now on nothing is handled, until the trigger is dropped. */
const holdsUp = (database: DatabaseLocation) =>
  within(database, async ({ db }) => {
    await db.execute(
      sql`create function nothing() returns trigger language plpgsql as 'begin return null; end'`,
    );
    await db.execute(
      sql`create trigger hold before update on queued_updates for each row execute function nothing()`,
    );
  });

describe("a home that is reached by a webhook", () => {
  test("is talked to, sends, and never polls; the webhook is set once, with a secret that says nothing of the token", async () => {
    const { telegram, bot, owner, database, config, publicUrl } = await webhookScene();
    telegram.people(3, { firstId: 100_000 });
    await register(database, [100_000, 100_001, 100_002]);
    const herald = await running(telegram, config);
    await isSet(bot, publicUrl);
    await broadcasts(owner, "By webhook");
    await shows(owner, /3 of 3|4 of 4/);
    expect(telegram.counts(({ text }) => text === "By webhook").size).toBeGreaterThanOrEqual(3);
    await owner.sends("/status");
    await owner.sees(en.like("status-by-webhook"));
    await owner.sends("/bots");
    await owner.sees(en.like("bots-state-webhook"));

    const methods = telegram.calls.map(({ method }) => method);
    expect(methods).not.toContain("getUpdates");
    expect(methods.filter((method) => method === "setWebhook")).toHaveLength(1);
    const { url, secret } = bot.webhook ?? { url: "" };
    expect(url).toMatch(new RegExp(`^${publicUrl}/telegram/${BOT_ID}/[0-9a-f]{16}$`));
    for (const part of [url, secret ?? "", ...herald.logged]) expect(part).not.toContain(TOKEN.split(":")[1]);
    expect(bot.webhookFailures).toBe(0);
    await until(async () => (await queued(database)).length === 0);

    await herald.stop();
    await running(telegram, config);
    await owner.sends("/cancel");
    await owner.sees(en.like("dialog-none"));
    expect(telegram.calls.filter(({ method }) => method === "setWebhook")).toHaveLength(1);
  }, 60_000);

  test("takes nothing from anybody but Telegram, and tells them nothing", async () => {
    const { telegram, bot, owner, database, config, publicUrl } = await webhookScene();
    await running(telegram, config);
    await isSet(bot, publicUrl);
    const update = writes(1, owner, "/help");
    expect(await posts(publicUrl, update, { secret: null })).toEqual({ status: 403, bytes: 0 });
    expect(await posts(publicUrl, update, { secret: "x".repeat(43) })).toEqual({ status: 403, bytes: 0 });
    expect(await posts(publicUrl, update, { token: "77:other" })).toEqual({ status: 403, bytes: 0 });
    expect(await posts(publicUrl, "{", {})).toEqual({ status: 400, bytes: 0 });
    expect(await posts(publicUrl, `{"update_id":"1"}`)).toEqual({ status: 400, bytes: 0 });
    const large = writes(2, owner, "x".repeat(1_100_000));
    expect(await posts(publicUrl, large)).toEqual({ status: 413, bytes: 0 });
    expect((await fetch(`${publicUrl}/telegram/${BOT_ID}/0123456789abcdef`, { method: "POST" })).status).toBe(
      403,
    );
    expect(await queued(database)).toEqual([]);
    expect(telegram.received(owner.id)).toEqual([]);
  });

  test("answers Telegram while the handling takes long, and handles what comes twice once", async () => {
    const { telegram, bot, owner, config, publicUrl } = await webhookScene();
    await running(telegram, config);
    await isSet(bot, publicUrl);
    // Whatever is said to the owner takes 3 s.
    telegram.fault({ method: "sendMessage", times: 1 }, { hang: 3_000 });
    const before = performance.now();
    const twice = writes(600_000_000, owner, "/cancel");
    expect(await posts(publicUrl, twice)).toMatchObject({ status: 200 });
    expect(await posts(publicUrl, twice)).toMatchObject({ status: 200 });
    await owner.sends("/status");
    await until(() => bot.pending === 0);
    expect(performance.now() - before).toBeLessThan(2_500);
    await owner.sees(en.like("status-title"));
    expect(await posts(publicUrl, twice)).toMatchObject({ status: 200 });
    await owner.sends("/cancel");
    await until(
      () =>
        telegram.received(owner.id).filter(({ text }) => en.like("dialog-none").test(text ?? "")).length >= 2,
    );
    expect(
      telegram.received(owner.id).filter(({ text }) => en.like("dialog-none").test(text ?? "")),
    ).toHaveLength(2);
    expect(bot.webhookFailures).toBe(0);
  }, 30_000);

  test("stores what nobody but Herald may read, and what PostgreSQL does not take as JSON", async () => {
    const { telegram, bot, owner, database, config, publicUrl } = await webhookScene();
    await running(telegram, config);
    await isSet(bot, publicUrl);
    // Nothing is handled meanwhile.
    await holdsUp(database);
    expect(
      await posts(publicUrl, writes(600_000_001, owner, "secret 123456:AAHsecret\u0000\ud800")),
    ).toMatchObject({
      status: 200,
    });
    const [stored] = await queued(database);
    expect(stored?.body).not.toContain("secret");
    expect(
      JSON.parse(createUpdateSeal(TOKEN).unseal(BOT_ID, 600_000_001, stored?.body ?? "") ?? ""),
    ).toMatchObject({
      message: { text: "secret 123456:AAHsecret\u0000\ud800" },
    });
    expect(createUpdateSeal(`${BOT_ID}:other`).unseal(BOT_ID, 600_000_001, stored?.body ?? "")).toBeNull();
  });

  test("while the database is away Telegram keeps what people write, and it is handled afterwards", async () => {
    const { telegram, bot, owner, database, config, publicUrl } = await webhookScene();
    await running(telegram, config);
    await isSet(bot, publicUrl);
    await within(database, ({ db }) => db.execute(sql`alter table heard_updates rename to away`));
    await owner.sends("/cancel");
    await until(() => bot.webhookFailures >= 2);
    expect(bot.webhookError?.message).toBe("Wrong response from the webhook: 503 Service Unavailable");
    expect(bot.pending).toBe(1);
    await within(database, ({ db }) => db.execute(sql`alter table away rename to heard_updates`));
    await owner.sees(en.like("dialog-none"));
    expect(bot.pending).toBe(0);
  }, 30_000);
});

test("updates that wait for more than a minute are told of, and when that is over; too many stay at Telegram", async () => {
  const { telegram, bot, owner, database, config, publicUrl } = await webhookScene();
  const clock = movableClock();
  await running(telegram, config, { clock });
  await isSet(bot, publicUrl);
  await holdsUp(database);
  const run = (statement: SQL) => within(database, ({ db }) => db.execute(statement));
  const hears = (key: Parameters<typeof en.like>[0]) =>
    until(() => {
      clock.advance(5_000);
      return telegram.received(owner.id).some(({ text }) => en.like(key).test(text ?? ""));
    });
  const long = writes(600_000_000, owner, "/cancel");
  expect(await posts(publicUrl, long)).toMatchObject({ status: 200 });
  await run(sql`alter table queued_updates disable trigger hold`);
  await run(sql`update queued_updates set at = now() - interval '2 minutes', taken_by = 'nobody'`);
  await run(sql`alter table queued_updates enable trigger hold`);
  await hears("trouble-backlog");

  await run(sql`insert into queued_updates (bot_id, update_id, body)
    select ${BOT_ID}, 700000000 + n, 'x' from generate_series(1, 50000) n`);
  clock.advance(5_000);
  await owner.sends("/status");
  await until(() => bot.webhookFailures > 0);
  expect(bot.webhookError?.message).toBe("Wrong response from the webhook: 503 Service Unavailable");
  await run(sql`delete from queued_updates where body = 'x'`);
  await run(sql`alter table queued_updates disable trigger hold`);
  await hears("dialog-none");
  await hears("status-title");
  await hears("trouble-backlog-over");
}, 60_000);

describe("the webhook", () => {
  test("is removed when it is turned off; what was stored is handled before what is polled", async () => {
    const { telegram, bot, owner, database, config, variables, publicUrl } = await webhookScene();
    const herald = await running(telegram, config);
    await isSet(bot, publicUrl);
    await herald.stop();
    const ann = telegram.person({ id: 100_000, firstName: "Ann", languageCode: "en" });
    const left = writes(1, ann, "/start");
    await within(database, ({ db }) =>
      db.insert(queuedUpdates).values({
        botId: BOT_ID,
        updateId: 1,
        body: createUpdateSeal(TOKEN).seal(BOT_ID, 1, JSON.stringify(left)),
        takenBy: "a process that was killed",
        taken: 1,
      }),
    );
    await owner.sends("/cancel");
    const polling = await running(telegram, { database });
    await owner.sees(en.like("dialog-none"));
    expect(bot.webhook).toBeUndefined();
    await until(async () =>
      within(database, async ({ db }) =>
        (await db.select().from(recipients)).some(({ chatId }) => chatId === ann.id),
      ),
    );
    expect(await queued(database)).toEqual([]);
    // Without the question that a foreign webhook is worth.
    expect(
      telegram.received(owner.id).filter(({ text }) => en.like("trouble-webhook").test(text ?? "")),
    ).toEqual([]);
    await polling.stop();

    const again = await running(telegram, config);
    await isSet(bot, publicUrl);
    await owner.sends("/cancel");
    await owner.sees(en.like("dialog-none"));
    await again.stop();
    // While WEBHOOK is on, it would only be set again.
    const env = { ...environment(telegram, database), ...variables };
    const refused = await runs("remove-webhook.js", env);
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("set WEBHOOK=off")]);
    expect(bot.webhook).toBeDefined();
    expect((await runs("remove-webhook.js", { ...env, WEBHOOK: "off" })).code).toBe(0);
    expect(bot.webhook).toBeUndefined();
  }, 60_000);
});
