import type { MediaKind, StoredFile } from "../content/files.ts";
import { cover } from "./cover.ts";
import { landscape } from "./landscape.ts";
import { Chance } from "./random.ts";
import { sticker } from "./sticker.ts";

/** The most extreme aspect ratio that is drawn. */
const LONGEST = 2.5;

/** Whether files of this kind can be drawn. */
export function draws(kind: MediaKind): boolean {
  return kind !== "document" && kind !== "voice";
}

/** A drawing for a file: an SVG of a few kB, always the same one, and the same for all sizes of a photo. */
export function picture(file: StoredFile): string {
  const { media, kind, uniqueId } = file;
  const largest = Array.isArray(media) ? media.at(-1) : media;
  const chance = new Chance(largest?.file_unique_id ?? uniqueId);
  if (kind === "sticker") return sticker(chance);
  if (kind === "audio") return cover(chance);
  const isFramed = largest !== undefined && "width" in largest && largest.width > 0;
  const aspect = isFramed ? largest.height / largest.width : 1;
  return landscape(chance, {
    aspect: Math.min(LONGEST, Math.max(1 / LONGEST, aspect)),
    moves: kind === "animation",
  });
}
