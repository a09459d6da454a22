import type { ComponentChildren } from "preact";
import { Spoiler } from "./spoiler.tsx";

/** Telegram's styles as HTML; some exist only in rich messages. */
const STYLES = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  subscript: "sub",
  superscript: "sup",
  marked: "mark",
  code: "code",
  spoiler: Spoiler,
  mention: Mention,
  hashtag: Mention,
  cashtag: Mention,
  bank_card_number: Mention,
} as const;

/** A text in a style without parameters. */
export function Styled({ as, children }: { as: keyof typeof STYLES; children: ComponentChildren }) {
  const Style = STYLES[as];
  return <Style>{children}</Style>;
}

/** A person or a hashtag: a link in Telegram, but there is nothing behind it here. */
export function Mention({ title, children }: { title?: string; children: ComponentChildren }) {
  return (
    <span class="mention" title={title}>
      {children}
    </span>
  );
}
