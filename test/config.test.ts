import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { StartError } from "../src/errors.ts";

const GOOD = { BOT_TOKEN: "123456:ABC-def_1", OWNER_IDS: "42", TIMEZONE: "UTC" };

/** The lines of faults that the environment is refused with; none when it is taken. */
function faultsOf(change: Record<string, string | undefined>): string[] {
  try {
    readConfig({ ...GOOD, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const [title, ...faults] = error.message.split("\n");
    return title === "Herald cannot start:" ? faults : [error.message];
  }
}

test("a token and an owner are all it needs", () => {
  expect(readConfig({ BOT_TOKEN: "123456:ABC", OWNER_IDS: "42" })).toEqual({
    botToken: "123456:ABC",
    ownerIds: [42],
    database: { type: "embedded", dataDir: "./data" },
    telegramApiRoot: "https://api.telegram.org",
    proxy: null,
    messagesPerSecond: 28,
    paidBroadcast: false,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    confirmTypedFrom: 1000,
    lateLimitHours: 24,
    maxScheduled: 500,
    retentionDays: 90,
    backups: { kept: 7, folder: "data/backups" },
    logLevel: "info",
    http: null,
    webhookUrl: null,
    webhookAllow: "",
    extraBotTokens: [],
    tokenKey: { type: "file", path: "data/secret.key" },
  });
});

test("everything can be told, with blanks around it", () => {
  expect(
    readConfig({
      BOT_TOKEN: " 123456:ABC-def_1\n",
      OWNER_IDS: " 42, 7 9007199254740991,",
      DATABASE_URL: "postgresql://herald:pw@db.local:5433/herald?sslmode=require",
      DATA_DIR: "/var/lib/herald",
      TELEGRAM_API_ROOT: "http://127.0.0.1:8081//",
      MESSAGES_PER_SECOND: "2.5",
      PAID_BROADCAST: "on ",
      TIMEZONE: "Europe/Berlin",
      CONFIRM_TYPED_FROM: "1",
      LATE_LIMIT: "1.5",
      MAX_SCHEDULED: "50",
      RETENTION_DAYS: "0",
      LOG_LEVEL: "debug",
      HTTP_PORT: " 8080",
      HTTP_HOST: "0.0.0.0",
      PUBLIC_URL: "https://herald.example.com/api/ ",
      WEBHOOK: "on ",
      WEBHOOK_ALLOW: " crm.internal, 10.0.0.0/8",
      EXTRA_BOT_TOKENS: " 234567:ABC,345678:DEF ",
    }),
  ).toEqual({
    botToken: "123456:ABC-def_1",
    ownerIds: [42, 7, Number.MAX_SAFE_INTEGER],
    database: { type: "server", url: "postgresql://herald:pw@db.local:5433/herald?sslmode=require" },
    telegramApiRoot: "http://127.0.0.1:8081",
    proxy: null,
    messagesPerSecond: 2.5,
    paidBroadcast: true,
    timezone: "Europe/Berlin",
    confirmTypedFrom: 1,
    lateLimitHours: 1.5,
    maxScheduled: 50,
    retentionDays: 0,
    backups: { kept: 0, folder: "/var/lib/herald/backups" },
    logLevel: "debug",
    http: { host: "0.0.0.0", port: 8080, publicUrl: "https://herald.example.com/api" },
    webhookUrl: "https://herald.example.com/api",
    webhookAllow: "crm.internal, 10.0.0.0/8",
    extraBotTokens: ["234567:ABC", "345678:DEF"],
    tokenKey: { type: "file", path: "/var/lib/herald/secret.key" },
  });
});

test("a server's database is backed up only if that is said", () => {
  const DATABASE_URL = "postgres://db/herald";
  expect(readConfig({ ...GOOD, DATABASE_URL, BACKUPS: "30" }).backups.kept).toBe(30);
  expect(readConfig({ ...GOOD, BACKUPS: "0" }).backups.kept).toBe(0);
});

test("what is empty or blank counts as not said", () => {
  const { database, messagesPerSecond, logLevel } = readConfig({
    ...GOOD,
    DATABASE_URL: "",
    DATA_DIR: "  ",
    MESSAGES_PER_SECOND: " ",
    LOG_LEVEL: "",
  });
  expect({ database, messagesPerSecond, logLevel }).toEqual({
    database: { type: "embedded", dataDir: "./data" },
    messagesPerSecond: 28,
    logLevel: "info",
  });
});

describe("faults", () => {
  test("all of them stand in one message, each with its remedy", () => {
    const faults = faultsOf({
      BOT_TOKEN: undefined,
      OWNER_IDS: "@alice",
      DATABASE_URL: "mysql://x",
      TELEGRAM_API_ROOT: "api.telegram.org",
      MESSAGES_PER_SECOND: "fast",
      PAID_BROADCAST: "maybe",
      TIMEZONE: "Mars/Olympus",
      CONFIRM_TYPED_FROM: "0",
      LATE_LIMIT: "never",
      MAX_SCHEDULED: "lots",
      RETENTION_DAYS: "for ever",
      LOG_LEVEL: "loud",
      HTTP_PORT: "http",
      PUBLIC_URL: "herald.example.com",
      WEBHOOK_ALLOW: "https://crm.internal",
      WEBHOOK: "yes",
    });
    const expected: [string, RegExp][] = [
      ["BOT_TOKEN", /@BotFather.*npm run demo/],
      ["OWNER_IDS", /such as 123456789/],
      ["DATABASE_URL", /postgres:\/\/.*embedded/],
      ["TELEGRAM_API_ROOT", /such as https:\/\/api\.telegram\.org/],
      ["MESSAGES_PER_SECOND", /from 1 to 1000/],
      ["PAID_BROADCAST", /on or off/],
      ["TIMEZONE", /Mars\/Olympus.*such as Europe\/Berlin/],
      ["CONFIRM_TYPED_FROM", /at least 1/],
      ["LATE_LIMIT", /hours from 0 to 8760/],
      ["MAX_SCHEDULED", /whole number from 1 to 100000/],
      ["RETENTION_DAYS", /from 0 to 36500.*0 keeps everything/],
      ["LOG_LEVEL", /one of trace, debug/],
      ["HTTP_PORT", /from 1 to 65535/],
      ["PUBLIC_URL", /such as https:\/\/herald\.example\.com/],
      ["WEBHOOK_ALLOW", /crm\.internal/],
      ["WEBHOOK", /on or off/],
    ];
    expect(faults).toHaveLength(expected.length);
    for (const [index, [name, remedy]] of expected.entries()) {
      expect(faults[index]).toMatch(new RegExp(`^ {2}- ${name} `));
      expect(faults[index]).toMatch(remedy);
    }
  });

  test.each<[string, string, boolean]>([
    ["BOT_TOKEN", "1:a", true],
    ["BOT_TOKEN", "123456", false],
    ["BOT_TOKEN", "bot123456:ABC", false],
    ["BOT_TOKEN", "123456:", false],
    ["BOT_TOKEN", "123456:ABC DEF", false],
    ["BOT_TOKEN", "123456:ABC/getMe", false],
    ["OWNER_IDS", "1 2,3", true],
    ["OWNER_IDS", ", ,", false],
    ["OWNER_IDS", "0", false],
    ["OWNER_IDS", "-1001234567890", false],
    ["OWNER_IDS", "1.5", false],
    ["OWNER_IDS", "1,@bob", false],
    ["OWNER_IDS", "9007199254740993", false],
    ["DATABASE_URL", "postgres://localhost/herald", true],
    ["DATABASE_URL", "postgresql://", false],
    ["DATABASE_URL", "sqlite://x", false],
    // A password with an unescaped "/" or "#".
    ["DATABASE_URL", "postgres://herald:pa/ss@localhost:5432/herald", false],
    ["DATABASE_URL", "postgres://herald:pa#ss@localhost:5432/herald", false],
    ["TELEGRAM_API_ROOT", "https://example.com/bot-api", true],
    ["TELEGRAM_API_ROOT", "ftp://example.com", false],
    ["TELEGRAM_API_ROOT", "https://", false],
    ["MESSAGES_PER_SECOND", "1", true],
    ["MESSAGES_PER_SECOND", "1000", true],
    ["MESSAGES_PER_SECOND", "0.99", false],
    ["MESSAGES_PER_SECOND", "1000.1", false],
    ["MESSAGES_PER_SECOND", "NaN", false],
    ["MESSAGES_PER_SECOND", "Infinity", false],
    ["MESSAGES_PER_SECOND", "-5", false],
    ["PAID_BROADCAST", "on", true],
    ["PAID_BROADCAST", "off", true],
    ["PAID_BROADCAST", "1", false],
    ["PAID_BROADCAST", "ON", false],
    ["TIMEZONE", "America/Argentina/Buenos_Aires", true],
    ["TIMEZONE", "Berlin", false],
    ["CONFIRM_TYPED_FROM", "1", true],
    ["CONFIRM_TYPED_FROM", "0", false],
    ["CONFIRM_TYPED_FROM", "1.5", false],
    ["LATE_LIMIT", "0", true],
    ["LATE_LIMIT", "8760", true],
    ["LATE_LIMIT", "8761", false],
    ["LATE_LIMIT", "-1", false],
    ["MAX_SCHEDULED", "1", true],
    ["MAX_SCHEDULED", "0", false],
    ["MAX_SCHEDULED", "2.5", false],
    ["MAX_SCHEDULED", "100001", false],
    ["RETENTION_DAYS", "0", true],
    ["RETENTION_DAYS", "1", true],
    ["RETENTION_DAYS", "36500", true],
    ["RETENTION_DAYS", "36501", false],
    ["RETENTION_DAYS", "-1", false],
    ["RETENTION_DAYS", "1.5", false],
    ["HTTP_PORT", "65535", true],
    ["HTTP_PORT", "0", false],
    ["HTTP_PORT", "65536", false],
    ["PUBLIC_URL", "https://herald.example.com/?x", false],
    ["PUBLIC_URL", "https://herald.example.com\\x", false],
    ["PUBLIC_URL", "https://user:pw@herald.example.com", false],
    ["PUBLIC_URL", "https://user@herald.example.com/api", false],
    ["PUBLIC_URL", "https://herald.example.com/@api", true],
    ["LOG_LEVEL", "silent", true],
    ["LOG_LEVEL", "INFO", false],
  ])("%s=%s is taken: %s", (name, value, taken) => {
    const faults = faultsOf({ [name]: value });
    expect(faults.map((fault) => fault.split(" ")[3])).toEqual(taken ? [] : [name]);
  });

  test("no fault repeats the token", () => {
    expect(faultsOf({ BOT_TOKEN: "123456:ABCDEF secret" }).join()).not.toContain("ABCDEF");
  });
});

describe("WEBHOOK=on", () => {
  const good = { WEBHOOK: "on", HTTP_PORT: "8080", PUBLIC_URL: "https://herald.example.com/" };

  test("takes PUBLIC_URL for the address; without it Herald polls, whatever PUBLIC_URL is", () => {
    expect(readConfig({ ...GOOD, ...good }).webhookUrl).toBe("https://herald.example.com");
    expect(readConfig({ ...GOOD, ...good, WEBHOOK: "off" }).webhookUrl).toBeNull();
    expect(readConfig({ ...GOOD, ...good, WEBHOOK: undefined }).webhookUrl).toBeNull();
  });

  test.each<[change: Record<string, string | undefined>, remedy: RegExp]>([
    [{ HTTP_PORT: undefined }, /needs HTTP_PORT/],
    [{ PUBLIC_URL: undefined }, /needs PUBLIC_URL/],
    [{ PUBLIC_URL: "http://herald.example.com" }, /https:\/\/ on port 443, 80, 88 or 8443/],
    [{ PUBLIC_URL: "https://herald.example.com:8080" }, /https:\/\/ on port 443, 80, 88 or 8443/],
  ])("%j is refused with the remedy", (change, remedy) => {
    const faults = faultsOf({ ...good, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(remedy);
  });

  test("a Bot API server of one's own posts to any address", () => {
    const local = { ...good, PUBLIC_URL: "http://herald:8080", TELEGRAM_API_ROOT: "http://bot-api:8081" };
    expect(readConfig({ ...GOOD, ...local }).webhookUrl).toBe("http://herald:8080");
    expect(
      readConfig({ ...GOOD, ...good, PUBLIC_URL: "https://herald.example.com:8443" }).webhookUrl,
    ).not.toBeNull();
  });
});

const sourceOf = (change: Record<string, string>) => readConfig({ ...GOOD, ...change }).tokenKey;

test("a key for tokens comes from SECRET_KEY, else from a folder that stays", () => {
  const secret = randomBytes(32).toString("hex");
  expect(sourceOf({ SECRET_KEY: ` ${secret.toUpperCase()}\n` })).toMatchObject({ type: "given" });
  expect(sourceOf({ DATABASE_URL: "postgres://db/herald" })).toEqual({ type: "none" });
  expect(sourceOf({ DATABASE_URL: "postgres://db/herald", DATA_DIR: "/data" })).toEqual({
    type: "file",
    path: "/data/secret.key",
  });
});

test.each([
  [{ SECRET_KEY: "correct horse battery staple" }, "64 hexadecimal digits"],
  [{ SECRET_KEY: randomBytes(31).toString("hex") }, "64 hexadecimal digits"],
  [{ SECRET_KEY: "0123456789abcdef".repeat(4) }, "not random"],
  [{ SECRET_KEY: "00".repeat(32) }, "not random"],
  [{ EXTRA_BOT_TOKENS: "234567:ABC,shop" }, "does not look like a token"],
  [{ EXTRA_BOT_TOKENS: "123456:OTHER" }, "the bot of BOT_TOKEN"],
  [{ EXTRA_BOT_TOKENS: "234567:ABC 234567:DEF" }, "names a bot twice"],
])("more bots: %j is refused without showing it", (change: Record<string, string>, words) => {
  const [fault = "", ...more] = faultsOf(change);
  expect(more).toEqual([]);
  expect(fault).toContain(words);
  for (const value of Object.values(change)) expect(fault).not.toContain(value);
});
