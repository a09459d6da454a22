import { Composer } from "grammy";
import {
  type SavedSegment,
  findSegment,
  findSegmentByName,
  listSegments,
} from "../../../audience/segment/saved-segments.ts";
import { deleteSegment, renameSegment, replaceSegment } from "../../../campaign/actions/change-segments.ts";
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
import { type SendingBot, allBots, botIn } from "../../ui/sending-bots.ts";
import { BACK, SEGMENTS, drawSegment } from "./segment-card.ts";
import { makeTyped, show, withLine } from "./segment-dialogs.ts";

/** `open.5.7`: a verb, a bot and a segment; for a new segment, a bot alone. */
const TAP = /^(open|change|rename|delete|yes-delete|new)\.(\d{1,15})(?:\.(\d{1,15}))?$/;

/** Telegram draws at most 100 buttons. */
const MOST_SHOWN = 60;

/** /segments: conditions that are kept under names. */
export function segmentsScreen(deps: BotDeps): Composer<HeraldContext> {
  const { scope, log } = deps;
  const all: Draw = (ctx) => drawSegments(deps, ctx);
  const screen: Screen = {
    name: SEGMENTS,
    outdated: "list-outdated",
    draw: all,
    tapped: async (ctx, what) => guarded(ctx, () => tapped(ctx, what)),
  };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === BACK) return { draw: all };
    const [, verb = "", bot, number] = TAP.exec(what) ?? [];
    const of = bot !== undefined && sees(scope, Number(bot)) ? scopeOf(scope, { botId: Number(bot) }) : null;
    if (!of) return { outdated: all };
    const { botId } = of;
    if (verb === "new") {
      await openDialog(ctx, "newSegment", { botId });
      return "answered";
    }
    const saved = number === undefined ? null : await findSegment(of, Number(number));
    if (!saved) return { outdated: all };
    const { id } = saved;
    switch (verb) {
      case "change":
        await openDialog(ctx, "changeSegment", { botId, id, what: "line" });
        return "answered";
      case "rename":
        await openDialog(ctx, "changeSegment", { botId, id, what: "name" });
        return "answered";
      case "delete":
        return { draw: async (ctx) => drawQuestion(ctx, of, saved) };
      case "yes-delete":
        await deleteSegment(of, ctx.actor, id);
        log.info({ bot: botId, segment: id, by: ctx.from?.id }, "a saved segment is deleted");
        return { draw: all, said: ctx.t("segments-deleted") };
      default:
        return { draw: (ctx) => drawSegment(deps, ctx, of, saved) };
    }
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("segments", async (ctx) => {
    const typed = ctx.match.trim();
    if (typed === "") await sendScreen(ctx, all);
    else await guarded(ctx, () => takeTyped(deps, ctx, typed));
  });
  return composer;
}

/**
 * `/segments 7`, `/segments 7 Regulars` (renames), `/segments 7 = tag:vip` (changes), `/segments 7 delete`, `/segments Regulars`,
 * `/segments @shop_bot Regulars = tag:vip` (a new one).
 */
async function takeTyped(deps: BotDeps, ctx: HeraldContext, typed: string): Promise<Tapped> {
  const [, number, rest = ""] = /^#?(\d{1,15})(?:\s+(.*))?$/s.exec(typed) ?? [];
  if (number === undefined) return takeName(deps, ctx, typed);
  const { of, saved } = await findAnywhere(deps, (of) => findSegment(of, Number(number)));
  const line = /^=\s*(.*)$/s.exec(rest)?.[1];
  if (/^(?:delete|удалить)$/i.test(rest)) await sendScreen(ctx, async (ctx) => drawQuestion(ctx, of, saved));
  else if (line !== undefined)
    await withLine(ctx, of, line, (segment) =>
      show(deps, ctx, of, replaceSegment(of, ctx.actor, saved.id, segment)),
    );
  else if (rest === "") await sendScreen(ctx, (ctx) => drawSegment(deps, ctx, of, saved));
  else await show(deps, ctx, of, renameSegment(of, ctx.actor, saved.id, rest));
  return "answered";
}

async function takeName(deps: BotDeps, ctx: HeraldContext, typed: string): Promise<Tapped> {
  const { scope } = deps;
  const bots = await allBots(scope);
  const [, at, rest = ""] = /^(@\S+)\s*(.*)$/s.exec(typed) ?? [];
  const named = at === undefined ? undefined : botIn(bots, at);
  if (at !== undefined && !named) {
    await ctx.reply(ctx.t("from-unknown", { text: at, bots: bots.map(({ name }) => name).join(", ") }));
    return "answered";
  }
  const [, name, line] = /^(.+?)\s+=\s+(.+)$/s.exec(at === undefined ? typed : rest) ?? [];
  if (name !== undefined && line !== undefined) {
    const bot = named ?? onlyOf(bots);
    if (bot) await makeTyped(deps, ctx, scopeOf(scope, bot), { name, line });
    else await openDialog(ctx, "newSegment", { botId: null, typed: { name, line } });
    return "answered";
  }
  const wanted = at === undefined ? typed : rest;
  const { of, saved } = await findAnywhere(deps, (of) => findSegmentByName(of, wanted), named);
  await sendScreen(ctx, (ctx) => drawSegment(deps, ctx, of, saved));
  return "answered";
}

function onlyOf(bots: readonly SendingBot[]): SendingBot | undefined {
  return bots.length === 1 ? bots[0] : undefined;
}

/** Looks among all bots, or in that of `bot`. @throws DomainError `segment-unknown` */
async function findAnywhere(
  { scope }: BotDeps,
  find: (of: Scope) => Promise<SavedSegment | null>,
  bot?: SendingBot,
): Promise<{ of: Scope; saved: SavedSegment }> {
  for (const one of bot ? [bot] : await allBots(scope)) {
    const of = scopeOf(scope, one);
    const saved = await find(of);
    if (saved) return { of, saved };
  }
  throw new DomainError("segment-unknown");
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

async function drawSegments({ scope }: BotDeps, ctx: HeraldContext): Promise<Drawn> {
  const { t } = ctx;
  const bots = await allBots(scope);
  const isOne = bots.length === 1;
  const found = await Promise.all(
    bots.map(async (bot) => (await listSegments(scopeOf(scope, bot))).map((saved) => ({ bot, saved }))),
  );
  const all = found.flat();
  return {
    screen: SEGMENTS,
    text: [
      t(all.length > 0 ? "segments-title" : "segments-none"),
      ...(all.length > MOST_SHOWN ? [t("segments-more", { count: all.length - MOST_SHOWN })] : []),
      t("segments-how"),
    ].join("\n\n"),
    rows: [
      ...all.slice(0, MOST_SHOWN).map(({ bot, saved }) => [
        {
          text: isOne ? saved.name : t("segments-entry-of", { name: saved.name, bot: bot.name }),
          what: `open.${bot.botId}.${saved.id}`,
        },
      ]),
      ...bots
        .slice(0, 20)
        .map(({ botId, name }) => [
          { text: isOne ? t("segments-new") : t("segments-new-of", { bot: name }), what: `new.${botId}` },
        ]),
    ],
  };
}

async function drawQuestion({ t }: HeraldContext, of: Scope, { id, name }: SavedSegment): Promise<Drawn> {
  const at = `${of.botId}.${id}`;
  return {
    screen: SEGMENTS,
    text: t("segments-ask-delete", { name }),
    rows: [
      [
        { text: t("segments-yes-delete"), what: `yes-delete.${at}` },
        { text: t("button-back"), what: `open.${at}` },
      ],
    ],
  };
}
