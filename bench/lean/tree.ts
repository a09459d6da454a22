import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/* What a process and all that it has started take: Linux only. */

/** One tick of the times in /proc/PID/stat, in ms. */
const TICK_MS = 10;

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has just ended
  }
}

/** From the parent on: /proc/PID/stat without the name, which may contain spaces. */
function fieldsOf(pid: number): number[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat
    .slice(stat.lastIndexOf(")") + 4)
    .split(" ")
    .map(Number);
}

/** The process and its descendants. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const [parent = 0] = fieldsOf(Number(name));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Memory in MB: each process's own, and of what it shares its share (PSS). */
export function memoryOf(root: number): number {
  const kilobytes = treeOf(root).map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

/** CPU in ms, with that of the children that have ended. */
export function cpuOf(root: number): number {
  // utime, stime, cutime, cstime: fields 14 to 17, and the parent is the fourth.
  const ticks = treeOf(root).flatMap((pid) => fieldsOf(pid).slice(10, 14));
  return ticks.reduce((sum, one) => sum + one, 0) * TICK_MS;
}

/** Looks at the memory until `done`. `most` is the highest figure so far, in MB. */
export function watchMemory(root: number, everyMs: number): { readonly most: number; done(): void } {
  let most = 0;
  const over = new AbortController();
  void (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most, memoryOf(root));
      await sleep(everyMs);
    }
  })();
  return {
    get most() {
      return most;
    },
    done: () => over.abort(),
  };
}
