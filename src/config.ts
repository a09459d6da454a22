import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { StartError } from "./errors.ts";
import { isZone } from "./schedule/zone-data.ts";
import { botIdOf } from "./senders/bot-token.ts";
import { type KeySource, KEY_FILE, parseSecretKey } from "./senders/secret-key.ts";
import { type Proxy, findProxy } from "./telegram/proxy.ts";

/** The configuration, checked. */
export interface Config {
  botToken: string;
  /** Telegram user ids. Owners are admins who may add other admins. */
  ownerIds: number[];
  /** Where the data lives: a PostgreSQL server, or embedded in a folder of this machine. */
  database: { type: "server"; url: string } | { type: "embedded"; dataDir: string };
  /** Base URL of the Bot API, without a trailing slash. */
  telegramApiRoot: string;
  /** The proxy to reach it through; null for none. */
  proxy: Proxy | null;
  /** Messages a second of all campaigns together; 1 to 1,000. */
  messagesPerSecond: number;
  /** Pays Telegram in Stars for each message above the free 30 a second. */
  paidBroadcast: boolean;
  /** IANA zone of admins who have not chosen one. */
  timezone: string;
  /** From this many people on, admins type the number instead of tapping `Yes`. */
  confirmTypedFrom: number;
  /** The late policy applies to campaigns found due later than this many hours; 0 means a minute. */
  lateLimitHours: number;
  /** How many campaigns may be scheduled at once. */
  maxScheduled: number;
  /** Days to keep the deliveries of a campaign after its end; 0 keeps them forever. */
  retentionDays: number;
  /** Daily backups: how many are kept, where 0 means that none are made, and in which folder. */
  backups: { kept: number; folder: string };
  logLevel: (typeof LOG_LEVELS)[number];
  /** Where the HTTP API listens; null if it is off. */
  http: HttpConfig | null;
  /** PUBLIC_URL, if Telegram posts updates there instead of being polled. */
  webhookUrl: string | null;
  /** Hosts and networks that webhooks may be at although they are private, separated by commas. */
  webhookAllow: string;
  /** Tokens of more bots, which are never stored. */
  extraBotTokens: readonly string[];
  /** The key that encrypts the tokens of bots that are added in the chat. */
  tokenKey: KeySource;
}

export interface HttpConfig {
  /** An address of this machine. */
  host: string;
  /** 1 to 65535; tests take 0 for any free one. */
  port: number;
  /** Where others reach it, without a trailing slash; null if that is not known. */
  publicUrl: string | null;
}

const DATA_DIR = "./data";

const TELEGRAM = "https://api.telegram.org";

/** A year of days. */
const MOST_BACKUPS = 366;

/** Kept of the embedded database. A server has backups of its own. */
const USUAL_BACKUPS = 7;

/** A century; much longer ago there are no valid dates. */
const LONGEST_RETENTION_DAYS = 36_500;

/** A year. */
const LONGEST_LATE_HOURS = 8_760;

/** Due campaigns are looked for every second among these. */
const MOST_SCHEDULED = 100_000;

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

type Environment = Record<string, string | undefined>;

/**
 * Reads and checks the whole environment.
 * @throws StartError that names every fault with its remedy, so that an operator can fix all of them at once.
 */
