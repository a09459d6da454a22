import { saveSettings } from "../../campaign/settings.ts";
import { readWindow } from "../../schedule/window.ts";
import { COMMANDS } from "../commands/menu.ts";
import type { BotDeps, Dialog, HeraldContext } from "../context.ts";
import { replyWithSettings } from "../menus/settings.ts";
import { cut } from "../words.ts";

/** Asks in which hours new campaigns may be sent. */
export function createHours(deps: BotDeps) {
  return async function hoursDialog(dialog: Dialog): Promise<void> {
    await dialog.external((ctx) => ctx.reply(ctx.t("settings-hours-ask", { zone: ctx.timezone })));
    for (let done = false; !done;) {
      const ctx = await dialog.wait();
      // A command means that the admin has turned to something else: hours typed later are not for this.
      if (ctx.hasCommand(COMMANDS)) await dialog.halt({ next: true });
      if (!ctx.message) await dialog.skip({ next: true });
      done = await dialog.external((ctx) => take(deps, ctx));
    }
  };
}

/** Resolves true when hours were set. What cannot be read is answered, and the dialog waits on. */
async function take(deps: BotDeps, ctx: HeraldContext): Promise<boolean> {
  const { t, timezone } = ctx;
  const text = ctx.message?.text?.trim() ?? "";
  const any = text.toLowerCase() === t("settings-any").toLowerCase();
  const window = any ? null : readWindow(text, timezone);
  if (!window && !any) {
    await ctx.reply(t("settings-hours-unknown", { text: cut(text, 40) }));
    return false;
  }
  await saveSettings(deps.scope, { window }, ctx.from?.id ?? 0);
  await replyWithSettings(deps, ctx);
  return true;
}
