import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { moveFocus } from "./focus.ts";

/** Gap between button and menu, and between menu and window edge; CSS pixels. */
const GAP = 6;
/** With less room below the button, a menu opens upwards if there is more; CSS pixels. */
const ROOM = 300;

interface MenuProps {
  /** The name of the button and its menu. */
  label: string;
  /** What the button shows. */
  face: ComponentChildren;
  /** Other attributes of the button. */
  button?: { title?: string; tabIndex?: number; "aria-describedby"?: string };
  /** A selector of an element around the button that must stay visible, such as the input bar. */
  clears?: string;
  /** Buttons with a menu item's role. Rendered only while it is open. */
  children: ComponentChildren;
}

/**
 * A round button that opens a menu beside it. The menu takes the focus; arrow keys, Home and End move in it; Escape,
 * Tab and a choice close it and return the focus to the button.
 */
export function Menu({ label, face, button: rest, clears, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Record<string, string>>();
  const close = () => list.current?.hidePopover();
  const onBeforeToggle = ({ newState }: { newState: string }) => {
    if (newState === "open") setPlace(button.current === null ? {} : beside(button.current, clears));
    // The browser would do this, too, but not in Safari, where a click gives the button no focus to go back to.
    else if (list.current?.contains(document.activeElement)) button.current?.focus();
  };
  // Not before it is closed: an item that goes takes the focus with it.
  const onToggle = ({ newState }: { newState: string }) => {
    if (newState === "open") list.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    else setPlace(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") close();
    else moveFocus(event, event.currentTarget as HTMLElement);
  };
  return (
    <>
      <button
        {...rest}
        ref={button}
        type="button"
        class="round"
        popovertarget={id}
        aria-haspopup="menu"
        aria-label={label}
      >
        {face}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        class="menu"
        style={place}
        onBeforeToggle={onBeforeToggle}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
        // Before the item acts, which may move the focus on.
        onClickCapture={({ target }) => target instanceof Element && target.closest("button") && close()}
      >
        {place !== undefined && children}
      </div>
    </>
  );
}

/** Where a menu stands: by its button, above or below what it clears, and how large it may become there. */
function beside(button: Element, clears?: string): Record<string, string> {
  const { left, right } = button.getBoundingClientRect();
  const { top, bottom } = ((clears && button.closest(clears)) || button).getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const [above, below] = [top - 2 * GAP, height - bottom - 2 * GAP];
  const isBelow = below >= Math.min(ROOM, above);
  const isLeft = left < width / 2;
  return {
    ...(isBelow ? { top: `${bottom + GAP}px` } : { bottom: `${height - top + GAP}px` }),
    ...(isLeft ? { left: `${left}px` } : { right: `${width - right}px` }),
    "--high": `${isBelow ? below : above}px`,
    "--wide": `${(isLeft ? width - left : right) - GAP}px`,
  };
}
