/** What a search looks for: the words of its query, as `matches` takes them. */
export function wordsOf(query: string): string[] {
  return plain(query).split(/\s+/).filter(Boolean);
}

/**
 * Whether each of the words stands anywhere in a text, in any case and with or without marks. Where there is an id, a
 * word may be its beginning instead.
 */
export function matches(words: readonly string[], text: string, id?: number): boolean {
  const searched = plain(text);
  const beginsId = (word: string) => id !== undefined && String(id).startsWith(word);
  return words.every((word) => searched.includes(word) || beginsId(word));
}

/** In small letters and without marks: "Müller" is found by "muller", "Семёнова" by "семенова". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
