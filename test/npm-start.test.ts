import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../build-if-changed.mjs", import.meta.url));

let folder: string;

/** A checkout whose build writes the file `compiled`, and whose files are older than its last build. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "herald-build-"));
  for (const name of ["src/db", "dist"]) mkdirSync(join(folder, name), { recursive: true });
  // Like the compiler, it leaves its record alone if nothing is different.
  const build =
    "node -e \"for (const name of ['compiled', 'dist/.tsbuildinfo']) fs.appendFileSync(name, '')\"";
  write("package.json", JSON.stringify({ scripts: { build } }));
  for (const name of ["src/main.ts", "src/db/schema.ts", "package-lock.json", "tsconfig.json"]) write(name);
  for (const name of ["src", "src/db"]) age(name, 60);
  write("dist/.tsbuildinfo", "", 30);
  return () => rmSync(folder, { recursive: true });
});

function age(name: string, seconds: number): void {
  const at = new Date(Date.now() - seconds * 1_000);
  utimesSync(join(folder, name), at, at);
}

function write(name: string, text = "", seconds = 60): void {
  writeFileSync(join(folder, name), text);
  age(name, seconds);
}

/** Whether it compiles. */
function compiles(): boolean {
  rmSync(join(folder, "compiled"), { force: true });
  execFileSync(process.execPath, [PROGRAM], { cwd: folder });
  return existsSync(join(folder, "compiled"));
}

test("nothing is compiled when nothing has changed since the last build", () => {
  expect(compiles()).toBe(false);
});

test.each(["src/db/schema.ts", "src/db/new.ts", "package-lock.json", "tsconfig.json"])(
  "a newer %s is compiled, once",
  (name) => {
    write(name, "", 10);
    expect([compiles(), compiles()]).toEqual([true, false]);
  },
);

test("a file that is gone is compiled without", () => {
  rmSync(join(folder, "src/main.ts"));
  expect(compiles()).toBe(true);
});

test("without a build everything is compiled", () => {
  rmSync(join(folder, "dist/.tsbuildinfo"));
  expect([compiles(), compiles()]).toEqual([true, false]);
});
