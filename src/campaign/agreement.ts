/** A number of people or chats that moved by more than this since an admin agreed to it is worth asking, or a word. */
const MOVED_SHARE = 0.05;

/** Whether a count moved by more than that. One that is no number has. */
export function hasMoved(count: number, agreed: number): boolean {
  return !(Math.abs(count - agreed) <= agreed * MOVED_SHARE);
}
