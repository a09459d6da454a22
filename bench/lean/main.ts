import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Build, readBuild } from "./build.ts";
import { type Figures, measure } from "./measure.ts";

const HELP = `What Herald takes as a process with its embedded database, and all that it starts: memory, CPU, time and disk.

  npx tsx bench/lean/main.ts [options] [parts]

  --against=FOLDER   another checkout, installed and built, which is measured in the same run
  --json=FILE        writes the figures
Parts: start, busy, idle, send, disk, statements, million; all but the last if none is named.
`;
const PARTS = ["start", "busy", "idle", "send", "disk", "statements", "million"] as const;
export type Part = (typeof PARTS)[number];

const args = process.argv.slice(2);
const valueOf = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1];
const named = PARTS.filter((part) => args.includes(part));
if (args.includes("--help")) {
  process.stdout.write(HELP);
  process.exit(0);
}
const parts = new Set<Part>(named.length > 0 ? named : PARTS.slice(0, -1));
const against = valueOf("against");
const builds: Build[] = [];
if (against) builds.push(await readBuild(resolve(against)));
builds.push(await readBuild(fileURLToPath(new URL("../../", import.meta.url))));

const found: Figures[] = [];
for (const build of builds) found.push(await measure(build, parts));
process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
const json = valueOf("json");
if (json) await writeFile(json, JSON.stringify(found));
