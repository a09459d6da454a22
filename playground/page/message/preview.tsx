import type { LinkPreviewOptions, Message } from "@grammyjs/types";
import { Link } from "./anchor.tsx";
import { detected } from "./detect.ts";
import { hostOf } from "./safe-link.ts";
import { t } from "../state/locale.ts";

/** Placeholder for a link preview. Links are not fetched, so it shows only the host. */
export function PreviewHint({
  url,
  options = {},
}: {
  url: string;
  options?: LinkPreviewOptions | undefined;
}) {
  const { prefer_small_media: small, prefer_large_media: large } = options;
  const key = large ? "preview-large" : small ? "preview-small" : "preview-here";
  return (
    <Link to={url} class="preview" title={url}>
      <b>{hostOf(url)}</b>
      <span class="quiet">{t(key)}</span>
    </Link>
  );
}

/** The link to preview; undefined if the sender did not ask for a preview or disabled it. */
export function previewedLink({
  text,
  entities = [],
  link_preview_options: options,
}: Message): string | undefined {
  if (text === undefined || options === undefined || options.is_disabled) return undefined;
  if (options.url !== undefined) return options.url;
  for (const entity of detected(text, entities)) {
    if (entity.type === "text_link") return entity.url;
    if (entity.type === "url") return text.slice(entity.offset, entity.offset + entity.length);
  }
  return undefined;
}