export function readConfig(env: Environment): Config {
  const faults: string[] = [];
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;

  const botToken = read("BOT_TOKEN") ?? "";
  if (!botToken)
    faults.push(
      "BOT_TOKEN is missing. Get one from @BotFather and put it into .env, or try Herald without one: npm run demo.",
    );
  else if (!/^\d+:[\w-]+$/.test(botToken))
    faults.push(
      "BOT_TOKEN does not look like a token (digits, a colon, letters). Copy it whole from @BotFather.",
    );

  const ownerIds = (read("OWNER_IDS") ?? "")
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  if (ownerIds.length === 0)
    faults.push(
      "OWNER_IDS is missing. Put your Telegram user id there; @userinfobot tells you what it is. Separate several with commas.",
    );
  else if (!ownerIds.every((id) => Number.isSafeInteger(id) && id > 0))
    faults.push(
      "OWNER_IDS contains something that is not a user id. Use whole numbers such as 123456789, separated by commas; no @names.",
    );

  const database = findLocation(read);
  if (typeof database === "string") faults.push(database);

  const telegramApiRoot = (read("TELEGRAM_API_ROOT") ?? TELEGRAM).replace(/\/+$/, "");
  if (!isHttpUrl(telegramApiRoot))
    faults.push(
      "TELEGRAM_API_ROOT must be an http:// or https:// address, such as https://api.telegram.org.",
    );

  const proxy = isHttpUrl(telegramApiRoot) ? findProxy(new URL(telegramApiRoot), read) : null;
  if (typeof proxy === "string") faults.push(proxy);

  const messagesPerSecond = Number(read("MESSAGES_PER_SECOND") ?? 28);
  if (!(messagesPerSecond >= 1 && messagesPerSecond <= 1000))
    faults.push(
      "MESSAGES_PER_SECOND must be a number from 1 to 1000. Telegram's free limit is about 30; 28 leaves room for replies.",
    );

  const paidBroadcast = read("PAID_BROADCAST") ?? "off";
  if (paidBroadcast !== "on" && paidBroadcast !== "off")
    faults.push(
      "PAID_BROADCAST must be on or off. With on, Telegram charges Stars for messages beyond 30 a second.",
    );

  const timezone = read("TIMEZONE") ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isZone(timezone))
    faults.push(
      `TIMEZONE "${timezone}" is unknown. Use an IANA name such as Europe/Berlin, America/New_York or UTC.`,
    );

  const confirmTypedFrom = Number(read("CONFIRM_TYPED_FROM") ?? 1000);
  if (!(Number.isInteger(confirmTypedFrom) && confirmTypedFrom >= 1))
    faults.push("CONFIRM_TYPED_FROM must be a whole number of at least 1. 1000 is usual.");

  const lateLimitHours = Number(read("LATE_LIMIT") ?? 24);
  if (!(lateLimitHours >= 0 && lateLimitHours <= LONGEST_LATE_HOURS))
    faults.push(
      `LATE_LIMIT must be a number of hours from 0 to ${LONGEST_LATE_HOURS}. 24 is usual; campaigns found due later than that are not sent without asking.`,
    );

  const maxScheduled = Number(read("MAX_SCHEDULED") ?? 500);
  if (!(Number.isInteger(maxScheduled) && maxScheduled >= 1 && maxScheduled <= MOST_SCHEDULED))
    faults.push(`MAX_SCHEDULED must be a whole number from 1 to ${MOST_SCHEDULED}. 500 is usual.`);

  const retentionDays = Number(read("RETENTION_DAYS") ?? 90);
  if (!(Number.isInteger(retentionDays) && retentionDays >= 0 && retentionDays <= LONGEST_RETENTION_DAYS))
    faults.push(
      `RETENTION_DAYS must be a whole number from 0 to ${LONGEST_RETENTION_DAYS}. 90 is usual; 0 keeps everything.`,
    );

  const backups = Number(read("BACKUPS") ?? (read("DATABASE_URL") ? 0 : USUAL_BACKUPS));
  if (!(Number.isInteger(backups) && backups >= 0 && backups <= MOST_BACKUPS))
    faults.push(
      `BACKUPS must be a whole number from 0 to ${MOST_BACKUPS}: how many daily backups are kept. 0 makes none.`,
    );

  const logLevel = LOG_LEVELS.find((level) => level === (read("LOG_LEVEL") ?? "info"));
  if (!logLevel) faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}.`);

  const forPrograms = readHttp(read, faults);
  const webhookUrl = readWebhook(read, forPrograms.http, telegramApiRoot, faults);
  const forBots = readBots(read, faults);

  if (faults.length > 0 || !logLevel || typeof proxy === "string" || typeof database === "string")
    throw new StartError(`Herald cannot start:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  return {
    botToken,
    ownerIds,
    database,
    telegramApiRoot,
    proxy,
    messagesPerSecond,
    paidBroadcast: paidBroadcast === "on",
    timezone,
    confirmTypedFrom,
    lateLimitHours,
    maxScheduled,
    retentionDays,
    backups: { kept: backups, folder: join(read("DATA_DIR") ?? DATA_DIR, "backups") },
    logLevel,
    ...forPrograms,
    webhookUrl,
    ...forBots,
  };
}

/**
 * Where the data lies, for commands that need nothing else.
 * @throws StartError when DATABASE_URL is not an address of PostgreSQL's.
 */
export function readLocation(env: Environment): Config["database"] {
  const location = findLocation((name) => env[name]?.trim() || undefined);
  if (typeof location === "string") throw new StartError(location);
  return location;
}

/**
 * The tokens of further bots and the key that opens the others, for programs that need no token of the home.
 * @throws StartError with what is wrong with them
 */
export function readTokens(env: Environment): Pick<Config, "extraBotTokens" | "tokenKey"> {
  const faults: string[] = [];
  const tokens = readBots((name) => env[name]?.trim() || undefined, faults);
  if (faults.length > 0) throw new StartError(faults.join("\n"));
  return tokens;
}

/** Or what is wrong with DATABASE_URL. */
function findLocation(read: (name: string) => string | undefined): Config["database"] | string {
  const url = read("DATABASE_URL");
  if (!url) return { type: "embedded", dataDir: read("DATA_DIR") ?? DATA_DIR };
  if (!/^postgres(ql)?:\/\/\S+$/.test(url))
    return "DATABASE_URL must begin with postgres:// or postgresql://. Leave it empty to use the embedded database.";
  if (!URL.canParse(url))
    return "DATABASE_URL is not a valid URL. Percent-encode special characters in its password: / as %2F, # as %23, @ as %40.";
  return { type: "server", url };
}

