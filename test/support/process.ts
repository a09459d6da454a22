import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Telegram } from "../../playground/telegram.ts";
import type { DatabaseLocation } from "../../src/db/connect.ts";
import { OWNER_ID, TOKEN, atEnd } from "./herald.ts";
import type { Sabotage } from "./saboteur.ts";

// Built by template.ts.
const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const saboteur = new URL("../../dist/.test/saboteur.js", import.meta.url).href;

export interface Child {
  /** Everything it wrote to stdout and stderr so far. */
  output(): string;
  /** Ends it at once, as the kernel or a power cut would. */
  kill9(): Promise<void>;
  signal(name: "SIGINT" | "SIGTERM"): void;
  /** Its exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** Only of one that was spawned `sabotaged`. Resolves when the order is taken. */
  sabotage(order: Sabotage): Promise<void>;
  /** Resolves when it waits where it was ordered to. */
  held(): Promise<void>;
}

export interface SpawnOptions {
  /** With the saboteur in it, which takes orders. */
  sabotaged?: boolean;
  /** It outlives the test that spawned it; the file ends it. */
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

/** Herald as a process of its own, as `npm start` runs it. */
export function spawnHerald(variables: Record<string, string>, options: SpawnOptions = {}): Child {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--enable-source-maps", ...(options.sabotaged ? ["--import", saboteur] : []), main],
    {
      env: { PATH: process.env["PATH"] ?? "", ...variables },
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
