import { describe, expect, test } from "vitest";
import { type BotTap, botTapData, readBotTap } from "../../src/bot/features/bots/bot-taps.ts";
import { LOCALES, loadWords } from "../../src/bot/ui/words.ts";
import * as schema from "../../src/db/schema.ts";
import { until } from "../support/broadcast.ts";
import { TITLE, botsScene, dumpOf } from "../support/bots-scene.ts";
import { BOT_ID } from "../support/database.ts";
import { NEWS_TOKEN, SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en } from "../support/words.ts";

const NEW_SHOP_TOKEN = `${SHOP_ID}:AAHanother-token_of35characters00002`;

describe("a bot", () => {
  test("is added by its token, whose message is deleted, and is listed with its state", async () => {
    const { owner, adds, opens, shop, isHeld } = await botsScene();
    const message = await adds();
    const card = await owner.sees(en("bots-look-unknown"));
    expect(card.text).toContain(TITLE);
    expect(card.text).toContain(en("bots-state-beside"));
    expect(isHeld(message.message_id)).toBe(false);
    expect(await shop()).toMatchObject({ name: "Shop", handling: "beside" });
    await owner.taps(en("bots-answers"));
    await owner.sees(en("bots-ask-polls", { name: TITLE }));
    expect(await shop()).toMatchObject({ handling: "beside" });
    await owner.taps(en("bots-yes-polls"));
    await owner.sees(en("bots-state-answers"));
    expect(await shop()).toMatchObject({ handling: "answers" });
    await owner.taps(en("bots-beside"));
    await until(async () => (await shop())?.handling === "beside");
    await opens();
    const { text = "" } = await owner.sees(TITLE);
    expect(text).toContain(en("bots-home"));
    expect(text).toMatch(en.like("bots-rate", { rate: 100 }));
    expect(text).toMatch(en.like("bots-people", { count: 0 }));
  });

  test("leaves its token in no log, no table, no button, and no dialog, wrong tokens included", async () => {
    const { owner, herald, onDatabase, adds, isHeld, telegram } = await botsScene();
    telegram.revoke(NEWS_TOKEN);
    const mangled = `${SHOP_TOKEN.slice(0, 15)} ${SHOP_TOKEN.slice(15)}`;
    const short = SHOP_TOKEN.slice(0, 20);
    const secrets = [SHOP_TOKEN.slice(8, 28), NEWS_TOKEN.slice(8, 28), SHOP_TOKEN.slice(-12)];
    const sent = [await adds(NEWS_TOKEN)];
    await owner.sees(en("error-bot-token-refused"));
    for (const wrong of [mangled, short, "hello", `${SHOP_TOKEN} and ${NEWS_TOKEN}`]) {
      sent.push(await owner.sends(wrong));
      await until(() => !isHeld(sent.at(-1)?.message_id ?? 0));
    }
    await owner.sees(en("bots-several-tokens"));
    // The dialog is still open, with all that it has seen.
    const open = await onDatabase(dumpOf);
    expect(open).toContain("botToken");
    sent.push(await owner.sends(`Use this token to access the HTTP API:\n${SHOP_TOKEN}`));
    await owner.sees(en("bots-look-unknown"));
    // In the composer, where everything else is kept.
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends(`My token: ${NEWS_TOKEN}`);
    await owner.sees(en.like("audience-ask"));
    for (const { message_id } of sent) expect(isHeld(message_id)).toBe(false);
    const taps = JSON.stringify(owner.holds.map((message) => message.reply_markup));
    await herald.stop();
    for (const trace of [open, await onDatabase(dumpOf), taps, herald.logged.join("\n")]) {
      expect(trace.length).toBeGreaterThan(100);
      for (const secret of secrets) expect(trace).not.toContain(secret);
    }
  });

  test("whose message cannot be deleted is added all the same, and the owner is told", async () => {
    const { owner, telegram, adds } = await botsScene();
    telegram.fault(
      { method: "deleteMessage" },
      { error: { error_code: 400, description: "Bad Request: message can't be deleted" } },
    );
    await adds();
    await owner.sees(en("bots-token-stays"));
    await owner.sees(en("bots-look-unknown"));
  });

  test("with a webhook is answered by Herald only after a question that names its host", async () => {
    const { owner, telegram, adds, shop } = await botsScene();
    telegram
      .bot(SHOP_TOKEN)
      .setWebhook({ url: "https://shop.example.com/x", max_connections: 40, ip_address: "" });
    await adds();
    await owner.sees(en("bots-look-webhook", { host: "shop.example.com" }));
    await owner.taps(en("bots-answers"));
    await owner.sees(en("bots-ask-webhook", { name: TITLE, host: "shop.example.com" }));
    expect(await shop()).toMatchObject({ handling: "beside" });
    await owner.taps(en("bots-yes-webhook"));
    await owner.sees(en("bots-state-answers"));
    expect(telegram.bot(SHOP_TOKEN).webhook).toBeUndefined();
  });

  test("is renamed, slowed down, and given another token of its own", async () => {
    const { telegram, owner, hasShop, shop } = await botsScene();
    telegram.bot(NEW_SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
    await hasShop();
    await owner.taps(en("bots-rename"));
    await owner.sees(en("bots-ask-name", { name: TITLE }));
    await owner.sends("\u3164");
    await owner.sees(en("error-bot-name-unfit", { most: 64 }));
    await owner.sends("The shop");
    await owner.sees("The shop (@shop_bot)");
    await owner.taps(en("bots-set-rate"));
    await owner.sees(en("bots-ask-rate", { name: "The shop (@shop_bot)" }));
    await owner.sends("fast");
    await owner.sees(en("error-bot-rate-unfit", { least: 1, most: 1_000 }));
    await owner.sends("12,5");
    await owner.sees(en.like("bots-rate", { rate: 12.5 }));
    expect(await shop()).toMatchObject({ name: "The shop", rate: 12.5 });
    await owner.taps(en("bots-set-rate"));
    await owner.sees(en.like("bots-ask-rate"));
    await owner.sends("45.5");
    await owner.sees(en("bots-ask-fast", { name: "The shop (@shop_bot)", rate: 45.5, free: 30 }));
    expect(await shop()).toMatchObject({ rate: 12.5 });
    await owner.taps(en("bots-yes-rate", { rate: 45.5 }));
    await owner.sees(en.like("bots-rate", { rate: 45.5 }));
    expect(await shop()).toMatchObject({ rate: 45.5 });
    await owner.taps(en("bots-usual-rate"));
    await until(async () => (await shop())?.rate === null);
    const sealed = (await shop())?.sealedToken;
    await owner.taps(en("bots-replace-token"));
    await owner.sees(en("bots-ask-new-token", { name: "The shop (@shop_bot)" }));
    await owner.sends(NEWS_TOKEN);
    await owner.sees(en("error-bot-token-of-another"));
    expect((await shop())?.sealedToken).toBe(sealed);
    await owner.sends(NEW_SHOP_TOKEN);
    await owner.sees(en("bots-token-replaced", { name: "The shop (@shop_bot)" }));
    expect((await shop())?.sealedToken).not.toBe(sealed);
  });
});

test("the home is listed with its own name, and offers only what can be changed there", async () => {
  const { owner, opens } = await botsScene();
  await opens();
  await owner.taps(/@herald/);
  const card = await owner.sees(en("bots-about-home"));
  expect(owner.buttons(card).flat()).toEqual([en("bots-rename"), en("button-back")]);
});

test("without a key and a place for one, the owner is told what to set, and the token is deleted", async () => {
  const { owner, adds, isHeld, shop } = await botsScene({ config: { tokenKey: { type: "none" } } });
  const message = await adds();
  await owner.sees(en("error-no-secret-key"));
  expect(isHeld(message.message_id)).toBe(false);
  expect(await shop()).toBeNull();
});

test("a bot of the environment is listed, and offers neither another token nor its removal", async () => {
  const { owner, opens } = await botsScene({ config: { extraBotTokens: [SHOP_TOKEN] } });
  await opens();
  await owner.taps(String(SHOP_ID));
  const card = await owner.sees(en("bots-configured"));
  expect(owner.buttons(card).flat()).not.toContain(en("bots-replace-token"));
  expect(owner.buttons(card).flat()).not.toContain(en("bots-remove"));
});

test("an admin who is not an owner has no /bots, and the help of owners names it", async () => {
  const { telegram, owner, onDatabase } = await botsScene();
  await onDatabase((db) =>
    db.insert(schema.admins).values({ homeId: BOT_ID, userId: 7, name: "Anna", addedBy: 1 }),
  );
  const anna = telegram.person({ id: 7, firstName: "Anna", languageCode: "en", started: true });
  await anna.sends("/bots");
  await anna.sees(en("unknown-command"));
  await owner.sends("/help");
  expect((await owner.sees(en("help-admin"))).text).toContain("/bots");
});

test("buttons carry ids and counts, never a token", () => {
  const taps: BotTap[] = [
    { type: "page", page: 2 },
    { type: "open", botId: SHOP_ID },
    { type: "yes-answers", botId: SHOP_ID },
    { type: "usual-rate", botId: SHOP_ID },
    { type: "yes-remove", botId: SHOP_ID },
    { type: "yes-rate", botId: SHOP_ID, rate: 33.333 },
  ];
  for (const tap of taps) expect(readBotTap(botTapData(tap))).toEqual(tap);
  for (const what of [
    "",
    "open",
    "open.x",
    "open.1.2",
    "yes-remove.1.2",
    "yes-rate.1",
    "erase.1",
    SHOP_TOKEN,
  ])
    expect(readBotTap(what)).toBeNull();
});

test.each(LOCALES)(
  "the list of eight bots and the question before a removal fit into a message in %s",
  (locale) => {
    const t = loadWords()(locale);
    const title = `${"я".repeat(64)} (@${"w".repeat(32)})`;
    const facts = [
      t("bots-home"),
      t("bots-trouble-no-token"),
      t("bots-rate", { rate: 1_000 }),
      t("bots-people", { count: 10_000_000 }),
    ].join(" · ");
    expect((title.length + facts.length + 3) * 8 + t("bots-title").length).toBeLessThan(4_096);
    const name = "@" + "w".repeat(32);
    const question = [
      t("bots-ask-remove", { name: title }),
      t("bots-loses", { people: t("bots-people", { count: 10_000_000 }), campaigns: 100_000 }),
      t("bots-keep-api-off", { id: "9".repeat(15), command: `/campaigns ${name}` }),
      t("bots-type-name", { name }),
    ];
    expect(question.join("\n").length).toBeLessThan(3_000);
  },
);
