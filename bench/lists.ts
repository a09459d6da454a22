import { once } from "node:events";
import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { startTelegram } from "../playground/telegram.ts";
import type { Actor } from "../src/access/actor.ts";
import { createKey } from "../src/access/keys.ts";
import { homeScope } from "../src/db/scope.ts";
import { openDatabase } from "../src/db/open/open-database.ts";

/*
 * Imports a million people by the command line and over HTTP in turn, and exports them over HTTP: how long it takes, and
 * how much memory Herald takes meanwhile.
 *
 *   createdb herald_lists && npm run build && npx tsx bench/lists.ts postgres://postgres@127.0.0.1:5432/herald_lists
 *
 * It empties the database. The command line's time is that of the whole command, the start of Node included.
 */

const [url, count = "1000000", rounds = "3"] = process.argv.slice(2);
if (url === undefined) throw new Error("Name an empty database.");
const PEOPLE = Number(count);
const ROUNDS = Number(rounds);
const BOT = 1_000_001;
const OWNER: Actor = { type: "admin", userId: 1, owner: true };
const PORT = 18_080;
const dist = (name: string) => fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));

const folder = await mkdtemp(join(tmpdir(), "herald-lists-"));
const file = join(folder, "people.csv");
await pipeline(Readable.from(lines()), createWriteStream(file));

function* lines() {
  yield "chat_id,language,first_name,last_name,username,phone,joined_at,status\n";
  const languages = ["en", "ru", "de", "pt-BR", "uk", "es", "", "tr"];
  for (let id = 1; id <= PEOPLE; id += 1)
    yield `${100_000 + id},${languages[id % 8]},Ada ${id % 997},Lovelace,ada_${id},,2024-03-${String((id % 28) + 1).padStart(2, "0")},active\n`;
}

const telegram = await startTelegram({ limits: "none" });
const env = {
  PATH: process.env["PATH"] ?? "",
  DATABASE_URL: url,
  BOT_TOKEN: `${BOT}:bench`,
  OWNER_IDS: "1",
  TELEGRAM_API_ROOT: telegram.apiRoot,
  LOG_LEVEL: "warn",
  HTTP_PORT: String(PORT),
};

const database = await openDatabase({ type: "server", url });
const scope = homeScope(database.db, BOT);

async function emptied() {
  await database.db.execute(sql`truncate recipients`);
  await database.db.execute(sql`checkpoint`);
}

async function byCommandLine(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [dist("import"), file], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return performance.now() - started;
}

const herald = spawn(process.execPath, ["--heap-growing-percent=20", dist("main")], {
  env,
  stdio: "inherit",
});
process.on("exit", () => herald.kill("SIGKILL"));
const memory = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${herald.pid}/status`, "utf8"))?.[1]) / 1024;

async function call(method: string, path: string, body?: Readable): Promise<IncomingMessage> {
  const sent = request({
    port: PORT,
    method,
    path,
    headers: { authorization: `Bearer ${secret}`, "content-type": "text/csv" },
  });
  const answered = once(sent, "response");
  if (body) await Promise.all([pipeline(body, sent), answered]);
  else sent.end();
  const [response] = (await answered) as [IncomingMessage];
  return response;
}

/** Milliseconds, and the memory before, at most, and on average in the last quarter, in MB. */
async function measured(work: () => Promise<unknown>) {
  const samples = [memory()];
  const timer = setInterval(() => samples.push(memory()), 100);
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  clearInterval(timer);
  const mean = (from: number, to: number) => {
    const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
    return part.reduce((sum, one) => sum + one, 0) / part.length;
  };
  return {
    ms,
    before: samples[0] ?? 0,
    most: Math.max(...samples),
    second: mean(0.25, 0.5),
    last: mean(0.75, 1),
  };
}

const { secret } = await createKey(scope, OWNER, { name: "bench", role: "write", expiresAt: null });
for (;;) {
  const isUp = await fetch(`http://127.0.0.1:${PORT}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isUp) break;
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const told = ({ ms, before, most, second, last }: Awaited<ReturnType<typeof measured>>) =>
  `${seconds(ms)}; memory ${before.toFixed(0)} MB before, ${second.toFixed(0)} in the second quarter, ` +
  `${last.toFixed(0)} in the last, ${most.toFixed(0)} at most`;
const say = (line: string) => process.stdout.write(`${line}\n`);

const times = { commandLine: [] as number[], http: [] as number[] };
for (let round = 1; round <= ROUNDS; round += 1) {
  await emptied();
  const commandLine = await byCommandLine();
  say(`round ${round}: command line ${seconds(commandLine)}`);
  await emptied();
  let report = "";
  const http = await measured(async () => {
    for await (const piece of await call("POST", "/v1/recipients/import", createReadStream(file)))
      report += piece;
  });
  const { inserted } = JSON.parse(report) as { inserted: number };
  if (inserted !== PEOPLE) throw new Error(`imported ${inserted}: ${report}`);
  say(`round ${round}: HTTP ${told(http)}`);
  times.commandLine.push(commandLine);
  times.http.push(http.ms);
  const exported = await measured(async () => {
    let bytes = 0;
    for await (const piece of await call("GET", "/v1/recipients/export")) bytes += (piece as Buffer).length;
    say(`round ${round}: exported ${(bytes / 1e6).toFixed(0)} MB`);
  });
  say(`round ${round}: export ${told(exported)}`);
}
// What else the machine does only ever adds to a time, so the shortest ones say most.
const [commandLine, http] = [Math.min(...times.commandLine), Math.min(...times.http)];
say(
  `fastest: command line ${seconds(commandLine)}, HTTP ${seconds(http)}, ${(http / commandLine).toFixed(2)} times as long`,
);

herald.kill("SIGTERM");
await once(herald, "exit");
await database.close();
await telegram.stop();
await rm(folder, { recursive: true });
