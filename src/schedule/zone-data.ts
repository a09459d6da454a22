import { createRequire } from "node:module";

/*
 * The clocks of every time zone, from the npm package moment-timezone and not from Node: each release of Node brings zone
 * data of its own, and an old one sends at the wrong hour. Node 20.20.2 carries 2025c, by which Vancouver still turns its
 * clocks back in November 2026. `npm update moment-timezone` brings the newest data.
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

/** The release of the IANA time zone database that every conversion goes by, such as 2026f. */
export const ZONE_DATA_VERSION = PACKED.version;

/** The names in use today, without abbreviations and without names that were given up, such as Europe/Kiev. */
export const CURRENT_ZONES: ReadonlySet<string> = new Set(
  PACKED.countries.flatMap((country) => country.slice(country.indexOf("|") + 1).split(" ")),
);

const LINKS = PACKED.links.map((link) => link.split("|") as [target: string, name: string]);

/** Cities that are spelled differently today; the data only says with whom they share their clocks. */
const RESPELLED: ReadonlyMap<string, string> = new Map([
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Coral_Harbour", "America/Atikokan"],
  ["Pacific/Ponape", "Pacific/Pohnpei"],
  ["Pacific/Truk", "Pacific/Chuuk"],
]);

/** Names that were given up, such as Europe/Kiev and US/Eastern, each with the one to use instead. */
export const FORMER_NAMES: ReadonlyMap<string, string> = new Map(
  [...LINKS, ...LINKS.map(([target]) => [target, target] as const)].flatMap(([target, name]) => {
    if (CURRENT_ZONES.has(name)) return [];
    const names = [target, ...LINKS.filter((link) => link[0] === target).map((link) => link[1])];
    const current = names.filter((other) => CURRENT_ZONES.has(other));
    // Of "Singapore" the data only says that it is Kuala Lumpur, which stands first.
    const own = current.find((other) => other.endsWith(`/${name}`));
    const instead = RESPELLED.get(name) ?? own ?? current[0];
    return instead === undefined ? [] : [[name, instead] as const];
  }),
);

/** Each name in small letters with the packed line that describes its clocks. */
const LINES: ReadonlyMap<string, string> = new Map(linesByName());

function linesByName(): [name: string, line: string][] {
  const lines = PACKED.zones.map((line): [string, string] => [lower(line.slice(0, line.indexOf("|"))), line]);
  const own = new Map(lines);
  const linked = LINKS.map(([target, name]): [string, string] => [lower(name), own.get(lower(target)) ?? ""]);
  return [...lines, ...linked];
}

/** What the clocks of a zone are ahead of UTC by, in one stretch after another. Milliseconds. */
interface Clocks {
  /** The first instant at which the stretch is over. */
  untils: number[];
  offsets: number[];
}

const unpacked = new Map<string, Clocks>();

/** A fixed offset, which later versions of Node take for the name of a zone. */
const OFFSET = /^([+-])(\d\d):(\d\d)$/;

/** Whether it is the name of a time zone, such as Europe/Berlin, be it a former one such as Europe/Kiev. */
export function isZone(name: string): boolean {
  return LINES.has(lower(name)) || OFFSET.test(name);
}

/**
 * What the clocks of a zone are ahead of UTC by at an instant, in milliseconds.
 * @throws RangeError for what is not a zone
 */
export function offsetAt(instant: number, zone: string): number {
  const { untils, offsets } = clocksOf(zone);
  return offsets[stretchAt(untils, instant)] ?? 0;
}

/** What the clocks are ahead of UTC by anywhere between two instants; the earliest first, each once in a row. */
export function offsetsBetween(from: number, to: number, zone: string): number[] {
  const { untils, offsets } = clocksOf(zone);
  return offsets.slice(stretchAt(untils, from), stretchAt(untils, to) + 1);
}

/** The instants between two at which the clocks of a zone change, `from` excluded. */
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

/** Nothing is scheduled outside of these; the data reaches from the 19th century to the 25th. */
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
    // `-0` is not 0 to everybody.
    clocks.offsets.push(0 - (behind[base60(index)] ?? 0));
    if (isEnough) break;
  }
  return clocks;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX";

/** "-1T.k": digits of base 60, those behind the point are sixtieths. */
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
