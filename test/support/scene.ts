import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { Config } from "../../src/config.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import type { Surroundings } from "../../src/app.ts";
import { cardOf, ownerOf, register, until } from "./broadcast.ts";
import { copiesOf } from "./counts.ts";
import { emptyLocation, freshLocation } from "./database.ts";
import { type Running, localTelegram, running } from "./herald.ts";
import { range } from "./seed.ts";
import { en } from "./words.ts";

/** The id of the first person in a scene. */
export const FIRST = 100_000;

/** Matches a text campaign's calls to the people, but none to the owner. */
export const toPeople = { method: "sendMessage", chat: (id: number) => id >= FIRST } as const;

export interface Scene {
  telegram: Telegram;
  owner: Person;
  database: DatabaseLocation;
  herald: Running;
  /** The ids of the people. */
  people: number[];
}

export interface SceneOptions extends Surroundings {
  /** Messages per second; default 100. */
  rate?: number;
  config?: Partial<Config>;
}

/** A Telegram without limits, the owner, and `count` people on the list of a bot that is not running yet. */
export async function stage(count: number, location?: DatabaseLocation): Promise<Omit<Scene, "herald">> {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  telegram.people(count, { firstId: FIRST });
  const database = location ?? (await freshLocation());
  const people = range(FIRST, FIRST + count - 1);
  await register(database, people);
  return { telegram, owner, database, people };
}

/** A running bot with `count` people, and a Telegram without limits. The owner is not one of the people. */
export async function scene(count: number, options: SceneOptions = {}): Promise<Scene> {
  const { rate = 100, config, ...surroundings } = options;
  const { telegram, owner, database, people } = await stage(
    count,
    config?.database ?? (await emptyLocation()),
  );
  const herald = await running(telegram, { database, messagesPerSecond: rate, ...config }, surroundings);
  await standsAside(owner);
  return { telegram, owner, database, herald, people };
}

/** Takes the owner off the list, so that campaigns go only to the people. */
export async function standsAside(owner: Person): Promise<void> {
  await owner.sends("/stop");
  await owner.sees(en("stop-done"));
}

/** Which of the people have the post, and how many copies. */
export function copiesAmongPeople(telegram: Telegram, text: string): [number, number][] {
  return [...copiesOf(telegram, text)].filter(([chat]) => chat >= FIRST);
}

/** Waits until the campaign's card matches. */
export function shows(owner: Person, pattern: RegExp, id = 1, withinMs = 15_000): Promise<void> {
  return until(() => pattern.test(cardOf(owner, id)?.text ?? ""), withinMs);
}

/** Waits until calls in flight at a pause are settled; a refusal among them would pause the campaign again. */
export const stragglers = () => new Promise((resolve) => setTimeout(resolve, 500));

/** The id of the card's message, for taps: newer messages may have buttons with the same label. */
export function idOf(owner: Person, text = /^Campaign #1 ·/): number {
  return owner.holds.findLast((message) => text.test(message.text ?? ""))?.message_id ?? 0;
}
