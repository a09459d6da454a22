import { Composer } from "grammy";
import { type Settings, getSettings, saveSettings } from "../../../campaign/settings.ts";
import { type Window, DAYTIME } from "../../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import {
  type Draw,
  type Drawn,
  type Screen,
  type Tapped,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import { SWITCHES, describeOptions } from "../../ui/post-summary.ts";
import { describeWindow } from "../../ui/times.ts";
import { toggleData } from "../../ui/callback-data.ts";
import { capLine, capScreen, drawCap } from "./cap-screen.ts";
import { categoriesLine, categoriesScreen, drawCategories } from "./categories-screen.ts";
import { drawTell, tellLine, tellScreen } from "./tell-screen.ts";
import { pairs } from "../../ui/card.ts";
import { LIFETIMES, lifetimeLabel, switchLabel, applySwitch } from "../../ui/post-options.ts";
import { drawInboxes } from "../inbox/inbox-screen.ts";
import { drawNewcomers } from "../newcomers/newcomers-drawing.ts";
import { drawWelcomes } from "../welcome/welcome-screen.ts";
import { openDialog } from "../../ui/dialogs.ts";

/** `/settings`: what applies to all new campaigns, one line each, with buttons that change it. */
export function settingsScreen(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  const back = (ctx: HeraldContext) => drawSettings(deps, ctx);
  const further = [tellScreen(deps, back), categoriesScreen(deps, back), capScreen(deps, back)];
  composer.use(screenMenus(mainScreen(deps), optionsScreen(deps), lifetimeScreen(deps), ...further));
  composer.command("settings", (ctx) => replyWithSettings(deps, ctx));
  return composer;
}

/** The settings, as the way back from other screens draws them. */
export const settingsDrawing =
  (deps: BotDeps): Draw =>
  (ctx) =>
    drawSettings(deps, ctx);

export async function replyWithSettings(deps: BotDeps, ctx: HeraldContext): Promise<void> {
  await sendScreen(ctx, (ctx) => drawSettings(deps, ctx));
}

const SETTINGS = "settings";
const OPTIONS = "settings-options";
const LIFETIME = "settings-lifetime";

function mainScreen(deps: BotDeps): Screen {
  const draw = (ctx: HeraldContext) => drawSettings(deps, ctx);
  return {
    name: SETTINGS,
    outdated: "screen-outdated",
    draw,
    async tapped(ctx, what) {
      switch (what) {
        case "any":
          return saved(deps, ctx, { window: null }, draw);
        case "day":
          return saved(deps, ctx, { window: { zone: ctx.timezone, ...DAYTIME } }, draw);
        case "other":
          await openDialog(ctx, "hours");
          return "answered";
        case "options":
          return { draw: (ctx) => drawOptions(deps, ctx) };
        case "categories":
          return { draw: (ctx) => drawCategories(deps, ctx) };
        case "newcomers":
          return { draw: drawNewcomers(deps, true) };
        case "inbox":
          return { draw: drawInboxes(deps, true) };
        case "welcome":
          return { draw: drawWelcomes(deps, true) };
        case "cap":
          return { draw: (ctx) => drawCap(deps, ctx) };
        case "tell":
          return { draw: (ctx) => drawTell(deps, ctx) };
        default:
          return { outdated: draw };
      }
    },
  };
}

async function drawSettings(deps: BotDeps, ctx: HeraldContext): Promise<Drawn> {
  const { t } = ctx;
  return {
    screen: SETTINGS,
    text: await settingsText(deps, ctx),
    rows: [
      [
        { text: t("settings-any"), what: "any" },
        { text: t("settings-day"), what: "day" },
      ],
      [{ text: t("settings-other"), what: "other" }],
      [{ text: t("settings-to-options"), what: "options" }],
      [
        { text: t("settings-categories"), what: "categories" },
        { text: t("settings-cap"), what: "cap" },
      ],
      [{ text: t("settings-tell"), what: "tell" }],
      [
        { text: t("settings-welcome"), what: "welcome" },
        { text: t("settings-newcomers"), what: "newcomers" },
      ],
      [{ text: t("settings-inbox"), what: "inbox" }],
    ],
  };
}

