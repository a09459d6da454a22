import { Composer } from "grammy";
import { setOptedOut, setStatus } from "../../../audience/recipients.ts";
import { visibleName } from "../../../person-name.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { languageScreen } from "./language-screen.ts";
import { subscriptionScreen } from "./subscription-screen.ts";
import { showCommands } from "../../ui/command-menu.ts";

/** What everyone can do: join, leave, change the language, choose what they get. */
export function peopleCommands(deps: CrowdDeps): Composer<HeraldContext> {
  const { own, log, homeUsername } = deps;
  const composer = new Composer<HeraldContext>();

  composer.on("my_chat_member").filter(
    (ctx) => ctx.chat.type === "private",
    async (ctx) => {
      const blocked = ctx.myChatMember.new_chat_member.status === "kicked";
      await setStatus(own, ctx.chat.id, blocked ? "blocked" : "active");
      log.debug({ chat: ctx.chat.id, blocked }, "a person blocked or unblocked the bot");
    },
  );

  const people = composer.chatType("private");

  people.command("start", async (ctx) => {
    const back = await setOptedOut(own, ctx.from.id, false);
    const isAdmin = ctx.isAdmin && homeUsername === null;
    const key = isAdmin ? "start-admin" : back ? "start-again" : "start-person";
    const text = ctx.t(key, { name: visibleName(ctx.from.first_name) ?? "none" });
    await ctx.answer(() => ctx.reply(text));
    if (isAdmin) await showCommands(deps, ctx.api, ctx.from.id, ctx.isOwner);
  });

  people.command("stop", async (ctx) => {
    const gone = await setOptedOut(own, ctx.from.id, true);
    await ctx.answer(() => ctx.reply(ctx.t(gone ? "stop-done" : "stop-already")));
  });

  people.use(languageScreen(deps));
  composer.use(subscriptionScreen(deps));

  return composer;
}
