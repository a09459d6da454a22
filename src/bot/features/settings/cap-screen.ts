import type { Middleware } from "grammy";
import { type FrequencyCap, HIGHEST_CAP, longestCapDays } from "../../../campaign/frequency-cap.ts";
import { currentCategories } from "../../../campaign/category.ts";
import { type Settings, getSettings, saveSettings } from "../../../campaign/settings.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { pairs } from "../../ui/card.ts";
import { openDialog, runDialog } from "../../ui/dialogs.ts";
import { type Draw, type Drawn, type Screen, sendScreen } from "../../ui/screens.ts";
import { type Translate, cut } from "../../ui/words.ts";

const CAP = "settings-cap";

/** Offered as buttons. Any other cap can be typed, also that of 0. */
const OFFERED: readonly FrequencyCap[] = [
  { most: 1, days: 1 },
  { most: 1, days: 7 },
  { most: 3, days: 7 },
  { most: 10, days: 30 },
];

/** `Frequency cap…` in /settings: how many campaigns a person gets at most. `back` draws the settings. */
export function capScreen(deps: BotDeps, back: Draw): Screen {
  const draw = (ctx: HeraldContext) => drawCap(deps, ctx);
  return {
    name: CAP,
    outdated: "screen-outdated",
    draw,
    async tapped(ctx, what) {
      if (what === "back") return { draw: back };
      if (what === "other") {
        await openDialog(ctx, "frequencyCap");
        return "answered";
      }
      const cap = what === "none" ? null : readCap(what);
      if (what !== "none" && cap === null) return { outdated: draw };
      await saveSettings(deps.scope, ctx.actor, { cap });
      return { draw, said: ctx.t("settings-saved") };
    },
  };
}

export async function drawCap({ scope, retentionDays }: BotDeps, { t }: HeraldContext): Promise<Drawn> {
  const settings = await getSettings(scope);
  const { cap, categories } = settings;
  const longest = longestCapDays(retentionDays);
  const free = currentCategories(categories).filter(({ uncapped }) => uncapped);
  const buttons = OFFERED.filter(({ days }) => days <= longest).map(({ most, days }) => ({
    text: mark(cap?.most === most && cap.days === days, t("cap-button", { most, days })),
    what: `${most}-${days}`,
  }));
  return {
    screen: CAP,
    text: [
      capLine(t, settings),
      ...(cap && free.length > 0
        ? [t("cap-except", { names: free.map(({ name }) => name).join(", ") })]
        : []),
      "",
      t("cap-note"),
    ].join("\n"),
    rows: [
      ...pairs(buttons),
      [
        { text: t("cap-other"), what: "other" },
        { text: mark(!cap, t("cap-none")), what: "none" },
      ],
      [{ text: t("button-back"), what: "back" }],
    ],
  };
}

function mark(isChosen: boolean, text: string): string {
  return isChosen ? `✅ ${text}` : text;
}

/** "Frequency cap: at most 3 campaigns in 7 days for each person" */
export function capLine(t: Translate, { cap }: Settings): string {
  if (!cap) return t("cap-is-none");
  return cap.most === 0 ? t("cap-is-zero") : t("cap-is", { most: cap.most, days: cap.days });
}

/** Asks for a cap. */
export function capDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("frequencyCap", async (dialog) => {
    await dialog.act((ctx) => ctx.reply(ctx.t("cap-ask", { longest: longestCapDays(deps.retentionDays) })));
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command, the admin is doing something else.
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (!ctx.message) await dialog.passOn();
      done = await dialog.act((ctx) => take(deps, ctx));
    }
  });
}

/** Resolves with true if the cap was set. Anything else is answered, and the dialog keeps waiting. */
async function take(deps: BotDeps, ctx: HeraldContext): Promise<boolean> {
  const { t } = ctx;
  const text = ctx.message?.text?.trim() ?? "";
  const isNone = text.toLowerCase() === t("cap-none").toLowerCase();
  const cap = isNone ? null : readCap(text);
  const longest = longestCapDays(deps.retentionDays);
  const isTooLong = cap !== null && cap.days > longest;
  if ((!isNone && cap === null) || isTooLong) {
    await ctx.reply(t(isTooLong ? "cap-too-long" : "cap-unknown", { text: cut(text, 40), longest }));
    return false;
  }
  await saveSettings(deps.scope, ctx.actor, { cap });
  await sendScreen(ctx, (ctx) => drawCap(deps, ctx));
  return true;
}

/** Reads "3 in 7", "3 в 7 дней" or "3-7"; "0" alone is nobody. Null for anything else. */
export function readCap(text: string): FrequencyCap | null {
  if (/^0\D*$/.test(text)) return { most: 0, days: 1 };
  const [, most, days] = /^(\d{1,3})\D+(\d{1,3})\D*$/.exec(text) ?? [];
  const cap = { most: Number(most), days: Number(days) };
  return cap.most >= 0 && cap.most <= HIGHEST_CAP && cap.days >= 1 ? cap : null;
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    frequencyCap: undefined;
  }
}
