import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { isTouch } from "../ui/focus.ts";
import { t } from "../state/locale.ts";

interface DialogProps {
  label: string;
  children: ComponentChildren;
  /** Called with the value of the button that closed it; "" if nothing was chosen: Esc, the cross, a click outside. */
  onClose: (value: string) => void;
}

/** A modal dialog whose buttons have values. The browser keeps the focus inside and restores it afterwards. */
export function Dialog({ label, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    dialog.current?.showModal();
    // By default the browser focuses the first button, the cross. On a touch screen that is fine: a focused field
    // would open the on-screen keyboard.
    if (!isTouch())
      dialog.current?.querySelector<HTMLElement>(".picker-search, .picker-list > button")?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="picker"
      aria-labelledby={title}
      onClose={() => onClose(dialog.current?.returnValue ?? "")}
      onClick={({ target }) => {
        if (target === dialog.current) dialog.current?.close();
      }}
    >
      <form method="dialog">
        <header>
          <h2 id={title}>{label}</h2>
          <button class="round" aria-label={t("close")} value="">
            <Icon name="close" />
          </button>
        </header>
        {children}
      </form>
    </dialog>
  );
}
