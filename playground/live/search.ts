import { PersonPlace } from "../places.ts";
import type { World } from "../world.ts";

const FOUND = 50;

/**
 * People in whose name or @username each word of the query stands anywhere, in any case and with or without marks, or
 * whose id begins with it; the one with exactly this id first. At most 50, for "" the first ones.
 */
export function findPeople(world: World, query: string): PersonPlace[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const exact = world.places.get(Number(query));
  const found = new Set<PersonPlace>(exact instanceof PersonPlace ? [exact] : []);
  for (const place of world.places.values()) {
    if (found.size >= FOUND) break;
    if (place instanceof PersonPlace && matches(place, words)) found.add(place);
  }
  return [...found];
}

function matches({ user }: PersonPlace, words: string[]): boolean {
  const { id, first_name, last_name = "", username = "" } = user;
  const searched = plain(`${first_name} ${last_name} @${username}`);
  return words.every((word) => searched.includes(word) || String(id).startsWith(word));
}

/** In small letters and without marks: "Müller" is found by "muller", "Семёнова" by "семенова". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
