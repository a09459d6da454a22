/** How long to wait after so many attempts, in ms: doubling from 2 s to 5 min. */
export function backOffMs(attempts: number): number {
  return Math.min(2_000 * 2 ** attempts, 300_000);
}
