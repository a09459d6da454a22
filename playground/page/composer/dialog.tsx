import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../icon.tsx";
import { isTouch } from "../focus.ts";

interface DialogProps {
  label: string;
  children: ComponentChildren;
  /** Told the value of the button that closed it; "" when nothing was chosen: Esc, the cross, a click beside it. */
  onClose: (value: string) => void;
}

/** A question over the page; its buttons carry values. The browser keeps the focus in it and gives it back afterwards. */
export function Dialog({ label, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    dialog.current?.showModal();
    // Of itself the browser takes the first button, the cross. With fingers that is well: a field would bring up letters.
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
          <button class="round" aria-label="Close" value="">
            <Icon name="close" />
          </button>
        </header>
        {children}
      </form>
    </dialog>
  );
}
