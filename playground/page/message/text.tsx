import type { MessageEntity } from "@grammyjs/types";
import type { ComponentChildren, VNode } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { act } from "../state/act.ts";
import { actorIn } from "../state/actor.ts";
import { Link } from "./anchor.tsx";
import { ChatOfMessage } from "./chat-context.ts";
import { detected } from "./detect.ts";
import { telephone } from "./safe-link.ts";
import { formattedDate, wholeDate } from "./moments.ts";
import { Quote } from "./quote.tsx";
import { type EntitySpan, nested, type Span } from "./spans.ts";
import { Mention, Styled } from "./styled.tsx";
import { nameOf } from "./words.ts";
import { t } from "../state/locale.ts";

/** A text with its formatting. In whole texts and captions, links and the like are detected as well. */
export function Text({
  text,
  entities,
  isWhole = false,
}: {
  text: string;
  entities?: readonly MessageEntity[] | undefined;
  /** False for questions and names. */
  isWhole?: boolean;
}) {
  const spans = useMemo(
    () => nested(text, isWhole ? detected(text, entities) : entities),
    [text, entities, isWhole],
  );
  return <>{spans.map(drawn)}</>;
}

function drawn(span: Span, index: number): string | VNode {
  return typeof span === "string" ? span : <Formatted key={index} span={span} />;
}

function Formatted({ span: { entity, text, children } }: { span: EntitySpan }) {
  const inner = children.map(drawn);
  switch (entity.type) {
    case "pre":
      return <Code language={entity.language}>{inner}</Code>;
    case "blockquote":
      return <Quote>{inner}</Quote>;
    case "expandable_blockquote":
      return <Quote isExpandable>{inner}</Quote>;
    case "text_link":
      return (
        <Link to={entity.url} title={entity.url}>
          {inner}
        </Link>
      );
    case "url":
      return <Link to={text}>{inner}</Link>;
    case "email":
      return <Link to={`mailto:${text}`}>{inner}</Link>;
    case "phone_number":
      return <Link to={telephone(text)}>{inner}</Link>;
    case "bot_command":
      return <Command command={text}>{inner}</Command>;
    case "text_mention":
      return <Mention title={nameOf(entity.user)}>{inner}</Mention>;
    case "date_time":
      return <Moment of={entity}>{inner}</Moment>;
    case "custom_emoji":
      return <span class="emoji">{inner}</span>;
    default:
      return <Styled as={entity.type}>{inner}</Styled>;
  }
}

/** A code block, with its language. */
export function Code({ language, children }: { language?: string | undefined; children: ComponentChildren }) {
  return (
    <pre tabIndex={0}>
      {language !== undefined && language !== "" && <span class="language">{language}</span>}
      <code>{children}</code>
    </pre>
  );
}

/** A command: a click sends it, as in Telegram. */
export function Command({ command, children }: { command: string; children: ComponentChildren }) {
  const chat = useContext(ChatOfMessage);
  // In a channel, the click would send a post of the channel itself.
  if (chat === undefined || chat.summary.type === "channel") return <Mention>{children}</Mention>;
  const send = () => act("sends", { ...actorIn(chat), message: { text: command } });
  return (
    <button type="button" class="command" title={t("send-command", { command })} onClick={() => void send()}>
      {children}
    </button>
  );
}

/** A date in the reader's time zone and format. */
export function Moment({
  of: { unix_time: unix, date_time_format: format },
  children,
}: {
  of: Pick<MessageEntity.DateTimeMessageEntity, "date_time_format" | "unix_time">;
  children: ComponentChildren;
}) {
  return (
    <time class="moment" dateTime={new Date(unix * 1000).toISOString()} title={wholeDate(unix)}>
      {formattedDate(unix, format) ?? children}
    </time>
  );
}
