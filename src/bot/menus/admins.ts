import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import { findPerson } from "../../audience/recipient.ts";
import { listAdmins, removeAdmin } from "../../campaign/admins.ts";
import { hideCommands } from "../commands/menu.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { editTapped } from "../edit.ts";

/** /admins, for owners: who may send, with a button to remove each, and one to add. */
export function adminsScreen(deps: BotDeps): Composer<HeraldContext> {
  const menu = new Menu<HeraldContext>("admins", {
    autoAnswer: false,
    async onMenuOutdated(ctx) {
      await ctx.answerCallbackQuery({ text: ctx.t("list-outdated") });
      await editTapped(ctx, await list(deps, ctx), menu);
    },
  }).dynamic(async (ctx, range) => {
    for (const { userId, name } of await listAdmins(deps.scope))
      range
        .text({ text: ctx.t("admins-remove", { name }), payload: String(userId) }, async (ctx) => {
          const removed = await removeAdmin(deps.scope, userId, ctx.from.id);
          if (removed) {
            await hideCommands(ctx.api, userId);
            deps.log.info({ admin: userId, by: ctx.from.id }, "admin removed");
          }
          await ctx.answerCallbackQuery({ text: ctx.t("admins-removed", { name }) });
          await editTapped(ctx, await list(deps, ctx), menu);
        })
        .row();
    range.text(ctx.t("admins-add"), async (ctx) => {
      await ctx.conversation.exitAll();
      await ctx.conversation.enter("addAdmin");
    });
  });

  const composer = new Composer<HeraldContext>();
  composer.use(menu);
  composer.command("admins", async (ctx) => {
    await ctx.reply(await list(deps, ctx), { reply_markup: menu });
  });
  return composer;
}

async function list({ scope, ownerIds }: BotDeps, ctx: HeraldContext): Promise<string> {
  const names: string[] = [];
  for (const id of ownerIds) names.push(`${await nameOf({ scope }, id)} (${id})`);
  const admins = (await listAdmins(scope)).map(({ name, userId }) => `${name} (${userId})`);
  return ctx.t("admins-list", {
    owners: names.join(", "),
    admins: admins.length > 0 ? admins.join(", ") : ctx.t("admins-none"),
  });
}

/** A person's name as far as the bot knows it; else their id. */
export async function nameOf({ scope }: Pick<BotDeps, "scope">, userId: number): Promise<string> {
  const person = await findPerson(scope, userId);
  const name = [person?.firstName, person?.lastName].filter(Boolean).join(" ");
  return name || String(userId);
}
