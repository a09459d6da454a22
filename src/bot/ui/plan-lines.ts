import type { Campaign } from "../../campaign/campaign.ts";
import type { SeriesFacts } from "../../campaign/series.ts";
import { waitsUntil } from "../../schedule/window.ts";
import { describeRepeat } from "./repeat-words.ts";
import { type Reader, briefTime, describeWindow, echoTime } from "./times.ts";

/* The lines of a card that say when. */

type Planned = Pick<Campaign, "recurrence" | "window" | "latePolicy">;

/** When it starts, how it repeats, in which hours it is sent, and what becomes of it when it is late. */
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

/** In which hours it is sent, and what becomes of it when it is late. The usual is not said. */
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

/** What the question whether to send names besides the time: the repeat, and when its hours let it begin later. */
export function questionLines(
  { recurrence, window }: Planned,
  startsAt: Date | null,
  reader: Reader,
): string[] {
  const { t, now } = reader;
  const waits = waitsUntil(window, startsAt ?? now);
  return [
    ...(recurrence ? [t("plan-repeats", { repeats: describeRepeat(recurrence, reader) })] : []),
    ...(window && waits
      ? [t("plan-begins", { opens: briefTime(waits, reader), hours: describeWindow(window, reader) })]
      : []),
  ];
}

function whenLine({ window }: Planned, startsAt: Date | null, reader: Reader): string {
  const { t, now } = reader;
  const waits = waitsUntil(window, startsAt ?? now);
  if (!startsAt)
    return waits
      ? t("plan-when-opens", { opens: briefTime(waits, reader) })
      : t("plan-when", { time: t("plan-now") });
  const time = echoTime(startsAt, reader);
  if (startsAt < now) return t("plan-when-past", { time });
  return waits ? t("plan-when-waits", { time, opens: briefTime(waits, reader) }) : t("plan-when", { time });
}

/** "Run 3 of a series, every Monday 10:00; next Mon 30 Nov 10:00". Only the next run is named. */
export function seriesLine(run: number, { recurrence, next, held }: SeriesFacts, reader: Reader): string {
  const { t, locale, timezone } = reader;
  return t("plan-run", {
    run: String(run),
    repeats: describeRepeat(recurrence, { t, locale, timezone }),
    next: next ? (held ? "held" : briefTime(next.startsAt, reader)) : "none",
  });
}
