import type { User } from "@grammyjs/types";
import { GroupPlace, PersonPlace } from "../world/places.ts";
import type { World } from "../world/world.ts";
import { Group, type GroupFacts } from "./group.ts";
import { Person } from "./person.ts";

export interface PersonFacts {
  /** Default: the next free id. */
  id?: number;
  firstName?: string;
  lastName?: string;
  username?: string;
  languageCode?: string;
  isPremium?: boolean;
  /** Whether they have written to the bot before, so that it may write to them. Default false. */
  started?: boolean;
  /** The id of the bot that they talk to. Default: the first bot seen. */
  bot?: number;
}

export interface PeopleOptions {
  /** Default 100,000. */
  firstId?: number;
  /** Default true. */
  started?: boolean;
  languageCode?: (index: number) => string | undefined;
  /** The id of the bot that they talk to. Default: the first bot seen. */
  bot?: number;
}

/** Makes people and groups, and gives a driver for those that exist already. */
export class Population {
  readonly #world: World;
  #nextPerson = 1001;
  #nextGroup = -1_001_000_000_001;

  constructor(world: World) {
    this.#world = world;
  }

  person(facts: PersonFacts): Person {
    const known = facts.id === undefined ? undefined : this.#world.places.get(facts.id);
    if (known instanceof PersonPlace) {
      if (facts.started === true) known.started = true;
      return new Person(this.#world, known);
    }
    const id = facts.id ?? this.#freeId();
    const user: User = { id, is_bot: false, first_name: facts.firstName ?? `Person ${id}` };
    if (facts.lastName !== undefined) user.last_name = facts.lastName;
    if (facts.username !== undefined) user.username = facts.username;
    if (facts.languageCode !== undefined) user.language_code = facts.languageCode;
    if (facts.isPremium === true) user.is_premium = true;
    const place = this.#world.addPerson(user, facts.started ?? false);
    place.botId = facts.bot;
    return new Person(this.#world, place);
  }

  people(count: number, options: PeopleOptions): Person[] {
    const { firstId = 100_000, started = true, languageCode, bot } = options;
    const people: Person[] = [];
    for (let index = 0; index < count; index += 1) {
      const code = languageCode?.(index);
      people.push(
        this.person({
          id: firstId + index,
          started,
          ...(code !== undefined && { languageCode: code }),
          ...(bot !== undefined && { bot }),
        }),
      );
    }
    return people;
  }

  group(facts: GroupFacts): Group {
    const id = facts.id ?? this.#nextGroup;
    if (facts.id === undefined) this.#nextGroup -= 1;
    const known = this.#world.places.get(id);
    return known instanceof GroupPlace
      ? new Group(this.#world, known)
      : Group.founded(this.#world, facts, id);
  }

  #freeId(): number {
    while (this.#world.places.has(this.#nextPerson)) this.#nextPerson += 1;
    return this.#nextPerson++;
  }
}
