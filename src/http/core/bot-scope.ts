import { isBotOfHome } from "../../campaign/home-bots.ts";
import { type HomeScope, type Scope, ownScope, scopeOf } from "../../db/scope.ts";
import { invalidRequest } from "./problem.ts";

/**
 * The scope of the bot that a request names by the parameter `bot`, or else of the home's own.
 * @throws Problem 422 if the home has no such bot
 */
export async function botScope(home: HomeScope, bot: number | undefined): Promise<Scope> {
  if (bot === undefined) return ownScope(home);
  if (!(await isBotOfHome(home, bot)))
    throw invalidRequest([{ parameter: "bot", detail: `There is no bot ${bot} here.` }]);
  return scopeOf(home, { botId: bot });
}
