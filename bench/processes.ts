import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Cost } from "./contender.ts";
import type { Answers, TelegramTask } from "./telegram.ts";

/*
 * Everything that is measured runs in its own process. The programs are bundled, so that no compiler takes up memory that
 * is measured. All bundles are in one folder, as deep as src/db/server, from where migrations/ is found.
 */

const children = new Set<ChildProcess>();

// No process outlives the bench, however it ends.
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

let profileFolder: string | null = null;

/** From now on, each sending process writes a CPU profile into this folder. */
export function profileInto(folder: string): void {
  profileFolder = folder;
}

export interface Started<Result> {
  /** What it reported before it exited. Rejects if it exited without a report. */
  result: Promise<Result>;
  /** Kills it at once, as the kernel or a power cut would. */
  kill9(): Promise<void>;
}

/** Starts bench/<name>.ts with a task. It sends its result as a message. */
export function start<Result = Cost>(name: string, task: object, profile = false): Started<Result> {
  const options = profile && profileFolder ? ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`] : [];
  const child = fork(bundle(name), [JSON.stringify(task)], { execArgv: options });
  const exited = keep(child);
  const result = new Promise<Result>((resolve, reject) => {
    let told: Result | undefined;
    child.once("message", (message) => (told = message as Result));
    child.once("exit", (code) => {
      if (told === undefined) reject(new Error(`${name} ended (${code}) before it was done`));
      else resolve(told);
    });
  });
  return {
    result,
    async kill9() {
      result.catch(() => undefined); // expected: it was killed on purpose
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The local Telegram, as the parent sees it. */
export interface TelegramProcess {
  apiRoot: string;
  ask<K extends keyof Answers>(
    name: K,
    ...args: Parameters<Answers[K]>
  ): Promise<Awaited<ReturnType<Answers[K]>>>;
  stop(): Promise<void>;
}

/** Its messages: first its address, then an answer to each question. */
interface Message {
  apiRoot?: string;
  result?: unknown;
  error?: string;
}

export async function startTelegramProcess(task: TelegramTask): Promise<TelegramProcess> {
  const child = fork(bundle("telegram"), [JSON.stringify(task)], { execArgv: [] });
  const exited = keep(child);
  const said = async () => {
    const [message] = (await Promise.race([once(child, "message"), exited])) as [Message?];
    if (!message) throw new Error("the local Telegram ended");
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  };
  const { apiRoot = "" } = await said();
  return {
    apiRoot,
    // Only one question at a time, so the next message is the answer.
    async ask(name, ...args) {
      child.send({ name, args });
      return (await said()).result as never;
    },
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}

/** Starts Herald as it is run, as a whole process. Resolves when it is up. */
export async function startHeraldProcess(variables: Record<string, string>): Promise<Started<never>> {
  const main = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"] ?? "", ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = keep(child);
  await new Promise<void>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Herald is up")) resolve();
    });
    child.once("exit", () => reject(new Error(`Herald did not come up:\n${output}`)));
  });
  return {
    result: new Promise(() => undefined),
    async kill9() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** `name` may be the path of another build's bundle. */
function bundle(name: string): string {
  return fileURLToPath(new URL(name.startsWith("/") ? name : `${name}.js`, import.meta.url));
}

/** Resolves once it has exited. */
async function keep(child: ChildProcess): Promise<[]> {
  children.add(child);
  await once(child, "exit");
  children.delete(child);
  return [];
}
