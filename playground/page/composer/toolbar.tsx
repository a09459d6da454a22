import type { ComponentChildren } from "preact";
import { FieldButton } from "./field-button.tsx";
import { type Format, FORMATS } from "./formats.ts";
import { moveFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { t } from "../state/locale.ts";

const FACES: Record<string, ComponentChildren> = {
  bold: <b>B</b>,
  italic: <i>I</i>,
  underline: <u>U</u>,
  strike: <s>S</s>,
  spoiler: <Icon name="spoiler" />,
  code: <code>{"<>"}</code>,
  link: <Icon name="link" />,
  quote: <Icon name="quote" />,
};

const MODIFIER = /Mac|iP(?:hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl+";

/** Puts marks around the selection in the field; the tooltips tell how to type them. */
export function Toolbar({ onPick }: { onPick: (format: Format) => void }) {
  return (
    <div
      class="composer-formats"
      role="toolbar"
      aria-label={t("formatting")}
      onKeyDown={(event) => void moveFocus(event, event.currentTarget)}
    >
      {FORMATS.map((format) => {
        const keys = `${MODIFIER}${format.shift ? "Shift+" : ""}${format.key.toUpperCase()}`;
        const label = t(`format-${format.name}`);
        return (
          <FieldButton
            key={format.name}
            label={label}
            title={`${label}: ${t(`format-${format.name}-typed`)} (${keys})`}
            onClick={() => onPick(format)}
          >
            {FACES[format.name]}
          </FieldButton>
        );
      })}
    </div>
  );
}
