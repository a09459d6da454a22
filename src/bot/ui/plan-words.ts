import type { Step } from "../../campaign/step-plan.ts";
import { clockTime } from "./times.ts";
import type { Translate } from "./words.ts";

/** "after 3 days at 10:00 · from promo": when people get a step of the series for newcomers, and who. */
export function describePlan(
  t: Translate,
  { after, source, tag }: Pick<Step, "after" | "source" | "tag">,
): string {
  const when =
    after.in === "hours"
      ? t("newcomers-after-hours", { count: after.count })
      : t("newcomers-after-days", { count: after.count, time: clockTime(after.at) });
  return [
    when,
    ...(source === undefined ? [] : [t("newcomers-from", { source })]),
    ...(tag === undefined ? [] : [t("newcomers-tag", { tag })]),
  ].join(" · ");
}
