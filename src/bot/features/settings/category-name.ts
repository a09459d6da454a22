import type { Middleware } from "grammy";
import {
  type CategoryNames,
  addCategory,
  renameCategory,
} from "../../../campaign/actions/change-categories.ts";
import { LONGEST_CATEGORY_NAME } from "../../../campaign/category.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { refusalText } from "../../ui/refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { drawCategories } from "./categories-screen.ts";

/** Asks for the name of a category: a new one if `id` is null. */
export function categoryNameDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("categoryName", async (dialog, { id }) => {
    await dialog.act((ctx) =>
      ctx.reply(
        ctx.t(id === null ? "category-name-new" : "category-name-ask", { most: LONGEST_CATEGORY_NAME }),
      ),
    );
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      // After a command, the admin is doing something else.
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (!ctx.message) await dialog.passOn();
      done = await dialog.act((ctx) => take(deps, ctx, id));
    }
  });
}

/** Resolves with true if the name was taken. Anything else is answered, and the dialog keeps waiting. */
async function take({ scope, ...deps }: BotDeps, ctx: HeraldContext, id: number | null): Promise<boolean> {
  const named = readNames(ctx.message?.text ?? "");
  try {
    if (id === null) await addCategory(scope, ctx.actor, named);
    else await renameCategory(scope, ctx.actor, id, named);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await ctx.reply(refusalText(ctx.t, error));
    // Someone else has removed it, or made the last one that there can be.
    return error.code === "category-unknown" || error.code === "too-many-categories";
  }
  await sendScreen(ctx, (ctx) => drawCategories({ scope, ...deps }, ctx));
  return true;
}

/** The name in the first line, and one in another language in each of the others: `ru: Новости`. */
export function readNames(text: string): CategoryNames {
  const [name = "", ...others] = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const pairs = others.map((line): [string, string] => {
    const [, language = "", other = ""] = /^([a-z]{2,3})\s*[:–-]\s*(.*)$/i.exec(line) ?? [];
    return [language.toLowerCase(), other];
  });
  // A line that names no language is refused like an empty name.
  return { name, names: Object.fromEntries(pairs) };
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    categoryName: { id: number | null };
  }
}
