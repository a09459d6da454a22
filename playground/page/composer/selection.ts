import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Selected } from "./formats.ts";

/** Whether text is selected in the field while it, or a button beside it, has the focus. */
export function useHasSelection(field: RefObject<HTMLTextAreaElement | null>): boolean {
  const [isSelected, setSelected] = useState(false);
  useEffect(() => {
    const look = () => {
      const { current } = field;
      const isNear = current?.closest("footer")?.contains(document.activeElement) === true;
      setSelected(isNear && current.selectionStart !== current.selectionEnd);
    };
    const types = ["selectionchange", "focusin", "focusout"];
    for (const type of types) document.addEventListener(type, look);
    return () => {
      for (const type of types) document.removeEventListener(type, look);
    };
  }, [field]);
  return isSelected;
}

/** Changes a field's text and selection as typing would: it can be undone, and fires `input`. */
export function writeOver(field: HTMLTextAreaElement, change: (before: Selected) => Selected): void {
  const { value, selectionStart, selectionEnd } = field;
  const { text, start, end } = change({ text: value, start: selectionStart, end: selectionEnd });
  field.focus();
  field.select();
  // Only execCommand can be undone with Ctrl+Z. Where it does not exist, the text is just set.
  document.execCommand(text === "" ? "delete" : "insertText", false, text);
  if (field.value !== text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start, end);
}
