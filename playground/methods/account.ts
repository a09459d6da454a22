import type { BotCommand, BotCommandScope, Update, WebhookInfo } from "@grammyjs/types";
import { isRecord, Params } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";
import type { Answer } from "../shared/answer.ts";
import type { Call, Method } from "./call.ts";

export function getUpdates(call: Call): Update[] | Promise<Update[]> {
  const { params, bot, signal } = call;
  const limit = Math.min(Math.max(params.integer("limit") ?? 100, 1), 100);
  // The Bot API server holds a poll for at most 50 seconds.
  const timeout = Math.min(params.number("timeout") ?? 0, 50);
  const allowed = params.list("allowed_updates")?.map(String);
  return bot.poll(params.integer("offset"), limit, timeout, allowed, signal);
}

export function getWebhookInfo({ bot }: Call): WebhookInfo {
  const { secret: _, ...webhook } = bot.webhook ?? { url: "" };
  const error = bot.webhookError;
  return {
    ...webhook,
    ...(error && { last_error_date: error.date, last_error_message: error.message }),
    has_custom_certificate: false,
    pending_update_count: bot.pending,
    ...(bot.allowed && { allowed_updates: bot.allowed as NonNullable<WebhookInfo["allowed_updates"]> }),
  };
}

/** A documentation address (RFC 5737); nothing is resolved. */
const SOMEWHERE = "203.0.113.10";
const WEBHOOK_PORTS = new Set(["", "443", "80", "88", "8443"]);

/** Accepts what Telegram accepts; a local Bot API server (`--local`) also http and any port. */
export function setWebhook(call: Call): true {
  const { params, bot, world } = call;
  const given = params.text("url") ?? "";
  if (given === "") return deleteWebhook(call);
  const address = given.includes("://") ? given : `https://${given}`;
  if (!URL.canParse(address) || !/^https?:/i.test(address)) throw badRequest("invalid webhook URL specified");
  const { protocol, port } = new URL(address);
  if (protocol === "http:" && !world.isLocal)
    throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  if (!WEBHOOK_PORTS.has(port) && !world.isLocal)
    throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
  const secret = params.text("secret_token") ?? "";
  if (!/^[\w-]{0,256}$/.test(secret)) throw badRequest("secret token contains unallowed characters");
  if (params.flag("drop_pending_updates")) bot.dropPending();
  const webhook = {
    url: given,
    max_connections: Math.min(Math.max(params.integer("max_connections") ?? 40, 1), 100),
    ip_address: params.text("ip_address") ?? SOMEWHERE,
    ...(secret !== "" && { secret }),
  };
  bot.setWebhook(webhook, params.list("allowed_updates")?.map(String));
  return true;
}

export function deleteWebhook({ params, bot }: Call): true {
  bot.setWebhook(undefined);
  if (params.flag("drop_pending_updates")) bot.dropPending();
  return true;
}

/** A query can be answered once; later answers and unknown queries are "too old". */
export function answerCallbackQuery(call: Call): true {
  const { params, world } = call;
  const id = params.text("callback_query_id") ?? "";
  const text = params.text("text");
  if (text !== undefined && text.length > 200) throw badRequest("MESSAGE_TOO_LONG");
  const answered = world.queries.get(id);
  if (answered === undefined) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  world.queries.delete(id);
  const url = params.text("url");
  const answer: Answer = {
    ...(text !== undefined && text !== "" && { text }),
    ...(params.flag("show_alert") && { show_alert: true }),
    ...(url !== undefined && { url }),
  };
  answered(answer);
  return true;
}

export function setMyCommands(call: Call): true {
  const { params, world } = call;
  const list = params.list("commands");
  if (list === undefined) throw badRequest('parameter "commands" is required');
  if (list.length > 100) throw badRequest("too many commands");
  const commands = list.map((command) => readCommand(command));
  const [scope, languageCode] = scopeOf(params);
  const key = commandsKey(scope, languageCode);
  if (commands.length === 0) world.commands.delete(key);
  else world.commands.set(key, { scope, languageCode, commands });
  touchMenu(call, scope);
  return true;
}

function readCommand(value: unknown): BotCommand {
  if (!isRecord(value)) throw badRequest("can't parse BotCommand: expected an Object");
  const fields = new Params(value);
  const command = (fields.text("command") ?? "").replace(/^\//, "");
  const description = (fields.text("description") ?? "").trim();
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
  if (description === "" || description.length > 256) throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  return { command, description };
}

export function getMyCommands(call: Call): BotCommand[] {
  const [scope, languageCode] = scopeOf(call.params);
  return call.world.commands.get(commandsKey(scope, languageCode))?.commands ?? [];
}

export function deleteMyCommands(call: Call): true {
  const [scope, languageCode] = scopeOf(call.params);
  call.world.commands.delete(commandsKey(scope, languageCode));
  touchMenu(call, scope);
  return true;
}

/** Tells the page that the menu of one chat has changed. Wider scopes show with each chat's next change. */
function touchMenu({ world }: Call, scope: BotCommandScope): void {
  const place = "chat_id" in scope ? world.find(scope.chat_id) : undefined;
  if (place !== undefined) world.touch(place);
}

function scopeOf(params: Params): [scope: BotCommandScope, languageCode: string] {
  const scope = params.json("scope");
  // Scopes are only compared and returned.
  const known = isRecord(scope) ? (scope as unknown as BotCommandScope) : ({ type: "default" } as const);
  return [known, params.text("language_code") ?? ""];
}

function commandsKey(scope: BotCommandScope, languageCode: string): string {
  const place = "chat_id" in scope ? scope.chat_id : "";
  const user = "user_id" in scope ? scope.user_id : "";
  return `${scope.type}|${place}|${user}|${languageCode}`;
}

/** setMyName, setMyDescription, setMyShortDescription: stored per language. */
export function setProfile(field: string): Method {
  return (call) => {
    call.world.profile.set(profileKey(call, field), call.params.text(field) ?? "");
    return true;
  };
}

export function getProfile(field: string, fallback: (call: Call) => string): Method {
  return (call) => ({ [field]: call.world.profile.get(profileKey(call, field)) ?? fallback(call) });
}

function profileKey(call: Call, field: string): string {
  return `${call.bot.id}|${field}|${call.params.text("language_code") ?? ""}`;
}
