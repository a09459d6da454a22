import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface ChildOptions {
  /** Its whole environment. */
  environment: Record<string, string>;
  /** Its working directory; a `.env` file there would be read. */
  folder: string;
  /** Kills it at once when aborted. */
  signal?: AbortSignal;
}

const ENDS_WITH_DEMO = new URL("./ends-with-demo.mjs", import.meta.url).href;

/** Starts Node with these arguments, as a process that ends when this one does, however this one ends. */
export function startChild(
  args: readonly string[],
  { environment, folder, signal }: ChildOptions,
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, ["--import", ENDS_WITH_DEMO, ...args], {
    cwd: folder,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    ...(signal && { signal, killSignal: "SIGKILL" }),
    // In its own process group: Ctrl+C is for the demo, which then stops it.
    detached: true,
    // On Windows it would get a console window.
    windowsHide: true,
  });
}
