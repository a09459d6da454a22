import type { ComponentChildren } from "preact";
import { Menu } from "../ui/menu.tsx";

export interface Item {
  key: string;
  face: ComponentChildren;
}

/** Items and their heading. */
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

/** A button whose menu is a list. */
export function ListMenu({ label, face, sections, onPick }: ListMenuProps) {
  return (
    <Menu label={label} face={face} button={{ title: label }} clears=".composer">
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
