import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Telegram } from "../../playground/telegram.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { OWNER_ID, TOKEN, atEnd } from "./herald.ts";
import type { Sabotage } from "./saboteur.ts";

// Built by template.ts.
const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const saboteur = new URL("../../dist/.test/saboteur.js", import.meta.url).href;

export interface Child {
  pid: number;
  /** Everything it has written to stdout and stderr so far. */
  output(): string;
  /** Kills it at once, as the kernel or a power cut would. */
  kill9(): Promise<void>;
  signal(name: "SIGINT" | "SIGTERM"): void;
  /** Its exit code; null if a signal ended it. */
  exited: Promise<number | null>;
  /** Only for a process spawned as `sabotaged`. Resolves when the order is accepted. */
  sabotage(order: Sabotage): Promise<void>;
  /** Resolves when it waits where it was told to. */
  held(): Promise<void>;
}

export interface SpawnOptions {
  /** Load the saboteur, which takes orders. */
  sabotaged?: boolean;
  /** Lead a process group of its own, as in a terminal. */
  leads?: boolean;
  /** Outlive the test that spawned it; the test file ends it. */
  lasting?: boolean;
}

/** The variables that make Herald talk to a local Telegram. */
export function environment(telegram: Telegram, database: DatabaseLocation): Record<string, string> {
  return {
    BOT_TOKEN: TOKEN,
    OWNER_IDS: String(OWNER_ID),
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TIMEZONE: "UTC",
    CONFIRM_TYPED_FROM: "1000000",
    ...(database.type === "server" ? { DATABASE_URL: database.url } : { DATA_DIR: database.dataDir }),
  };
}

/** Runs one of Herald's other programs, such as `import.js`, until it ends. */
export async function runs(
  program: string,
  variables: Record<string, string>,
  args: string[] = [],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL(program, new URL("../../dist/", import.meta.url))), ...args],
    {
      env: { PATH: process.env["PATH"] ?? "", ...variables },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number | null];
  return { code, output };
}

/** Starts Herald as a separate process, as `npm start` does. */
export function spawnHerald(variables: Record<string, string>, options: SpawnOptions = {}): Child {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--enable-source-maps", ...(options.sabotaged ? ["--import", saboteur] : []), main],
    {
      env: { PATH: process.env["PATH"] ?? "", ...variables },
      detached: options.leads ?? false,
      stdio: ["ignore", "pipe", "pipe", ...(options.sabotaged ? (["ipc"] as const) : [])],
    },
  );
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const kill9 = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  if (!options.lasting) atEnd(kill9);
  const says = (word: string) =>
    new Promise<void>((resolve) => {
      const listen = (message: unknown) => {
        if (message !== word) return;
        child.off("message", listen);
        resolve();
      };
      child.on("message", listen);
    });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill9,
    signal: (name) => void child.kill(name),
    exited,
    async sabotage(order) {
      const taken = says("done");
      child.send(order);
      await taken;
    },
    held: () => says("held"),
  };
}

/** Resolves when the process says that it is up. */
export async function isUp(child: Child): Promise<void> {
  const end = performance.now() + 30_000;
  while (!child.output().includes("Herald is up")) {
    if (performance.now() > end) throw new Error(`Herald did not come up:\n${child.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
