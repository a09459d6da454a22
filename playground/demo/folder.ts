import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "herald-demo-";

/** Names the process that owns the folder. */
const OWNER_FILE = "demo.json";

interface Owner {
  pid: number;
  host: string;
}

/** A virus scanner may hold a file that was just written for a moment. */
export const REMOVAL = { recursive: true, force: true, maxRetries: 5 };

/** Creates this demo's folder, and removes those of demos that were killed. Resolves with its path. */
export async function makeFolder(): Promise<string> {
  await removeStale();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  const owner: Owner = { pid: process.pid, host: hostname() };
  await writeFile(join(folder, OWNER_FILE), JSON.stringify(owner));
  return folder;
}

async function removeStale(): Promise<void> {
  const entries = await readdir(tmpdir(), { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isDirectory() || !entry.name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), entry.name);
    // Failures are not reported: nobody asked for this cleanup.
    if (await isStale(folder)) await rm(folder, REMOVAL).catch(() => undefined);
  }
}

/** A folder without an owner, or of a demo on another machine or in another container, may be in use. */
async function isStale(folder: string): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(join(folder, OWNER_FILE), "utf8")) as Partial<Owner> | null;
    return owner?.host === hostname() && typeof owner.pid === "number" && !runs(owner.pid);
  } catch {
    return false;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
