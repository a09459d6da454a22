import type { BotCommand } from "@grammyjs/types";

/** The commands that fit what has been typed, one that it names in full first; none unless it is the start of one. */
export function matching(commands: readonly BotCommand[], typed: string): BotCommand[] {
  const start = /^\/(\w*)$/.exec(typed)?.[1]?.toLowerCase();
  if (start === undefined) return [];
  const found = commands.filter(({ command }) => command.startsWith(start));
  return found.toSorted((a, b) => Number(b.command === start) - Number(a.command === start));
}
