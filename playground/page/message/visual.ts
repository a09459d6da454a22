import type { Animation, LivePhoto, PhotoSize, Video } from "@grammyjs/types";
import { duration } from "./moments.ts";

/** What can hold something to look at: a message, a block of a rich message, an option of a poll. */
export interface Pictured {
  photo?: PhotoSize[];
  live_photo?: LivePhoto;
  video?: Video;
  animation?: Animation;
}

/** A picture, or what moves and is shown by one. */
export interface Visual {
  kind: keyof Pictured;
  /** Of the file whose picture stands for it. */
  fileId: string;
  width: number;
  height: number;
  /** "GIF", "Live", "0:12"; a photo has none. */
  badge?: string;
  /** For who cannot see it. */
  alt: string;
}

export function visualOf({ photo, live_photo: live, video, animation }: Pictured): Visual | undefined {
  if (live !== undefined) {
    const { width, height, photo: still } = live;
    const fileId = still?.at(-1)?.file_id ?? live.file_id;
    return { kind: "live_photo", fileId, width, height, badge: "Live", alt: "Live photo" };
  }
  if (animation !== undefined) {
    const { width, height, file_id: fileId } = animation;
    return { kind: "animation", fileId, width, height, badge: "GIF", alt: "GIF" };
  }
  if (video !== undefined) {
    const { width, height } = video;
    const length = duration(video.duration);
    const fileId = video.cover?.at(-1)?.file_id ?? video.file_id;
    return { kind: "video", fileId, width, height, badge: length, alt: `Video, ${length}` };
  }
  const largest = photo?.at(-1);
  if (largest === undefined) return undefined;
  const { width, height, file_id: fileId } = largest;
  return { kind: "photo", fileId, width, height, alt: "Photo" };
}

const MOST = 420;
const LEAST = 140;
/** A caption or buttons need some room beside a narrow picture. */
const LEAST_WITH_TEXT = 260;

/** The frame that a picture gets, in CSS pixels; it is cropped to it when it is very narrow or very flat. */
export function frameOf(picture: { width: number; height: number }, withText = false) {
  const scale = MOST / Math.max(picture.width, picture.height, 1);
  const width = Math.max(picture.width * scale, withText ? LEAST_WITH_TEXT : LEAST);
  return { width: Math.round(width), height: Math.round(Math.max(picture.height * scale, LEAST)) };
}
