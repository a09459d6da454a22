import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Keeps the focus in the messages when what had it is gone: a key whose keyboard the bot has taken away, a message that
 * was deleted, the button that leads to the end. It goes to the first key that the message has now, else to the list.
 */
export function useKeptFocus(view: RefObject<HTMLElement | null>): void {
  // What is drawn now has not reached the page yet.
  const focused = document.activeElement;
  const isWithin = focused?.closest(".log") !== null;
  const entry = focused?.closest(".entry");
  useLayoutEffect(() => {
    if (!isWithin || focused?.isConnected !== false) return;
    const key = entry?.isConnected ? entry.querySelector<HTMLElement>(".key:not(:disabled)") : undefined;
    (key ?? view.current)?.focus({ preventScroll: true });
  });
}
