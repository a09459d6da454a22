import { type ScaleLinear, scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { type Locale, type Translate, dateFormat } from "../../ui/words.ts";

/** What the chart shows, one value per day; all arrays are as long as `days`. */
export interface ChartFacts {
  /** The beginnings of the days, in order. */
  days: readonly Date[];
  /** How many people joined on the day, and how many had joined by its end. */
  joined: readonly { count: number; total: number }[];
  /** Messages of the campaigns that started on the day. */
  reach: readonly { reached: number; missed: number }[];
}

/** The person who reads the chart. */
export interface ChartReader {
  t: Translate;
  locale: Locale;
  timezone: string;
}

/** In units of the drawing; the picture has twice as many pixels. On a phone 360 points wide, 16 units are 10 points. */
export const CHART_SIZE = { width: 600, height: 640 } as const;

const FONT = 16;
const COLORS = {
  text: "#27313d",
  quiet: "#66717f",
  grid: "#e3e7ec",
  joined: "#8fc3ee",
  total: "#1f5f9e",
  reached: "#56b07c",
  missed: "#e0685a",
} as const;

/** The plot within its panel. The numbers are to the left and right of it. */
const PLOT = { left: 90, right: 510, top: 80, bottom: 260 } as const;
const PANEL_HEIGHT = 312;
/** Sections of a vertical axis. All axes have the same number, so that left and right share their lines. */
const STRETCHES = 4;
const STRETCH = (PLOT.bottom - PLOT.top) / STRETCHES;
/** Days between two dates on the horizontal axis. */
const DATE_STEP = 7;

/** The chart as SVG: growth above, reach below. */
export function chartSvg(reader: ChartReader, facts: ChartFacts): string {
  const { width, height } = CHART_SIZE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="DejaVu Sans" font-size="${FONT}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panel(4, growth(reader, facts)),
    ...panel(8 + PANEL_HEIGHT, reach(reader, facts)),
    "</svg>",
  ].join("\n");
}

function growth(reader: ChartReader, facts: ChartFacts): string[] {
  const { t, locale } = reader;
  const { days, joined } = facts;
  const counts = joined.map(({ count }) => count);
  const totals = joined.map(({ total }) => total);
  // The line begins with the first person.
  const first = totals.findIndex((total) => total > 0);
  const known = first < 0 ? [] : totals.slice(first);
  const left = axis(Math.max(...counts));
  const right = axis(Math.max(...totals, 0));
  const across = acrossOf(days);
  const x = (index: number) => (across(index) ?? 0) + across.bandwidth() / 2;
  const path = line<number>((_, index) => x(first + index), right)(known) ?? "";
  const end = known.at(-1);
  return [
    title(t("chart-growth")),
    legend([
      { text: t("chart-joined"), color: COLORS.joined, shape: "bar" },
      { text: t("chart-total"), color: COLORS.total, shape: "line" },
    ]),
    ...leftAxis(left, locale),
    ...(end === undefined ? [] : rightAxis(right, locale)),
    ...dates(reader, days, across),
    ...counts.map((count, index) => bar(across, index, left(0), left(count), COLORS.joined)),
    `<path d="${path}" fill="none" stroke="${COLORS.total}" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>`,
    ...(end === undefined
      ? [nothing(t("chart-nobody"))]
      : [
          `<circle cx="${round(x(days.length - 1))}" cy="${round(right(end))}" r="5" fill="${COLORS.total}"/>`,
        ]),
  ];
}

function reach(reader: ChartReader, facts: ChartFacts): string[] {
  const { t, locale } = reader;
  const { days, reach } = facts;
  const left = axis(Math.max(...reach.map(({ reached, missed }) => reached + missed), 0));
  const across = acrossOf(days);
  const none = reach.every(({ reached, missed }) => reached + missed === 0);
  return [
    title(t("chart-reach")),
    legend([
      { text: t("chart-reached"), color: COLORS.reached, shape: "bar" },
      { text: t("chart-missed"), color: COLORS.missed, shape: "bar" },
    ]),
    ...leftAxis(left, locale),
    ...dates(reader, days, across),
    ...reach.flatMap(({ reached, missed }, index) => [
      bar(across, index, left(0), left(reached), COLORS.reached),
      bar(across, index, left(reached), left(reached + missed), COLORS.missed),
    ]),
    ...(none ? [nothing(t("chart-nothing-sent"))] : []),
  ];
}

function panel(top: number, parts: string[]): string[] {
  return [`<g transform="translate(0 ${top})">`, ...parts, "</g>"];
}

function acrossOf(days: readonly Date[]) {
  return scaleBand(
    days.map((_, index) => index),
    [PLOT.left, PLOT.right],
  ).padding(0.25);
}

