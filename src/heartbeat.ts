import { stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * A sign of life for a supervisor that can only run a command, such as Docker's HEALTHCHECK: Herald touches a
 * file while it does its work, and dist/healthcheck.js looks at the file's age.
 */
const BEAT_MS = 5_000;
/** Six beats. */
const DEAD_AFTER_MS = 30_000;

/** One file for each bot, so that several on one machine do not vouch for each other. */
export function heartbeatFile(botToken: string): string {
  return join(tmpdir(), `herald-${botToken.split(":", 1)[0]}.alive`);
}

/** Touches `file` every 5 s as long as `isAlive` resolves true; what throws or hangs lets the file grow old. */
export function startHeartbeat(file: string, isAlive: () => Promise<boolean>): { stop(): void } {
  let asking = false;
  async function beat(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      if (await isAlive()) await touch(file);
    } catch {
      // An old file says it all.
    } finally {
      asking = false;
    }
  }
  const timer = setInterval(() => void beat(), BEAT_MS);
  timer.unref();
  void beat();
  return { stop: () => clearInterval(timer) };
}

/** Whether `file` was touched in the last 30 s. */
export async function isFresh(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < DEAD_AFTER_MS;
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  // "wx" follows no link that somebody else laid in a shared temporary folder.
  await utimes(file, now, now).catch(() => writeFile(file, "", { flag: "wx" }));
}
