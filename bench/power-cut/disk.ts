import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A disk with a file system of its own, ext4, which can lose what was not flushed. */
export interface Disk {
  /** Where it is mounted. */
  folder: string;
  /**
   * Cuts its power and switches it on again; `percent` of the dirty pages reach the disk first. Nobody may use it meanwhile.
   * Returns how many pages were dirty, and how many of them reached it.
   */
  cut(percent: number): { dirty: number; written: number };
  /** Removes everything on it. */
  empty(): void;
  remove(): void;
}

/** 2 GB, of which the file takes up what is used. */
const SIZE = "2G";

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: "utf8" });

/** Needs root, and a C compiler for cut.c. */
export function createDisk(): Disk {
  const place = mkdtempSync(join(tmpdir(), "herald-power-cut-"));
  chmodSync(place, 0o711); // PostgreSQL runs as another user
  const [image, folder, program] = [join(place, "image"), join(place, "disk"), join(place, "cut")];
  run("cc", "-O2", "-Wall", "-Wextra", "-o", program, fileURLToPath(new URL("cut.c", import.meta.url)));
  run("truncate", "-s", SIZE, image);
  run("mkfs.ext4", "-q", "-b", "4096", image);
  mkdirSync(folder);
  const mount = () => run("mount", "-o", "loop", image, folder);
  const unmount = () => run("umount", folder);
  const empty = () => run("find", folder, "-mindepth", "1", "-delete");
  mount();
  chmodSync(folder, 0o711);
  return {
    folder,
    cut(percent) {
      const [dirty = 0, written = 0] = run(program, folder, String(percent)).split(" ").map(Number);
      unmount();
      mount(); // replays the journal
      return { dirty, written };
    },
    empty,
    remove() {
      unmount();
      rmSync(place, { recursive: true });
    },
  };
}

/** Checks that the disk keeps what was flushed and nothing else; what was not, it keeps in part if it is told to. */
export function checkDisk(disk: Disk): void {
  const path = (name: string) => join(disk.folder, name);
  const old = Buffer.alloc(400 * 4096, "o");
  const flushed = { flush: true };
  writeFileSync(path("flushed"), old, flushed);
  execFileSync("sync", ["-f", disk.folder]);
  writeFileSync(path("not flushed"), old);
  disk.cut(0);
  if (!readFileSync(path("flushed")).equals(old)) throw new Error("the disk lost what was flushed");
  if (existsSync(path("not flushed"))) throw new Error("the disk kept what was not flushed");
  for (const [percent, least, most] of [
    [0, 0, 0],
    [50, 100, 300],
  ] as const) {
    writeFileSync(path("flushed"), old, { ...flushed, flag: "r+" });
    writeFileSync(path("flushed"), Buffer.alloc(old.length, "n"), { flag: "r+" });
    disk.cut(percent);
    const now = readFileSync(path("flushed"));
    const pages = Array.from({ length: 400 }, (_, page) => now[page * 4096] === "n".charCodeAt(0));
    const fresh = pages.filter(Boolean).length;
    if (fresh < least || fresh > most)
      throw new Error(`of 400 pages that were not flushed, the disk kept ${fresh} instead of ${percent} %`);
  }
  disk.empty();
}
