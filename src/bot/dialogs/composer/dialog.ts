import { GrammyError } from "grammy";
import type { InlineKeyboardButton, MessageEntity } from "grammy/types";
import type { Campaign } from "../../../campaign/campaign.ts";
import type { Reach } from "../../../campaign/scheduling.ts";
import type { Captured } from "../../../content/capture.ts";
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
  // Channels and groups, and the options of a post.
  "chats",
  "chat",
  "addchat",
  "topics",
  "topic",
  "people",
  "options",
  "option",
  "after",
  "effect",
  // A post that is too long, an album with buttons, and versions by language.
  "split",
  "below",
  "unbelow",
  "versions",
  "version",
  "unversion",
  // When: times, repeats, hours, what becomes of it when it is late, and the zone of the admin.
  "when",
  "preset",
  "at",
  "now",
  "repeat",
  "days",
  "month",
  "rule",
  "once",
  "ends",
  "runs",
  "until",
  "endless",
  "hours",
  "window",
  "late",
  "zone",
  // Of a draft that changes a scheduled campaign.
  "save",
  "copy",
] as const;
export type DraftVerb = (typeof DRAFT_VERBS)[number];

export interface DraftTap {
  verb: DraftVerb;
  argument: string;
}

/** What is shown of the list of chats, or of the topics of a forum. */
export interface ChatsView {
  page: number;
  /** What titles and names are searched for. */
  query?: string;
  /** The topics of this forum are shown. */
  forum?: number;
}

/** Where the dialog is: what a message that is no tap would mean, and which labels may be typed instead of tapped. */
export interface At {
  draft: number | null;
  expects:
    | "post"
    | "buttons"
    | "below"
    | "effect"
    | "version"
    | "number"
    | "label"
    | "chats"
    | "topics"
    | "lifetime"
    | "moment"
    | "repeat"
    | "monthday"
    | "hour"
    | "ends"
    | "hours"
    | "zone"
    | "nothing";
  keyboard: Keyboard;
  /** The message that the review was sent in, whatever step it shows by now. */
  card?: number;
  /** What the admin is asked to agree to. */
  agreement?: Agreement;
  /** Which part of the list of chats, or of the topics of one, is shown. */
  view?: ChatsView;
  /** The version that a post or buttons are asked for; absent is the default one. */
  language?: string;
  /** A post that was too long, as the two messages that it can be sent as. */
  offer?: Offer;
  /** The album that was refused last: a part of it that comes later is no post of its own. */
  refusedAlbum?: string;
  /** Begun with /schedule: after the audience comes the time. */
  timed?: boolean;
  /** The review was shown: what changes the post by itself shows it anew. */
  reviewed?: boolean;
  /** A day was typed without its hour, or with one that may be two: an hour that is typed next belongs to it. */
  asked?: string;
  /** A time that was typed while the zone was asked for: it is read once the zone is known. */
  typed?: string;
  /** A repeat that still lacks its hour; repeat.ts. */
  rule?: string;
  /** Telegram's keyboard to pick a chat stands below; what leaves it takes it away. False: it is away. */
  picker?: boolean;
}

/** A post as it is ready to be taken. */
export type Offer = Extract<Captured, { type: "captured" }>;

/** A number of people and a time, and the draft as it stood when they were shown. */
export interface Agreement {
  count: number;
  revision: number;
  /** In seconds since 1970; 0 means now. */
  startsAt: number;
  /** Of a change to a run of a series: what it is for. */
  reach?: Reach;
}

/** As the data of a button, and back. What it holds comes from outside: a number that is none agrees to nothing. */
export function agreementData({ count, revision, startsAt, reach }: Agreement): string {
  return [count, revision, startsAt, ...(reach ? [reach] : [])].join(".");
}

export function readAgreement(data: string): Agreement {
  const [count, revision, startsAt, reach] = data.split(".");
  return {
    count: Number(count ?? 0),
    revision: Number(revision ?? 0),
    startsAt: Number(startsAt ?? 0),
    ...((reach === "run" || reach === "series") && { reach }),
  };
}

/** Stands for the draft in the buttons of a dialog that has none yet. */
export const NO_DRAFT = 0;

/** Stands for the default version in the argument of a button, where others go by their language. */
export const DEFAULT_VERSION = "default";

