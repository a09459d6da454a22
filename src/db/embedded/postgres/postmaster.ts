import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../../../errors.ts";
import type { Say } from "../../say.ts";
import type { Binaries } from "./binaries.ts";
import { endPredecessor } from "./predecessor.ts";
import type { RunAs } from "./run-as.ts";
import { SETTINGS } from "./server-settings.ts";

/** A running PostgreSQL server that belongs to this process. */
export interface Postmaster {
  /** Of its Unix socket. */
  socket: string;
  /** Ends the server. Connections should be closed before: an open transaction is rolled back. */
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  /** The folder of the cluster, from the root on. */
  cluster: string;
  binaries: Binaries;
  user: RunAs | null;
  say: Say;
  /** Beside those of SETTINGS. */
  settings?: Readonly<Record<string, string>>;
}

const SOCKET_NAME = ".s.PGSQL.5432";
/** The address of a Unix socket has room for 107 bytes. */
const LONGEST_SOCKET_PATH = 107;
const POLL_MS = 20;
/** After a crash it may have to read megabytes of log first; then the operator hears why nothing happens. */
const SLOW_START_MS = 10_000;
/** After a fast shutdown an immediate one, which leaves the rest to the next start; after that, it is killed. */
const STOP_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** The pauses begin anew after a server that has run for so long. */
const STABLE_MS = 60_000;

/**
 * Starts the server of a cluster and starts it again whenever it ends unasked. It ends with this process, even by kill -9.
 * The caller holds the lock of the data folder.
 * @throws StartError when it does not come up, with what PostgreSQL says about it.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { cluster, say } = options;
  const { folder, remove } = await socketFolder(cluster, options.user);
  const stopping = new AbortController();
  const { signal } = stopping;
  let server = await launched();
  let pauseMs = FIRST_PAUSE_MS;

  async function launched(): Promise<Server> {
    await endPredecessor(cluster);
    const next = launch(options, folder);
    try {
      await ready(next, cluster, say);
    } catch (error) {
      await end(next);
      throw error;
    }
    return next;
  }

  async function keepUp(): Promise<void> {
    while (!signal.aborted) {
      const started = performance.now();
      const how = await server.exited;
      if (signal.aborted) return;
      say(`The embedded PostgreSQL ended by itself (${how}). Herald starts it again.`);
      if (performance.now() - started > STABLE_MS) pauseMs = FIRST_PAUSE_MS;
      await relaunch();
    }
  }

  async function relaunch(): Promise<void> {
    let said = "";
    while (!signal.aborted) {
      await sleep(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (signal.aborted) return;
      try {
        server = await launched();
        return;
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        // Once, not at each attempt: a full disk may last for hours, and the log lies on it.
        if (what.replace(/\d+/g, "") !== said) say(what);
        said = what.replace(/\d+/g, "");
      }
    }
  }

  const kept = keepUp();
  return {
    socket: join(folder, SOCKET_NAME),
    async stop() {
      stopping.abort();
      await end(server);
      await kept;
      await end(server); // it may have come up again meanwhile
      await remove();
    },
  };
}

/** The process of a server, with its watchdog. */
interface Server {
  process: ChildProcess;
  watchdog: ChildProcess;
  /** Resolves with how it ended, such as "signal SIGKILL". */
  exited: Promise<string>;
  isOver: boolean;
  /** The last thing that it said was wrong. */
  complaint: string;
}

function launch({ cluster, binaries, user, settings }: PostmasterOptions, socketFolder: string): Server {
  const given = { ...SETTINGS, ...settings, unix_socket_directories: socketFolder };
  const options = Object.entries(given).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", cluster, ...options], {
    cwd: cluster,
    env: binaries.env,
    detached: true, // Ctrl+C in a terminal reaches Herald alone, which ends the server when its work is settled
    stdio: ["ignore", "ignore", "pipe"],
    ...user,
  });
  const server: Server = {
    process: child,
    watchdog: watch(child.pid),
    isOver: false,
    complaint: "",
    exited: new Promise((resolve) => {
      const over = (how: string) => {
        server.isOver = true;
        server.watchdog.kill("SIGKILL");
        resolve(how);
      };
      child.once("error", (error) => over(error.message));
      child.once("exit", (code, signal) => over(signal ? `signal ${signal}` : `exit code ${code}`));
    }),
  };
  // Read at all times: it would stop at a full pipe.
  createInterface(child.stderr).on("line", (line) => {
    const [, what] = /(?:FATAL|PANIC|ERROR|HINT): {1,2}(.*)/.exec(line) ?? [];
    if (what) server.complaint = what;
  });
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
  return server;
}

/**
 * Waits for the end of a pipe that this process holds, and then ends the server `$0`; a hung one after 5 s, as `end` does.
 * PostgreSQL kills its backends by itself when they do not heed an immediate shutdown.
 */
const WATCHDOG =
  'read -r _; kill -INT "$0" && for _ in 1 2 3 4 5; do sleep 1; kill -0 "$0" || exit; done && kill -QUIT "$0"';

function watch(pid: number | undefined): ChildProcess {
  const watchdog = spawn("/bin/sh", ["-c", WATCHDOG, String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: {},
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return watchdog;
}

/**
 * Waits until the server takes connections. Its own file says so; the socket alone may still be that of another one.
 * @throws StartError when it ends instead.
 */
async function ready(server: Server, cluster: string, say: Say): Promise<void> {
  const asked = performance.now();
  let isTold = false;
  for (;;) {
    if (server.isOver)
      throw new StartError(
        `The embedded PostgreSQL in ${cluster} does not start: ${server.complaint || (await server.exited)}.`,
      );
    const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
    if (Number(lines[0]) === server.process.pid && lines[7]?.trim() === "ready") return;
    if (!isTold && performance.now() - asked > SLOW_START_MS) {
      isTold = true;
      say(
        "The embedded PostgreSQL is still starting; after a crash or a power cut, it first recovers what was written.",
      );
    }
    await sleep(POLL_MS);
  }
}

async function end(server: Server): Promise<void> {
  const { process: child } = server;
  if (server.isOver) return;
  child.kill("SIGINT");
  const impatient = [
    setTimeout(() => child.kill("SIGQUIT"), STOP_MS),
    setTimeout(() => child.kill("SIGKILL"), 3 * STOP_MS),
  ];
  await server.exited;
  for (const timer of impatient) clearTimeout(timer);
}

/** Where its socket lies: in the cluster, or where that path is too long, reached by a short link. */
async function socketFolder(
  cluster: string,
  user: RunAs | null,
): Promise<{ folder: string; remove(): Promise<void> }> {
  if (Buffer.byteLength(join(cluster, SOCKET_NAME)) <= LONGEST_SOCKET_PATH)
    return { folder: cluster, remove: async () => undefined };
  const short = await mkdtemp(join(tmpdir(), "herald-"));
  if (user) await chown(short, user.uid, user.gid);
  const folder = join(short, "socket");
  await symlink(cluster, folder);
  return { folder, remove: () => rm(short, { recursive: true, force: true }) };
}
