import type { BotCommand } from "@grammyjs/types";

/**
 * The commands that match what has been typed, an exact match first. Empty unless the text is the start of a command.
 */
export function matching(commands: readonly BotCommand[], typed: string): BotCommand[] {
  const start = /^\/(\w*)$/.exec(typed)?.[1]?.toLowerCase();
  if (start === undefined) return [];
  const found = commands.filter(({ command }) => command.startsWith(start));
  return found.toSorted((a, b) => Number(b.command === start) - Number(a.command === start));
}
