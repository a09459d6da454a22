import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Person } from "../playground/people/person.ts";
import { startTelegram, type Telegram } from "../playground/telegram.ts";
import { OWNER_ID, TOKEN } from "./contender.ts";
import { withDatabase } from "./databases.ts";

const HELP = `What a crowd costs a broadcast and its admin. Two campaigns run against the local Telegram with its strict limits, a
crowd comes, and seconds later the admin taps Pause on one of the campaigns.

  npx tsx bench/crowd.ts [--embedded] [--only=NAME] [dist/main.js …]

Each main.js is a build of Herald, so that one run can compare two versions; the default is the one in dist. Uses
PostgreSQL as npm run bench does (BENCH_DATABASE_URL) or, with --embedded, the embedded database.
`;

const AUDIENCE = 3_000;
const FIRST = 100_000;
const FIRST_OF_CROWD = 1_000_000;
const LATENCY_MS = 50;
const RATE = 28;
/** How long posts are counted after the crowd has come. */
const LOOK_SECONDS = 13;
const PAUSE_AFTER_MS = 2_000;
/** The longest wait for anything. */
const PATIENCE_MS = 90_000;

interface Case {
  name: string;
  what: string;
  broadcast: boolean;
  /** How long after the crowd's arrival the admin taps; default 2 s. */
  pauseAfterMs?: number;
  /** Sends everything that the crowd sends, then resolves. */
  comes: (telegram: Telegram) => Promise<Person[]>;
}

const CASES: Case[] = [
  { name: "300", what: "300 `/start` at once", broadcast: true, comes: (telegram) => atOnce(telegram, 300) },
  { name: "900", what: "900 `/start` at once", broadcast: true, comes: (telegram) => atOnce(telegram, 900) },
  {
    name: "steady",
    what: "25 `/start` per second, sustained",
    broadcast: true,
    comes: (telegram) => steadily(newcomers(telegram, 25 * (LOOK_SECONDS + 2)), 25),
  },
  {
    name: "stranger",
    what: "one stranger, 95 updates per second",
    broadcast: true,
    comes(telegram) {
      const [stranger] = newcomers(telegram, 1);
      return steadily(
        Array.from({ length: 95 * (LOOK_SECONDS + 2) }, () => stranger as Person),
        95,
      );
    },
  },
  {
    name: "taps",
    what: "one stranger, 95 taps per second",
    broadcast: true,
    pauseAfterMs: 10_000,
    async comes(telegram) {
      const [stranger] = newcomers(telegram, 1);
      if (!stranger) return [];
      await stranger.sends("/language");
      const asked = structuredClone(await stranger.sees("language", { within: PATIENCE_MS }));
      return evenly(95 * (LOOK_SECONDS + 2), 95, async (tap) => {
        stranger.tapsAt(asked, 0, tap % 2, { within: PATIENCE_MS }).catch(() => undefined);
        return stranger;
      });
    },
  },
  {
    name: "idle",
    what: "an idle bot, 40 `/start` at once",
    broadcast: false,
    comes: (telegram) => atOnce(telegram, 40),
  },
];

