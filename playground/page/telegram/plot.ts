import type { Meter } from "../../shared/protocol.ts";
import { t } from "../state/locale.ts";

/** The chart's units: a second is 10 wide, the height is 100. */
export const WIDTH = 600;
export const HEIGHT = 100;
const SECONDS = 60;

/** The last minute as it is drawn. */
export interface Plot {
  /** Paths in the chart's units: the rate, and the same closed at the bottom. */
  line: string;
  area: string;
  /** The limit's position, 0 at the top, 1 at the bottom; undefined without limits. */
  limitAt: number | undefined;
  /** Positions of 429 answers on the time axis. */
  refusedAt: number[];
}

/** Lays out the last minute, up to the newest meter. */
export function plot(meters: readonly Meter[]): Plot {
  const last = meters.at(-1);
  const limit = last?.limit ?? null;
  const shown = last === undefined ? [] : meters.filter(({ at }) => last.at - at <= SECONDS * 1000);
  // Leaves room above the limit, or above the rate if there is none; an idle chart needs a scale as well.
  const top = Math.max(limit ?? 10, ...shown.map(({ rate }) => rate)) * 1.15;
  const x = (at: number) => round(WIDTH - (((last?.at ?? at) - at) / 1000) * (WIDTH / SECONDS));
  const y = (rate: number) => round(HEIGHT * (1 - rate / top));
  const line = shown.map(({ at, rate }, index) => `${index === 0 ? "M" : "L"}${x(at)} ${y(rate)}`).join("");
  const [first] = shown;
  return {
    line,
    area: first === undefined ? "" : `${line}L${WIDTH} ${HEIGHT}L${x(first.at)} ${HEIGHT}Z`,
    limitAt: limit === null ? undefined : 1 - limit / top,
    // A reset lowers the count, which is not a 429.
    refusedAt: shown
      .filter(({ tooMany }, index) => index > 0 && tooMany > (shown[index - 1]?.tooMany ?? 0))
      .map(({ at }) => x(at)),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The chart in words. */
export function inWords(meters: readonly Meter[]): string {
  const last = meters.at(-1);
  if (last === undefined) return t("rate-words-none");
  const most = Math.max(...meters.map(({ rate }) => rate));
  const refused = Math.max(0, last.tooMany - (meters[0]?.tooMany ?? 0));
  return [
    t("rate-words", { now: last.rate, most }),
    last.limit === null ? t("rate-words-no-limit") : t("rate-words-limit", { limit: last.limit }),
    t("rate-words-refused", { count: refused }),
  ].join(" ");
}
