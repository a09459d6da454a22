import type { Person } from "../../playground/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { Config } from "../../src/config.ts";
import type { DatabaseLocation } from "../../src/db/connect.ts";
import type { Surroundings } from "../../src/herald.ts";
import { cardOf, copiesOf, ownerOf, register, until } from "./broadcast.ts";
import { emptyLocation, freshLocation } from "./database.ts";
import { type Running, localTelegram, running } from "./herald.ts";
import { range } from "./seed.ts";

/** The first of the people in a scene. */
export const FIRST = 100_000;

/** The calls of a campaign that is a text; what the owner is sent stays whole. */
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
  /** Messages a second; default 100. */
  rate?: number;
  config?: Partial<Config>;
}

/** A Telegram without limits, its owner, and `count` people on the list of a bot that does not run yet. */
export async function stage(count: number, location?: DatabaseLocation): Promise<Omit<Scene, "herald">> {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  telegram.people(count, { firstId: FIRST });
  const database = location ?? (await freshLocation());
  const people = range(FIRST, FIRST + count - 1);
  await register(database, people);
  return { telegram, owner, database, people };
}

/** A bot with `count` people and a Telegram without limits; the owner is not one of the people. */
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

/** The owner leaves the list, so that only the people are in a campaign. */
export async function standsAside(owner: Person): Promise<void> {
  await owner.sends("/stop");
  await owner.sees("no more messages");
}

/** Who of the people has the post, and how often. */
export function copiesAmongPeople(telegram: Telegram, text: string): [number, number][] {
  return [...copiesOf(telegram, text)].filter(([chat]) => chat >= FIRST);
}

/** Waits until the card of a campaign matches. */
export function shows(owner: Person, pattern: RegExp, id = 1, withinMs = 15_000): Promise<void> {
  return until(() => pattern.test(cardOf(owner, id)?.text ?? ""), withinMs);
}

/** Calls that were in flight at a pause are settled; a refusal among them would pause it again. */
export const stragglers = () => new Promise((resolve) => setTimeout(resolve, 500));

/** The number of the card's message, for tapping: newer messages may carry buttons of the same name. */
export function idOf(owner: Person, text = /^Campaign #1 ·/): number {
  return owner.holds.findLast((message) => text.test(message.text ?? ""))?.message_id ?? 0;
}
