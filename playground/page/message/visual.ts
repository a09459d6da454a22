import type { Animation, LivePhoto, PhotoSize, Video } from "@grammyjs/types";
import { duration } from "./moments.ts";
import { t } from "../state/locale.ts";

/** Anything with visual media: a message, a block of a rich message, a poll option. */
export interface Pictured {
  photo?: PhotoSize[];
  live_photo?: LivePhoto;
  video?: Video;
  animation?: Animation;
}

/** A picture, or moving media shown by its poster. */
export interface Visual {
  kind: keyof Pictured;
  /** The file whose picture is shown. */
  fileId: string;
  width: number;
  height: number;
  /** "GIF", "Live", "0:12"; photos have none. */
  badge?: string;
  /** Alternative text. */
  alt: string;
}

export function visualOf({ photo, live_photo: live, video, animation }: Pictured): Visual | undefined {
  if (live !== undefined) {
    const { width, height, photo: still } = live;
    const fileId = still?.at(-1)?.file_id ?? live.file_id;
    return { kind: "live_photo", fileId, width, height, badge: t("live"), alt: t("kind-live_photo") };
  }
  if (animation !== undefined) {
    const { width, height, file_id: fileId } = animation;
    return { kind: "animation", fileId, width, height, badge: "GIF", alt: "GIF" };
  }
  if (video !== undefined) {
    const { width, height } = video;
    const length = duration(video.duration);
    const fileId = video.cover?.at(-1)?.file_id ?? video.file_id;
    return { kind: "video", fileId, width, height, badge: length, alt: t("video-of", { duration: length }) };
  }
  const largest = photo?.at(-1);
  if (largest === undefined) return undefined;
  const { width, height, file_id: fileId } = largest;
  return { kind: "photo", fileId, width, height, alt: t("kind-photo") };
}

const MOST = 420;
const LEAST = 140;
/** A caption or buttons need some width, even below a narrow picture. */
const LEAST_WITH_TEXT = 260;

/** The size of a picture's frame, in CSS pixels. Very narrow or very flat pictures are cropped to it. */
export function frameOf(picture: { width: number; height: number }, withText = false) {
  const scale = MOST / Math.max(picture.width, picture.height, 1);
  const width = Math.max(picture.width * scale, withText ? LEAST_WITH_TEXT : LEAST);
  return { width: Math.round(width), height: Math.round(Math.max(picture.height * scale, LEAST)) };
}
