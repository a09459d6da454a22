/** A tap on a button below a message. */
export interface Tap {
  chat: number;
  /** Id of the message. */
  on: number;
  button: readonly [row: number, column: number];
  /** Unix ms. */
  at: number;
}

/** The last tap: the next edit of its message is the answer, and is announced. */
export const lastTap: { value: Tap | undefined } = { value: undefined };
