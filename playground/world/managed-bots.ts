import { randomBytes } from "node:crypto";
import type { User } from "@grammyjs/types";
import type { Bot, BotFacts } from "./bot.ts";
import type { World } from "./world.ts";

/* Bots that another bot manages (Bot API 9.6): it may fetch their tokens and replace them. */

/** Who made a managed bot, and which bot manages it. */
export interface Management {
  manager: number;
  owner: User;
}

/** Above the ids that tests and the demo give to people and bots. */
const FIRST_ID = 7_000_000_000;

/** As @BotFather makes them: 35 characters after the colon. */
function newToken(id: number): string {
  return `${id}:AAH${randomBytes(24).toString("base64url")}`;
}

/** Makes a bot for a person, and tells its manager. Throws what Telegram's apps say of an unfit username. */
export function createManagedBot(world: World, manager: Bot, owner: User, facts: Required<BotFacts>): Bot {
  if (!manager.managesBots) throw new Error(`@${manager.me.username} may not manage bots.`);
  const { name, username } = facts;
  if (name.trim() === "") throw new Error("The bot needs a name.");
  if (!/^[a-z]\w{1,28}bot$/i.test(username))
    throw new Error("A bot's username has 5 to 32 Latin letters, digits and underscores, and ends in “bot”.");
  const isTaken = [...world.bots.values()].some(
    ({ me }) => me.username.toLowerCase() === username.toLowerCase(),
  );
  if (isTaken || world.find(`@${username}`) !== undefined) throw new Error("This username is taken.");
  const bot = world.bot(newToken(FIRST_ID + world.nextId()), facts);
  world.managed.set(bot.id, { manager: manager.id, owner });
  tellManager(world, bot);
  return bot;
}

/** Gives a bot another token. The old one is refused at once, also to a getUpdates that waits. Tells its manager. */
export function replaceToken(world: World, bot: Bot): string {
  const old = bot.token;
  const token = newToken(bot.id);
  world.bots.delete(old);
  world.bots.set(token, bot);
  bot.changeToken(token);
  // Unknown tokens are taken for new bots.
  world.bot(old, { username: bot.me.username, name: bot.me.first_name }).revoke();
  tellManager(world, bot);
  return token;
}

function tellManager(world: World, bot: Bot): void {
  const management = world.managed.get(bot.id);
  if (management === undefined) return;
  world.botById(management.manager)?.push({ managed_bot: { user: management.owner, bot: bot.user } });
}
