import type { LinkPreviewOptions, Message } from "@grammyjs/types";
import { Link } from "./anchor.tsx";
import { detected } from "./detect.ts";
import { hostOf } from "./link.ts";

/** Where a link preview would stand. What is behind the link is not fetched, so only its host is known. */
export function PreviewHint({
  url,
  options = {},
}: {
  url: string;
  options?: LinkPreviewOptions | undefined;
}) {
  const { prefer_small_media: small, prefer_large_media: large } = options;
  const picture = large ? ", with a large picture" : small ? ", with a small picture" : "";
  return (
    <Link to={url} class="preview" title={url}>
      <b>{hostOf(url)}</b>
      <span class="quiet">Telegram shows a preview here{picture}.</span>
    </Link>
  );
}

/** The link that the sender wants previewed; undefined where nothing was said of it, or that there be none. */
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
