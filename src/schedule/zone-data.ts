import { createRequire } from "node:module";

/*
 * Time zones, from the npm package moment-timezone and not from Node: each release of Node has its own zone data, and
 * outdated data means sending at the wrong hour. Node 20.20.2 has 2025c, by which Vancouver still turns its clocks back
 * in November 2026. `npm update moment-timezone` gets the newest data.
 */

/** https://momentjs.com/timezone/docs/#/data-formats/packed-format/ */
interface Packed {
  version: string;
  zones: string[];
  /** "America/New_York|US/Eastern": the second is another name of the first. */
  links: string[];
  /** "UA|Europe/Simferopol Europe/Kyiv": the zones of a country by their present names. */
  countries: string[];
}

/** Required, not imported: importing JSON is still experimental in Node 20. */
const PACKED = createRequire(import.meta.url)("moment-timezone/data/packed/latest.json") as Packed;

/** The release of the IANA time zone database that all conversions use, such as 2026f. */
export const ZONE_DATA_VERSION = PACKED.version;

/** The current names, without abbreviations and deprecated names such as Europe/Kiev. */
export const CURRENT_ZONES: ReadonlySet<string> = new Set(
  PACKED.countries.flatMap((country) => country.slice(country.indexOf("|") + 1).split(" ")),
);

const LINKS = PACKED.links.map((link) => link.split("|") as [target: string, name: string]);

/** Cities whose spelling has changed; the data only says which zone they share. */
const RESPELLED: ReadonlyMap<string, string> = new Map([
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Coral_Harbour", "America/Atikokan"],
  ["Pacific/Ponape", "Pacific/Pohnpei"],
  ["Pacific/Truk", "Pacific/Chuuk"],
]);

/** Deprecated names, such as Europe/Kiev and US/Eastern, with their replacements. */
export const FORMER_NAMES: ReadonlyMap<string, string> = new Map(
  [...LINKS, ...LINKS.map(([target]) => [target, target] as const)].flatMap(([target, name]) => {
    if (CURRENT_ZONES.has(name)) return [];
    const names = [target, ...LINKS.filter((link) => link[0] === target).map((link) => link[1])];
    const current = names.filter((other) => CURRENT_ZONES.has(other));
    // For "Singapore" the data only says that it is the same as Kuala Lumpur, which comes first.
    const sameCity = current.find((other) => other.endsWith(`/${name}`));
    const instead = RESPELLED.get(name) ?? sameCity ?? current[0];
    return instead === undefined ? [] : [[name, instead] as const];
  }),
);

/** Packed zone data by lower-case name. */
const LINES: ReadonlyMap<string, string> = new Map(linesByName());

function linesByName(): [name: string, line: string][] {
  const lines = PACKED.zones.map((line): [string, string] => [lower(line.slice(0, line.indexOf("|"))), line]);
  const lineOf = new Map(lines);
  const linked = LINKS.map(([target, name]): [string, string] => [
    lower(name),
    lineOf.get(lower(target)) ?? "",
  ]);
  return [...lines, ...linked];
}

/** The UTC offsets of a zone, period by period, in ms. */
interface Clocks {
  /** The ends of the periods, exclusive. */
  untils: number[];
  offsets: number[];
}

const unpacked = new Map<string, Clocks>();

/** A fixed offset, which later versions of Node accept as a zone. */
const OFFSET = /^([+-])(\d\d):(\d\d)$/;

/** True for the name of a time zone, current like Europe/Berlin or deprecated like Europe/Kiev. */
export function isZone(name: string): boolean {
  return LINES.has(lower(name)) || OFFSET.test(name);
}

/**
 * The UTC offset of a zone at an instant, in ms.
 * @throws RangeError if it is not a zone
 */
export function offsetAt(instant: number, zone: string): number {
  const { untils, offsets } = clocksOf(zone);
  return offsets[stretchAt(untils, instant)] ?? 0;
}

/** The UTC offsets of a zone between two instants, in order of time, without consecutive repeats. */
export function offsetsBetween(from: number, to: number, zone: string): number[] {
  const { untils, offsets } = clocksOf(zone);
  return offsets.slice(stretchAt(untils, from), stretchAt(untils, to) + 1);
}

/** The instants after `from` and up to `to` at which the offset of a zone changes. */
export function changesBetween(from: number, to: number, zone: string): number[] {
  const { untils } = clocksOf(zone);
  return untils.slice(stretchAt(untils, from), stretchAt(untils, to));
}

function stretchAt(untils: readonly number[], instant: number): number {
  let [low, high] = [0, untils.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((untils[middle] ?? Infinity) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

function clocksOf(zone: string): Clocks {
  const known = unpacked.get(zone);
  if (known) return known;
  const line = LINES.get(lower(zone));
  const clocks = line === undefined ? fixedClocks(zone) : unpack(line);
  unpacked.set(zone, clocks);
  return clocks;
}

function fixedClocks(zone: string): Clocks {
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (sign === undefined) throw new RangeError(`${zone} is not a time zone`);
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return { untils: [Infinity], offsets: [sign === "-" ? -offset : offset] };
}

const MINUTE = 60_000;

/** Nothing is scheduled outside this range; the data covers the 19th to the 25th century. */
const FROM = Date.UTC(2000, 0);
const TO = Date.UTC(2100, 0);

/** "Name|abbreviations|offsets|indices|lengths|population". The offsets are minutes behind UTC, not ahead of it. */
function unpack(line: string): Clocks {
  const [, , offsets = "", indices = "", lengths = ""] = line.split("|");
  const behind = offsets.split(" ").map((offset) => base60(offset) * MINUTE);
  const starts = lengths.split(" ");
  const clocks: Clocks = { untils: [], offsets: [] };
  let until = 0;
  for (const [stretch, index] of [...indices].entries()) {
    const isLast = stretch === indices.length - 1;
    until = isLast ? Infinity : Math.round(until + base60(starts[stretch] ?? "") * MINUTE);
    if (until <= FROM) continue;
    const isEnough = until > TO;
    clocks.untils.push(isEnough ? Infinity : until);
    // Avoids `-0`, which is not 0 to Object.is.
    clocks.offsets.push(0 - (behind[base60(index)] ?? 0));
    if (isEnough) break;
  }
  return clocks;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX";

/** Parses "-1T.k": base-60 digits, those after the point being sixtieths. */
function base60(text: string): number {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const value = digitsIn60(whole) + digitsIn60(fraction) / 60 ** fraction.length;
  return text.startsWith("-") ? -value : value;
}

function digitsIn60(text: string): number {
  return [...text].reduce((sum, digit) => sum * 60 + DIGITS.indexOf(digit), 0);
}

function lower(name: string): string {
  return name.toLowerCase();
}
