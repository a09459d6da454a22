import type { RichText as TelegramRichText } from "@grammyjs/types";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import { say } from "../state/notices.ts";
import { Link } from "./anchor.tsx";
import { Button } from "./inline-keyboard.tsx";
import { telephone } from "./safe-link.ts";
import { Mention, Styled } from "./styled.tsx";
import { Command, Moment } from "./text.tsx";
import { nameOf } from "./words.ts";
import { t } from "../state/locale.ts";

/** Prefix of a rich message's anchors: two messages may have anchors of the same name. */
export const Anchors = createContext("");

/** A text of a rich message: a string, a list, or one with a style. */
export function RichText({ text }: { text: TelegramRichText | undefined }) {
  const anchors = useContext(Anchors);
  if (text === undefined || typeof text === "string") return <>{text}</>;
  if (Array.isArray(text))
    return (
      <>
        {text.map((part, index) => (
          <RichText key={index} text={part} />
        ))}
      </>
    );
  if (text.type === "custom_emoji") return <span class="emoji">{text.alternative_text}</span>;
  if (text.type === "mathematical_expression") return <code class="math">{text.expression}</code>;
  if (text.type === "anchor") return <span id={anchors + text.name} />;
  if (text.type === "button")
    return <Button button={text.button} label={<RichText text={text.button.text} />} tap={explainTap} />;
  const inner = <RichText text={text.text} />;
  switch (text.type) {
    case "url":
      return <Link to={text.url}>{inner}</Link>;
    case "email_address":
      return <Link to={`mailto:${text.email_address}`}>{inner}</Link>;
    case "phone_number":
      return <Link to={telephone(text.phone_number)}>{inner}</Link>;
    case "text_mention":
      return <Mention title={nameOf(text.user)}>{inner}</Mention>;
    case "bot_command":
      return <Command command={text.bot_command}>{inner}</Command>;
    case "date_time":
      return <Moment of={text}>{inner}</Moment>;
    case "reference":
      return <span id={anchors + text.name}>{inner}</span>;
    case "anchor_link":
      return <Jump to={anchors + text.anchor_name}>{inner}</Jump>;
    case "reference_link":
      return <Jump to={anchors + text.reference_name}>{inner}</Jump>;
    default:
      return <Styled as={text.type}>{inner}</Styled>;
  }
}

/** A link within the message. It does not use the address, where the page keeps the open chat. */
function Jump({ to, children }: { to: string; children: ComponentChildren }) {
  const jump = () => document.getElementById(to)?.scrollIntoView({ block: "center", behavior: "smooth" });
  return (
    <button type="button" class="command" onClick={jump}>
      {children}
    </button>
  );
}

/**
 * Tells the user that buttons in rich messages do nothing: a tap is sent as row and column of a keyboard, which these
 * do not have.
 */
export async function explainTap(): Promise<void> {
  say(t("taps-within"));
}
