import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockFolder } from "../../src/db/embedded/folder-lock.ts";
import { StartError } from "../../src/errors.ts";

const lockModule = fileURLToPath(new URL("../../src/db/embedded/folder-lock.ts", import.meta.url));

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "herald-lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
  await rm(folder, { recursive: true, force: true });
});

/**
 * A process of its own that takes the lock and says so, or why not; then it holds it until it is killed. `through` is a
 * program that runs it.
 */
async function locker(through: string[] = []): Promise<{ child: ChildProcess; said: string }> {
  const program = `
    const { lockFolder } = await import(${JSON.stringify(lockModule)});
    try { await lockFolder(${JSON.stringify(folder)}); console.log("locked"); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.message); }`;
  const node = [process.execPath, "--import", "tsx", "--input-type=module", "--eval", program];
  const [command = "", ...args] = [...through, ...node];
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: said.toString().trim() };
}

/** Runs a program in a pid namespace of its own, as a container does; null where that is not allowed. */
const CONTAINER = [
  ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"],
  ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"],
].find(([command = "", ...args]) => spawnSync(command, [...args, "true"]).status === 0);

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

const path = () => join(folder, "herald.lock");
const holder = async () =>
  JSON.parse(await readFile(path(), "utf8")) as { pid: number; started: string; space: string };

/** A lock as somebody else would have left it, last touched so many seconds ago. */
async function leftBehind(holder: unknown, secondsAgo = 0): Promise<void> {
  await writeFile(path(), typeof holder === "string" ? holder : JSON.stringify(holder));
  const touched = new Date(Date.now() - secondsAgo * 1000);
  await utimes(path(), touched, touched);
}

describe("a living process keeps its folder", () => {
  test("the second is refused, with the pid of the first", async () => {
    const { child, said } = await locker();
    expect(said).toBe("locked");
    const refusal = await lockFolder(folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect((refusal as Error).message).toContain(`process ${child.pid} on ${hostname()}`);
    expect((refusal as Error).message).toContain(folder);
    expect((refusal as Error).message).toMatch(/Stop it first.*DATA_DIR.*DATABASE_URL/);
    expect((await holder()).pid).toBe(child.pid);
  });

  test("of several that start together one gets it", async () => {
    const said = (await Promise.all([locker(), locker(), locker()])).map((one) => one.said);
    expect(said.filter((one) => one === "locked")).toHaveLength(1);
    expect(said.filter((one) => one.startsWith("Another Herald"))).toHaveLength(2);
  });

  test("this process is refused its own second lock, by the heartbeat of its first", async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
  });

  test.runIf(CONTAINER)(
    "one in another container of the same name and with a pid that is free here",
    async () => {
      expect((await locker(CONTAINER)).said).toBe("locked");
      const { pid } = await holder();
      expect(pid).toBeLessThan(20);
      await expect(lockFolder(folder)).rejects.toThrow(`process ${pid} on ${hostname()}`);
      expect((await locker(CONTAINER)).said).toContain(`process ${pid} on ${hostname()}`);
    },
  );

  test("one in another container is told by its heartbeat", async () => {
    await leftBehind({ pid: 1, host: "other-container", started: "1" });
    const beating = setInterval(() => void utimes(path(), new Date(), new Date()), 500);
    await expect(lockFolder(folder)).rejects.toThrow("process 1 on other-container");
    clearInterval(beating);
  });
});

/** Takes the lock at once and gives it back: who held it meanwhile, and what is left in the folder. */
async function takenOver(): Promise<{ pid: number; left: string[] }> {
  const began = performance.now();
  const lock = await lockFolder(folder);
  expect(performance.now() - began).toBeLessThan(1_000);
  const { pid } = await holder();
  await lock.release();
  return { pid, left: await readdir(folder) };
}

const ours = { pid: process.pid, left: [] };

describe("what a dead process left is taken over at once", () => {
  test("killed without a word", async () => {
    const { child } = await locker();
    await killed(child);
    expect((await holder()).pid).toBe(child.pid);
    expect(await takenOver()).toEqual(ours);
  });

  test("its pid is another process by now", async () => {
    const { child } = await locker();
    const { pid, started, space } = await holder();
    await killed(child);
    await rm(path());
    const { child: stranger } = await locker();
    await leftBehind({ pid: stranger.pid, host: hostname(), space, started: `${Number(started) - 1}` });
    expect(stranger.pid).not.toBe(pid);
    expect(await takenOver()).toEqual(ours);
  });

  test("another container's, silent for long", async () => {
    await leftBehind({ pid: 1, host: "other-container", started: "1" }, 60);
    expect(await takenOver()).toEqual(ours);
  });

  test.runIf(CONTAINER)("a container's that was killed, silent for long", async () => {
    const { child } = await locker(CONTAINER);
    await killed(child);
    await leftBehind(await holder(), 60);
    expect(await takenOver()).toEqual(ours);
  });

  test("a file that says nothing, silent for long", async () => {
    await leftBehind("{ half a li", 60);
    expect(await takenOver()).toEqual(ours);
  });
});

test("a process that slept while its folder was taken ends, and what it has to end first", async () => {
  const program = `
    const { lockFolder } = await import(${JSON.stringify(lockModule)});
    await lockFolder(${JSON.stringify(folder)}, async () => console.log("lost")); console.log("locked"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await once(child.stdout, "data");
  await leftBehind({ pid: 1, host: "other-container", space: "other", started: "1" });
  const [last] = (await once(child.stdout, "data")) as [Buffer];
  expect(last.toString()).toBe("lost\n");
  expect(await once(child, "exit")).toEqual([1, null]);
});

test("a released folder is free, with nothing left in it", async () => {
  for (let round = 0; round < 3; round++) {
    const lock = await lockFolder(folder);
    expect(await readdir(folder)).toEqual(["herald.lock"]);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  }
});
