/** The colours of a landscape at some time of day, as "rrggbb". */
export interface Palette {
  /** From the top down to the horizon. */
  sky: readonly [top: string, middle: string, low: string];
  /** The sun or the moon. */
  light: string;
  /** The hills, from the farthest, which is almost sky, to the nearest. */
  far: string;
  near: string;
  isNight?: true;
}

export const PALETTES: readonly [Palette, ...Palette[]] = [
  { sky: ["3b4a86", "e58f86", "fde2b3"], light: "fff4d6", far: "b9808f", near: "2c2748" },
  { sky: ["f7b267", "f79d84", "ffe3c2"], light: "fffbe8", far: "e08a74", near: "5a2a3c" },
  { sky: ["4ea3e0", "9bd0f2", "e6f5fb"], light: "fffdf0", far: "a9cfc9", near: "2d6a4f" },
  { sky: ["231f5c", "7b4397", "f59fb0"], light: "ffe9d6", far: "7d4c92", near: "1d1440" },
  { sky: ["0b1538", "1f3570", "4d6aa8"], light: "f6f2df", far: "2c4480", near: "0a1129", isNight: true },
  { sky: ["a9dcd4", "d9efe3", "fbf6e6"], light: "ffffff", far: "a5ccbf", near: "35635f" },
  { sky: ["f2b56b", "f8d49a", "fdf0d5"], light: "fff8e1", far: "dd9a52", near: "6b2f1e" },
  { sky: ["8fa8ee", "cdbff5", "fbe4f3"], light: "fffaf0", far: "a79bd9", near: "45376f" },
  { sky: ["ef8f8a", "f8b9a3", "fde6d2"], light: "fffaf2", far: "d97d74", near: "64263a" },
  { sky: ["041c32", "0b4a5e", "3f9a93"], light: "eafff5", far: "1b5a66", near: "03141f", isNight: true },
  { sky: ["5b86b8", "a7c6dd", "f1efe4"], light: "fffdf5", far: "93aebf", near: "2b4257" },
  { sky: ["6fbf9f", "c3e6b5", "fff6cf"], light: "fffdea", far: "9fcf9a", near: "24563f" },
];

/** Mixes two colours, `share` of the way from the first to the second. */
export function mix(from: string, to: string, share: number): string {
  return [0, 1, 2]
    .map((index) => Math.round(channel(from, index) * (1 - share) + channel(to, index) * share))
    .map((value) => value.toString(16).padStart(2, "0"))
    .join("");
}

/** Red, green or blue, from 0 to 255. */
function channel(color: string, index: number): number {
  return Number.parseInt(color.slice(index * 2, index * 2 + 2), 16);
}
