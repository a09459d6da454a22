import type { ComponentChildren } from "preact";
import { Spoiler } from "./spoiler.tsx";

/** What Telegram's styles are here; not every one of them is there for a plain text. */
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

/** A text in one of the styles that need nothing but their name. */
export function Styled({ as, children }: { as: keyof typeof STYLES; children: ComponentChildren }) {
  const Style = STYLES[as];
  return <Style>{children}</Style>;
}

/** Somebody or a topic: in Telegram a link, but here nobody stands behind it. */
export function Mention({ title, children }: { title?: string; children: ComponentChildren }) {
  return (
    <span class="mention" title={title}>
      {children}
    </span>
  );
}
