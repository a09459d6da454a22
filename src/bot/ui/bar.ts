const CELLS = 10;

/** A bar for `percent`. Rounded down, so that only 100 fills it. */
export function barOf(percent: number): string {
  const full = Math.min(CELLS, Math.floor((percent * CELLS) / 100));
  return `${"▓".repeat(full)}${"░".repeat(CELLS - full)}`;
}
