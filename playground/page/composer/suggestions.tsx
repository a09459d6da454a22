import type { BotCommand } from "@grammyjs/types";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { matching } from "./commands.ts";
import { t } from "../state/locale.ts";

/** Commands that match a typed "/…", for the list above the field. */
export interface Suggestions {
  id: string;
  found: BotCommand[];
  /** The index of the one that Enter chooses. */
  chosen: number;
  /** Handles a key pressed in the field. Returns whether it was for the list. */
  takes: (event: KeyboardEvent) => boolean;
}

export function useSuggestions(
  commands: readonly BotCommand[],
  text: string,
  complete: (text: string) => void,
): Suggestions {
  const id = useId();
  const [chosen, choose] = useState(0);
  const [dismissed, dismiss] = useState("");
  useEffect(() => choose(0), [text]);
  const found = text === dismissed ? [] : matching(commands, text);

  const takes = (event: KeyboardEvent) => {
    const command = found[chosen]?.command;
    if (command === undefined || event.shiftKey) return false;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      choose((chosen + (key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if (key === "Escape") {
      dismiss(text);
    } else if (key === "Tab" || (key === "Enter" && text !== `/${command}`)) {
      complete(`/${command} `);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  };
  return { id, found, chosen, takes };
}

interface ListProps {
  suggestions: Suggestions;
  onPick: (command: string) => void;
}

/** The focus stays in the field, which refers to the chosen item with aria-activedescendant. */
export function SuggestionList({ suggestions: { id, found, chosen }, onPick }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.children[chosen]?.scrollIntoView({ block: "nearest" }), [chosen]);
  return (
    <div class="composer-popover" role="listbox" aria-label={t("commands")} id={id} ref={list}>
      {found.map(({ command, description }, index) => (
        <button
          key={command}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(command)}
        >
          <CommandFace command={command} description={description} />
        </button>
      ))}
    </div>
  );
}

export function CommandFace({ command, description }: BotCommand) {
  return (
    <>
      <b>/{command}</b>
      <span class="composer-hint">{description}</span>
    </>
  );
}
