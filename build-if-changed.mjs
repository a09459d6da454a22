/*
 * `npm start` compiles only what changed since the last build: asking the compiler takes a second and 200 MB. Plain
 * JavaScript, because it runs before the compiler.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

/** The compiler writes it last. */
const RECORD = "dist/.tsbuildinfo";

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

// A folder changes when a file in it is added, removed or renamed.
const sources = readdirSync("src", { recursive: true }).map((name) => join("src", name));
const inputs = [
  "src",
  ...sources,
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "tsconfig.relay.json",
];
const builtAt = changedAt(RECORD);

if (inputs.some((path) => changedAt(path) > builtAt)) {
  const now = new Date();
  execFileSync("npm", ["run", "--silent", "build"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  utimesSync(RECORD, now, now); // it stays as it is if what changed makes no difference
}
