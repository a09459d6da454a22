import { readFile, stat } from "node:fs/promises";

/** The user that PostgreSQL runs as when Herald is root, which PostgreSQL refuses to be. */
export interface RunAs {
  uid: number;
  gid: number;
}

/** Debian's numbers of "nobody", in case there is no /etc/passwd. */
const NOBODY: RunAs = { uid: 65_534, gid: 65_534 };

/** The owner of the data folder; if that is root as well, "nobody". Null unless Herald is root. */
export async function runAs(dataDir: string): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = await stat(dataDir);
  return uid === 0 ? nobody() : { uid, gid };
}

async function nobody(): Promise<RunAs> {
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : NOBODY;
}
