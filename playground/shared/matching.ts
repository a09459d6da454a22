/** The words of a search query, as `matches` takes them. */
export function wordsOf(query: string): string[] {
  return plain(query).split(/\s+/).filter(Boolean);
}

/**
 * Whether a text contains each of the words, ignoring case and diacritics. If there is an id, a word may also be its
 * beginning.
 */
export function matches(words: readonly string[], text: string, id?: number): boolean {
  const searched = plain(text);
  const beginsId = (word: string) => id !== undefined && String(id).startsWith(word);
  return words.every((word) => searched.includes(word) || beginsId(word));
}

/** Lowercase and without diacritics: "muller" finds "Müller", "семенова" finds "Семёнова". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
