import type { MessageEntity } from "@grammyjs/types";

/** Replaces hidden words where nobody can uncover them. */
export const HIDDEN = "▒▒▒";

/** A text with its spoilers replaced by `instead`. */
export function masked(text: string, entities: readonly MessageEntity[] = [], instead = HIDDEN): string {
  const spoilers = entities.filter(({ type }) => type === "spoiler").toSorted((a, b) => a.offset - b.offset);
  let shown = "";
  let at = 0;
  for (const { offset, length } of spoilers) {
    shown += text.slice(at, offset) + instead;
    at = Math.max(at, offset + length);
  }
  return shown + text.slice(at);
}
