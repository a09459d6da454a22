import { Api, Bot } from "grammy";
import { afterEach } from "vitest";
import { startTelegram, type Telegram, type TelegramOptions } from "../../playground/telegram.ts";

export const TOKEN = "1000001:TEST";

const closers: (() => Promise<unknown>)[] = [];

// A server or bot that outlived its test would disturb the next one.
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A local Telegram that is stopped after the test. */
export async function telegramFor(options?: TelegramOptions): Promise<Telegram> {
  const telegram = await startTelegram(options);
  closers.push(() => telegram.stop());
  return telegram;
}

/** grammY's client for a token. `timeoutSeconds` bounds each call. */
export function apiFor(telegram: Telegram, token = TOKEN, timeoutSeconds = 5): Api {
  return new Api(token, { apiRoot: telegram.apiRoot, timeoutSeconds });
}

/** A bot that polls until the test ends. `build` adds its handlers. */
export function botFor(telegram: Telegram, build: (bot: Bot) => void, token = TOKEN): Bot {
  const bot = new Bot(token, { client: { apiRoot: telegram.apiRoot } });
  build(bot);
  const running = bot.start();
  closers.push(async () => {
    await bot.stop();
    await running;
  });
  return bot;
}

/** Acts in the playground as its page does; resolves with the answer's JSON. */
export function posterFor(telegram: Telegram): (name: string, body: object) => Promise<unknown> {
  return async (name, body) => {
    const response = await fetch(`${telegram.apiRoot}/playground/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return response.json();
  };
}

/** The error that a call is refused with, as `"400 Bad Request: …"`, or "accepted". */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    if (error instanceof Error && "error_code" in error && "description" in error) {
      return `${String(error.error_code)} ${String(error.description)}`;
    }
    return error instanceof Error ? error.name : "unknown";
  }
}
