/*
 * What the page remembers about chats, by id.
 */

/** The folded reply keyboard as JSON, so that another one opens by itself. Kept while the page is open. */
export const folded = new Map<number, string>();

const drafts = new Map<number, string>();

/** The unsent text of a chat, or "". It survives a reload if the browser allows storage. */
export function draftOf(chatId: number): string {
  return drafts.get(chatId) ?? kept(keyOf(chatId)) ?? "";
}

export function keepDraft(chatId: number, text: string): void {
  drafts.set(chatId, text);
  try {
    if (text === "") sessionStorage.removeItem(keyOf(chatId));
    else sessionStorage.setItem(keyOf(chatId), text);
  } catch {
    // Denied or full; the draft is still kept until the page closes.
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
