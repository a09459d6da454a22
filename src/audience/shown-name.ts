import { storable } from "../storable.ts";
import { tagName } from "./tags.ts";

/**
 * The name of a list or a saved segment, as it is shown and, as `key`, as it is compared: like a tag. Null if it is empty, has
 * more than 64 characters, or has a comma.
 */
export function shownName(text: string): { name: string; key: string } | null {
  const name = storable(text).normalize("NFC").replaceAll(/\s+/gu, " ").trim();
  const key = tagName(name);
  return key === null ? null : { name, key };
}
