import { PersonPlace } from "../world/places.ts";
import { matches, wordsOf } from "../shared/matching.ts";
import type { World } from "../world/world.ts";

const FOUND = 50;

/**
 * People whose name or @username contains each word of the query, ignoring case and diacritics, or whose id begins
 * with it. An exact id comes first. At most 50; for "" the first ones.
 */
export function findPeople(world: World, query: string): PersonPlace[] {
  const words = wordsOf(query);
  const exact = world.places.get(Number(query));
  const found = new Set<PersonPlace>(exact instanceof PersonPlace ? [exact] : []);
  for (const place of world.places.values()) {
    if (found.size >= FOUND) break;
    if (place instanceof PersonPlace && fits(place, words)) found.add(place);
  }
  return [...found];
}

function fits({ user }: PersonPlace, words: readonly string[]): boolean {
  const { id, first_name, last_name = "", username = "" } = user;
  return matches(words, `${first_name} ${last_name} @${username}`, id);
}
