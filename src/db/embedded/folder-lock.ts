import { link, open, readFile, readlink, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartError } from "../../errors.ts";
import { isRunning } from "./postgres/is-running.ts";

/*
 * PGlite does not lock its folder, and PostgreSQL's own lock means nothing in another container: two in one folder lose
 * rows. A lock file next to it names the holder. The holder keeps touching the file, so that a living one is recognised
 * even from another container or machine, where its pid means nothing.
 */
const HEARTBEAT_MS = 4_000;
const SILENT_FOR_MS = 15_000;

interface Holder {
  pid: number;
  host: string;
  /** Where that pid means something; null if that is not known. */
  space: string | null;
  /** When that process started, in clock ticks since boot (Linux); reveals a reused pid. */
  started: string | null;
}

/** Another process uses the folder. */
export class FolderInUse extends StartError {
  /** Who, as the beginning of a sentence. */
  readonly holder: string;

  constructor(holder: Holder | null, folder: string) {
    const who = `Another Herald (process ${holder?.pid ?? "unknown"} on ${holder?.host ?? "this machine"})`;
    super(
      `${who} uses ${folder}. Stop it first, or give this one its own DATA_DIR. ` +
        "To run several, use a PostgreSQL server (DATABASE_URL).",
    );
    this.holder = who;
  }
}

/**
 * Takes the lock of a data folder, replacing that of a dead holder. If another process takes it nevertheless, which found
 * this one silent for 15 s, this one has no time to lose: `onLost` is called, and the process exits.
 * @throws FolderInUse with the pid if a living process holds it.
 */
export async function lockFolder(
  folder: string,
  onLost: () => Promise<void> = async () => undefined,
): Promise<{ release(): Promise<void> }> {
  const path = join(folder, "herald.lock");
  const self: Holder = {
    pid: process.pid,
    host: hostname(),
    space: await pidSpace(),
    started: await startOf(process.pid),
  };
  for (;;) {
    if (await create(path, self)) break;
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) continue; // released just now
    const holder = parse(text);
    if (await isAlive(path, holder, self.space)) throw new FolderInUse(holder, folder);
    await removeDead(path, text);
  }
  const isOurs = async () => (await readFile(path, "utf8")) === JSON.stringify(self);
  const beat = async () => {
    // A suspended process may wake up to find the lock taken. If it went on writing, both would lose rows.
    if (!(await isOurs())) {
      process.stderr.write(`${path} was taken over by another process; this one ends at once.\n`);
      await onLost().finally(() => process.exit(1));
    }
    const now = new Date();
    await utimes(path, now, now);
  };
  // A failed beat only makes the lock look older; the next one fixes that.
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
  // Written elsewhere and linked into place, so that the lock is never seen half-written.
  const aside = `${path}.${holder.pid}`;
  const file = await open(aside, "w", 0o600);
  await file.writeFile(JSON.stringify(holder));
  await file.sync(); // after a power cut, an empty one would hold up the next start for 15 s
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

async function isAlive(path: string, holder: Holder | null, ownSpace: string | null): Promise<boolean> {
  if (holder && ownSpace !== null && holder.space === ownSpace) {
    if (!isRunning(holder.pid)) return false;
    if (holder.started !== null) return (await startOf(holder.pid)) === holder.started;
  }
  // Another machine or container, which may have our name: only the heartbeat tells whether it lives.
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

/** Two processes may both find the holder dead; the one that moved away a fresh lock puts it back. */
async function removeDead(path: string, deadText: string): Promise<void> {
  const aside = `${path}.dead.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // the other process was faster
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

/**
 * What tells apart two containers, or two machines, in which the same pid is another process. On Linux the kernel's run
 * and its pid namespace; the host's name does not do, because containers may share it.
 */
async function pidSpace(): Promise<string | null> {
  if (process.platform !== "linux") return hostname();
  const parts = [readFile("/proc/sys/kernel/random/boot_id", "utf8"), readlink("/proc/self/ns/pid")];
  return Promise.all(parts).then(
    ([boot = "", namespace]) => `${boot.trim()} ${namespace}`,
    () => null,
  );
}

async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The process name is in brackets and may contain spaces; the state is the first field after it, the start the 20th.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return fields[0] === "Z" ? null : (fields[19] ?? null); // a zombie no longer holds anything
}
