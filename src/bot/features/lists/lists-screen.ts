import { Composer } from "grammy";
import { type List, countMembers, findList, listLists } from "../../../audience/lists.ts";
import { createList, deleteList, renameList } from "../../../campaign/actions/change-lists.ts";
import { type Scope, scopeOf, sees } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import {
  type Draw,
  type Drawn,
  type Screen,
  type Tapped,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import { allBots, botIn } from "../../ui/sending-bots.ts";
import { campaignPeople, tapGroup } from "./campaign-people.ts";
import { BACK, LISTS, drawList } from "./list-card.ts";

/** `open.5.7`: a verb, a bot and a list; for a new list, a bot alone. */
const TAP = /^(open|fill|rename|delete|yes-delete|new)\.(\d{1,15})(?:\.(\d{1,15}))?$/;

/** Telegram draws at most 100 buttons. */
const MOST_SHOWN = 60;

/** /lists: people whom somebody picked one by one, and what can be done with each list. */
export function listsScreen(deps: BotDeps): Composer<HeraldContext> {
  const { scope, log } = deps;
  const all: Draw = (ctx) => drawLists(deps, ctx);
  const screen: Screen = {
    name: LISTS,
    outdated: "list-outdated",
    draw: all,
    tapped: async (ctx, what) => guarded(ctx, () => tapped(ctx, what)),
  };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === BACK) return { draw: all };
    const group = await tapGroup(deps, ctx, what);
    if (group) return group;
    const [, verb = "", bot, number] = TAP.exec(what) ?? [];
    const of = bot !== undefined && sees(scope, Number(bot)) ? scopeOf(scope, { botId: Number(bot) }) : null;
    if (!of) return { outdated: all };
    const { botId } = of;
    if (verb === "new") {
      await openDialog(ctx, "listPeople", { botId, listId: null });
      return "answered";
    }
    const list = number === undefined ? null : await findList(of, Number(number));
    if (!list) return { outdated: all };
    switch (verb) {
      case "fill":
        await openDialog(ctx, "listPeople", { botId, listId: list.id });
        return "answered";
      case "rename":
        await openDialog(ctx, "listName", { botId, listId: list.id });
        return "answered";
      case "delete":
        return { draw: async (ctx) => drawQuestion(ctx, of, list) };
      case "yes-delete":
        await deleteList(of, ctx.actor, list.id);
        log.info({ bot: botId, list: list.id, by: ctx.from?.id }, "a list is deleted");
        return { draw: all, said: ctx.t("lists-deleted") };
      default:
        return { draw: (ctx) => drawList(deps, ctx, of, list) };
    }
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.use(campaignPeople(deps));
  composer.command("lists", async (ctx) => {
    const typed = ctx.match.trim();
    if (typed === "") await sendScreen(ctx, all);
    else await guarded(ctx, () => takeTyped(deps, ctx, typed));
  });
  return composer;
}

/** `/lists 7`, `/lists 7 Spring fair` (renames), `/lists 7 delete`, `/lists @shop_bot Spring fair` (a new one). */
async function takeTyped(deps: BotDeps, ctx: HeraldContext, typed: string): Promise<Tapped> {
  const { scope } = deps;
  const bots = await allBots(scope);
  const [, number, rest = ""] = /^#?(\d{1,15})(?:\s+(.*))?$/s.exec(typed) ?? [];
  if (number !== undefined) {
    const { of, list } = await findAnywhere(deps, Number(number));
    if (/^(?:delete|удалить)$/i.test(rest)) await sendScreen(ctx, async (ctx) => drawQuestion(ctx, of, list));
    else {
      const now = rest === "" ? list : await renameList(of, ctx.actor, list.id, rest);
      await sendScreen(ctx, (ctx) => drawList(deps, ctx, of, now));
    }
    return "answered";
  }
  const [first = "", ...others] = typed.split(/\s+/);
  if (!first.startsWith("@") && bots.length > 1) {
    await openDialog(ctx, "listPeople", { botId: null, listId: null, name: typed });
    return "answered";
  }
  const named = first.startsWith("@") ? botIn(bots, first) : bots[0];
  if (!named) {
    await ctx.reply(ctx.t("from-unknown", { text: first, bots: bots.map(({ name }) => name).join(", ") }));
    return "answered";
  }
  const of = scopeOf(scope, named);
  const list = await createList(of, ctx.actor, first.startsWith("@") ? others.join(" ") : typed);
  await openDialog(ctx, "listPeople", { botId: of.botId, listId: list.id });
  return "answered";
}

/** A list by its number, which is the list's alone among all bots. @throws DomainError `list-unknown` */
async function findAnywhere({ scope }: BotDeps, id: number): Promise<{ of: Scope; list: List }> {
  for (const bot of await allBots(scope)) {
    const of = scopeOf(scope, bot);
    const list = await findList(of, id);
    if (list) return { of, list };
  }
  throw new DomainError("list-unknown");
}

async function guarded(ctx: HeraldContext, work: () => Promise<Tapped>): Promise<Tapped> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    return "answered";
  }
}

async function drawLists({ scope }: BotDeps, ctx: HeraldContext): Promise<Drawn> {
  const { t } = ctx;
  const bots = await allBots(scope);
  const isOne = bots.length === 1;
  const found = await Promise.all(
    bots.map(async (bot) => (await listLists(scopeOf(scope, bot))).map((list) => ({ bot, list }))),
  );
  const lists = found.flat();
  const labelOf = (bot: string, name: string, count: number) =>
    t(isOne ? "lists-entry" : "lists-entry-of", { name, count, bot });
  return {
    screen: LISTS,
    text: [
      t(lists.length > 0 ? "lists-title" : "lists-none"),
      ...(lists.length > MOST_SHOWN ? [t("lists-more", { count: lists.length - MOST_SHOWN })] : []),
      t("lists-how"),
    ].join("\n\n"),
    rows: [
      ...lists
        .slice(0, MOST_SHOWN)
        .map(({ bot, list }) => [
          { text: labelOf(bot.name, list.name, list.members), what: `open.${bot.botId}.${list.id}` },
        ]),
      ...bots
        .slice(0, 20)
        .map(({ botId, name }) => [
          { text: isOne ? t("lists-new") : t("lists-new-of", { bot: name }), what: `new.${botId}` },
        ]),
    ],
  };
}

async function drawQuestion({ t }: HeraldContext, of: Scope, list: List): Promise<Drawn> {
  const at = `${of.botId}.${list.id}`;
  return {
    screen: LISTS,
    text: t("lists-ask-delete", { name: list.name, count: await countMembers(of, list.id) }),
    rows: [
      [
        { text: t("lists-yes-delete"), what: `yes-delete.${at}` },
        { text: t("button-back"), what: `open.${at}` },
      ],
    ],
  };
}
