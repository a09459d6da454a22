import { mix, type Palette, PALETTES } from "./palette.ts";
import type { Chance } from "./random.ts";

interface Point {
  x: number;
  y: number;
}

/** Everything is drawn at this width; the picture is scaled. */
const WIDTH = 400;

/** Motion in an animation, unless the visitor prefers reduced motion. */
const MOTION =
  "<style>@media(prefers-reduced-motion:no-preference){.m{animation:m 9s ease-in-out infinite alternate}}" +
  "@keyframes m{from{transform:translateX(-26px)}to{transform:translateX(26px)}}</style>";

export interface Frame {
  /** Height by width. */
  aspect: number;
  /** Whether clouds drift. */
  moves: boolean;
}

/** A landscape as an SVG: a sky with sun or moon, layers of hills, and perhaps water, trees and birds. */
export function landscape(chance: Chance, { aspect, moves }: Frame): string {
  const palette = chance.oneOf(PALETTES);
  const height = Math.round(WIDTH * aspect);
  const horizon = height * chance.between(0.5, 0.66);
  const light = { x: WIDTH * chance.between(0.18, 0.82), y: horizon * chance.between(0.32, 0.78) };
  const hasWater = chance.inTen(4);
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="url(#s)"/>`,
    palette.isNight ? stars(chance, horizon) : "",
    lamp(chance, palette, light, Math.min(WIDTH, height)),
    clouds(chance, palette, horizon),
    palette.isNight || chance.inTen(5) ? "" : birds(chance, palette, light),
    ...hills(chance, { palette, horizon, height, light, hasWater }),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH * 2}" height="${height * 2}">` +
    `${moves ? MOTION : ""}${gradients(palette)}${parts.join("")}</svg>`
  );
}

function gradients({ sky: [top, middle, low], light }: Palette): string {
  return (
    `<defs><linearGradient id="s" x2="0" y2="1">${stop(0, top)}${stop(0.38, middle)}${stop(0.7, low)}</linearGradient>` +
    `<radialGradient id="g">${stop(0, light, 0.75)}${stop(0.35, light, 0.28)}${stop(1, light, 0)}</radialGradient></defs>`
  );
}

function stop(offset: number, color: string, opacity = 1): string {
  return `<stop offset="${offset}" stop-color="#${color}"${opacity < 1 ? ` stop-opacity="${opacity}"` : ""}/>`;
}

/** The sun or the moon with its glow. */
function lamp(chance: Chance, palette: Palette, { x, y }: Point, size: number): string {
  const radius = size * (palette.isNight ? chance.between(0.05, 0.08) : chance.between(0.06, 0.11));
  const at = `cx="${round(x)}" cy="${round(y)}"`;
  const glow = `<circle ${at} r="${round(radius * 4.2)}" fill="url(#g)"/>`;
  if (!palette.isNight || chance.inTen(4))
    return `${glow}<circle ${at} r="${round(radius)}" fill="#${palette.light}"/>`;
  // A crescent: the outer edge the long way round, the inner one back.
  const [top, bottom] = [
    `${round(x + radius * 0.4)} ${round(y - radius)}`,
    `${round(x + radius * 0.4)} ${round(y + radius)}`,
  ];
  const [outer, inner] = [round(radius * 1.08), round(radius * 1.25)];
  return `${glow}<path d="M${top}A${outer} ${outer} 0 1 0 ${bottom}A${inner} ${inner} 0 0 1 ${top}" fill="#${palette.light}"/>`;
}

function stars(chance: Chance, horizon: number): string {
  const dots = Array.from({ length: 26 }, () => {
    const [x, y] = [chance.between(4, WIDTH - 4), chance.between(4, horizon * 0.85)];
    return `M${round(x)} ${round(y)}h0`;
  });
  const half = dots.length / 2;
  return (
    `<g stroke="#fff" stroke-linecap="round"><path d="${dots.slice(0, half).join("")}" stroke-width="1.2" opacity=".6"/>` +
    `<path d="${dots.slice(half).join("")}" stroke-width="2" opacity=".85"/></g>`
  );
}

/** Long and flat, just above the horizon. */
function clouds(chance: Chance, { light }: Palette, horizon: number): string {
  const count = Math.round(chance.between(0, 3));
  const bars = Array.from({ length: count }, () => {
    const [x, y] = [chance.between(10, WIDTH - 130), horizon * chance.between(0.12, 0.7)];
    const [long, thick] = [chance.between(60, 120), chance.between(7, 11)];
    const bar = (left: number, top: number, width: number) =>
      `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(thick)}" rx="${round(thick / 2)}"/>`;
    return (
      bar(x, y, long) +
      bar(x + long * 0.25, y - thick * 0.7, long * 0.45) +
      bar(x - long * 0.2, y + thick * 0.8, long * 0.7)
    );
  });
  return bars.length === 0 ? "" : `<g class="m" fill="#${light}" opacity=".38">${bars.join("")}</g>`;
}

function birds(chance: Chance, { near }: Palette, light: Point): string {
  const flock = Array.from({ length: 4 }, () => {
    const wing = chance.between(4, 7);
    const [x, y] = [light.x + chance.between(-70, 60), light.y + chance.between(-34, 24)];
    const stroke = `q${round(wing / 2)} ${round(-wing / 1.6)} ${round(wing)} 0`;
    return `M${round(x)} ${round(y)}${stroke}${stroke}`;
  });
  return `<path class="m" d="${flock.join("")}" fill="none" stroke="#${near}" stroke-width="1.4" stroke-linecap="round" opacity=".55"/>`;
}

interface Land {
  palette: Palette;
  horizon: number;
  height: number;
  light: Point;
  hasWater: boolean;
}

