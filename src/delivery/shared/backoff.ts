/** How long to wait after that many attempts, in ms: doubles from 2 s to 5 min. */
export function backOffMs(attempts: number): number {
  return Math.min(2_000 * 2 ** attempts, 300_000);
}
