import { GroupPlace, PersonPlace, type Place } from "../world/places.ts";
import type { Change, World } from "../world/world.ts";
import { peopleWithCommands } from "./commands.ts";

const LISTED = 50;

/**
 * The list of chats, and how many people there are. Updated with each change: scanning a million people four times
 * per second would take a tenth of a processor.
 */
export class Roster {
  readonly #world: World;
  readonly #owner: number;
  readonly #rooms: GroupPlace[] = [];
  /** People who have acted, most recent first. */
  #recent: PersonPlace[] = [];
  /** The lowest ids, ascending. */
  readonly #first: PersonPlace[] = [];
  readonly #blocked = new Set<PersonPlace>();
  #total = 0;

  constructor(world: World, owner: number) {
    this.#world = world;
    this.#owner = owner;
    for (const place of world.places.values()) this.#add(place);
    this.#recent = this.#recent.toSorted((a, b) => (b.actedAt ?? 0) - (a.actedAt ?? 0)).slice(0, LISTED);
    world.observers.add(this.#observe);
  }

  /** The number of people, without the owner. */
  get people(): { total: number; blocked: number } {
    return { total: this.#total, blocked: this.#blocked.size };
  }

  /** The owner, channels, groups, then people: admins first, then by last act. At most 50. */
  get places(): Place[] {
    const owner = this.#world.places.get(this.#owner);
    const [channels, groups] = [true, false].map((wanted) =>
      this.#rooms.filter((room) => (room.chat.type === "channel") === wanted),
    );
    const listed = new Set<Place>([
      ...(owner ? [owner] : []),
      ...(channels ?? []),
      ...(groups ?? []),
      ...peopleWithCommands(this.#world),
      ...this.#recent,
      ...this.#first,
    ]);
    return [...listed].slice(0, LISTED);
  }

  close(): void {
    this.#world.observers.delete(this.#observe);
  }

  readonly #observe = (place: Place, { type }: Change): void => {
    if (type === "added") return this.#add(place);
    if (!(place instanceof PersonPlace) || place.id === this.#owner) return;
    if (type === "acted")
      this.#recent = [place, ...this.#recent.filter((other) => other !== place)].slice(0, LISTED);
    if (type === "touched") this.#note(place);
  };

  #add(place: Place): void {
    if (place instanceof GroupPlace) this.#rooms.push(place);
    if (!(place instanceof PersonPlace) || place.id === this.#owner) return;
    this.#total += 1;
    if (place.actedAt !== null) this.#recent.push(place);
    this.#note(place);
    this.#seat(place);
  }

  #note(place: PersonPlace): void {
    if (place.blocked) this.#blocked.add(place);
    else this.#blocked.delete(place);
  }

  #seat(place: PersonPlace): void {
    const last = this.#first.at(-1);
    if (this.#first.length === LISTED && last !== undefined && last.id < place.id) return;
    const before = this.#first.findIndex((other) => other.id > place.id);
    this.#first.splice(before < 0 ? this.#first.length : before, 0, place);
    this.#first.length = Math.min(this.#first.length, LISTED);
  }
}
