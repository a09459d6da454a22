import type { Bot } from "../world/bot.ts";
import { replaceToken } from "../world/managed-bots.ts";
import { badRequest } from "../wire/refusal.ts";
import type { Call } from "./call.ts";

export function getManagedBotToken(call: Call): string {
  return managedBot(call).token;
}

export function replaceManagedBotToken(call: Call): string {
  return replaceToken(call.world, managedBot(call));
}

/** The bot that the call names, if the caller manages it. The words of the refusal are a guess. */
function managedBot({ world, bot, params }: Call): Bot {
  const id = params.integer("user_id");
  const named = id === undefined ? undefined : world.botById(id);
  if (named === undefined) throw badRequest("user not found");
  if (world.managed.get(named.id)?.manager !== bot.id) throw badRequest("BOT_INVALID");
  return named;
}
