import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readBuild } from "./build.ts";
import { type Figures, measure, measureIdle } from "./measure.ts";
import { drawSection, writeSection } from "./section.ts";

const HELP = `What Herald and all that it starts take from the machine: memory, CPU, time and disk. Linux only.

  npx tsx bench/lean/main.ts [options] [parts]

  --against=FOLDER   another checkout, installed and built, to measure in the same run
  --figures=FILE     adds the figures to those in the file, so that parts can be run one by one when the machine is quiet
  --page             writes the section of docs/benchmarks.md
  --help             this text

Parts: start, busy, idle, send, disk, statements, million; all but the last if none is named. "none" measures nothing.
The people of the last one take 2 GB of memory; it runs twice, without the daily backup and with it. Statements are counted on a PostgreSQL server (BENCH_DATABASE_URL).
`;

const PARTS = ["start", "busy", "idle", "send", "disk", "statements", "million"] as const;
export type Part = (typeof PARTS)[number];

const args = process.argv.slice(2);
const valueOf = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1];
if (args.includes("--help")) {
  process.stdout.write(HELP);
  process.exit(0);
}
const named = PARTS.filter((part) => args.includes(part));
const parts = new Set<Part>(named.length > 0 || args.includes("none") ? named : PARTS.slice(0, -1));
const folders = [valueOf("against"), fileURLToPath(new URL("../../", import.meta.url))];
const builds = folders.filter((folder) => folder !== undefined).map((folder) => readBuild(resolve(folder)));

const file = valueOf("figures");
const known = file && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Figures[]) : [];
const atRest = parts.has("idle") ? await measureIdle(builds) : [];
const found: Figures[] = [];
for (const [index, build] of builds.entries())
  found.push({ ...known[index], ...atRest[index], ...(await measure(build, parts)) });
if (file) writeFileSync(file, JSON.stringify(found));
const section = drawSection(
  builds.map(({ name }, index) => (index === builds.length - 1 ? "this version" : name)),
  found,
);
process.stdout.write(`${section}\n`);
if (args.includes("--page")) writeSection(section);