/** From farthest to nearest; the water lies behind the last one. */
function hills(chance: Chance, land: Land): string[] {
  const { palette, horizon, height, light, hasWater } = land;
  const { far, near, sky } = palette;
  const count = hasWater ? 3 : 4;
  const drawn: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const depth = index / (count - 1);
    const isLast = index === count - 1;
    const isPeaked = index < 2 && chance.inTen(5);
    if (isLast && hasWater) drawn.push(water(chance, land));
    const base = isLast && hasWater ? height * 0.93 : horizon + (height - horizon) * depth * 0.72;
    const swing = Math.min(WIDTH, height) * (isPeaked ? 0.17 : 0.08) * (1 - depth * 0.35);
    const line = ridge(chance, base, swing, isPeaked);
    // Haze: distant hills take on the colour of the sky at the horizon.
    const color = mix(mix(sky[2], far, 0.75), near, depth ** 0.85);
    const trees = isLast && chance.inTen(7) ? firs(chance, line, height) : "";
    drawn.push(`<path d="${isPeaked ? sharp(line) : smooth(line)}V${height}H0Z${trees}" fill="#${color}"/>`);
    if (isPeaked)
      drawn.push(slopes(line, light, base + swing, mix(color, palette.light, palette.isNight ? 0.09 : 0.2)));
  }
  return drawn;
}

/** The lit sides of the peaks. */
function slopes(line: Point[], light: Point, foot: number, color: string): string {
  const sides = line.flatMap((peak, index) => {
    const [left, right] = [line[index - 1], line[index + 1]];
    if (left === undefined || right === undefined || peak.y > left.y || peak.y > right.y) return [];
    const side = light.x < peak.x ? left : right;
    const inner = { x: peak.x + (peak.x - side.x) * 0.12, y: peak.y + (foot - peak.y) * 0.5 };
    return [
      `M${at(peak)}L${at(side)}L${at({ x: peak.x * 0.7 + side.x * 0.3, y: foot * 0.8 + side.y * 0.2 })}L${at(inner)}Z`,
    ];
  });
  return `<path d="${sides.join("")}" fill="#${color}"/>`;
}

/** Points from one edge to the other, alternating around a height. */
function ridge(chance: Chance, base: number, swing: number, isPeaked: boolean): Point[] {
  const steps = isPeaked ? chance.oneOf([7, 9, 10]) : 5;
  const isFirstUp = chance.inTen(5);
  return Array.from({ length: steps + 1 }, (_, index) => {
    const up = (index % 2 === 0) === isFirstUp ? -1 : 0.6;
    const shift = index === 0 || index === steps ? 0 : chance.between(-0.3, 0.3);
    return {
      x: ((index + shift) / steps) * WIDTH,
      y: base + swing * up * chance.between(0.2, 1),
    };
  });
}

function sharp(points: Point[]): string {
  return `M${points.map(at).join("L")}`;
}

/** A curve through the midpoints, with the points as control points. */
function smooth(points: Point[]): string {
  const [first = { x: 0, y: 0 }] = points;
  const curves = points.slice(1).map((point, index) => {
    const next = points[index + 2];
    return next === undefined ? `T${at(point)}` : `Q${at(point)} ${at(middle(point, next))}`;
  });
  return `M${at(first)}${curves.join("")}`;
}

/** A lake with the reflection of the light. */
function water(chance: Chance, { palette, horizon, height, light: lamp }: Land): string {
  const top = horizon + (height - horizon) * 0.42;
  const { sky, near, light } = palette;
  const ripples = Array.from({ length: 9 }, (_, index) => {
    const y = top + 6 + ((height - top) * index) / 11;
    const width = chance.between(14, 44) * (0.5 + index / 9);
    // Most ripples are below the light.
    const x = index % 3 === 2 ? chance.between(0.1, 0.9) * WIDTH : lamp.x + chance.between(-16, 16);
    return `M${round(x - width / 2)} ${round(y)}h${round(width)}`;
  });
  return (
    `<path d="M0 ${round(top)}H${WIDTH}V${height}H0Z" fill="#${mix(sky[1], near, 0.22)}"/>` +
    `<path d="${ripples.join("")}" stroke="#${light}" stroke-width="1.8" stroke-linecap="round" opacity=".5"/>`
  );
}

/** Firs with two tiers on a ridge, in the colour of its hill. */
function firs(chance: Chance, line: Point[], height: number): string {
  const from = chance.between(0.02, 0.55);
  return Array.from({ length: 9 }, () => {
    const foot = under(line, (from + chance.between(0, 0.4)) * WIDTH);
    const tall = Math.min(WIDTH, height) * chance.between(0.09, 0.19);
    const half = tall * 0.24;
    const [step, waist] = [half * 0.6, tall * 0.42];
    const [left, right] = [
      [step, -waist, -step / 2, 0, half - step / 2, waist - tall],
      [half - step / 2, tall - waist, -step / 2, 0, step, waist],
    ].map((moves) => `l${moves.map(Math.round).join(" ")}`);
    return `M${at({ x: foot.x - half, y: foot.y + 9 })}${left}${right}z`;
  }).join("");
}

/** The point of a ridge below this x. */
function under(line: Point[], x: number): Point {
  const index = Math.max(0, line.findIndex((point) => point.x >= x) - 1);
  const [left, right] = [line[index] ?? { x: 0, y: 0 }, line[index + 1] ?? { x: WIDTH, y: 0 }];
  const share = (x - left.x) / (right.x - left.x);
  // The curve swings less than its control points.
  const y = left.y + (right.y - left.y) * (0.25 + share * 0.5);
  return { x, y };
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** To half a unit: invisible, and it keeps the file small. */
function round(value: number): number {
  return Math.round(value * 2) / 2;
}
