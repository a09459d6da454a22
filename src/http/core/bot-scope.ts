import { findBotCalled } from "../../campaign/home-bots.ts";
import { type HomeScope, type Scope, ownScope, scopeOf } from "../../db/scope.ts";
import { nameOfSender } from "../../senders/sender.ts";
import { listSenders } from "../../senders/sender-store.ts";
import { Problem, invalidRequest } from "./problem.ts";

/** A bot as a request names it: by its id or its @username. */
export type NamedBot = string | number;

/** Where a request names a bot, for the problem that it does not exist. */
export type Place = { parameter: string } | { pointer: string };

export const IN_QUERY: Place = { parameter: "bot" };
export const IN_BODY: Place = { pointer: "/bot" };

/** A problem names so many bots; GET /v1/bots has all of them. */
const MOST_NAMED = 10;

/**
 * The scope of the bot that a request names, or else of the home's own.
 * @throws Problem 422 if the home has no such bot
 */
export async function botScope(home: HomeScope, bot: NamedBot | undefined, place = IN_QUERY): Promise<Scope> {
  return bot === undefined ? ownScope(home) : scopeOf(home, { botId: await botNamed(home, bot, place) });
}

/**
 * The id of the bot to which a request narrows a list; undefined if it names none.
 * @throws Problem 422 if the home has no such bot
 */
export async function botFilter(home: HomeScope, bot: NamedBot | undefined): Promise<number | undefined> {
  return bot === undefined ? undefined : botNamed(home, bot, IN_QUERY);
}

/** @throws Problem 422 that names the bots there are */
export async function botNamed(home: HomeScope, bot: NamedBot, place: Place): Promise<number> {
  const botId = await findBotCalled(home, String(bot));
  if (botId !== null) return botId;
  throw invalidRequest([{ ...place, detail: await noSuchBot(home, bot) }]);
}

/** For a path that names a bot that the home does not have. */
export async function unknownBot(home: HomeScope, bot: NamedBot): Promise<Problem> {
  return new Problem(404, "not-found", await noSuchBot(home, bot));
}

/** "There is no bot @shap_bot here. There are @herald_bot (1) and @shop_bot (2)." */
async function noSuchBot(home: HomeScope, bot: NamedBot): Promise<string> {
  const senders = await listSenders(home);
  const names = senders.slice(0, MOST_NAMED).map(nameOfSender);
  const more = senders.length > MOST_NAMED ? ["others: GET /v1/bots lists them"] : [];
  const all = [...names, ...more];
  const known = all.length > 1 ? `There are ${all.slice(0, -1).join(", ")} and ${all.at(-1)}` : null;
  return `There is no bot ${bot} here. ${known ?? `There is only ${all[0] ?? "the home's own"}`}.`;
}
