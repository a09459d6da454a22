import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface ChildOptions {
  /** All of the environment that it gets. */
  environment: Record<string, string>;
  /** Where it runs: a `.env` file there would be read. */
  folder: string;
  /** Kills it at once. Default: nothing does. */
  signal?: AbortSignal;
}

const ENDS_WITH_DEMO = new URL("./ends-with-demo.mjs", import.meta.url).href;

/** Starts Node with these arguments, as a process that ends when this one does, however that ends. */
export function startChild(
  args: readonly string[],
  { environment, folder, signal }: ChildOptions,
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, ["--import", ENDS_WITH_DEMO, ...args], {
    cwd: folder,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    ...(signal && { signal, killSignal: "SIGKILL" }),
    // In a group of its own: Ctrl+C is for the demo, which then ends it.
    detached: true,
    // On Windows it would be given a window of its own.
    windowsHide: true,
  });
}
