import { countEveryone } from "../audience/segment/audience.ts";
import type { Campaign } from "../campaign/campaign.ts";
import { mustBeTyped } from "../campaign/confirmation.ts";
import { listOpen } from "../campaign/queries.ts";
import { countLists } from "../campaign/search.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import type { Sender } from "./sender.ts";

/** What goes with a sender that is removed. */
export interface Loss {
  /** All whom Herald knows, those included whom it cannot reach. */
  people: number;
  /** Those that are confirmed; drafts are not counted. */
  campaigns: number;
  /** Those of the campaigns that are scheduled, running or paused, and are cancelled. */
  ending: readonly Campaign[];
}

export async function lossOf(home: HomeScope, botId: number): Promise<Loss> {
  const people = await countKnown(home, botId);
  const { running, scheduled, done } = await countLists(home, botId);
  const campaigns = running + scheduled + done;
  return { people, campaigns, ending: await listOpen(home, botId) };
}

export async function countKnown(home: HomeScope, botId: number): Promise<Loss["people"]> {
  const { reachable, optedOut, unreachable } = await countEveryone(scopeOf(home, { botId }));
  return reachable + optedOut + unreachable;
}

/** True if the bot's name has to be typed to remove it. `typedFrom` is CONFIRM_TYPED_FROM. */
export function mustNameIt({ people, ending }: Pick<Loss, "people" | "ending">, typedFrom: number): boolean {
  return ending.length > 0 || mustBeTyped(people, typedFrom);
}

/** What has to be typed: "@shop_bot". */
export function nameToType({ username, botId }: Pick<Sender, "username" | "botId">): string {
  return username === null ? String(botId) : `@${username}`;
}

/** With or without the @. */
export function isNamedBy(sender: Pick<Sender, "username" | "botId">, typed: string): boolean {
  return plain(typed) === plain(nameToType(sender));
}

const plain = (name: string) => name.trim().replace(/^@/, "").toLowerCase();
