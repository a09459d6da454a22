import { Composer, InputFile } from "grammy";
import { eraseRecipient } from "../../../campaign/actions/erase-recipient.ts";
import { knownOfPerson } from "../../../campaign/report/known-of-person.ts";
import { scopeOf } from "../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { allBots } from "../../ui/sending-bots.ts";

/** What confirms it when an admin erases somebody: `/forget 123456789 yes`. */
const FORGET = /^(\d{1,15})(?:\s+(yes|да))?$/i;

/**
 * For owners: `/person 123456789` sends all that the bots know of a person as JSON. For admins: `/forget 123456789` erases a
 * person from the bots that they may use, after they have confirmed it.
 */
export function personFile(deps: BotDeps): Composer<HeraldContext> {
  const { scope, log } = deps;
  const composer = new Composer<HeraldContext>();

  composer
    .filter((ctx) => ctx.isOwner)
    .command("person", async (ctx) => {
      const id = /^\d{1,15}$/.exec(ctx.match.trim())?.[0];
      if (id === undefined) {
        await ctx.reply(ctx.t("person-how"));
        return;
      }
      const bots = await allBots(scope);
      const found = await Promise.all(bots.map((bot) => knownOfPerson(scopeOf(scope, bot), Number(id))));
      const known = found.filter((one) => one !== null);
      if (known.length === 0) {
        await ctx.reply(ctx.t("person-unknown", { id }));
        return;
      }
      log.info({ person: Number(id), by: ctx.from?.id }, "what is known of a person is sent to an owner");
      const file = Buffer.from(`${JSON.stringify(known, null, 2)}\n`);
      await ctx.replyWithDocument(new InputFile(file, `person-${id}.json`), {
        caption: ctx.t("person-caption", { id }),
      });
    });

  composer.command("forget", async (ctx) => {
    const [, id = "", yes] = FORGET.exec(ctx.match.trim()) ?? [];
    if (yes === undefined) {
      await ctx.reply(ctx.t("person-forget-ask", { id }));
      return;
    }
    const erased: string[] = [];
    for (const bot of await allBots(scope))
      if (await eraseRecipient(scopeOf(scope, bot), ctx.actor, Number(id))) erased.push(bot.name);
    // Without the id, which is not to be kept here.
    log.info({ bots: erased.length, by: ctx.from?.id }, "an admin erased a person");
    await ctx.reply(
      erased.length > 0
        ? ctx.t("person-forgotten", { id, bots: erased.join(", ") })
        : ctx.t("person-unknown", { id }),
    );
  });
  return composer;
}

/** True if `/forget` names somebody else. */
export function namesAnother(typed: string): boolean {
  return FORGET.test(typed.trim());
}
