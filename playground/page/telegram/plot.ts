import type { Meter } from "../../live/protocol.ts";

/** The chart's own units: a second is ten wide, its height is a hundred. */
export const WIDTH = 600;
export const HEIGHT = 100;
const SECONDS = 60;

/** The last minute as it is drawn. */
export interface Plot {
  /** Paths in the chart's units: the rate, and the same closed to the ground. */
  line: string;
  area: string;
  /** How high the limit lies, 0 at the top, 1 at the ground; undefined without limits. */
  limitAt: number | undefined;
  /** Where on the axis calls were answered 429. */
  refusedAt: number[];
}

/** Lays out the last minute before the newest of the meters. */
export function plot(meters: readonly Meter[]): Plot {
  const last = meters.at(-1);
  const limit = last?.limit ?? null;
  const shown = last === undefined ? [] : meters.filter(({ at }) => last.at - at <= SECONDS * 1000);
  // Room above the limit, or above what was sent without one; an idle chart has a scale as well.
  const top = Math.max(limit ?? 10, ...shown.map(({ rate }) => rate)) * 1.15;
  const x = (at: number) => round(WIDTH - (((last?.at ?? at) - at) / 1000) * (WIDTH / SECONDS));
  const y = (rate: number) => round(HEIGHT * (1 - rate / top));
  const line = shown.map(({ at, rate }, index) => `${index === 0 ? "M" : "L"}${x(at)} ${y(rate)}`).join("");
  const [first] = shown;
  return {
    line,
    area: first === undefined ? "" : `${line}L${WIDTH} ${HEIGHT}L${x(first.at)} ${HEIGHT}Z`,
    limitAt: limit === null ? undefined : 1 - limit / top,
    // When the counts are reset, the number falls: that is no 429.
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
  if (last === undefined) return "No figures yet.";
  const most = Math.max(...meters.map(({ rate }) => rate));
  const refused = Math.max(0, last.tooMany - (meters[0]?.tooMany ?? 0));
  return [
    `Messages a second over the last minute: ${last.rate} now, at most ${most}.`,
    last.limit === null ? "There is no limit." : `Telegram allows ${last.limit}.`,
    refused === 0 ? "No call was answered 429." : `Answered 429: ${refused}.`,
  ].join(" ");
}
