import type { ImportSummary, RowRead } from "../../audience/import/import-summary.ts";
import { REASONS } from "../../audience/import/person-row.ts";
import type { ImportReportJson } from "../shapes/import-shapes.ts";

/** Faults that a report lists. */
const MOST_FAULTS = 100;

/** Keeps the first faults of an import, and counts the others. */
export function collectFaults() {
  const kept: ImportReportJson["faults"] = [];
  let omitted = 0;
  return {
    add({ line, faults }: RowRead): void {
      for (const { kind, loses } of faults)
        if (kept.length === MOST_FAULTS) omitted += 1;
        else kept.push({ line, loses, reason: kind, detail: withoutDashes(REASONS[kind]) });
    },
    kept,
    get omitted() {
      return omitted;
    },
  };
}

export function importReport(
  { shape, ...counts }: ImportSummary,
  faults: ReturnType<typeof collectFaults>,
): ImportReportJson {
  return {
    ...counts,
    faults: faults.kept,
    faults_omitted: faults.omitted,
    encoding: shape?.encoding ?? "utf-8",
    delimiter: shape?.delimiter ?? null,
    columns: shape?.columns ?? [],
  };
}

/** A sentence that names options of the command line, such as `--id-column`, with the parameters of the query instead. */
export function withoutDashes(sentence: string): string {
  return sentence.replace(/--([a-z-]+)/g, (_, name: string) => name.replaceAll("-", "_"));
}
