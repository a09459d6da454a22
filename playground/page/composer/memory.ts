/* What the page remembers of chats, by their id. */

/** The reply keyboard that is folded away, as JSON: another one shows by itself. As long as the page is open. */
export const folded = new Map<number, string>();

const drafts = new Map<number, string>();

/** What stands in the field and has not been sent; "" for nothing. It outlives a reload, unless the browser keeps nothing. */
export function draftOf(chatId: number): string {
  return drafts.get(chatId) ?? kept(keyOf(chatId)) ?? "";
}

export function keepDraft(chatId: number, text: string): void {
  drafts.set(chatId, text);
  try {
    if (text === "") sessionStorage.removeItem(keyOf(chatId));
    else sessionStorage.setItem(keyOf(chatId), text);
  } catch {
    // Denied or full: it is still kept until the page is left.
  }
}

function keyOf(chatId: number): string {
  return `draft ${chatId}`;
}

function kept(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
