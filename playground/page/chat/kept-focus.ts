import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Keeps the focus in the messages when the focused element disappears: a button that the bot removed, a deleted
 * message, the button that leads to the end. It moves to the message's first button, or else to the list.
 */
export function useKeptFocus(view: RefObject<HTMLElement | null>): void {
  // What is being drawn is not in the document yet.
  const focused = document.activeElement;
  const isWithin = focused?.closest(".log") !== null;
  const entry = focused?.closest(".entry");
  useLayoutEffect(() => {
    if (!isWithin || focused?.isConnected !== false) return;
    const key = entry?.isConnected ? entry.querySelector<HTMLElement>(".key:not(:disabled)") : undefined;
    (key ?? view.current)?.focus({ preventScroll: true });
  });
}
