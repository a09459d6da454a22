import { findBotCalled } from "./campaign/home-bots.ts";
import type { Db } from "./db/connect.ts";
import { type HomeScope, type Scope, homeScope, scopeOf } from "./db/scope.ts";
import { StartError } from "./errors.ts";
import { nameOfSender } from "./senders/sender.ts";
import { listSenders } from "./senders/sender-store.ts";

/**
 * The scope of the bot that a command line names; null is the home's own. `outcome` ends the sentence of a refusal.
 * @throws StartError that names the bots there are
 */
export async function scopeOfBot(
  db: Db,
  botToken: string,
  bot: string | null,
  outcome: string,
): Promise<Scope> {
  // The number before the colon of a token is the bot's id.
  const home = homeScope(db, Number(botToken.split(":", 1)[0]));
  const botId = bot === null ? home.homeId : await findBotCalled(home, bot);
  if (botId === null) throw new StartError(await unknownBot(home, bot ?? "", outcome));
  return scopeOf(home, { botId });
}

async function unknownBot(home: HomeScope, bot: string, outcome: string): Promise<string> {
  const known = (await listSenders(home)).map(nameOfSender);
  const there =
    known.length > 0 ? ` There are: ${known.join(", ")}.` : " Start Herald once, and add bots with /bots.";
  return `There is no bot ${bot} here; ${outcome}.${there}`;
}
