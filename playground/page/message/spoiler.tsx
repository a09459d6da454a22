import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../state/locale.ts";

/**
 * Hidden text until it is clicked, or Enter or Space is pressed. Not a button, because a button cannot wrap over
 * lines.
 */
export function Spoiler({ children }: { children: ComponentChildren }) {
  const [isShown, show] = useState(false);
  if (isShown)
    return (
      // It can keep the focus, so that the Tab key goes on from here.
      <span class="spoiler shown" tabIndex={-1}>
        {children}
      </span>
    );
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show(true);
  };
  return (
    <span
      class="spoiler"
      role="button"
      tabIndex={0}
      aria-expanded={false}
      aria-label={t("show-hidden")}
      onClick={() => show(true)}
      onKeyDown={press}
    >
      <span inert aria-hidden="true">
        {children}
      </span>
    </span>
  );
}
