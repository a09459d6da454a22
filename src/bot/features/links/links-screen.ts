import { Composer, InputFile, InputMediaBuilder } from "grammy";
import { type SourceCount, MOST_SOURCES, countSources } from "../../../audience/source-counts.ts";
import { fitSource, startLink } from "../../../audience/start-link.ts";
import { isSource } from "../../../audience/source.ts";
import { mainBot, scopeOf, sees } from "../../../db/scope.ts";
import { findSender } from "../../../senders/sender-store.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { csvFile } from "../../ui/csv-file.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { type Draw, type Screen, type Tapped, screenMenus, sendScreen } from "../../ui/screens.ts";
import { type SendingBot, allBots, botIn } from "../../ui/sending-bots.ts";
import { createPainter } from "../stats/picture.ts";

export const LINKS = "links";

/** `csv.5`: a verb and a bot. */
const TAP = /^(bot|new|csv)\.(\d{1,15})$/;

/** Sources that are listed; the file has all of them. */
const MOST_LISTED = 25;
/** Bots that have a button. */
const MOST_BOTS = 20;

const COLUMNS = ["source", "people", "reachable", "last_7_days", "last_30_days", "link"];

/** Gives the link of a source with its QR code. */
export type GiveLink = (ctx: HeraldContext, botId: number, typed: string) => Promise<boolean>;

/** /links: where people came from, and links that say so. */
export function linksScreen(deps: BotDeps, giveLink: GiveLink): Composer<HeraldContext> {
  const { scope } = deps;
  const of =
    (botId: number): Draw =>
    (ctx) =>
      drawSources(deps, ctx, botId);
  const screen: Screen = {
    name: LINKS,
    outdated: "list-outdated",
    draw: of(mainBot(scope)),
    async tapped(ctx, what): Promise<Tapped> {
      const [, verb, id] = TAP.exec(what) ?? [];
      const botId = Number(id);
      if (id === undefined || !sees(scope, botId)) return { outdated: of(mainBot(scope)) };
      if (verb === "bot") return { draw: of(botId) };
      if (verb === "new") await openDialog(ctx, "newLink", { botId });
      else await sendSources(deps, ctx, botId);
      return "answered";
    },
  };

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("links", async (ctx) => {
    const bots = await allBots(scope);
    const [, at, rest = ""] = /^(@\S+)?\s*(.*)$/s.exec(ctx.match.trim()) ?? [];
    const named = at === undefined ? undefined : botIn(bots, at);
    if (at !== undefined && !named) {
      await ctx.reply(ctx.t("from-unknown", { text: at, bots: bots.map(({ name }) => name).join(", ") }));
      return;
    }
    const bot = named ?? (bots.length === 1 ? bots[0] : undefined);
    if (rest === "") await sendScreen(ctx, of(bot?.botId ?? mainBot(scope)));
    else if (bot) await giveLink(ctx, bot.botId, rest);
    else await openDialog(ctx, "newLink", { botId: null, typed: rest });
  });
  return composer;
}

async function drawSources(deps: BotDeps, ctx: HeraldContext, botId: number) {
  const { t } = ctx;
  const bots = await allBots(deps.scope);
  const sources = await countSources(scopeOf(deps.scope, { botId }), deps.clock.now());
  const more = sources.length - MOST_LISTED;
  return {
    screen: LINKS as typeof LINKS,
    text: [
      t(sources.length > 0 ? "links-title" : "links-none", { bot: nameIn(bots, botId) }),
      ...(sources.length > 0
        ? [
            sources
              .slice(0, MOST_LISTED)
              .map((one) => lineOf(ctx, one))
              .join("\n"),
          ]
        : []),
      ...(more > 0 ? [t("links-more", { count: more })] : []),
      t("links-how"),
    ].join("\n\n"),
    rows: [
      [
        { text: t("links-new"), what: `new.${botId}` },
        ...(sources.length > 0 ? [{ text: t("links-csv"), what: `csv.${botId}` }] : []),
      ],
      ...bots
        .filter((bot) => bot.botId !== botId)
        .slice(0, MOST_BOTS)
        .map((bot) => [{ text: bot.name, what: `bot.${bot.botId}` }]),
    ],
  };
}

function lineOf(
  { t }: HeraldContext,
  { source, people, reachable, last7Days, last30Days }: SourceCount,
): string {
  return t("links-source", { source, people, reachable, week: last7Days, month: last30Days });
}

function nameIn(bots: readonly SendingBot[], botId: number): string {
  return bots.find((bot) => bot.botId === botId)?.name ?? String(botId);
}

async function sendSources(deps: BotDeps, ctx: HeraldContext, botId: number): Promise<void> {
  const sender = await findSender(deps.scope, botId);
  const sources = await countSources(scopeOf(deps.scope, { botId }), deps.clock.now());
  const rows = sources.map(({ source, people, reachable, last7Days, last30Days }) => [
    source,
    people,
    reachable,
    last7Days,
    last30Days,
    sender?.username == null ? "" : startLink(sender.username, source),
  ]);
  await ctx.replyWithDocument(csvFile(`sources-${botId}.csv`, COLUMNS, rows), {
    caption: ctx.t(sources.length < MOST_SOURCES ? "links-caption" : "links-caption-most", {
      count: sources.length,
    }),
  });
}

/** Makes the function that gives a link, for the command and for its dialog. It resolves with false if the text cannot be a source. */
export function linkGiver(deps: BotDeps): GiveLink {
  const paint = createPainter();

  async function addPicture(ctx: HeraldContext, messageId: number, link: string, caption: string) {
    try {
      const { renderSVG } = await import("uqr");
      const picture = new InputFile(await paint(renderSVG(link, { ecc: "M", border: 4 })), "link.png");
      const photo = InputMediaBuilder.photo(picture, { caption });
      await ctx.api.editMessageMedia(ctx.chat?.id ?? 0, messageId, photo);
    } catch (error) {
      deps.log.warn({ err: error }, "the QR code of a link could not be sent");
    }
  }

  return async (ctx, botId, source) => {
    const { t } = ctx;
    if (!isSource(source)) {
      const instead = fitSource(source);
      await ctx.reply(instead === null ? t("links-unfit") : t("links-unfit-but", { source: instead }));
      return false;
    }
    const sender = await findSender(deps.scope, botId);
    if (sender?.username == null) {
      await ctx.reply(t("links-no-username"));
      return true;
    }
    const link = startLink(sender.username, source);
    const [counted] = await countSources(scopeOf(deps.scope, sender), deps.clock.now(), { only: source });
    const caption = [link, counted ? lineOf(ctx, counted) : t("links-new-source", { source })].join("\n");
    const message = await ctx.reply(caption, { link_preview_options: { is_disabled: true } });
    // Not awaited, because the admin's next message would wait for the drawing. If it fails, the link is there.
    void addPicture(ctx, message.message_id, link, caption);
    return true;
  };
}
