import type { Message } from "@grammyjs/types";
import { Component } from "preact";
import type { OpenChat, ShownMessage } from "../../shared/protocol.ts";
import { commonCaption } from "./album.tsx";
import { Body } from "./body.tsx";
import { Foot } from "./foot.tsx";
import { Head } from "./head.tsx";
import { ChatOfMessage } from "./chat-context.ts";
import { Keyboard } from "./inline-keyboard.tsx";
import { nameOfMessage } from "./message-menu.tsx";
import { clock, wholeDate } from "./moments.ts";
import { PreviewHint, previewedLink } from "./preview.tsx";
import { serviceLine } from "./service.ts";
import { isOnlyEmoji } from "./spans.ts";
import { Text } from "./text.tsx";
import { frameOf, visualOf } from "./visual.ts";
import { authorOf, firstLine, kindOf, short } from "./words.ts";

/** The length of a message's accessible name, from its first line. */
const NAME_LETTERS = 80;

interface Props {
  parts: readonly ShownMessage[];
  chat: OpenChat;
  /** Whether its menu button is a tab stop. */
  isStop: boolean;
}

/**
 * One message, or all parts of an album, as Telegram shows it: a bubble with its buttons below, or a service line.
 * Redrawn only when a part is another object, because a chat shows 200 of them and changes twice per second.
 */
export class Bubble extends Component<Props> {
  override shouldComponentUpdate({ parts, chat, isStop }: Props): boolean {
    const before = this.props;
    return (
      chat.summary.id !== before.chat.summary.id ||
      chat.summary.type !== before.chat.summary.type ||
      isStop !== before.isStop ||
      parts.length !== before.parts.length ||
      parts.some(
        (part, index) => part !== before.parts[index] || isPinned(chat, part) !== isPinned(before.chat, part),
      )
    );
  }

  override render({ parts, chat, isStop }: Props) {
    const [first] = parts;
    if (first === undefined) return null;
    const { message, own } = first;
    const ids = parts.map((part) => part.message.message_id).join(" ");
    if (kindOf(message) === undefined) {
      return (
        <div class="message service" data-ids={ids}>
          <span class="pill" title={wholeDate(message.date)}>
            {serviceLine(message)}
          </span>
        </div>
      );
    }
    const markup = message.reply_markup;
    const width = widthOf(parts);
    return (
      <ChatOfMessage.Provider value={chat}>
        <article
          class={`message ${own ? "out" : "in"}`}
          id={nameOfMessage(message)}
          data-ids={ids}
          aria-label={`${authorOf(message)}, ${clock(message.date)}: ${short(firstLine(message), NAME_LETTERS)}`}
        >
          <div class="column" style={width === undefined ? {} : { width: `${width}px` }}>
            <Content parts={parts} chat={chat} isStop={isStop} />
            {markup !== undefined && markup.inline_keyboard.length > 0 && (
              <Keyboard markup={markup} on={message.message_id} chat={chat} />
            )}
          </div>
        </article>
      </ChatOfMessage.Provider>
    );
  }
}

/** The bubble itself. The time is in the last line of the text, over a picture, or on a line of its own. */
function Content({ parts, chat, isStop }: Props) {
  const [first] = parts;
  if (first === undefined) return null;
  const { message, own } = first;
  const captioned = parts.length > 1 ? commonCaption(parts) : message;
  const text = captioned?.text ?? captioned?.caption;
  const isAbove = captioned?.show_caption_above_media === true;
  const { link_preview_options: options } = message;
  const url = previewedLink(message);
  const preview = url === undefined ? null : <PreviewHint url={url} options={options} />;
  const isPreviewAbove = options?.show_above_text === true;
  const look = lookOf(message);
  const ends =
    text !== undefined && !isAbove && (preview === null || isPreviewAbove)
      ? "afloat"
      : look === "text"
        ? "alone"
        : "over";
  const words = text !== undefined && (
    <div class="text" dir="auto">
      <Text isWhole text={text} entities={captioned?.entities ?? captioned?.caption_entities} />
      {ends === "afloat" && <Foot parts={parts} chat={chat} isStop={isStop} look="afloat" />}
    </div>
  );
  const isGroup = chat.summary.type === "group" || chat.summary.type === "supergroup";
  return (
    <div class={`bubble ${look}`}>
      <Head message={message} withAuthor={isGroup && !own} />
      {isPreviewAbove && preview}
      {isAbove && words}
      <Body parts={parts} chat={chat} />
      {!isAbove && words}
      {!isPreviewAbove && preview}
      {ends !== "afloat" && <Foot parts={parts} chat={chat} isStop={isStop} look={ends} />}
    </div>
  );
}

/** Whether the content has a background, fills the bubble to its edges, or is directly on the wallpaper. */
function lookOf(message: Message): "bare" | "filled" | "text" {
  const { sticker, dice, video_note: round, text, entities = [], reply_to_message: replied } = message;
  if (sticker ?? dice ?? round) return "bare";
  const isEmoji =
    text !== undefined && entities.every(({ type }) => type === "custom_emoji") && isOnlyEmoji(text);
  if (isEmoji && replied === undefined) return "bare";
  return visualOf(message) === undefined ? "text" : "filled";
}

const ALBUM_WIDTH = 420;

/** Media determines the width of a bubble, and the text below wraps. In CSS pixels. */
function widthOf([first, ...others]: readonly ShownMessage[]): number | undefined {
  if (first === undefined) return undefined;
  const { message } = first;
  const visual = message.paid_media === undefined ? visualOf(message) : undefined;
  if (visual === undefined) return undefined;
  const withText = message.caption !== undefined || message.reply_markup !== undefined;
  return others.length > 0 ? ALBUM_WIDTH : frameOf(visual, withText).width;
}

function isPinned({ pinned }: OpenChat, { message }: ShownMessage): boolean {
  return pinned.includes(message.message_id);
}
