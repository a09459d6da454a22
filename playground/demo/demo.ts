import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "../live/ledger.ts";
import type { Person } from "../people/person.ts";
import { isTaken, LAST_PORT } from "../wire/port.ts";
import { type Telegram, startTelegram } from "../telegram.ts";
import { makeFolder, REMOVAL } from "./folder.ts";
import { HeraldProcess } from "./herald-process.ts";
import { importPeople } from "./importer.ts";
import { makeProfiles, toCsv } from "./profiles.ts";

export interface DemoOptions {
  /** The page's port. If it is in use, the next free one is taken; 0 is any free one. Default 8081. */
  port?: number;
  /** How many people are on the bot's list. Default 500. */
  people?: number;
  /** How long each API call takes, in ms. Default 40, as for a server near Telegram's. */
  latency?: number;
  /** Additional environment variables for Herald. */
  environment?: Record<string, string>;
  /** Called with what the start is doing, in words for the terminal. */
  onStep?: (what: string) => void;
  /** Aborts the start, which rejects once everything is cleaned up. After the start use `stop()`. */
  signal?: AbortSignal;
}

export interface Demo {
  /** The page's address: "http://127.0.0.1:PORT". */
  address: string;
  /** Where Herald's HTTP API listens. */
  apiAddress: string;
  telegram: Telegram;
  owner: Person;
  runner: HeraldProcess;
  /** Which chat got which post. */
  ledger: Ledger;
  /** Shuts Herald down gracefully, then Telegram, and removes the folder with the database. */
  stop(): Promise<void>;
}

const TOKEN = "1000001:NORTHWIND";
const OWNER_ID = 1;
const PORT = 8081;

/** How many ports are tried, starting from the wanted one. */
const PORTS_TRIED = 20;

const BUILT = new URL("../../dist/main.js", import.meta.url);

const NOT_BUILT =
  'Herald is not built yet. Start the demo with "npm run demo", or run "npm run build" first.';

/** It usually takes a moment. If it takes longer, the owner is only told about two more chats. */
const CATCHING_UP_MS = 5_000;

/** What any process needs. Everything else in a developer's environment is not for this Herald. */
const INHERITED = ["PATH", "TZ", "LANG", "LC_ALL", "SystemRoot"];

/**
 * Starts a local Telegram with its page, and Herald from `dist/`, with an embedded database in its own folder.
 * Resolves when Herald is up and knows its chats. If it rejects, everything is cleaned up.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { people = 500, latency = 40, onStep = () => undefined } = options;
  if (!existsSync(BUILT)) throw new Error(NOT_BUILT);
  onStep("a local Telegram, and its page");
  const telegram = await listen(options.port ?? PORT, latency);
  const folder = await makeFolder();
  const apiPort = await freePort(telegram.port + 1);
  const environment = environmentOf(telegram, folder, { HTTP_PORT: String(apiPort), ...options.environment });
  let ledger: Ledger | undefined;
  const runner = new HeraldProcess({
    environment,
    folder,
    onCampaign: (turn, id) => ledger?.[turn](id),
  });
  const ending = new AbortController();
  let imported = Promise.resolve();
  /** Cleans up however this process ends. After a kill -9 the next demo removes the folder. */
  const leaveNothing = () => {
    ending.abort();
    runner.killNow();
    rmSync(folder, REMOVAL);
  };
  process.on("exit", leaveNothing);

  async function stop(): Promise<void> {
    ending.abort();
    await Promise.allSettled([imported]);
    await runner.stop();
    await telegram.stop();
    await rm(folder, REMOVAL);
    process.off("exit", leaveNothing);
  }

  const profiles = makeProfiles(people);
  const { owner, rooms } = populate(telegram, profiles);
  async function startHerald(): Promise<void> {
    onStep("an embedded database, and the people in it");
    imported = importPeople(toCsv(profiles), { folder, environment, signal: ending.signal });
    await imported;
    onStep("Herald");
    runner.launch();
    await runner.up();
    await knows(rooms, telegram);
  }
  const page = telegram.opensPage({ owner: OWNER_ID, runner });
  const herald = startHerald();
  const started = Promise.all([page, herald]);
  // Without this, a failure before the `await` below would be an unhandled rejection, which crashes Node.
  started.catch(() => undefined);
  const aborted = new Promise<never>((_, reject) =>
    options.signal?.addEventListener("abort", () => reject(new Error("The demo was ended.")), { once: true }),
  );
  try {
    options.signal?.throwIfAborted();
    [{ ledger }] = await Promise.race([started, aborted]);
    const apiAddress = `http://127.0.0.1:${environment["HTTP_PORT"]}`;
    return { address: telegram.apiRoot, apiAddress, telegram, owner, runner, ledger, stop };
  } catch (error) {
    await stop();
    await Promise.allSettled([page, herald]);
    throw error;
  }
}

async function listen(wanted: number, latency: number): Promise<Telegram> {
  const last = Math.min(wanted + PORTS_TRIED - 1, LAST_PORT);
  for (let port = wanted; ; port += 1)
    try {
      return await startTelegram({ port, latency });
    } catch (error) {
      if (!isTaken(error) || port >= last) throw error;
    }
}

/** The first free port from `wanted` on, for a server that another process opens. */
async function freePort(wanted: number): Promise<number> {
  for (let port = Math.min(wanted, LAST_PORT); ; port += 1) {
    const server = createServer();
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      server.close();
      await once(server, "close");
      return port;
    } catch (error) {
      if (!isTaken(error) || port >= LAST_PORT) throw error;
    }
  }
}

/**
 * Waits until Herald knows the bot's chats. It tries to tell the owner about each, which fails because they have not
 * started the bot; an owner who starts it earlier would hear about chats before being welcomed.
 */
async function knows(rooms: number, telegram: Telegram): Promise<void> {
  const told = () =>
    telegram.calls.filter(({ method, chatId }) => method === "sendMessage" && chatId === OWNER_ID).length;
  const until = performance.now() + CATCHING_UP_MS;
  while (told() < rooms && performance.now() < until) await sleep(20);
}

/**
 * Creates a coffee house and the people who have started its bot; the owner has not yet. The bot is in `rooms` chats.
 */
function populate(
  telegram: Telegram,
  profiles: ReturnType<typeof makeProfiles>,
): { owner: Person; rooms: number } {
  telegram.bot(TOKEN, { username: "northwind_bot", name: "Northwind Coffee" }).managesBots = true;
  const owner = telegram.person({
    id: OWNER_ID,
    firstName: "Olivia",
    lastName: "North",
    username: "olivia_north",
    languageCode: "en",
  });
  const people = profiles.map((profile) => telegram.person({ ...profile, started: true }));
  const rooms = [
    telegram.channel({ title: "Northwind News", username: "northwind_news", creator: owner }),
    telegram.group({ title: "Northwind Regulars", creator: owner, members: people.slice(0, 12) }),
  ];
  return { owner, rooms: rooms.length };
}

function environmentOf(
  telegram: Telegram,
  folder: string,
  change: Record<string, string> = {},
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    // The heartbeat file is removed with the folder.
    TMPDIR: folder,
    BOT_TOKEN: TOKEN,
    OWNER_IDS: String(OWNER_ID),
    TELEGRAM_API_ROOT: telegram.apiRoot,
    DATA_DIR: join(folder, "data"),
    LOG_LEVEL: "info",
    ...change,
  };
}
