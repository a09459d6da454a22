import type { InlineKeyboardButton } from "grammy/types";
import { COMMANDS } from "../../commands/menu.ts";
import type { Dialog, HeraldContext } from "../../context.ts";
import type { Card, Keyboard } from "../../card.ts";
import { editTapped } from "../../edit.ts";

/** What a tap on a draft's button asks for; `d:<draft>:<verb>:<argument>` is its callback data. */
export const DRAFT_VERBS = [
  "all",
  "others",
  "lang",
  "continue",
  "edit",
  "audience",
  "buttons",
  "unbutton",
  "test",
  "send",
  "yes",
  "back",
  "review",
  "discard",
] as const;
export type DraftVerb = (typeof DRAFT_VERBS)[number];

export interface DraftTap {
  verb: DraftVerb;
  argument: string;
}

/** Where the dialog is: what a message that is no tap would mean, and which labels may be typed instead of tapped. */
export interface At {
  draft: number | null;
  expects: "post" | "buttons" | "number" | "label" | "nothing";
  keyboard: Keyboard;
  /** What the admin is asked to agree to. */
  agreement?: Agreement;
}

/** A number of people, and the draft as it stood when that number was shown. */
export interface Agreement {
  count: number;
  revision: number;
}

export const CLOSED: At = { draft: null, expects: "nothing", keyboard: [] };

export type Answer = { type: "tap"; tap: DraftTap } | { type: "message" };

export function draftButton(
  draft: number,
  text: string,
  verb: DraftVerb,
  argument = "",
): InlineKeyboardButton.CallbackButton {
  return { text, callback_data: `d:${draft}:${verb}:${argument}` };
}

/** Reads the callback data of a draft's button. */
export function parseDraftTap(data: string): { draft: number; tap: DraftTap } | null {
  const match = /^d:(\d+):([a-z]+):(.*)$/.exec(data);
  const verb = DRAFT_VERBS.find((known) => known === match?.[2]);
  return match && verb ? { draft: Number(match[1]), tap: { verb, argument: match[3] ?? "" } } : null;
}

/**
 * Waits for what the admin does next in this dialog: a tap on a button of this draft, one of the labels typed,
 * or another message. Commands, and taps that belong elsewhere, pass by.
 */
export async function answerTo(dialog: Dialog, at: At): Promise<Answer> {
  const ctx = await dialog.wait();
  const data = ctx.callbackQuery?.data;
  const own = data === undefined ? null : parseDraftTap(data);
  if (own && own.draft === at.draft) return { type: "tap", tap: own.tap };
  if (!ctx.message || ctx.hasCommand(COMMANDS)) return dialog.skip({ next: true });
  const typed = ctx.message.text === undefined ? null : typedLabel(ctx.message.text, at.keyboard);
  return typed ? { type: "tap", tap: typed } : { type: "message" };
}

/** Every button can be typed: its label, in any case, with or without the count behind it. */
function typedLabel(text: string, keyboard: Keyboard): DraftTap | null {
  const wanted = bare(text);
  const button = wanted ? keyboard.flat().find((candidate) => bare(candidate.text) === wanted) : undefined;
  return button ? (parseDraftTap(button.callback_data)?.tap ?? null) : null;
}

function bare(label: string): string {
  return label
    .replace(/ · .*$/, "")
    .replace(/^[^\p{L}\p{N}]+|[…\s]+$/gu, "")
    .toLowerCase();
}

/** Shows a card in the message whose button was tapped, or in a new one when a message was sent since. */
export async function showCard(ctx: HeraldContext, { text, keyboard }: Card): Promise<void> {
  const reply_markup = { inline_keyboard: keyboard };
  if (ctx.callbackQuery) await editTapped(ctx, text, reply_markup);
  else await ctx.reply(text, { reply_markup });
}
