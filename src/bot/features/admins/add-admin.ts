import { type Middleware, Keyboard } from "grammy";
import { languageOf } from "../../../audience/recipients.ts";
import { addAdmin, nameOf } from "../../../access/admins.ts";
import { fullName } from "../../../person-name.ts";
import { COMMANDS, showCommands } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { severalBots } from "../../ui/sending-bots.ts";
import { localeFor } from "../../ui/words.ts";

/** The request id, which Telegram returns with the answer. There is only one kind of request here. */
const REQUEST = 1;

/** Asks an owner whom to make an admin: picked in Telegram, by a forwarded message, or by id. */
export function addAdminDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("addAdmin", async (dialog) => {
    await dialog.act(ask);
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command, the owner is doing something else, and a number typed later must not appoint an admin.
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (!ctx.message) await dialog.passOn();
      done = await dialog.act((ctx) => take(deps, ctx));
    }
  });
}

async function ask(ctx: HeraldContext): Promise<void> {
  const keyboard = new Keyboard()
    .requestUsers(ctx.t("admins-choose"), REQUEST, { user_is_bot: false, request_name: true })
    .oneTime()
    .resized();
  await ctx.reply(ctx.t("admins-ask"), { reply_markup: keyboard });
}

/** Resolves with true if an admin was appointed. Anything that is not a person is answered, and the dialog keeps waiting. */
async function take(deps: BotDeps, ctx: HeraldContext): Promise<boolean> {
  const { message, t } = ctx;
  const shared = message?.users_shared?.users[0];
  const origin = message?.forward_origin;
  const typed = /^\d{1,15}$/.exec(message?.text?.trim() ?? "")?.[0];
  if (shared) return named(deps, ctx, shared.user_id, fullName(shared.first_name, shared.last_name));
  if (origin?.type === "user")
    return named(
      deps,
      ctx,
      origin.sender_user.id,
      fullName(origin.sender_user.first_name, origin.sender_user.last_name),
    );
  if (typed && Number(typed) > 0) return named(deps, ctx, Number(typed), null);
  await ctx.reply(t(origin ? "admins-hidden" : "admins-not-an-id"));
  return false;
}

async function named(
  deps: BotDeps,
  ctx: HeraldContext,
  userId: number,
  given: string | null,
): Promise<boolean> {
  const { scope, log, ownerIds, translator } = deps;
  const name = given ?? (await nameOf(deps.scope, userId));
  const addedBy = ctx.from?.id ?? 0;
  const added = !ownerIds.includes(userId) && (await addAdmin(scope, ctx.actor, { userId, name }));
  if (added) {
    log.info({ admin: userId, by: addedBy }, "admin added");
    await showCommands(deps, ctx.api, userId, false);
    const theirs = translator(localeFor(await languageOf(deps.own, userId)));
    // People who never started the bot cannot be told; they learn it at /start.
    await ctx.api
      .sendMessage(userId, theirs("admin-welcome"))
      .catch(() => log.debug({ admin: userId }, "not told"));
  }
  const said = [ctx.t(added ? "admins-added" : "admins-already", { name })];
  if (added && (await severalBots(scope)).length > 0) said.push(ctx.t("admins-added-all-bots"));
  await ctx.reply(said.join("\n"), { reply_markup: { remove_keyboard: true } });
  return true;
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    addAdmin: undefined;
  }
}
