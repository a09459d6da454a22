import { stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * A liveness signal for supervisors that can only run a command, such as Docker's HEALTHCHECK: Herald touches a
 * file while it works, and dist/healthcheck.js checks the file's age.
 */
const BEAT_MS = 10_000;
/** Three beats. */
const DEAD_AFTER_MS = 30_000;

/** One file per bot, so that several on one machine do not vouch for each other. */
export function heartbeatFile(botToken: string): string {
  return join(tmpdir(), `herald-${botToken.split(":", 1)[0]}.alive`);
}

/** Touches `file` every 10 s while `isAlive` resolves to true; if it throws or hangs, the file grows old. */
export function startHeartbeat(file: string, isAlive: () => Promise<boolean>): { stop(): void } {
  let asking = false;
  async function beat(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      if (await isAlive()) await touch(file);
    } catch {
      // The file's age tells.
    } finally {
      asking = false;
    }
  }
  const timer = setInterval(() => void beat(), BEAT_MS);
  timer.unref();
  void beat();
  return { stop: () => clearInterval(timer) };
}

/** True if `file` was touched in the last 30 s. */
export async function isFresh(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < DEAD_AFTER_MS;
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  // "wx" does not follow a link that someone else put into a shared temporary folder.
  await utimes(file, now, now).catch(() => writeFile(file, "", { flag: "wx" }));
}
