import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import { fileURLToPath } from "node:url";
import postgres from "postgres";
import type { Person } from "../playground/people/person.ts";
import { type Telegram, startTelegram } from "../playground/telegram.ts";
import type { Address } from "../src/db/server/server.ts";
import { BOT_ID, OWNER_ID, TOKEN, until } from "./contender.ts";

/*
 * A whole Herald, as `npm start` runs it, and a broadcast that an admin makes by taps, against a local Telegram: for
 * behaviour that needs real servers. Telegram counts everyone's copies, the database counts the outcomes.
 */

export interface Scene {
  telegram: Telegram;
  owner: Person;
  /** Messages of the broadcast that have arrived so far. */
  arrived(): number;
}

export const POST = "To all of you, once.";

/** People are the chats 1 to `count`. Telegram does not limit the rate, and takes 60 ms to answer. */
export async function stage(count: number): Promise<Scene> {
  const telegram = await startTelegram({ limits: "none", latency: 60 });
  telegram.bot(TOKEN);
  telegram.people(count, { firstId: 1 });
  const owner = telegram.person({ id: OWNER_ID, firstName: "Olga", languageCode: "en", started: true });
  const arrived = () => [...copies(telegram).values()].reduce((sum, one) => sum + one, 0);
  return { telegram, owner, arrived };
}

function copies(telegram: Telegram): Map<number, number> {
  const all = telegram.counts((message) => message.text === POST);
  all.delete(OWNER_ID);
  return all;
}

export interface Process {
  child: ChildProcess;
  /** Resolves when it is up. Rejects with its output if it exits before. */
  up: Promise<void>;
  output(): string;
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface ProcessOptions {
  /** Variables to add or to override. */
  env?: Record<string, string>;
  /** The `dist` of another build. */
  dist?: string;
}

/** Starts Herald from dist/, and resolves when it is up. Rejects with its output if it exits before. */
export async function startHerald(...how: Parameters<typeof spawnHerald>): Promise<Process> {
  const herald = spawnHerald(...how);
  await herald.up;
  return herald;
}

/** Starts Herald from dist/. An empty `url` stands for the embedded database. */
export function spawnHerald(
  scene: Scene,
  url: string,
  rate: number,
  { env = {}, dist = fileURLToPath(new URL("../dist", import.meta.url)) }: ProcessOptions = {},
): Process {
  const child = spawn(process.execPath, [`${dist}/main.js`], {
    env: {
      PATH: process.env["PATH"] ?? "",
      BOT_TOKEN: TOKEN,
      OWNER_IDS: String(OWNER_ID),
      TELEGRAM_API_ROOT: scene.telegram.apiRoot,
      DATABASE_URL: url,
      MESSAGES_PER_SECOND: String(rate),
      CONFIRM_TYPED_FROM: "1000000000",
      TIMEZONE: "UTC",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const isUp = async () => {
    await until(() => output.includes("Herald is up") || !running.has(child), 25);
    if (!running.has(child)) throw new Error(output.trim());
  };
  return {
    child,
    up: isUp(),
    output: () => output,
    stop() {
      child.kill("SIGTERM");
      return exited;
    },
  };
}

/** Adds the people while Herald runs, as an import would. */
export async function enlist(url: Address, count: number): Promise<void> {
  await using(
    url,
    (sql) => sql`insert into recipients (bot_id, chat_id, language, first_name)
      select ${BOT_ID}::bigint, id, 'en', 'Person ' || id from generate_series(1, ${count}::int) as id`,
  );
}

/** From /broadcast to the running campaign. */
export async function broadcasts({ owner }: Scene): Promise<void> {
  await owner.sends("/stop"); // the owner is not one of the people
  await owner.sees("no more messages");
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  await owner.sends(POST);
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  await owner.sees("· draft");
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
}

export interface Outcome {
  state: string;
  sent: number;
  failed: number;
  uncertain: number;
  left: number;
  /** Whether the campaign's counters match its deliveries. */
  booked: boolean;
  /** People who have the post more than once, and people who do not have it. */
  twice: number;
  none: number;
  /** People who have the post, although the database says uncertain or still to be sent. */
  unknown: number;
}

/** The result of campaign 1, according to its counters, its deliveries, and Telegram. */
export async function outcomeOf({ telegram }: Scene, url: Address, count: number): Promise<Outcome> {
  return using(url, async (sql) => {
    const [campaign] = await sql`select state, total, sent, failed, uncertain,
        total - sent - blocked - deactivated - unreachable - failed - skipped - uncertain as left
      from campaigns where bot_id = ${BOT_ID} and id = 1`;
    const rows =
      await sql`select chat_id::float8 as chat, state from deliveries where bot_id = ${BOT_ID} and campaign_id = 1`;
    const has = copies(telegram);
    const inState = (state: string) => rows.filter((row) => row["state"] === state).length;
    const { state, sent, failed, uncertain, left } = campaign ?? {};
    return {
      state,
      sent,
      failed,
      uncertain,
      left,
      booked:
        campaign?.["total"] === rows.length && sent === inState("sent") && uncertain === inState("uncertain"),
      twice: [...has.values()].filter((copy) => copy > 1).length,
      none: count - has.size,
      unknown: rows.filter((row) => row["state"] !== "sent" && has.has(row["chat"] as number)).length,
    };
  });
}

export async function isFinished(url: Address): Promise<boolean> {
  const found = await using(
    url,
    (sql) => sql`select from campaigns where bot_id = ${BOT_ID} and id = 1 and state = 'finished'`,
  ).catch(() => []);
  return found.length > 0;
}

/** Runs `work` on its own connection. */
export async function using<T>(address: Address, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const [url, socket] = typeof address === "string" ? [address, {}] : ["", address];
  const sql = postgres(url, {
    ...socket,
    max: 1,
    onnotice: () => undefined,
    connect_timeout: 5,
    fetch_types: false, // it would end this process if the connection closes meanwhile
  });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
