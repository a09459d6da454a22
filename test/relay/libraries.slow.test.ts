import { Bot } from "grammy";
import { Bot as NodeBot } from "node-telegram-bot-api";
import { TelegramBot as Emitter } from "node-telegram-bot-api-1";
import { Telegraf } from "telegraf";
import { describe, expect, test } from "vitest";
import { recipients } from "../../src/db/schema.ts";
import { type Relay, createRelay } from "../../src/relay/relay.ts";
import { BESIDE_ID, BESIDE_TOKEN, type BesideScene, besideScene } from "../support/beside.ts";
import { until, within } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { atEnd } from "../support/herald.ts";

/** A bot of somebody else that polls, answers /ping, and relays. Resolves with a function that stops it. */
type Library = (apiRoot: string, relay: Relay) => Promise<() => Promise<unknown>>;

const LIBRARIES: Record<string, Library> = {
  async grammY(apiRoot, relay) {
    const bot = new Bot(BESIDE_TOKEN, { client: { apiRoot } });
    bot.use(relay.middleware);
    bot.command("ping", (ctx) => ctx.reply("pong"));
    bot.callbackQuery("own", (ctx) => ctx.answerCallbackQuery("mine"));
    void bot.start();
    return () => bot.stop();
  },
  async Telegraf(apiRoot, relay) {
    const bot = new Telegraf(BESIDE_TOKEN, { telegram: { apiRoot } });
    bot.use(relay.middleware);
    bot.command("ping", (ctx) => ctx.reply("pong"));
    bot.action("own", (ctx) => ctx.answerCbQuery("mine"));
    void bot.launch();
    return async () => bot.stop();
  },
  async "node-telegram-bot-api"(apiRoot, relay) {
    const bot = new NodeBot(BESIDE_TOKEN, { apiRoot });
    bot.use(relay.middleware);
    bot.command("ping", (ctx) => ctx.reply("pong"));
    const polling = bot.startPolling();
    return async () => {
      bot.stop();
      await polling;
    };
  },
  // An emitter without middleware, as all before version 2.
  async "node-telegram-bot-api 1"(apiRoot, relay) {
    const bot = new Emitter(BESIDE_TOKEN, { baseApiUrl: apiRoot });
    relay.attach(bot);
    bot.onText(/^\/ping/, (message) => void bot.sendMessage(message.chat.id, "pong"));
    await bot.startPolling();
    return () => bot.stopPolling();
  },
};

async function relayOf({ address, keys }: BesideScene): Promise<{ relay: Relay; said: string[] }> {
  const said: string[] = [];
  const relay = createRelay({
    url: address,
    key: keys.relay,
    bot: BESIDE_ID,
    onTrouble: (sentence) => said.push(sentence),
  });
  atEnd(() => relay.close());
  return { relay, said };
}

const PEOPLE = 1_000;
const VOTES = {
  kind: "text",
  text: "Tea?",
  buttons: [
    [
      { text: "👍", vote: true },
      { text: "👎", vote: true },
    ],
  ],
};

describe.each(Object.entries(LIBRARIES))("a bot with %s", (_, start) => {
  test(
    "goes on answering while Herald sends by it; blocks are known within a second, and taps are answered",
    { timeout: 120_000 },
    async () => {
      const staged = await besideScene(PEOPLE);
      const { telegram, people, sends, database } = staged;
      const { relay, said } = await relayOf(staged);
      const stop = await start(telegram.apiRoot, relay);
      atEnd(stop);
      const statusOf = (chatId: number) =>
        within(database, async ({ db }) => {
          const rows = await db.select().from(recipients);
          return rows.find((row) => row.botId === BESIDE_ID && row.chatId === chatId)?.status;
        });

      const newcomer = telegram.person({ id: 77, firstName: "Ada" });
      const isSent = sends(VOTES, PEOPLE);
      await newcomer.sends("/ping");
      await newcomer.sees("pong");
      await isSent;
      expect(copiesOf(telegram, "Tea?").size).toBeGreaterThanOrEqual(PEOPLE);
      await until(async () => (await statusOf(77)) === "active");

      const voters = people.slice(0, 100).map((id) => telegram.person({ id }));
      const answers = await Promise.all(voters.map((voter) => voter.taps(/👍/)));
      expect(answers.filter(({ text = "" }) => text.includes("👍"))).toHaveLength(100);

      const leaver = telegram.person({ id: people[500] ?? 0 });
      await leaver.blocks();
      await until(async () => (await statusOf(leaver.id)) === "blocked", 1_000);
      await newcomer.sends("/ping");
      await newcomer.sees("pong");
      expect(await relay.flush()).toBe(true);
      expect([relay.held, relay.lost, said]).toEqual([0, 0, []]);
    },
  );
});
