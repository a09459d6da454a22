import type { Message } from "@grammyjs/types";
import { Component } from "preact";
import type { OpenChat, ShownMessage } from "../../live/protocol.ts";
import { commonCaption } from "./album.tsx";
import { Body } from "./body.tsx";
import { Foot } from "./foot.tsx";
import { Head } from "./head.tsx";
import { ChatOfMessage } from "./chat-context.ts";
import { Keyboard } from "./keyboard.tsx";
import { More } from "./menu.tsx";
import { clock, wholeDate } from "./moments.ts";
import { PreviewHint, previewedLink } from "./preview.tsx";
import { serviceLine } from "./service.ts";
import { isOnlyEmoji } from "./spans.ts";
import { Text } from "./text.tsx";
import { frameOf, visualOf } from "./visual.ts";
import { authorOf, firstLine, kindOf, short } from "./words.ts";

/** A message is named by so many letters of its first line. */
const NAME_LETTERS = 80;

interface Props {
  parts: readonly ShownMessage[];
  chat: OpenChat;
  /** Whether the Tab key stops at what can be done with it. */
  isStop: boolean;
}

/**
 * One message, or all parts of an album, as Telegram shows it: a bubble with its buttons below, or a service line. It
 * is drawn anew only when a part is another object, for a chat shows 200 of them and changes twice a second.
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
    const nameId = `message${message.message_id}`;
    return (
      <ChatOfMessage.Provider value={chat}>
        <article
          class={`message ${own ? "out" : "in"}`}
          id={nameId}
          data-ids={ids}
          aria-label={`${authorOf(message)}, ${clock(message.date)}: ${short(firstLine(message), NAME_LETTERS)}`}
        >
          <div class="column" style={width === undefined ? {} : { width: `${width}px` }}>
            <Content parts={parts} chat={chat} />
            {markup !== undefined && markup.inline_keyboard.length > 0 && (
              <Keyboard markup={markup} on={message.message_id} chat={chat} />
            )}
          </div>
          <More parts={parts} chat={chat} name={nameId} isStop={isStop} />
        </article>
      </ChatOfMessage.Provider>
    );
  }
}

/** The bubble itself. The time stands in the last line of the text, over a picture, or in a line of its own. */
function Content({ parts, chat }: Omit<Props, "isStop">) {
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
      {ends === "afloat" && <Foot parts={parts} chat={chat} look="afloat" />}
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
      {ends !== "afloat" && <Foot parts={parts} chat={chat} look={ends} />}
    </div>
  );
}

/** Whether the content has a background, fills the bubble up to its edges, or stands on the wallpaper. */
function lookOf(message: Message): "bare" | "filled" | "text" {
  const { sticker, dice, video_note: round, text, entities = [], reply_to_message: replied } = message;
  if (sticker ?? dice ?? round) return "bare";
  const isEmoji =
    text !== undefined && entities.every(({ type }) => type === "custom_emoji") && isOnlyEmoji(text);
  if (isEmoji && replied === undefined) return "bare";
  return visualOf(message) === undefined ? "text" : "filled";
}

const ALBUM_WIDTH = 420;

/** What is to be looked at decides how wide a bubble is, and the text below it wraps. In CSS pixels. */
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
