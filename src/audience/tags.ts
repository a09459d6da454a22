import { storable } from "../storable.ts";

/** The longest tag, in characters. */
export const TAG_LIMIT = 64;

/** The most tags that a row of a file or a request gives a person. */
export const MOST_TAGS = 200;

/**
 * A tag as it is stored and compared: composed, in lower case, with single spaces. Null if that leaves nothing, or more than
 * TAG_LIMIT characters. A comma ends a tag: files and admins write several into one cell or line.
 */
export function tagName(text: string): string | null {
  const name = storable(text).normalize("NFC").toLowerCase().replaceAll(/\s+/gu, " ").trim();
  return name === "" || name.includes(",") || [...name].length > TAG_LIMIT ? null : name;
}

/** The tags of a text that parts them by commas, each once; and what is none. */
export function readTags(text: string): { tags: string[]; refused: string[] } {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const names = parts.map((part) => ({ part, name: tagName(part) }));
  return {
    tags: [...new Set(names.flatMap(({ name }) => name ?? []))],
    refused: names.filter(({ name }) => name === null).map(({ part }) => part),
  };
}
