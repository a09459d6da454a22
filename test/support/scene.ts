import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { Config } from "../../src/config.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import type { Surroundings } from "../../src/app.ts";
import { cardOf, ownerOf, register, until, within } from "./broadcast.ts";
import { copiesOf } from "./counts.ts";
import { BOT_ID, freshLocation } from "./database.ts";
import { type Running, localTelegram, running } from "./herald.ts";
import { range } from "./seed.ts";
import { en } from "./words.ts";

/** The id of the first person in a scene. */
export const FIRST = 100_000;

/** Matches a text campaign's calls to the people, but none to the owner. */
export const toPeople = { method: "sendMessage", chat: (id: number) => id >= FIRST } as const;

/** How many people are on the bot's list: English speakers, or so many of each language; null is an unknown one. */
export type Crowd = number | readonly (readonly [language: string | null, count: number])[];

export interface Scene {
  telegram: Telegram;
  owner: Person;
  database: DatabaseLocation;
  herald: Running;
  /** The ids of the people. */
  people: number[];
  /** The ids of those with this language. */
  of: (language: string | null) => number[];
}

export interface SceneOptions extends Surroundings {
  /** Messages per second; default 100. */
  rate?: number;
  config?: Partial<Config>;
  /** Whether campaigns reach the owner, too; default false. */
  ownerStays?: boolean;
  /** Fills the database before Herald starts. */
  prepare?: (scope: Scope) => Promise<unknown>;
}

/** A Telegram without limits, the owner, and people on the list of a bot that is not running yet. */
export async function stage(crowd: Crowd, location?: DatabaseLocation): Promise<Omit<Scene, "herald">> {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const database = location ?? (await freshLocation());
  const ids = new Map<string | null, number[]>();
  let next = FIRST;
  for (const [language, count] of typeof crowd === "number" ? ([["en", crowd]] as const) : crowd) {
    telegram.people(count, { firstId: next });
    ids.set(language, range(next, next + count - 1));
    next += count;
  }
  for (const [language, chats] of ids) await register(database, chats, language);
  const of = (language: string | null) => ids.get(language) ?? [];
  return { telegram, owner, database, people: range(FIRST, next - 1), of };
}

/** A running bot with people on its list, and a Telegram without limits. */
export async function scene(crowd: Crowd, options: SceneOptions = {}): Promise<Scene> {
  const { rate = 100, config, ownerStays = false, prepare, ...surroundings } = options;
  const location = config?.database ?? (await freshLocation());
  const { telegram, owner, database, people, of } = await stage(crowd, location);
  if (prepare) await within(database, ({ db }) => prepare(homeScope(db, BOT_ID)));
  const herald = await running(telegram, { database, messagesPerSecond: rate, ...config }, surroundings);
  if (!ownerStays) await standsAside(owner);
  return { telegram, owner, database, herald, people, of };
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
export function idOf(owner: Person, text = en.opens("card-title", { id: 1 })): number {
  return owner.holds.findLast((message) => text.test(message.text ?? ""))?.message_id ?? 0;
}
