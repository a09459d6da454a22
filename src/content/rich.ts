import type {
  RichBlock,
  RichBlockCaption,
  RichBlockListItem,
  RichMessage,
  RichMessageButton,
  RichText,
} from "grammy/types";
import type { RichFields } from "./content.ts";

type InputBlock = NonNullable<RichFields["blocks"]>[number];
type InputItem = Extract<InputBlock, { type: "list" }>["items"][number];

/**
 * The fields to send a received rich message again, with media by file_id. Buttons that only the bot they came from
 * could answer are left out and counted. Null if it contains an unknown block.
 */
export function richFields(message: RichMessage): { rich: RichFields; leftOut: number } | null {
  const reader = createReader();
  const blocks = reader.blocks(message.blocks);
  if (!blocks) return null;
  return {
    rich: {
      blocks,
      ...(message.is_rtl && { is_rtl: true }),
      // What Telegram detected is already in the blocks; the rest stays plain.
      skip_entity_detection: true,
    },
    leftOut: reader.leftOut(),
  };
}

function createReader() {
  let leftOut = 0;

  function works(button: RichMessageButton): boolean {
    const kept = "url" in button || "copy_text" in button || "disabled" in button;
    if (!kept) leftOut += 1;
    return kept;
  }

  function words(text: RichText): RichText {
    if (typeof text === "string") return text;
    if (Array.isArray(text)) return text.map(words);
    switch (text.type) {
      case "button":
        return works(text.button) ? text : "";
      case "custom_emoji":
      case "mathematical_expression":
      case "anchor":
        return text;
      default:
        return { ...text, text: words(text.text) };
    }
  }

  const caption = (post: { caption?: RichBlockCaption }) => {
    if (!post.caption) return {};
    return { caption: { text: words(post.caption.text), ...credit(post.caption) } };
  };
  const credit = (post: { credit?: RichText }) =>
    post.credit === undefined ? {} : { credit: words(post.credit) };

  /** Without the label, which Telegram generates. */
  function item(item: RichBlockListItem): InputItem | null {
    const { label: _, ...rest } = item;
    const inside = blocks(item.blocks);
    return inside && { ...rest, blocks: inside };
  }

  function blocks(list: RichBlock[]): InputBlock[] | null {
    const made = list.map(block);
    return allOrNull(made)?.filter((block) => block.type !== "buttons" || block.buttons.length > 0) ?? null;
  }

  /** A block with blocks inside. */
  function holder<B extends { blocks: RichBlock[] }>(block: B) {
    const inside = blocks(block.blocks);
    return inside && { ...block, blocks: inside };
  }

  function block(block: RichBlock): InputBlock | null {
    switch (block.type) {
      case "paragraph":
      case "heading":
      case "pre":
      case "footer":
        return { ...block, text: words(block.text) };
      case "expandable_blockquote":
      case "pullquote":
        return { ...block, text: words(block.text), ...credit(block) };
      case "divider":
      case "mathematical_expression":
      case "anchor":
        return block;
      case "list": {
        const items = allOrNull(block.items.map(item));
        return items && { type: "list", items };
      }
      case "blockquote": {
        const whole = holder(block);
        return whole && { ...whole, ...credit(block) };
      }
      case "collage":
      case "slideshow": {
        const whole = holder(block);
        return whole && { ...whole, ...caption(block) };
      }
      case "details": {
        const whole = holder(block);
        return whole && { ...whole, summary: words(block.summary) };
      }
      case "table":
        return {
          ...block,
          cells: block.cells.map((row) =>
            row.map((cell) => (cell.text === undefined ? cell : { ...cell, text: words(cell.text) })),
          ),
          ...(block.caption !== undefined && { caption: words(block.caption) }),
        };
      case "map":
        return { ...block, ...caption(block) };
      case "photo": {
        const media = block.photo.at(-1)?.file_id;
        if (media === undefined) return null;
        return { type: "photo", photo: { type: "photo", media, ...spoiler(block) }, ...caption(block) };
      }
      case "video":
        return { type: "video", video: { ...inputVideo(block.video), ...spoiler(block) }, ...caption(block) };
      case "animation": {
        const animation = { type: "animation" as const, media: block.animation.file_id, ...spoiler(block) };
        return { type: "animation", animation, ...caption(block) };
      }
      case "audio":
        return { type: "audio", audio: { type: "audio", media: block.audio.file_id }, ...caption(block) };
      case "document": {
        const document = { type: "document" as const, media: block.document.file_id };
        return { type: "document", document, ...caption(block) };
      }
      case "voice_note": {
        const voice_note = { type: "voice_note" as const, media: block.voice_note.file_id };
        return { type: "voice_note", voice_note, ...caption(block) };
      }
      case "buttons":
        return { ...block, buttons: block.buttons.filter(works) };
      default:
        return null;
    }
  }

  return { blocks, leftOut: () => leftOut };
}

function spoiler(post: { has_spoiler?: true }) {
  return post.has_spoiler ? { has_spoiler: true } : {};
}

/** The whole list, or null if any element is null. */
function allOrNull<T>(list: (T | null)[]): T[] | null {
  return list.every((one) => one !== null) ? list : null;
}

/** A video with its cover and start position. */
export function inputVideo(video: {
  file_id: string;
  cover?: { file_id: string }[];
  start_timestamp?: number;
}) {
  const cover = video.cover?.at(-1)?.file_id;
  return {
    type: "video" as const,
    media: video.file_id,
    ...(cover !== undefined && { cover }),
    ...(video.start_timestamp !== undefined && { start_timestamp: video.start_timestamp }),
  };
}
