import { printLine } from "../../audience/segment/print-line.ts";
import type { LineReading } from "../../audience/segment/read-line.ts";
import { MOST_CAMPAIGNS, MOST_CONDITIONS } from "../../audience/segment/segment.ts";
import type { HeraldContext } from "./bot-context.ts";
import type { Translate } from "./words.ts";

/** What of a typed line of conditions is not understood, and what is. */
export function refusedLine(
  t: Translate,
  reading: Exclude<LineReading, { type: "read" }>,
  locale: HeraldContext["locale"],
): string {
  if (reading.type === "empty") return t("filter-empty");
  if (reading.type === "too-long")
    return t("filter-too-long", { conditions: MOST_CONDITIONS, campaigns: MOST_CAMPAIGNS });
  const { understood, faults } = reading;
  return [
    ...faults.map(({ part, why }) => t("filter-unread", { part, why: t(`filter-why-${why}`) })),
    ...(understood ? [t("filter-understood", { line: printLine(understood, locale) })] : []),
    t("filter-again"),
  ].join("\n");
}
