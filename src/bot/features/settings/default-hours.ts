import { saveSettings } from "../../../campaign/settings.ts";
import { type HoursReading, readHours } from "../../../schedule/typed/read-hours.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { replyWithSettings } from "./settings-screen.ts";
import { describeWindow } from "../../ui/times.ts";
import { cut } from "../../ui/words.ts";
import type { Middleware } from "grammy";

/** Asks for the sending hours of new campaigns. */
export function hoursDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("hours", async (dialog) => {
    await dialog.act((ctx) => ctx.reply(ctx.t("settings-hours-ask", { zone: ctx.timezone })));
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command, the admin is doing something else, and hours typed later do not belong here.
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (!ctx.message) await dialog.passOn();
      done = await dialog.act((ctx) => take(deps, ctx));
    }
  });
}

/** Resolves with true if hours were set. Anything unreadable is answered, and the dialog keeps waiting. */
async function take(deps: BotDeps, ctx: HeraldContext): Promise<boolean> {
  const { t, timezone } = ctx;
  const text = ctx.message?.text?.trim() ?? "";
  const any = text.toLowerCase() === t("settings-any").toLowerCase();
  const reading: HoursReading = any ? { type: "unknown" } : readHours(text, timezone);
  if (reading.type !== "hours" && !any) {
    await ctx.reply(refusal(ctx, reading, cut(text, 40)));
    return false;
  }
  const window = reading.type === "hours" ? reading.window : null;
  await saveSettings(deps.scope, ctx.actor, { window });
  await replyWithSettings(deps, ctx);
  return true;
}

function refusal(
  ctx: HeraldContext,
  reading: Exclude<HoursReading, { type: "hours" }>,
  text: string,
): string {
  switch (reading.type) {
    case "ambiguous": {
      const hours = reading.windows.map((window) => `· ${describeWindow(window, ctx)}`).join("\n");
      return ctx.t("settings-hours-ambiguous", { text, hours });
    }
    case "no-such-time":
      return ctx.t("when-no-time", { text });
    case "unknown":
      return ctx.t("settings-hours-unknown", { text });
  }
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    hours: undefined;
  }
}
