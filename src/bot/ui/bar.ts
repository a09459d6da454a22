const CELLS = 10;

/** A bar for `percent`, full from 100 on. Rounded down: one that is full means all. */
export function barOf(percent: number): string {
  const full = Math.min(CELLS, Math.floor((percent * CELLS) / 100));
  return `${"▓".repeat(full)}${"░".repeat(CELLS - full)}`;
}
