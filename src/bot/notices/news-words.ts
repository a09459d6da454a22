import type { Campaign } from "../../campaign/campaign.ts";
import { progressOf, secondsTaken } from "../../campaign/progress.ts";
import type { SeriesFacts } from "../../campaign/series.ts";
import type { NewsKind } from "../../db/states.ts";
import { sumOfBundle } from "../cards/bundle-card.ts";
import { rangesOf } from "../ui/bundle-words.ts";
import { type Reader, fullTime } from "../ui/times.ts";
import { duration } from "../ui/words.ts";

/** "Campaign #12 · finished: 4,806 of 4,812 reached in 3 min", or "Anna has paused campaign #12." */
export function newsLine(
  campaign: Campaign,
  what: NewsKind,
  name: string,
  series: SeriesFacts | null,
  reader: Reader,
): string {
  return lineOf(campaign, String(campaign.id), what, name, series, reader);
}

/** The same of campaigns that were confirmed together, with the counts of all of them. */
export function bundleNewsLine(
  bundle: readonly Campaign[],
  what: NewsKind,
  name: string,
  reader: Reader,
): string {
  const sum = sumOfBundle(bundle);
  return sum ? lineOf(sum, rangesOf(bundle.map(({ id }) => id)), what, name, null, reader) : "";
}

function lineOf(
  campaign: Campaign,
  id: string,
  what: NewsKind,
  name: string,
  series: SeriesFacts | null,
  reader: Reader,
): string {
  const { t, now } = reader;
  const { startsAt, startedAt } = campaign;
  const { sent, total } = progressOf(campaign);
  switch (what) {
    case "began":
      return t("told-began", { id });
    case "ended":
      return t("told-ended", { id, sent, total, duration: duration(t, secondsTaken(campaign)) });
    case "confirmed":
      return startsAt && startsAt > now
        ? t("told-scheduled", { id, name, time: fullTime(startsAt, reader) })
        : t("told-sent", { id, name });
    case "cancelled":
      return [
        startedAt ? t("told-cancelled", { id, name, sent, total }) : t("told-cancelled-before", { id, name }),
        ...(series && !series.next ? [t("told-series-over")] : []),
      ].join(" ");
    default:
      return t(`told-${what}`, { id, name });
  }
}
