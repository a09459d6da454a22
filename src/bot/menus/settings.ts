import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import { type Settings, getSettings, saveSettings } from "../../campaign/settings.ts";
import { DAYTIME, type Window } from "../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { editTapped } from "../edit.ts";
import { describeWindow } from "../times.ts";

/** `/settings`: what is so for all new campaigns, a line each, with buttons that change it. */
export function settingsScreen(deps: BotDeps): Composer<HeraldContext> {
  const menu = new Menu<HeraldContext>("settings", {
    autoAnswer: false, // every tap is answered in taps.ts
    async onMenuOutdated(ctx) {
      await ctx.answerCallbackQuery({ text: ctx.t("settings-outdated") });
      await editTapped(ctx, await settingsText(deps, ctx), menu);
    },
  });
  const saves = (change: (ctx: HeraldContext) => Partial<Settings>) => async (ctx: HeraldContext) => {
    await saveSettings(deps.scope, change(ctx), ctx.from?.id ?? 0);
    await ctx.answerCallbackQuery({ text: ctx.t("settings-saved") });
    await editTapped(ctx, await settingsText(deps, ctx), menu);
  };

  menu
    .text(
      (ctx) => ctx.t("settings-any"),
      saves(() => ({ window: null })),
    )
    .text(
      (ctx) => ctx.t("settings-day"),
      saves(({ timezone }) => ({ window: { zone: timezone, ...DAYTIME } })),
    )
    .row()
    .text(
      (ctx) => ctx.t("settings-other"),
      async (ctx) => {
        await ctx.conversation.exitAll();
        await ctx.conversation.enter("hours");
      },
    );

  const composer = new Composer<HeraldContext>();
  composer.use(menu);
  composer.command("settings", async (ctx) => {
    await ctx.reply(await settingsText(deps, ctx), { reply_markup: menu });
  });
  return composer;
}

/** The settings as they are, a line each. */
export async function settingsText({ scope }: BotDeps, ctx: HeraldContext): Promise<string> {
  const { t, timezone } = ctx;
  const { window } = await getSettings(scope);
  return [t("settings-title"), "", hours(ctx, window), t("settings-timezone", { zone: timezone })].join("\n");
}

/** Hours are read by the clocks of the zone in which they were set, whoever looks at them. */
function hours({ t, locale }: HeraldContext, window: Window | null): string {
  if (!window) return t("settings-any-time");
  const { zone } = window;
  return t("settings-hours", { hours: describeWindow(window, { t, locale, timezone: zone }), zone });
}
