import { useState } from "preact/hooks";
import type { Sticker as TelegramSticker, VideoNote } from "@grammyjs/types";
import { pictureOf } from "../state/act.ts";
import { Icon } from "../ui/icon.tsx";
import { enlarge } from "./viewer.tsx";
import { duration } from "./moments.ts";
import { frameOf, type Visual } from "./visual.ts";
import { t } from "../state/locale.ts";

/**
 * A picture, or a video's poster. Its space is reserved before it loads, so that nothing jumps. A click opens a
 * photo.
 */
export function Picture({
  visual,
  isHidden = false,
  isFilling = false,
  withText = false,
}: {
  visual: Visual;
  /** Behind a spoiler. */
  isHidden?: boolean;
  /** In a mosaic: as large as its box. */
  isFilling?: boolean;
  withText?: boolean;
}) {
  const [isShown, show] = useState(!isHidden);
  const { kind, fileId, badge, alt } = visual;
  const frame = frameOf(visual, withText);
  const style = isFilling
    ? {}
    : { width: `${frame.width}px`, aspectRatio: `${frame.width} / ${frame.height}` };
  const image = (
    <img
      src={pictureOf(fileId)}
      width={frame.width}
      height={frame.height}
      alt={isShown ? alt : ""}
      loading="lazy"
      decoding="async"
      draggable={false}
    />
  );
  return (
    <div class={`picture ${isFilling ? "filling" : ""} ${isShown ? "" : "veiled"}`} style={style}>
      {kind === "photo" && isShown ? (
        <button
          type="button"
          class="opener"
          aria-label={t("open-picture", { what: alt })}
          aria-haspopup="dialog"
          onClick={() => enlarge(visual)}
        >
          {image}
        </button>
      ) : (
        image
      )}
      {kind === "video" && isShown && (
        <span class="play">
          <Icon name="play" />
        </span>
      )}
      {badge !== undefined && (
        <span class="badge" aria-hidden="true">
          {badge}
        </span>
      )}
      {!isShown && (
        <button
          type="button"
          class="veil"
          aria-expanded={false}
          aria-label={t("hidden-picture", { what: alt })}
          onClick={() => show(true)}
        >
          <span class="play">
            <Icon name="eye" />
          </span>
        </button>
      )}
    </div>
  );
}

export function RoundVideo({ video: { file_id: id, length, duration: seconds } }: { video: VideoNote }) {
  return (
    <div class="picture circle">
      <img
        src={pictureOf(id)}
        width={length}
        height={length}
        alt={t("video-message-of", { duration: duration(seconds) })}
      />
      <span class="play">
        <Icon name="play" />
      </span>
      <span class="badge" aria-hidden="true">
        {duration(seconds)}
      </span>
    </div>
  );
}

const STICKER_SIZE = 180;

export function Sticker({
  sticker: { file_id: id, width, height, emoji = "" },
}: {
  sticker: TelegramSticker;
}) {
  const scale = STICKER_SIZE / Math.max(width, height, 1);
  return (
    <img
      class="sticker"
      src={pictureOf(id)}
      width={Math.round(width * scale)}
      height={Math.round(height * scale)}
      alt={t("sticker", { emoji }).trimEnd()}
      decoding="async"
    />
  );
}
