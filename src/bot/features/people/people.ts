import { Composer } from "grammy";
import { setOptedOut, setStatus } from "../../../audience/recipients.ts";
import { visibleName } from "../../../person-name.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { createGreet } from "./greet.ts";
import { forgetScreen } from "./forget-screen.ts";
import { languageScreen } from "./language-screen.ts";
import { subscriptionScreen } from "./subscription-screen.ts";
import { showCommands } from "../../ui/command-menu.ts";

/** What everyone can do: join, leave, change the language, choose what they get, be forgotten. */
export function peopleCommands(deps: CrowdDeps): Composer<HeraldContext> {
  const { own, log, homeUsername } = deps;
  const greet = createGreet(deps);
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
    const isBack = await setOptedOut(own, ctx.from.id, false);
    if (!ctx.isAdmin || homeUsername !== null) return greet(ctx, isBack);
    await ctx.reply(ctx.t("start-admin", { name: visibleName(ctx.from.first_name) ?? "none" }));
    await showCommands(deps, ctx.api, ctx.from.id, ctx.isOwner);
  });

  people.command("stop", async (ctx) => {
    const gone = await setOptedOut(own, ctx.from.id, true);
    await ctx.answer(() => ctx.reply(ctx.t(gone ? "stop-done" : "stop-already")));
  });

  people.use(languageScreen(deps));
  composer.use(subscriptionScreen(deps));
  people.use(forgetScreen(deps));

  return composer;
}
