/** Logs that something keeps failing: once when that begins and once when it is over, not for each attempt. */
export interface TroubleLog {
  note(error: unknown): void;
  over(): void;
}

/** `begins` and `ends` write the two lines. */
export function createTroubleLog(
  begins: (error: unknown) => void,
  ends: () => void = () => undefined,
): TroubleLog {
  let lasts = false;
  return {
    note(error) {
      if (!lasts) begins(error);
      lasts = true;
    },
    over() {
      if (lasts) ends();
      lasts = false;
    },
  };
}
