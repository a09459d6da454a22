import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { fileURLToPath } from "node:url";
import { table } from "../markdown-table.ts";
import type { Figures } from "./measure.ts";

const PAGE = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));

/** The section with the figures of bench/lean; empty if the page has none. */
const SECTION = /^## What it takes from the machine\n.*?(?=\n\n## )/ms;

interface Row {
  label: string;
  key: string;
  digits: number;
}

const ROWS: readonly Row[] = [
  { label: "first start, from `npm start` to the first poll, s", key: "first start s", digits: 1 },
  { label: "second start, s", key: "second start s", digits: 1 },
  { label: "first start beside two busy loops, s", key: "busy first start s", digits: 1 },
  { label: "second start beside two busy loops, s", key: "busy second start s", digits: 1 },
  { label: "first start, peak MB", key: "first start: peak MB", digits: 0 },
  { label: "idle after the first start, MB", key: "first start: idle MB", digits: 0 },
  { label: "idle after the second start, MB", key: "second start: idle MB", digits: 0 },
  { label: "idle, CPU of one core, %", key: "idle: CPU %", digits: 2 },
  { label: "at 1,000/s: messages per second", key: "1,000/s: messages a second", digits: 0 },
  { label: "at 1,000/s: CPU ms per message", key: "1,000/s: CPU ms a message", digits: 2 },
  { label: "at 1,000/s: peak MB", key: "1,000/s: peak MB", digits: 0 },
  { label: "at 1,000/s: statements per message", key: "1,000/s: statements a message", digits: 2 },
  { label: "at 1,000/s: flushes per message", key: "1,000/s: flushes a message", digits: 3 },
  { label: "unlimited: messages per second", key: "unlimited: messages a second", digits: 0 },
  { label: "unlimited: CPU ms per message", key: "unlimited: CPU ms a message", digits: 2 },
  { label: "unlimited: peak MB", key: "unlimited: peak MB", digits: 0 },
  { label: "idle after 10 campaigns, MB", key: "idle after 10 campaigns MB", digits: 0 },
  { label: "disk after 10 campaigns, MB", key: "disk after 10 campaigns MB", digits: 0 },
  { label: "a million people: idle before, MB", key: "million: idle before MB", digits: 0 },
  { label: "a million people, no daily backup: peak MB", key: "million: peak MB", digits: 0 },
  {
    label: "a million people, the daily backup meanwhile: peak MB",
    key: "million with the daily backup: peak MB",
    digits: 0,
  },
];

/** `names` and `found` are of the builds, in the same order. */
export function drawSection(names: readonly string[], found: readonly Figures[]): string {
  const rows = ROWS.filter(({ key }) => found.some((figures) => key in figures)).map(
    ({ label, key, digits }) => [label, ...found.map((figures) => shown(figures[key], digits))],
  );
  const [cpu] = cpus();
  return `## What it takes from the machine

Herald as a process with its embedded database, and everything that it starts. Memory is the sum of PSS, with a Node of
its own, whose pages nobody shares; CPU is that of all processes. Campaigns go to 50,000 people. 1,000/s is with calls of
60 ms; unlimited is a rate that cannot be set, and calls without latency, as fast as this machine goes with
the local Telegram beside it. Statements are counted on a server. PGlite, which earlier versions used, never flushes.

${cpus().length} × ${cpu?.model ?? "processor"} (${arch()}, ${platform()}) · Node ${process.version.slice(1)} · ${new Date().toISOString().slice(0, 10)}

${table(["", ...names], rows)}`;
}

function shown(value: number | undefined, digits: number): string {
  return value?.toLocaleString("en", { maximumFractionDigits: digits }) ?? "";
}

/** Puts the section into docs/benchmarks.md, before the one that says how all was measured. */
export function writeSection(section: string): void {
  const page = readFileSync(PAGE, "utf8")
    .replace(SECTION, "")
    .replace(/\n{3,}/g, "\n\n");
  writeFileSync(
    PAGE,
    page.replace("## How it was measured", () => `${section}\n\n## How it was measured`),
  );
}
