import type { ComponentChildren } from "preact";
import { Menu } from "../menu.tsx";

export interface Item {
  key: string;
  face: ComponentChildren;
}

/** Items in a row, and what is said above them. */
export interface Section {
  title?: string;
  items: Item[];
}

interface ListMenuProps {
  label: string;
  /** What the button shows. */
  face: ComponentChildren;
  sections: Section[];
  onPick: (key: string) => void;
}

/** A button in the row whose menu is a list. */
export function ListMenu({ label, face, sections, onPick }: ListMenuProps) {
  return (
    <Menu label={label} face={face} button={{ title: label }}>
      {sections.map(({ title, items }) => (
        <div key={title} role="group" aria-label={title}>
          {title !== undefined && (
            <p class="menu-title" aria-hidden="true">
              {title}
            </p>
          )}
          <div class="composer-items">
            {items.map(({ key, face: shown }) => (
              <button key={key} type="button" role="menuitem" onClick={() => onPick(key)}>
                {shown}
              </button>
            ))}
          </div>
        </div>
      ))}
    </Menu>
  );
}
