import { type KeyObject, createHash, createSecretKey } from "node:crypto";
import { afterEach } from "vitest";
import { type Telegram, type TelegramOptions, startTelegram } from "../../playground/telegram.ts";
import type { Config } from "../../src/config.ts";
import type { Scope } from "../../src/db/scope.ts";
import type { Database, DatabaseLocation } from "../../src/db/open/open-database.ts";
import { type Herald, type Surroundings, startHerald } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { BOT_ID, freshLocation } from "./database.ts";
import { ownerActor } from "./seed.ts";

/** What seals the tokens of other bots. */
export const SECRET_KEY = secretKey(1);

export const TOKEN = `${BOT_ID}:TEST-token`;
export const OWNER_ID = 1;
export const OWNER = ownerActor(OWNER_ID);

/** Keys for tests; each number gives another one. */
export function secretKey(number: number): KeyObject {
  return createSecretKey(createHash("sha256").update(`key ${number}`).digest());
}

const closers: (() => Promise<unknown>)[] = [];

// Anything that outlived its test would disturb the next one.
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

export function atEnd(close: () => Promise<unknown>): void {
  closers.push(close);
}

export async function localTelegram(options?: TelegramOptions): Promise<Telegram> {
  const telegram = await startTelegram(options);
  atEnd(() => telegram.stop());
  return telegram;
}

export function testConfig(
  telegram: Telegram,
  database: DatabaseLocation,
  change: Partial<Config> = {},
): Config {
  return {
    botToken: TOKEN,
    ownerIds: [OWNER_ID],
    database,
    telegramApiRoot: telegram.apiRoot,
    proxy: null,
    messagesPerSecond: 28,
    paidBroadcast: false,
    timezone: "UTC",
    confirmTypedFrom: 1_000_000,
    lateLimitHours: 24,
    maxScheduled: 500,
    retentionDays: 90,
    backups: { kept: 0, folder: "" },
    logLevel: "silent",
    http: null,
    webhookUrl: null,
    webhookAllow: "127.0.0.1",
    extraBotTokens: [],
    tokenKey: { type: "given", key: SECRET_KEY },
    ...change,
  };
}

export interface Running extends Herald {
  /** The log, one line per event. */
  logged: string[];
  /** Why polling ended by itself, if it did. */
  crashes: Error[];
}

/** Herald in this process, against a local Telegram, stopped after the test. */
export async function running(
  telegram: Telegram,
  change: Partial<Config> = {},
  surroundings: Surroundings = {},
): Promise<Running> {
  const database = change.database ?? (await freshLocation());
  const logged: string[] = [];
  const crashes: Error[] = [];
  const log = createLog("debug", { write: (line: string) => void logged.push(line) });
  const herald = await startHerald(
    testConfig(telegram, database, change),
    log,
    (error) => crashes.push(error),
    surroundings,
  );
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await herald.stop();
  };
  atEnd(stop);
  const { username, httpAddress } = herald;
  return { username, httpAddress, stop, logged, crashes };
}

export type { Database, Scope };
