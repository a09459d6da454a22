/** A time of an answer (`Moment`). */
export function momentOf(instant: Date | null): string | null {
  return instant && instant.toISOString();
}