type Scale = ScaleLinear<number, number>;

/** What a section of an axis may be worth, times a power of ten. */
const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/**
 * The shortest axis from 0 that holds `most`, with round, whole numbers. The axis of the total begins at 0 as well: it shares
 * its lines with the other one, and a line that rises from the bottom would look like a bot that began with nobody.
 */
function axis(most: number): Scale {
  for (let power = 1; ; power *= 10)
    for (const step of STEPS.map((step) => step * power).filter(Number.isInteger)) {
      const top = STRETCHES * step;
      if (top >= most) return scaleLinear([0, top], [PLOT.bottom, PLOT.top]);
    }
}

/** The numbers of an axis, from the bottom up. */
function levels(scale: Scale): number[] {
  const [bottom = 0, top = 0] = scale.domain();
  return Array.from({ length: STRETCHES + 1 }, (_, index) => bottom + ((top - bottom) / STRETCHES) * index);
}

function leftAxis(scale: Scale, locale: Locale): string[] {
  const ticks = levels(scale);
  const texts = shortNumbers(ticks, locale);
  return ticks.flatMap((tick, index) => {
    const y = round(scale(tick));
    return [
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}" stroke="${COLORS.grid}" stroke-width="1.5"/>`,
      label(PLOT.left - 8, y + 6, "end", texts[index] ?? ""),
    ];
  });
}

/** The right axis has no lines of its own: it shares those of the left one. */
function rightAxis(scale: Scale, locale: Locale): string[] {
  const ticks = levels(scale);
  const texts = shortNumbers(ticks, locale);
  return ticks.map((tick, index) =>
    label(PLOT.right + 8, round(scale(tick)) + 6, "start", texts[index] ?? "", COLORS.total),
  );
}

/** Longer numbers would not fit next to the plot. */
const MOST_WRITTEN_OUT = 99_999;

/** "800", "12,500", "9.8M", "9,8 млн": the shortest form in which the round numbers of an axis are still exact. */
export function shortNumbers(numbers: readonly number[], locale: Locale): string[] {
  if (numbers.every((number) => number <= MOST_WRITTEN_OUT)) {
    const whole = new Intl.NumberFormat(locale);
    return numbers.map((number) => whole.format(number));
  }
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 3 });
  return numbers.map((number) => compact.format(number));
}

/** Today and each seventh day before it. */
function dates(
  { locale, timezone }: ChartReader,
  days: readonly Date[],
  across: ReturnType<typeof acrossOf>,
): string[] {
  const format = dateFormat(locale, { day: "numeric", month: "short" });
  return days.flatMap((day, index) => {
    if ((days.length - 1 - index) % DATE_STEP !== 0) return [];
    const x = round((across(index) ?? 0) + across.bandwidth() / 2);
    return [
      `<line x1="${x}" x2="${x}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 6}" stroke="${COLORS.quiet}" stroke-width="1.5"/>`,
      label(x, PLOT.bottom + 26, "middle", format.format(day, timezone)),
    ];
  });
}

function bar(
  across: ReturnType<typeof acrossOf>,
  index: number,
  bottom: number,
  top: number,
  color: string,
): string {
  if (bottom - top <= 0) return "";
  // Even the smallest value has to be visible.
  const height = Math.max(bottom - top, 1.5);
  return `<rect x="${round(across(index) ?? 0)}" y="${round(bottom - height)}" width="${round(across.bandwidth())}" height="${round(height)}" fill="${color}"/>`;
}

function title(text: string): string {
  return `<text x="18" y="26" font-size="19" font-weight="bold" fill="${COLORS.text}">${escape(text)}</text>`;
}

interface Key {
  text: string;
  color: string;
  shape: "bar" | "line";
}

/** What the colours mean, in one row. */
function legend(keys: Key[]): string {
  let x = 18;
  return keys
    .map(({ text, color, shape }) => {
      const mark =
        shape === "bar"
          ? `<rect x="${x}" y="43" width="14" height="14" fill="${color}"/>`
          : `<line x1="${x}" x2="${x + 16}" y1="50" y2="50" stroke="${color}" stroke-width="4" stroke-linecap="round"/>`;
      const words = label(x + 24, 56, "start", text, COLORS.text);
      // Letters of this font are about 0.6 times its size wide.
      x += 24 + Math.ceil(text.length * FONT * 0.6) + 24;
      return mark + words;
    })
    .join("");
}

/** Between two lines, so that no line runs through it. */
function nothing(text: string): string {
  return label((PLOT.left + PLOT.right) / 2, PLOT.top + STRETCH * 1.5 + 6, "middle", text);
}

function label(
  x: number,
  y: number,
  anchor: "start" | "middle" | "end",
  text: string,
  color: string = COLORS.quiet,
): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}">${escape(text)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
