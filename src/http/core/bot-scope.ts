import { findBotCalled } from "../../campaign/home-bots.ts";
import { type HomeScope, type Scope, scopeOf } from "../../db/scope.ts";
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
 * The scope of the bot that a request names, or else of the one that is meant without a name.
 * @throws Problem 422 if the home has no such bot, or one has to be named
 */
export async function botScope(home: HomeScope, bot: NamedBot | undefined, place = IN_QUERY): Promise<Scope> {
  const botId = bot === undefined ? await usualBot(home, place) : await botNamed(home, bot, place);
  return scopeOf(home, { botId });
}

/**
 * The bot that is meant where a request names none: the home's own or, for a key that may not use that, its only one.
 * @throws Problem 422 if the key may use several others, or none
 */
export async function usualBot(home: HomeScope, place: Place): Promise<number> {
  const { homeId, only = [homeId] } = home;
  if (only.includes(homeId)) return homeId;
  const [botId, another] = only;
  if (botId !== undefined && another === undefined) return botId;
  const toDo = botId === undefined ? "" : "Name a bot. ";
  throw invalidRequest([{ ...place, detail: `${toDo}${await botsThereAre(home)}` }]);
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

/** The ids of the bots that a body names as `bots`. @throws Problem 422 that names the bots there are */
export async function botsNamed(home: HomeScope, bots: readonly NamedBot[]): Promise<number[]> {
  const ids: number[] = [];
  for (const [index, bot] of bots.entries())
    ids.push(await botNamed(home, bot, { pointer: `/bots/${index}` }));
  return ids;
}

/** The scope of the bot that a path names. @throws Problem 404 that names the bots there are */
export async function scopeInPath(home: HomeScope, bot: NamedBot): Promise<Scope> {
  const botId = await findBotCalled(home, String(bot));
  if (botId === null) throw await unknownBot(home, bot);
  return scopeOf(home, { botId });
}

/** For a path that names a bot that the home does not have. */
export async function unknownBot(home: HomeScope, bot: NamedBot): Promise<Problem> {
  return new Problem(404, "not-found", await noSuchBot(home, bot));
}

/** "There is no bot @shap_bot here. There are @herald_bot (1) and @shop_bot (2)." */
async function noSuchBot(home: HomeScope, bot: NamedBot): Promise<string> {
  return `There is no bot ${bot} here. ${await botsThereAre(home)}`;
}

/** "There are @herald_bot (1) and @shop_bot (2)." As far as the key may know. */
async function botsThereAre(home: HomeScope): Promise<string> {
  if (home.only?.length === 0) return "This key may use no bot; an owner changes that with /keys.";
  const senders = await listSenders(home);
  const names = senders.slice(0, MOST_NAMED).map(nameOfSender);
  const more = senders.length > MOST_NAMED ? ["others: GET /v1/bots lists them"] : [];
  const all = [...names, ...more];
  return all.length > 1
    ? `There are ${all.slice(0, -1).join(", ")} and ${all.at(-1)}.`
    : `There is only ${all[0] ?? "the home's own"}.`;
}
