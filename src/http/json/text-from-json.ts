import type { LinkPreviewOptions, MessageEntity } from "grammy/types";
import type { TextFields } from "../../content/content.ts";
import { linkEntity, mentionEntity } from "../../content/formatting/entity-links.ts";
import { fixFormatted, parseFormatted } from "../../content/formatting/formatted-text.ts";
import { FormattingError } from "../../content/formatting/formatting-error.ts";
import type { Formatted } from "../../content/personal.ts";
import type { Entity } from "../shapes/content-shapes.ts";
import { type FaultList, defined } from "./fault-list.ts";

/** How a text is formatted: by entities or by marks in it, not both. */
export interface FormattedJson {
  entities?: Entity[] | undefined;
  parse_mode?: "HTML" | "MarkdownV2" | undefined;
}

export function textFromJson(
  json: FormattedJson & { text: string; link_preview?: object | undefined },
  at: string,
  faults: FaultList,
): TextFields {
  const read = formattedFromJson(json.text, json, `${at}/text`, faults);
  if (read.text === "") faults.add(`${at}/text`, "The text is empty, once Telegram has read it.");
  const preview = json.link_preview && (defined(json.link_preview) as LinkPreviewOptions);
  return { ...read, ...(preview && { linkPreview: preview }) };
}

export function captionFromJson(
  json: FormattedJson & { caption?: string | undefined },
  at: string,
  faults: FaultList,
): { caption?: string; entities?: MessageEntity[] } {
  if (json.caption === undefined || json.caption === "") return {};
  const { text, entities } = formattedFromJson(json.caption, json, `${at}/caption`, faults);
  return { caption: text, ...(entities && { entities }) };
}

/** The text as Telegram would keep it. */
export function formattedFromJson(
  text: string,
  { entities = [], parse_mode: mode }: FormattedJson,
  pointer: string,
  faults: FaultList,
): Formatted {
  if (mode && entities.length > 0) faults.add(pointer, "Send either entities or parse_mode.");
  try {
    const read = mode
      ? parseFormatted(text, mode === "HTML" ? "html" : "markdownv2")
      : fixFormatted({ text, entities: entities.map(entityFrom) });
    return { text: read.text, ...(read.entities.length > 0 && { entities: read.entities }) };
  } catch (error) {
    if (!(error instanceof FormattingError)) throw error;
    faults.add(pointer, `Telegram cannot read it: ${error.message}`);
    return { text };
  }
}

/** @throws FormattingError */
function entityFrom(json: Entity): MessageEntity {
  const { type, offset, length, url, user, language, custom_emoji_id, unix_time, date_time_format } = json;
  const place = { offset, length };
  switch (type) {
    case "text_link": {
      const entity = url === undefined ? null : linkEntity(url, place);
      if (!entity)
        throw new FormattingError(`the link of the entity at offset ${offset} is missing or wrong`);
      return entity;
    }
    case "text_mention":
      if (!user) throw new FormattingError(`the entity at offset ${offset} needs a user`);
      return mentionEntity(user.id, place);
    case "custom_emoji":
      if (custom_emoji_id === undefined)
        throw new FormattingError(`the entity at offset ${offset} needs a custom_emoji_id`);
      return { type, ...place, custom_emoji_id };
    case "pre":
      return { type, ...place, ...(language !== undefined && { language }) };
    case "date_time":
      if (unix_time === undefined)
        throw new FormattingError(`the entity at offset ${offset} needs a unix_time`);
      return {
        type,
        ...place,
        unix_time,
        // The type spells out every order of its letters.
        date_time_format: (date_time_format ?? "") as MessageEntity.DateTimeMessageEntity["date_time_format"],
      };
    default:
      return { type, ...place };
  }
}