export const CLOSED: At = { draft: null, expects: "nothing", keyboard: [] };

export type Answer = { type: "tap"; tap: DraftTap } | { type: "message" };

/** The number that an admin knows a draft by: a change goes by that of its campaign. */
export function numberOf({ id, changes }: Pick<Campaign, "id" | "changes">): string {
  return String(changes ?? id);
}

export function draftButton(
  draft: number,
  text: string,
  verb: DraftVerb,
  argument = "",
): InlineKeyboardButton.CallbackButton {
  return { text, callback_data: `d:${draft}:${verb}:${argument}` };
}

/** Two in a row. */
export function pairs<T>(items: T[]): T[][] {
  return items.flatMap((_, index) => (index % 2 === 0 ? [items.slice(index, index + 2)] : []));
}

/** Reads the callback data of a draft's button. */
export function parseDraftTap(data: string): { draft: number; tap: DraftTap } | null {
  const match = /^d:(\d+):([a-z]+):(.*)$/.exec(data);
  const verb = DRAFT_VERBS.find((known) => known === match?.[2]);
  return match && verb ? { draft: Number(match[1]), tap: { verb, argument: match[3] ?? "" } } : null;
}

/** Whether a keyboard has a button of this kind. */
export function offers(keyboard: Keyboard, verb: DraftVerb): boolean {
  return keyboard.flat().some(({ callback_data }) => parseDraftTap(callback_data)?.tap.verb === verb);
}

/**
 * Waits for what the admin does next in this dialog: a tap on a button of this draft, one of the labels typed,
 * or another message. Commands, and taps that belong elsewhere, pass by.
 */
export async function answerTo(dialog: Dialog, at: At): Promise<Answer> {
  const ctx = await dialog.wait();
  const data = ctx.callbackQuery?.data;
  const own = data === undefined ? null : parseDraftTap(data);
  // Before the post there is no draft yet; what is offered then goes by 0.
  if (own && own.draft === (at.draft ?? NO_DRAFT)) return { type: "tap", tap: own.tap };
  if (!ctx.message || ctx.hasCommand(COMMANDS)) return dialog.skip({ next: true });
  const text = ctx.message.text ?? "";
  // What somebody else wrote and is forwarded is no label, nor is the @name of a chat, whatever they say.
  const typed = ctx.message.forward_origin || text.startsWith("@") ? null : typedLabel(text, at.keyboard);
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

/**
 * Shows a card in the message whose button was tapped; in a new one when a message was sent since, or when the button
 * stood on the card of a campaign, which goes on to follow it. Resolves with the id of the message.
 */
export async function showCard(ctx: HeraldContext, card: Card): Promise<number | undefined> {
  if (!parseDraftTap(ctx.callbackQuery?.data ?? "")) return sendCard(ctx, card);
  await withEntities(card, (entities) =>
    editTapped(ctx, card.text, { inline_keyboard: card.keyboard }, entities),
  );
  return ctx.callbackQuery?.message?.message_id;
}

/** Shows a card in a new message, whatever was tapped. Resolves with its id. */
export async function sendCard(ctx: HeraldContext, card: Card): Promise<number> {
  const reply_markup = { inline_keyboard: card.keyboard };
  const message = await withEntities(card, (entities) =>
    ctx.reply(card.text, { reply_markup, ...(entities.length > 0 && { entities }) }),
  );
  return message.message_id;
}

/** A Bot API server of one's own may be older than an entity; the words say the same without it. */
async function withEntities<T>(
  { entities = [] }: Card,
  show: (entities: MessageEntity[]) => Promise<T>,
): Promise<T> {
  try {
    return await show(entities);
  } catch (error) {
    const isOld = error instanceof GrammyError && /MessageEntity/i.test(error.description);
    if (!isOld || entities.length === 0) throw error;
    return show([]);
  }
}

/** Says why something is not possible: over the button that was tapped, or as an answer to the message. */
export async function say(ctx: HeraldContext, text: string): Promise<void> {
  // Telegram shows 200 characters over a button.
  if (ctx.callbackQuery && text.length <= 200) await ctx.answerCallbackQuery({ text, show_alert: true });
  else await ctx.reply(text);
}