async function saved(
  { scope }: BotDeps,
  ctx: HeraldContext,
  change: Partial<Settings>,
  draw: Draw,
): Promise<Tapped> {
  await saveSettings(scope, ctx.actor, change);
  return { draw, said: ctx.t("settings-saved") };
}

/** Not a default for all posts: the effect, and whether a post is forwarded. */
const OFFERED = SWITCHES.filter((which) => which !== "forward");

/** The screen of options for the posts of new campaigns. */
function optionsScreen(deps: BotDeps): Screen {
  const draw = (ctx: HeraldContext) => drawOptions(deps, ctx);
  return {
    name: OPTIONS,
    outdated: "screen-outdated",
    draw,
    async tapped(ctx, what) {
      if (what === "back") return { draw: (ctx) => drawSettings(deps, ctx) };
      if (what === "lifetime") return { draw: (ctx) => drawLifetimes(deps, ctx) };
      const { options = {} } = await getSettings(deps.scope);
      const changed = applySwitch(options, OFFERED, what);
      return changed ? saved(deps, ctx, { options: changed }, draw) : { outdated: draw };
    },
  };
}

async function drawOptions({ scope }: BotDeps, { t }: HeraldContext): Promise<Drawn> {
  const settings = await getSettings(scope);
  const { options = {} } = settings;
  const switches = OFFERED.map((which) => ({
    text: switchLabel(t, options, which),
    what: toggleData(which, options[which] === true),
  }));
  return {
    screen: OPTIONS,
    text: [optionsLine({ t }, settings), t("settings-options-ask")].join("\n"),
    rows: [
      ...pairs(switches),
      [{ text: lifetimeLabel(t, options), what: "lifetime" }],
      [{ text: t("button-back"), what: "back" }],
    ],
  };
}

/** The screen that sets after how many hours the posts of new campaigns are deleted. */
function lifetimeScreen(deps: BotDeps): Screen {
  const back = (ctx: HeraldContext) => drawOptions(deps, ctx);
  return {
    name: LIFETIME,
    outdated: "screen-outdated",
    draw: (ctx) => drawLifetimes(deps, ctx),
    async tapped(ctx, what) {
      if (what === "back") return { draw: back };
      const { options = {} } = await getSettings(deps.scope);
      const { deleteAfterHours: _, ...others } = options;
      if (what === "never") return saved(deps, ctx, { options: others }, back);
      const hours = LIFETIMES.find((offered) => String(offered) === what);
      if (hours === undefined) return { outdated: back };
      return saved(deps, ctx, { options: { ...others, deleteAfterHours: hours } }, back);
    },
  };
}

async function drawLifetimes({ scope }: BotDeps, { t }: HeraldContext): Promise<Drawn> {
  return {
    screen: LIFETIME,
    text: [optionsLine({ t }, await getSettings(scope)), t("settings-options-ask")].join("\n"),
    rows: [
      LIFETIMES.map((hours) => ({ text: t("option-hours", { hours }), what: String(hours) })),
      [
        { text: t("option-never"), what: "never" },
        { text: t("button-back"), what: "back" },
      ],
    ],
  };
}

/** The current settings, one line each. */
async function settingsText({ scope }: BotDeps, ctx: HeraldContext): Promise<string> {
  const { t, timezone } = ctx;
  const settings = await getSettings(scope);
  return [
    t("settings-title"),
    "",
    hours(ctx, settings.window),
    optionsLine(ctx, settings),
    categoriesLine(t, settings),
    capLine(t, settings),
    await tellLine({ scope }, ctx, settings),
    t("settings-timezone", { zone: timezone }),
  ].join("\n");
}

function optionsLine({ t }: Pick<HeraldContext, "t">, { options }: Settings): string {
  const words = describeOptions(t, options);
  return words === null ? t("settings-no-options") : t("settings-options", { options: words });
}

/** Hours are shown in the zone in which they were set, no matter who reads them. */
function hours({ t, locale }: HeraldContext, window: Window | null): string {
  if (!window) return t("settings-any-time");
  const { zone } = window;
  return t("settings-hours", { hours: describeWindow(window, { t, locale, timezone: zone }), zone });
}