/** What lets programs in, and calls them. Adds what is wrong to `faults`. */
function readHttp(
  read: (name: string) => string | undefined,
  faults: string[],
): Pick<Config, "http" | "webhookAllow"> {
  const port = read("HTTP_PORT");
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    faults.push("HTTP_PORT must be a port from 1 to 65535. Leave it empty to keep the HTTP API off.");
  const host = read("HTTP_HOST") ?? "127.0.0.1";
  const publicUrl = read("PUBLIC_URL")?.replace(/\/+$/, "");
  if (publicUrl !== undefined && (!isHttpUrl(publicUrl) || /[?#\\]/.test(publicUrl)))
    faults.push(
      "PUBLIC_URL must be an http:// or https:// address at which the HTTP API is reached, such as https://herald.example.com.",
    );
  else if (publicUrl !== undefined && /^https?:\/\/[^/]*@/.test(publicUrl))
    faults.push(
      "PUBLIC_URL must have no user name and no password, because Telegram and programs are told the address. Leave out what is before the @.",
    );

  const webhookAllow = read("WEBHOOK_ALLOW") ?? "";
  if (!/^(?:(?:[\w.*-]+|[[\]\da-f:.]+(?:\/\d{1,3})?)(?:[\s,]+|$))*$/i.test(webhookAllow))
    faults.push(
      "WEBHOOK_ALLOW must name hosts and networks, separated by commas, such as crm.internal, 10.0.0.0/8.",
    );

  return { http: port ? { host, port: Number(port), publicUrl: publicUrl ?? null } : null, webhookAllow };
}

/** Telegram posts only to these ports (Bot API, setWebhook), and only with TLS. */
const WEBHOOK_PORTS = new Set(["", "443", "80", "88", "8443"]);

/**
 * Where Telegram posts updates; null if Herald polls. A Bot API server of one's own posts to any address if it runs with
 * --local. Adds what is wrong to `faults`.
 */
function readWebhook(
  read: (name: string) => string | undefined,
  http: HttpConfig | null,
  telegramApiRoot: string,
  faults: string[],
): string | null {
  const webhook = read("WEBHOOK") ?? "off";
  if (webhook !== "on" && webhook !== "off")
    faults.push(
      "WEBHOOK must be on or off. With on, Telegram posts updates to PUBLIC_URL; with off, Herald asks for them.",
    );
  if (webhook !== "on") return null;
  if (!http)
    faults.push(
      "WEBHOOK=on needs HTTP_PORT: Telegram posts updates to Herald's HTTP server, through a proxy that adds TLS.",
    );
  const url = read("PUBLIC_URL")?.replace(/\/+$/, "");
  if (url === undefined)
    faults.push(
      "WEBHOOK=on needs PUBLIC_URL, the address at which Telegram reaches Herald, such as https://herald.example.com.",
    );
  if (url === undefined || !isHttpUrl(url)) return null;
  const { protocol, port } = new URL(url);
  const isTelegrams = new URL(isHttpUrl(telegramApiRoot) ? telegramApiRoot : TELEGRAM).origin === TELEGRAM;
  if (isTelegrams && (protocol !== "https:" || !WEBHOOK_PORTS.has(port)))
    faults.push(
      "WEBHOOK=on needs a PUBLIC_URL with https:// on port 443, 80, 88 or 8443; Telegram posts to no other.",
    );
  return url;
}

/** Bots besides the home, and the key for their tokens. Adds what is wrong to `faults`. */
function readBots(
  read: (name: string) => string | undefined,
  faults: string[],
): Pick<Config, "extraBotTokens" | "tokenKey"> {
  const extraBotTokens = (read("EXTRA_BOT_TOKENS") ?? "").split(/[\s,]+/).filter(Boolean);
  const ids = [read("BOT_TOKEN") ?? "", ...extraBotTokens].map(botIdOf);
  if (ids.slice(1).includes(null))
    faults.push(
      "EXTRA_BOT_TOKENS contains something that does not look like a token (digits, a colon, letters). Separate several with commas.",
    );
  else if (new Set(ids).size < ids.length)
    faults.push("EXTRA_BOT_TOKENS names a bot twice, or the bot of BOT_TOKEN. Each bot has one token.");

  const secret = read("SECRET_KEY");
  const key = secret === undefined ? null : parseSecretKey(secret);
  if (key === "malformed")
    faults.push("SECRET_KEY must be 64 hexadecimal digits, as from: openssl rand -hex 32");
  if (key === "weak")
    faults.push("SECRET_KEY is not random, so it can be guessed. Make one with: openssl rand -hex 32");
  return { extraBotTokens, tokenKey: keySourceOf(typeof key === "string" ? null : key, read) };
}

/**
 * Without SECRET_KEY the key lies in DATA_DIR. With a server, the folder counts only if it is named: the default one may be
 * gone with the container, and every process would make another key.
 */
function keySourceOf(key: KeyObject | null, read: (name: string) => string | undefined): KeySource {
  if (key) return { type: "given", key };
  const dataDir = read("DATA_DIR") ?? (read("DATABASE_URL") ? null : DATA_DIR);
  return dataDir === null ? { type: "none" } : { type: "file", path: join(dataDir, KEY_FILE) };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}
