/** Whether it is a touch screen: there Enter starts a new line, and focusing a field covers half of the screen. */
export function isTouch(): boolean {
  return matchMedia("(hover: none)").matches;
}

const ITEMS = "button:not(:disabled), input:not(:disabled)";

/**
 * Moves the focus among a list's buttons (or elements matching `items`) with arrow keys, Home and End, wrapping
 * around. Returns whether the key was one of them.
 */
export function moveFocus(event: KeyboardEvent, list: HTMLElement, items = ITEMS): boolean {
  const buttons = [...list.querySelectorAll<HTMLElement>(items)];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at < 0 ? -1 : at - 1,
    ArrowLeft: at < 0 ? -1 : at - 1,
    Home: 0,
    End: -1,
  }[event.key];
  if (next === undefined || buttons.length === 0) return false;
  event.preventDefault();
  buttons.at(next % buttons.length)?.focus();
  return true;
}
