import { Api, Bot } from "grammy";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { lookAtBot } from "../../src/senders/look-at-bot.ts";
import { until } from "../support/broadcast.ts";
import { atEnd, localTelegram } from "../support/herald.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";

async function shop() {
  const telegram = await localTelegram();
  const bot = telegram.bot(SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
  const api = new Api(SHOP_TOKEN, { apiRoot: telegram.apiRoot });
  const anna = telegram.person({ id: 7, firstName: "Anna", started: true });
  const methods = () => telegram.calls.map(({ method }) => method);
  return { telegram, bot, api, anna, methods, look: () => lookAtBot(api, systemClock) };
}

test("a bot with a webhook is proposed to stand beside it; only the host is told", async () => {
  const { api, look } = await shop();
  await api.setWebhook("https://shop.example.com/hooks/secret-path");
  expect(await look()).toMatchObject({
    me: { id: SHOP_ID, username: "shop_bot", first_name: "Shop" },
    receiver: { type: "webhook", host: "shop.example.com" },
    proposed: "beside",
  });
});

test("a bot whose updates nobody takes is proposed to be answered, and none of them is taken away", async () => {
  const { bot, anna, look } = await shop();
  await anna.sends("hello?");
  await anna.sends("anybody?");
  const { pending } = bot;
  expect(pending).toBeGreaterThan(0);
  expect(await look()).toMatchObject({
    receiver: { type: "nobody", waiting: pending },
    proposed: "answers",
  });
  expect(bot.pending).toBe(pending);
});

test("a bot whose waiting updates are taken meanwhile is proposed to stand beside", async () => {
  const { api, anna, look, methods } = await shop();
  await anna.sends("hello?");
  const looking = look();
  // For a webhook, and for what waits.
  await until(() => methods().filter((method) => method === "getWebhookInfo").length >= 2);
  const [update] = await api.getUpdates({ timeout: 0 });
  await api.getUpdates({ offset: (update?.update_id ?? 0) + 1, timeout: 0 });
  expect(await looking).toMatchObject({ receiver: { type: "someone" }, proposed: "beside" });
});

test("a program that polls is not disturbed by the look, which cannot see it", async () => {
  const { telegram, anna, look, methods } = await shop();
  const other = new Bot(SHOP_TOKEN, { client: { apiRoot: telegram.apiRoot } });
  const failures: unknown[] = [];
  other.on("message", (ctx) => ctx.reply("still here"));
  const polling = other
    .start({ drop_pending_updates: false })
    .catch((error: unknown) => failures.push(error));
  atEnd(async () => {
    await other.stop();
    await polling;
  });
  await until(() => other.isRunning());
  const before = methods().filter((method) => method === "getUpdates").length;
  expect(await look()).toMatchObject({ receiver: { type: "unknown" }, proposed: "beside" });
  await anna.sends("are you there?");
  await anna.sees("still here");
  expect(failures).toEqual([]);
  // Its own: the one that was answered with the message, and the next.
  expect(methods().filter((method) => method === "getUpdates").length - before).toBeLessThanOrEqual(2);
});

test("a refused token and a Telegram that is away are told apart", async () => {
  const { telegram, look } = await shop();
  telegram.revoke(SHOP_TOKEN);
  await expect(look()).rejects.toMatchObject({ code: "bot-token-refused" });
  await telegram.offline();
  await expect(look()).rejects.toMatchObject({ code: "telegram-unreachable" });
});