interface Figures {
  /** Posts per second, before the crowd and with it. */
  before: number | null;
  during: number | null;
  /** From the tap to the card that says "paused". Null: not within PATIENCE_MS. */
  pauseMs: number | null;
  tooMany: number;
  worstSecond: number;
  /** From the crowd's first update until 50 % and 100 % of the crowd had an answer. */
  halfMs: number | null;
  allMs: number | null;
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

function newcomers(telegram: Telegram, count: number): Person[] {
  return telegram.people(count, { firstId: FIRST_OF_CROWD, started: true });
}

async function atOnce(telegram: Telegram, count: number): Promise<Person[]> {
  const crowd = newcomers(telegram, count);
  for (const person of crowd) await person.sends("/start");
  return crowd;
}

async function steadily(crowd: Person[], perSecond: number): Promise<Person[]> {
  await evenly(crowd.length, perSecond, (index) => crowd[index]?.sends("/start"));
  return crowd;
}

/** Calls `act` this many times, evenly spaced, and resolves with its results. */
async function evenly<T>(times: number, perSecond: number, act: (index: number) => T): Promise<Awaited<T>[]> {
  const began = performance.now();
  const returned: Awaited<T>[] = [];
  for (let index = 0; index < times; index += 1) {
    await sleep(began + (index * 1_000) / perSecond - performance.now());
    returned.push(await act(index));
  }
  return returned;
}

async function until(condition: () => boolean, withinMs = PATIENCE_MS): Promise<boolean> {
  for (const end = performance.now() + withinMs; !condition(); await sleep(100))
    if (performance.now() > end) return false;
  return true;
}

/** Runs a program of this build, and resolves when it has exited. */
async function ends(main: string, args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${main} ended with ${code}:\n${output}`);
}

function postsSince(telegram: Telegram, from: number, to: number): number {
  const calls = telegram.calls.filter(
    ({ ok, method, chatId, at }) =>
      ok &&
      method === "sendMessage" &&
      at >= from &&
      at < to &&
      (chatId ?? 0) >= FIRST &&
      (chatId ?? 0) < FIRST_OF_CROWD,
  );
  return calls.length;
}

const cardOf = (owner: Person, id: number) =>
  owner.holds.findLast(({ text }) => text?.startsWith(`Campaign #${id} ·`));

async function broadcasts(owner: Person, text: string): Promise<void> {
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  await owner.sends(text);
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  await owner.sees("· draft");
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
}

async function measure(
  main: string,
  { comes, broadcast, pauseAfterMs = PAUSE_AFTER_MS }: Case,
  env: Record<string, string>,
): Promise<Figures> {
  const telegram = await startTelegram({ latency: LATENCY_MS });
  const owner = telegram.person({ id: OWNER_ID, firstName: "Olga", languageCode: "en", started: true });
  telegram.people(AUDIENCE, { firstId: FIRST });
  const variables = {
    ...env,
    BOT_TOKEN: TOKEN,
    OWNER_IDS: String(OWNER_ID),
    TELEGRAM_API_ROOT: telegram.apiRoot,
    MESSAGES_PER_SECOND: String(RATE),
    CONFIRM_TYPED_FROM: "1000000",
    TIMEZONE: "UTC",
    LOG_LEVEL: "warn",
  };
  const folder = await mkdtemp(join(tmpdir(), "herald-crowd-"));
  const file = join(folder, "people.csv");
  await writeFile(
    file,
    ["chat_id", ...Array.from({ length: AUDIENCE }, (_, index) => FIRST + index)].join("\n"),
  );
  await ends(join(dirname(main), "import.js"), [file], variables);
  await rm(folder, { recursive: true });
  const herald = spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"] ?? "", ...variables },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(herald, "exit");
  try {
    await owner.sends("/start");
    await owner.sees("You are an admin of this bot", { within: 30_000 });
    await sleep(3_000); // let everything that a start triggers finish
    if (broadcast) for (const one of [1, 2]) await broadcasts(owner, `Broadcast ${one}`);
    if (broadcast) await sleep(6_000);
    const came = performance.now();
    const steady = broadcast ? postsSince(telegram, came - 4_000, came) / 4 : null;
    telegram.clearRecords();
    const crowd = comes(telegram);
    let pauseMs: number | null = null;
    if (broadcast) {
      await sleep(pauseAfterMs);
      const tapped = performance.now();
      owner
        .taps("Pause", { on: cardOf(owner, 1)?.message_id ?? 0, within: PATIENCE_MS })
        .catch(() => undefined);
      const paused = await until(() => cardOf(owner, 1)?.text?.includes("paused") ?? false);
      pauseMs = paused ? performance.now() - tapped : null;
    }
    await sleep(Math.max(0, came + LOOK_SECONDS * 1_000 - performance.now()));
    const during = broadcast ? postsSince(telegram, came, came + LOOK_SECONDS * 1_000) / LOOK_SECONDS : null;
    const ids = new Set((await crowd).map(({ id }) => id));
    const answers = () => {
      const first = new Map<number, number>();
      for (const { ok, method, chatId = 0, at } of telegram.calls)
        if (ok && method === "sendMessage" && ids.has(chatId) && !first.has(chatId))
          first.set(chatId, at - came);
      return [...first.values()].toSorted((a, b) => a - b);
    };
    await until(() => answers().length >= ids.size, Math.max(0, came + PATIENCE_MS - performance.now()));
    const all = answers();
    return {
      before: steady,
      during,
      pauseMs,
      tooMany: telegram.tooMany,
      worstSecond: telegram.worstSecond(),
      halfMs: all[Math.ceil(ids.size / 2) - 1] ?? null,
      allMs: all[ids.size - 1] ?? null,
    };
  } finally {
    herald.kill("SIGKILL");
    await exited;
    await telegram.stop();
  }
}

const seconds = (ms: number | null) => (ms === null ? "never" : `${(ms / 1_000).toFixed(1)} s`);
const rate = (perSecond: number | null) => perSecond?.toFixed(1) ?? "";

const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(`${HELP}\nNames: ${CASES.map(({ name }) => name).join(", ")}\n`);
  process.exit(0);
}
const only = args.find((arg) => arg.startsWith("--only="))?.slice("--only=".length);
const isEmbedded = args.includes("--embedded");
const mains = args.filter((arg) => !arg.startsWith("--")).map((path) => resolve(path));
if (mains.length === 0) mains.push(resolve("dist/main.js"));

async function inDatabase<T>(work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  if (!isEmbedded) return withDatabase("crowd", (url) => work({ DATABASE_URL: url }));
  const folder = await mkdtemp(join(tmpdir(), "herald-crowd-data-"));
  try {
    return await work({ DATA_DIR: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.stdout.write(
  "| crowd | build | posts/s before | with it | kept | Pause | 429s | fullest second | half answered | all answered |\n" +
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
);
for (const one of CASES) {
  if (only !== undefined && only !== one.name) continue;
  for (const main of mains) {
    const found = await inDatabase((env) => measure(main, one, env));
    const { before, during } = found;
    const kept = before === null || during === null ? "" : `${Math.round((100 * during) / before)} %`;
    const cells = [
      one.what,
      dirname(dirname(main)).split("/").at(-1),
      rate(found.before),
      rate(found.during),
      kept,
      one.broadcast ? seconds(found.pauseMs) : "",
      found.tooMany,
      found.worstSecond,
      seconds(found.halfMs),
      seconds(found.allMs),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  }
}
