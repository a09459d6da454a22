import type { Campaign } from "../../campaign/campaign.ts";
import type { SeriesFacts } from "../../campaign/series.ts";
import { waitsUntil } from "../../schedule/window.ts";
import { describeRepeat } from "./repeat-words.ts";
import { type Reader, briefTime, describeWindow, echoTime } from "./times.ts";

/* The lines of a card that say when it is sent. */

type Planned = Pick<Campaign, "recurrence" | "window" | "latePolicy">;

/** When it starts, how it repeats, its sending hours, and what happens if it is late. */
export function planLines(
  campaign: Planned,
  startsAt: Date | null,
  reader: Reader,
  lateLimitHours: number,
): string[] {
  const { recurrence } = campaign;
  const { t } = reader;
  return [
    whenLine(campaign, startsAt, reader),
    ...(recurrence ? [t("plan-repeats", { repeats: describeRepeat(recurrence, reader) })] : []),
    ...boundLines(campaign, reader, lateLimitHours),
  ];
}

/** Its sending hours, and what happens if it is late. Defaults are left out. */
export function boundLines(
  { window, latePolicy }: Omit<Planned, "recurrence">,
  reader: Reader,
  lateLimitHours: number,
): string[] {
  const { t } = reader;
  return [
    ...(window ? [t("plan-hours", { hours: describeWindow(window, reader) })] : []),
    ...(latePolicy === "ask"
      ? []
      : [t("plan-late", { policy: t(`late-is-${latePolicy}`), hours: lateLimitHours })]),
  ];
}

/** What the question whether to send adds to the time: the repeat, and when sending begins if the hours delay it. */
export function questionLines(
  { recurrence, window }: Planned,
  startsAt: Date | null,
  reader: Reader,
): string[] {
  const { t, now } = reader;
  const opensAt = waitsUntil(window, startsAt ?? now);
  return [
    ...(recurrence ? [t("plan-repeats", { repeats: describeRepeat(recurrence, reader) })] : []),
    ...(window && opensAt
      ? [t("plan-begins", { opens: briefTime(opensAt, reader), hours: describeWindow(window, reader) })]
      : []),
  ];
}

function whenLine({ window }: Planned, startsAt: Date | null, reader: Reader): string {
  const { t, now } = reader;
  const opensAt = waitsUntil(window, startsAt ?? now);
  if (!startsAt)
    return opensAt
      ? t("plan-when-opens", { opens: briefTime(opensAt, reader) })
      : t("plan-when", { time: t("plan-now") });
  const time = echoTime(startsAt, reader);
  if (startsAt < now) return t("plan-when-past", { time });
  return opensAt
    ? t("plan-when-waits", { time, opens: briefTime(opensAt, reader) })
    : t("plan-when", { time });
}

/** "Run 3 of a series, every Monday 10:00; next Mon 30 Nov 10:00". */
export function seriesLine(run: number, { recurrence, next, held }: SeriesFacts, reader: Reader): string {
  const { t, locale, timezone } = reader;
  return t("plan-run", {
    run: String(run),
    repeats: describeRepeat(recurrence, { t, locale, timezone }),
    next: next ? (held ? "held" : briefTime(next.startsAt, reader)) : "none",
  });
}
