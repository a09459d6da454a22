import { link, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartError } from "../../errors.ts";

/*
 * PGlite does not lock its folder, and two processes in one folder lose rows. A lock file beside it names the
 * holder. The holder touches the file, so that one in another container, whose pid means nothing here, can
 * still be told from a dead one.
 */
const HEARTBEAT_MS = 2_000;
const SILENT_FOR_MS = 15_000;

interface Holder {
  pid: number;
  host: string;
  /** Start of that process in clock ticks since boot (Linux); tells a reused pid from the one that locked. */
  started: string | null;
}

/**
 * Takes the lock of a data folder, over a dead holder's if need be.
 * @throws StartError naming the pid when a living process holds it.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(folder, "herald.lock");
  const self: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  for (;;) {
    if (await create(path, self)) break;
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) continue; // released just now
    const holder = parse(text);
    if (await isAlive(path, holder, self))
      throw new StartError(
        `Another Herald (process ${holder?.pid ?? "unknown"} on ${holder?.host ?? "this machine"}) uses ${folder}. ` +
          "Stop it first, or give this one its own DATA_DIR. To run several, use a PostgreSQL server (DATABASE_URL).",
      );
    await removeDead(path, text);
  }
  const isOurs = async () => (await readFile(path, "utf8")) === JSON.stringify(self);
  const beat = async () => {
    // A process that slept may wake to find the lock taken. Writing on would cost both their rows.
    if (!(await isOurs())) {
      process.stderr.write(`${path} was taken over by another process; this one ends at once.\n`);
      process.exit(1);
    }
    const now = new Date();
    await utimes(path, now, now);
  };
  // A beat that fails only makes the lock look older; the next one mends it.
  const heartbeat = setInterval(() => void beat().catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      if (await isOurs().catch(() => false)) await rm(path, { force: true });
    },
  };
}

async function create(path: string, holder: Holder): Promise<boolean> {
  // Written aside and linked into place: the lock is never seen half-written.
  const aside = `${path}.${holder.pid}`;
  const file = await open(aside, "w", 0o600);
  await file.writeFile(JSON.stringify(holder));
  await file.close();
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function isAlive(path: string, holder: Holder | null, self: Holder): Promise<boolean> {
  if (holder && holder.host === self.host && holder.pid !== self.pid)
    return runs(holder.pid) && (await startOf(holder.pid)) === holder.started;
  // Another host, or another container with our own pid: only its heartbeat tells. A living one touches soon.
  for (;;) {
    const touched = await stat(path).then(
      (file) => file.mtimeMs,
      () => 0,
    );
    if (Date.now() - touched > SILENT_FOR_MS) return false;
    await delay(HEARTBEAT_MS + 500);
    const again = await stat(path).then(
      (file) => file.mtimeMs,
      () => 0,
    );
    if (again > touched) return true;
  }
}

/** Two starters may both find the holder dead; whoever moved away a fresh lock puts it back. */
async function removeDead(path: string, deadText: string): Promise<void> {
  const aside = `${path}.dead.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // the other starter was faster
  }
  if ((await readFile(aside, "utf8")) !== deadText) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function parse(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The process name stands in brackets and may hold spaces; the state is the first field behind it, the start the 20th.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return fields[0] === "Z" ? null : (fields[19] ?? null); // a zombie holds nothing any more
}
