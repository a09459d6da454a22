import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** Hidden text, until it is clicked or Enter or the space bar is pressed on it. A button could not run over lines. */
export function Spoiler({ children }: { children: ComponentChildren }) {
  const [isShown, show] = useState(false);
  if (isShown)
    return (
      // It can still hold the focus, and the Tab key goes on from here.
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
      aria-label="Hidden text, show it"
      onClick={() => show(true)}
      onKeyDown={press}
    >
      <span inert aria-hidden="true">
        {children}
      </span>
    </span>
  );
}
