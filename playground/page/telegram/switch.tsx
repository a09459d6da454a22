import { type ComponentChildren, createContext } from "preact";
import { useContext, useId } from "preact/hooks";

/** The id of the hint that describes a switch's buttons. */
const Hint = createContext<string | undefined>(undefined);

/** Buttons, and one line about what they do. */
export function Switch({ hint, children }: { hint: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <div class="switch">
      <div class="switch-buttons">
        <Hint.Provider value={id}>{children}</Hint.Provider>
      </div>
      <p id={id}>{hint}</p>
    </div>
  );
}

interface SwitchButtonProps {
  onClick: () => void;
  children: ComponentChildren;
  /** A click does nothing. Not `disabled`, which would lose the focus. */
  idle?: boolean;
}

export function SwitchButton({ onClick, children, idle = false }: SwitchButtonProps) {
  const hint = useContext(Hint);
  return (
    <button aria-disabled={idle} aria-describedby={hint} onClick={() => !idle && onClick()}>
      {children}
    </button>
  );
}
