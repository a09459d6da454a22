import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OWNER_ID, TOKEN } from "../contender.ts";
import { treeOf } from "./tree.ts";

/** A checkout of Herald, installed and built. */
export interface Build {
  folder: string;
  /** Of its commit. */
  name: string;
  /** Node's options in its `npm start`. */
  options: string[];
  /** A Node of its own: pages that two processes share count half. */
  node: string;
}

const copies = mkdtempSync(join(tmpdir(), "herald-node-"));

/** Throws if the checkout is not built. */
export function readBuild(folder: string): Build {
  if (!existsSync(join(folder, "dist/main.js")))
    throw new Error(`${folder} is not built: run npm run build there`);
  const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  const name = execFileSync("git", ["rev-parse", "--short=7", "HEAD"], {
    cwd: folder,
    encoding: "utf8",
  }).trim();
  const node = join(mkdtempSync(join(copies, "build-")), "node");
  copyFileSync(process.execPath, node);
  return { folder, name, options: scripts.start.split(" ").filter((word) => word.startsWith("--")), node };
}

export interface Herald {
  pid: number;
  /** When the process was started, in ms since 1970. */
  startedAt: number;
  /** Ends it in order, and resolves when it is gone. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(copies, { recursive: true });
});

/** `npm`: as an operator starts it. `node`: the same without npm. `unlimited`: without a limit of the rate. */
export type Way = "npm" | "node" | "unlimited";

/** Starts a build's Herald on a database, which `where` names, against a local Telegram. */
export function startHerald(
  { folder, options, node }: Build,
  way: Way,
  apiRoot: string,
  where: Record<string, string>,
): Herald {
  const dist = join(folder, "dist");
  const unlimited = fileURLToPath(new URL("unlimited.mjs", import.meta.url));
  const program = way === "unlimited" ? [unlimited, dist] : [join(dist, "main.js")];
  const startedAt = performance.timeOrigin + performance.now();
  const child = spawn(way === "npm" ? "npm" : node, way === "npm" ? ["start"] : [...options, ...program], {
    cwd: folder,
    detached: true, // npm does not pass a signal on; its group gets it
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      BOT_TOKEN: TOKEN,
      OWNER_IDS: String(OWNER_ID),
      TELEGRAM_API_ROOT: apiRoot,
      MESSAGES_PER_SECOND: "1000",
      CONFIRM_TYPED_FROM: "1000000000",
      TIMEZONE: "UTC",
      LOG_LEVEL: "warn",
      ...where,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  running.add(child);
  const { pid = 0 } = child;
  const exited = once(child, "exit").then(() => running.delete(child));
  return {
    pid,
    startedAt,
    async stop() {
      const tree = treeOf(pid);
      process.kill(way === "npm" ? -pid : pid, "SIGTERM");
      await exited;
      while (tree.some((one) => existsSync(`/proc/${one}`))) await sleep(50); // npm is gone before Herald
    },
  };
}

/** Imports the chats 1 to `count`, as an operator would, while Herald does not run. */
export async function importPeople(
  { folder }: Build,
  count: number,
  where: Record<string, string>,
): Promise<void> {
  const list = await mkdtemp(join(tmpdir(), "herald-people-"));
  const file = join(list, "people.csv");
  const rows = Array.from({ length: count }, (_, index) => `${index + 1},en,Person ${index + 1}`);
  await writeFile(file, ["chat_id,language,first_name", ...rows].join("\n"));
  const env = { PATH: process.env["PATH"] ?? "", BOT_TOKEN: TOKEN, OWNER_IDS: String(OWNER_ID), ...where };
  const child = spawn(process.execPath, [join(folder, "dist/import.js"), file], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  await rm(list, { recursive: true });
  if (code !== 0) throw new Error(`the import ended with ${code}`);
}
