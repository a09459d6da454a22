/** A tap on a button below a message. */
export interface Tap {
  chat: number;
  /** Id of the message. */
  on: number;
  button: readonly [row: number, column: number];
  /** Unix ms. */
  at: number;
}

/** The last one: an edit that follows on it answers it, and is to be read out. */
export const lastTap: { value: Tap | undefined } = { value: undefined };
