/**
 * If the number of people or chats has drifted by more than this since the confirmation, it has to be confirmed again.
 */
const TOLERANCE = 0.05;

/** True if the count drifted beyond the tolerance. NaN counts as drifted. */
export function hasDrifted(count: number, agreed: number): boolean {
  return !(Math.abs(count - agreed) <= agreed * TOLERANCE);
}
