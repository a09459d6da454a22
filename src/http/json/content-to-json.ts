import type {
  AlbumPart,
  Button,
  Caption,
  Content,
  Cover,
  FileRef,
  PostOptions,
  TextFields,
  Version,
} from "../../content/content.ts";
import { withoutIds } from "../../content/button-ids.ts";

/*
 * A post as JSON, in the shape of shapes/content.ts. What is read here can be sent back, except for copied messages.
 */

export function contentToJson(content: Content): object {
  const { options, versions } = content;
  return {
    ...versionToJson(content),
    ...(options && { options: optionsToJson(options) }),
    ...(versions && {
      versions: Object.fromEntries(
        Object.entries(versions).map(([language, version]) => [language, versionToJson(version)]),
      ),
    }),
  };
}

function versionToJson(version: Version): object {
  const { buttons = [], below } = version;
  return {
    ...postToJson(version),
    ...(buttons.length > 0 && { buttons: buttonsToJson(buttons) }),
    ...(below && { below: textToJson(below) }),
  };
}

function postToJson(version: Version): object {
  const { kind } = version;
  switch (version.kind) {
    case "text":
      return { kind, ...textToJson(version) };
    case "photo":
    case "video":
    case "live_photo":
    case "document":
    case "audio":
      return partToJson(version);
    case "animation":
      return {
        kind,
        media: mediaId(version, version.fileId),
        ...captionToJson(version),
        ...coverToJson(version),
      };
    case "voice":
      return { kind, media: mediaId(version, version.fileId), ...captionToJson(version) };
    case "video_note":
    case "sticker":
      return { kind, media: mediaId(version, version.fileId) };
    case "album":
      return { kind, parts: version.parts.map(partToJson) };
    case "poll":
      return { kind, poll: version.poll };
    case "location":
      return { kind, location: version.location };
    case "venue":
      return { kind, venue: version.venue };
    case "contact":
      return { kind, contact: version.contact };
    case "dice":
      return { kind, emoji: version.emoji };
    case "rich":
      return { kind, rich: version.rich };
    case "copy":
      return { kind, what: version.what };
  }
}

function partToJson(part: AlbumPart): object {
  const shared = { kind: part.kind, media: mediaId(part, part.fileId), ...captionToJson(part) };
  switch (part.kind) {
    case "photo":
      return { ...shared, ...coverToJson(part) };
    case "video":
      return {
        ...shared,
        ...coverToJson(part),
        ...(part.coverId !== undefined && { cover: mediaId(part, part.coverId) }),
        ...(part.startAt !== undefined && { start_at: part.startAt }),
      };
    case "live_photo":
      return { ...shared, photo: mediaId(part, part.photoId), ...coverToJson(part) };
    case "document":
    case "audio":
      return shared;
  }
}

/** The lasting id of a file. Posts of the first builds know only this bot's own id, which is shown instead. */
function mediaId({ files = [] }: { files?: FileRef[] }, fileId: string): string {
  return files.find((file) => file.fileId === fileId)?.uniqueId ?? fileId;
}

function textToJson({ text, entities, linkPreview }: TextFields): object {
  return { text, ...(entities && { entities }), ...(linkPreview && { link_preview: linkPreview }) };
}

function captionToJson({ caption, entities }: Caption): object {
  return caption === undefined ? {} : { caption, ...(entities && { entities }) };
}

function coverToJson({ spoiler, captionAbove }: Cover): object {
  return { ...(spoiler && { spoiler }), ...(captionAbove && { caption_above: captionAbove }) };
}

function buttonsToJson(rows: readonly Button[][]): object[][] {
  return withoutIds(rows);
}

function optionsToJson(options: PostOptions): object {
  const { noPreview, addOptions, hideResults, deleteAfterHours, ...same } = options;
  return {
    ...same,
    ...(noPreview && { no_preview: noPreview }),
    ...(addOptions && { add_options: addOptions }),
    ...(hideResults && { hide_results: hideResults }),
    ...(deleteAfterHours !== undefined && { delete_after_hours: deleteAfterHours }),
  };
}
