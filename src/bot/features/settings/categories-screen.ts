import { removeCategory, switchCategory } from "../../../campaign/actions/change-categories.ts";
import { type Category, currentCategories } from "../../../campaign/category.ts";
import { type Settings, getSettings } from "../../../campaign/settings.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { readToggle, toggleData } from "../../ui/callback-data.ts";
import { pairs } from "../../ui/card.ts";
import { openDialog } from "../../ui/dialogs.ts";
import type { Draw, Drawn, Screen, Tapped } from "../../ui/screens.ts";
import { type Translate, languageName } from "../../ui/words.ts";

const CATEGORIES = "settings-categories";

/** What can be switched of a category. */
const SWITCHES = ["leaveButton", "uncapped"] as const;

/** `Categories…` in /settings: the kinds of campaigns that people can leave. `back` draws the settings. */
export function categoriesScreen(deps: BotDeps, back: Draw): Screen {
  const draw = (ctx: HeraldContext) => drawCategories(deps, ctx);
  return {
    name: CATEGORIES,
    outdated: "screen-outdated",
    draw,
    async tapped(ctx, what) {
      if (what === "back") return { draw: back };
      if (what === "list") return { draw };
      if (what === "new") {
        await openDialog(ctx, "categoryName", { id: null });
        return "answered";
      }
      return ofOne(deps, ctx, what, draw);
    },
  };
}

/** A tap on the card of one category, `verb.id` or `switch.id.on`. */
async function ofOne(deps: BotDeps, ctx: HeraldContext, what: string, list: Draw): Promise<Tapped> {
  const { scope } = deps;
  const toggle = readToggle(what);
  const [verb = "", number] = (toggle?.what ?? what).split(".");
  const category = await findCurrent(deps, Number(number));
  if (!category) return { outdated: list };
  const { id } = category;
  const card: Draw = async (ctx) => drawCategory(ctx, (await findCurrent(deps, id)) ?? category);
  const which = SWITCHES.find((one) => one === verb);
  if (toggle && which) {
    await switchCategory(scope, ctx.actor, id, which, toggle.on);
    return { draw: card, said: ctx.t("settings-saved") };
  }
  switch (verb) {
    case "open":
      return { draw: card };
    case "rename":
      await openDialog(ctx, "categoryName", { id });
      return "answered";
    case "remove":
      return { draw: async (ctx) => drawRemoval(ctx, category) };
    case "yes-remove":
      await removeCategory(scope, ctx.actor, id);
      return { draw: list, said: ctx.t("settings-saved") };
    default:
      return { outdated: card };
  }
}

async function findCurrent({ scope }: BotDeps, id: number): Promise<Category | undefined> {
  const { categories } = await getSettings(scope);
  return currentCategories(categories).find((one) => one.id === id);
}

export async function drawCategories({ scope }: BotDeps, { t }: HeraldContext): Promise<Drawn> {
  const settings = await getSettings(scope);
  const buttons = currentCategories(settings.categories).map(({ id, name }) => ({
    text: name,
    what: `open.${id}`,
  }));
  return {
    screen: CATEGORIES,
    text: [categoriesLine(t, settings), t("categories-ask")].join("\n"),
    rows: [
      ...pairs(buttons),
      [{ text: t("categories-new"), what: "new" }],
      [{ text: t("button-back"), what: "back" }],
    ],
  };
}

function drawCategory({ t }: HeraldContext, category: Category): Drawn {
  const { id, name, names = {} } = category;
  const named = Object.entries(names).map(([language, other]) =>
    t("category-named", { language: languageName(language), name: other }),
  );
  return {
    screen: CATEGORIES,
    text: [
      t("category-title", { name, id: String(id) }),
      ...named,
      "",
      ...SWITCHES.map((which) => t(`category-note-${which}`)),
    ].join("\n"),
    rows: [
      ...SWITCHES.map((which) => [
        {
          text: `${category[which] ? "✅ " : ""}${t(`category-${which}`)}`,
          what: toggleData(`${which}.${id}`, category[which] === true),
        },
      ]),
      [
        { text: t("category-rename"), what: `rename.${id}` },
        { text: t("category-remove"), what: `remove.${id}` },
      ],
      [{ text: t("button-back"), what: "list" }],
    ],
  };
}

function drawRemoval({ t }: HeraldContext, { id, name }: Category): Drawn {
  return {
    screen: CATEGORIES,
    text: t("category-ask-remove", { name }),
    rows: [
      [
        { text: t("category-yes-remove"), what: `yes-remove.${id}` },
        { text: t("button-back"), what: `open.${id}` },
      ],
    ],
  };
}

/** "Categories: News, Offers" */
export function categoriesLine(t: Translate, { categories }: Settings): string {
  const names = currentCategories(categories).map(({ name }) => name);
  return names.length > 0 ? t("categories-are", { names: names.join(", ") }) : t("categories-none");
}
