import type { Audio, Document, Voice } from "@grammyjs/types";
import type { ComponentChildren } from "preact";
import { pictureOf } from "../state/act.ts";
import { Icon } from "../ui/icon.tsx";
import { duration, size } from "./moments.ts";
import { hash } from "./words.ts";
import { t } from "../state/locale.ts";

/** A row with a picture or icon, a name, and other facts. */
function Row(props: { sign: ComponentChildren; name: ComponentChildren; facts: (string | undefined)[] }) {
  const facts = props.facts.filter((fact) => fact !== undefined).join(" · ");
  return (
    <div class="item">
      {props.sign}
      <div class="item-words">
        <div class="item-name">{props.name}</div>
        <div class="quiet">{facts}</div>
      </div>
    </div>
  );
}

export function DocumentRow({ document }: { document: Document }) {
  const {
    file_id: id,
    file_name: name = t("unnamed-file"),
    file_size: bytes,
    mime_type: type,
    thumbnail,
  } = document;
  const ending = /\.(\w{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? type?.split("/").at(-1)?.toUpperCase();
  return (
    <Row
      sign={
        <a class="sign" href={`/playground/files/${encodeURIComponent(id)}`} download={name}>
          {thumbnail ? <Thumbnail id={thumbnail.file_id} /> : <Icon name="download" />}
          <span class="unseen">{t("download", { name })}</span>
        </a>
      }
      name={name}
      facts={[size(bytes), ending]}
    />
  );
}

export function AudioRow({ audio }: { audio: Audio }) {
  const { title, performer, file_name: name, duration: seconds, file_size: bytes, thumbnail } = audio;
  return (
    <Row
      sign={
        <span class="sign">
          {thumbnail && <Thumbnail id={thumbnail.file_id} />}
          <Icon name={thumbnail ? "play" : "note"} />
        </span>
      }
      name={title ?? name ?? t("unnamed-music")}
      facts={[performer, duration(seconds), size(bytes)]}
    />
  );
}

function Thumbnail({ id }: { id: string }) {
  return <img src={pictureOf(id)} width={48} height={48} alt="" loading="lazy" />;
}

const BARS = 44;

/** A voice message. Its sound is unknown; the waveform is derived from its id, so it is always the same. */
export function VoiceRow({ voice: { file_unique_id: seed, duration: seconds } }: { voice: Voice }) {
  const bars = Array.from({ length: BARS }, (_, index) => {
    const swell = 0.45 + 0.55 * Math.abs(Math.sin(index / 5 + (hash(seed) % 7)));
    return Math.max(0.14, swell * ((hash(`${seed}${index}`) % 100) / 100));
  });
  const path = bars.map((bar, index) => `M${index * 4 + 2} ${12 - bar * 11}V${12 + bar * 11}`).join("");
  return (
    <div class="item" role="img" aria-label={t("voice-of", { duration: duration(seconds) })}>
      <span class="sign">
        <Icon name="play" />
      </span>
      <div class="item-words">
        <svg class="wave" viewBox={`0 0 ${BARS * 4} 24`} preserveAspectRatio="none" aria-hidden="true">
          <path d={path} />
        </svg>
        <div class="quiet">{duration(seconds)}</div>
      </div>
    </div>
  );
}
