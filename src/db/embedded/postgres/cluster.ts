import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import type { Binaries } from "./binaries.ts";
import type { RunAs } from "./run-as.ts";

const run = promisify(execFile);

/** The role that owns everything in the cluster. Only who may enter its folder can connect. */
export const ROLE = "herald";
/** initdb makes it, and there is no need for another. */
export const DATABASE = "postgres";

/**
 * Makes a cluster in `folder`; whatever an interrupted attempt has left there goes. initdb runs as soon as this returns.
 * Its collation is PostgreSQL's own, so that it sorts the same wherever it is moved to. (With the plain "C" locale,
 * lower() and ilike would leave Cyrillic as it is.)
 * Resolves with null, or with half a sentence that says why there can be none: initdb wants a user with an entry in
 * /etc/passwd, for example.
 */
export async function makeCluster(
  folder: string,
  binaries: Binaries,
  user: RunAs | null,
): Promise<string | null> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
  // Segments of 4 MB instead of 16: they are most of what a small database takes up.
  const options = ["--auth=trust", "--encoding=UTF8", "--wal-segsize=4", "--no-instructions"];
  try {
    await run(binaries.initdb, ["-D", folder, "-U", ROLE, ...options, ...locale], {
      cwd: folder,
      env: binaries.env,
      ...user,
    });
    return null;
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    const [, why = message.split("\n", 1)[0]] = /(?:error|FATAL|PANIC|^initdb): +(.*)/.exec(stderr) ?? [];
    return `its database cannot be made (${why})`;
  }
}

export function isCluster(folder: string): boolean {
  return existsSync(`${folder}/PG_VERSION`);
}
