import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import { type Settings, getSettings, saveSettings } from "../../campaign/settings.ts";
import type { PostOptions } from "../../content/content.ts";
import { DAYTIME, type Window } from "../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { LIFETIMES, lifetimeLabel, switchLabel, switched } from "../dialogs/composer/options.ts";
import { editTapped } from "../edit.ts";
import { type Switch, SWITCHES, describeOptions } from "../summary.ts";
import { describeWindow } from "../times.ts";

/** `/settings`: what is so for all new campaigns, a line each, with buttons that change it. */
export function settingsScreen(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.use(settingsMenu(deps));
  composer.command("settings", (ctx) => replyWithSettings(deps, ctx));
  return composer;
}

/** Sends the settings with their buttons. A dialog has its turn before the menu, so it is drawn here by one of its own. */
export async function replyWithSettings(deps: BotDeps, ctx: HeraldContext): Promise<void> {
  const menu = settingsMenu(deps);
  await menu.middleware()(ctx, async () => {
    await ctx.reply(await settingsText(deps, ctx), { reply_markup: menu });
  });
}

function settingsMenu(deps: BotDeps): Menu<HeraldContext> {
  const menu = new Menu<HeraldContext>("settings", {
    autoAnswer: false, // every tap is answered in taps.ts
    async onMenuOutdated(ctx) {
      await ctx.answerCallbackQuery({ text: ctx.t("settings-outdated") });
      await showSettings(ctx);
    },
  });
  const showSettings = async (ctx: HeraldContext) => editTapped(ctx, await settingsText(deps, ctx), menu);
  const saves = (change: (ctx: HeraldContext) => Partial<Settings>) => async (ctx: HeraldContext) => {
    await saveSettings(deps.scope, change(ctx), ctx.from?.id ?? 0);
    await ctx.answerCallbackQuery({ text: ctx.t("settings-saved") });
    await showSettings(ctx);
  };
  const options = optionsMenu(deps, showSettings);

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
    )
    .row()
    .text(
      (ctx) => ctx.t("settings-to-options"),
      async (ctx) => editTapped(ctx, await optionsText(deps, ctx), options),
    );
  menu.register(options);
  return menu;
}

/** How the posts of new campaigns are sent. A post's own effect, and whether it is forwarded, are not for all. */
function optionsMenu(deps: BotDeps, goBack: (ctx: HeraldContext) => Promise<void>): Menu<HeraldContext> {
  const { scope } = deps;
  const offered: readonly Switch[] = SWITCHES.filter((which) => which !== "forward");
  const outdated = {
    autoAnswer: false,
    async onMenuOutdated(ctx: HeraldContext) {
      await ctx.answerCallbackQuery({ text: ctx.t("settings-outdated") });
      await editTapped(ctx, await optionsText(deps, ctx), menu);
    },
  };
  const menu = new Menu<HeraldContext>("settings-options", outdated);
  const saves = (change: (options: PostOptions) => PostOptions) => async (ctx: HeraldContext) => {
    const { options = {} } = await getSettings(scope);
    await saveSettings(scope, { options: change(options) }, ctx.from?.id ?? 0);
    await ctx.answerCallbackQuery({ text: ctx.t("settings-saved") });
    await editTapped(ctx, await optionsText(deps, ctx), menu);
  };

  const lifetimes = new Menu<HeraldContext>("settings-lifetime", outdated);
  for (const hours of LIFETIMES)
    lifetimes.text(
      (ctx) => ctx.t("option-hours", { hours }),
      saves((options) => ({ ...options, deleteAfterHours: hours })),
    );
  lifetimes
    .row()
    .text(
      (ctx) => ctx.t("option-never"),
      saves((options) => {
        const { deleteAfterHours: _, ...others } = options;
        return others;
      }),
    )
    .text(
      (ctx) => ctx.t("button-back"),
      async (ctx) => editTapped(ctx, await optionsText(deps, ctx), menu),
    );

  menu.dynamic(async (ctx, range) => {
    const { options = {} } = await getSettings(scope);
    for (const [index, which] of offered.entries()) {
      range.text(
        switchLabel(ctx.t, options, which),
        saves((options) => switched(options, which)),
      );
      if (index % 2 === 1) range.row();
    }
    range.text(lifetimeLabel(ctx.t, options), async (ctx) =>
      editTapped(ctx, await optionsText(deps, ctx), lifetimes),
    );
    range.row().text(ctx.t("button-back"), goBack);
  });
  menu.register(lifetimes);
  return menu;
}

async function optionsText({ scope }: BotDeps, { t }: HeraldContext): Promise<string> {
  return [optionsLine({ t }, await getSettings(scope)), t("settings-options-ask")].join("\n");
}

/** The settings as they are, a line each. */
async function settingsText({ scope }: BotDeps, ctx: HeraldContext): Promise<string> {
  const { t, timezone } = ctx;
  const settings = await getSettings(scope);
  return [
    t("settings-title"),
    "",
    hours(ctx, settings.window),
    optionsLine(ctx, settings),
    t("settings-timezone", { zone: timezone }),
  ].join("\n");
}

function optionsLine({ t }: Pick<HeraldContext, "t">, { options }: Settings): string {
  const words = describeOptions(t, options);
  return words === null ? t("settings-no-options") : t("settings-options", { options: words });
}

/** Hours are read by the clocks of the zone in which they were set, whoever looks at them. */
function hours({ t, locale }: HeraldContext, window: Window | null): string {
  if (!window) return t("settings-any-time");
  const { zone } = window;
  return t("settings-hours", { hours: describeWindow(window, { t, locale, timezone: zone }), zone });
}
