import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import type { HeraldContext } from "./bot-context.ts";
import { type ScreenName, onTap, screenLink, screenTap } from "./callback-data.ts";
import { editTapped } from "./message-edits.ts";

/**
 * A message that lists things and has buttons to act on them: /admins, /bots, /campaigns, /keys, /settings, /language, /webhooks.
 *
 * A button's payload, `what`, names the thing itself and what to do with it (`remove:7`, `silent.on`), never a position in
 * the list, so that last week's message still means what it shows. Whether it can still be done is decided by trying:
 * `tapped` returns `outdated` if nothing is left to do, for example because someone else has done it.
 */
export interface Screen {
  name: ScreenName;
  /** The key of the note above a button that no longer applies. */
  outdated: string;
  draw: Draw;
  tapped(ctx: HeraldContext, what: string): Promise<Tapped>;
}

export interface Drawn {
  /** The name of the screen that handles taps on the buttons. */
  screen: ScreenName;
  text: string;
  rows: Button[][];
}

export interface Button {
  text: string;
  /** Short and without a slash: see callback-data.ts. */
  what: string;
}

export type Draw = (ctx: HeraldContext) => Promise<Drawn>;

export type Tapped =
  /** Done. The message shows this next. */
  | { draw: Draw; said?: string }
  /** The button no longer applies. The person is told so, and the message shows the current state. */
  | { outdated: Draw }
  /** Done, and already answered. */
  | "answered";

/**
 * Handles taps on the buttons of these screens.
 *
 * The menu plugin finds the handler of a tap by row and column, and runs it if the label there is still the same; with two
 * admins called Alex, the button of one could remove the other. So these menus have no rows: the plugin takes every button
 * for outdated, and only the payload says what it means.
 */
export function screenMenus(...screens: readonly Screen[]): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  const taps = composer.on("callback_query:data");
  for (const screen of screens) {
    taps.use(
      new Menu<HeraldContext>(screen.name, {
        autoAnswer: false,
        // Buttons of the first builds went by position: their payload is missing, or names nothing here.
        onMenuOutdated: (ctx) =>
          answerTap(screen, ctx, screenTap(screen.name).parse(ctx.callbackQuery?.data ?? "")?.what ?? ""),
      }),
    );
    composer.use(onTap(screenLink(screen.name), (ctx, what) => answerTap(screen, ctx, what)));
  }
  return composer;
}

async function answerTap(screen: Screen, ctx: HeraldContext, what: string): Promise<void> {
  const tapped = await screen.tapped(ctx, what);
  if (tapped === "answered") return;
  const isOutdated = "outdated" in tapped;
  const said = isOutdated ? ctx.t(screen.outdated) : tapped.said;
  if (said !== undefined) await ctx.answerCallbackQuery({ text: said });
  await showScreen(ctx, isOutdated ? tapped.outdated : tapped.draw);
}

/** Shows a screen in the message whose button was tapped. */
export async function showScreen(ctx: HeraldContext, draw: Draw): Promise<void> {
  const drawn = await draw(ctx);
  const inline_keyboard = keyboardOf(drawn);
  await ctx.answer(() => editTapped(ctx, drawn.text, { inline_keyboard }));
}

/** Sends a screen as a new message. Resolves with its id. */
export async function sendScreen(ctx: HeraldContext, draw: Draw): Promise<number> {
  const drawn = await draw(ctx);
  const inline_keyboard = keyboardOf(drawn);
  const message = await ctx.reply(drawn.text, { reply_markup: { inline_keyboard } });
  return message.message_id;
}

function keyboardOf({ screen, rows }: Drawn): InlineKeyboardButton[][] {
  return rows
    .map((buttons, row) =>
      buttons.map(({ text, what }, column) => ({
        text,
        callback_data: screenTap(screen).encode({ row, column, what }),
      })),
    )
    .filter((buttons) => buttons.length > 0);
}
