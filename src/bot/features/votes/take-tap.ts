import type { CallbackQuery, InlineKeyboardMarkup } from "grammy/types";
import type { Campaign } from "../../../campaign/campaign.ts";
import { findCampaign, findOwnCampaign } from "../../../campaign/queries.ts";
import {
  type VoteResult,
  countAnswer,
  listTaps,
  vote,
  wasDelivered,
} from "../../../campaign/votes/button-votes.ts";
import type { Button } from "../../../content/content.ts";
import { type Counts, buttonsUnder, tappedButton } from "../../../content/keyboard.ts";
import type { Scope } from "../../../db/scope.ts";
import { postButtonTap } from "../../ui/callback-data.ts";
import type { Translate } from "../../ui/words.ts";

/** What is said above a tapped button. */
export interface Said {
  text: string;
  show_alert?: true;
}

/** A button of a post that was tapped. */
export interface FoundTap {
  campaign: Campaign;
  button: Extract<Button, { vote: true } | { answer: string }>;
  /** The message and its chat. */
  chatId: number;
  messageId: number;
  /** What the message shows; undefined for one that is too old, of which Telegram gives only the id. */
  shown: InlineKeyboardMarkup | undefined;
  /** Taps below a preview do not count. */
  isPreview: boolean;
}

/** What a tap came to. */
export interface TapResult {
  said: Said;
  /** Something was counted, so the campaign's cards are out of date and, after a vote, the buttons of the message. */
  isCounted: boolean;
}

/** The longest answer to a tap, in characters (Bot API, answerCallbackQuery). */
const SAID_LIMIT = 200;

const VOTE_SAID = {
  counted: "vote-counted",
  moved: "vote-moved",
  "taken-back": "vote-taken-back",
} as const satisfies Record<VoteResult, string>;

/**
 * The button that a tap is meant for; null if this bot has sent no such button to that chat: anyone can forge a tap. Admins
 * see previews of all bots of the home.
 */
export async function findTap(
  own: Scope,
  { data = "", message }: Pick<CallbackQuery, "data" | "message">,
  isAdmin: boolean,
): Promise<FoundTap | null> {
  const tap = postButtonTap.parse(data);
  if (!tap || !message) return null;
  const isPreview = tap.seq === 0 && isAdmin;
  const campaign = await (isPreview ? findCampaign : findOwnCampaign)(own, tap.campaignId);
  if (!campaign) return null;
  const shown = "reply_markup" in message ? message.reply_markup : undefined;
  const button = tappedButton(campaign.content, tap, labelOf(shown, data));
  if (!button || !("vote" in button || "answer" in button)) return null;
  const { id: chatId } = message.chat;
  if (!isPreview && !(await wasDelivered(own, campaign, tap.seq, chatId))) return null;
  return { campaign, button, chatId, messageId: message.message_id, shown, isPreview };
}

/** Counts a tap, and says what to tell the person. */
export async function countTap(
  own: Scope,
  { campaign, button, shown, isPreview }: FoundTap,
  userId: number,
  t: Translate,
): Promise<TapResult> {
  // It is no longer known who voted for what.
  const isOver = campaign.detailsDroppedAt !== null;
  if ("answer" in button) {
    const isCounted = !isPreview && !isOver;
    if (isCounted) await countAnswer(own, campaign.id, button.text);
    return { said: { text: button.answer, show_alert: true }, isCounted };
  }
  if (isPreview) return { said: { text: t("vote-preview") }, isCounted: false };
  const said = (first: string, counts: Counts): Said => {
    const choices = shown ? buttonsUnder(campaign.content, shown).filter((one) => "vote" in one) : [button];
    const stand = choices.map(({ text }) => t("tap-count", { button: text, count: counts.get(text) ?? 0 }));
    return { text: fitting([first, ...stand]) };
  };
  if (isOver)
    return { said: said(t("vote-over"), (await listTaps(own, campaign.id)).votes), isCounted: false };
  const { result, counts } = await vote(own, campaign.id, userId, button.text);
  return { said: said(t(VOTE_SAID[result], { choice: button.text }), counts), isCounted: true };
}

/** The label of the button with this data in its message. */
function labelOf(shown: InlineKeyboardMarkup | undefined, data: string): string | undefined {
  const buttons = shown?.inline_keyboard.flat() ?? [];
  return buttons.find((button) => "callback_data" in button && button.callback_data === data)?.text;
}

/** Joins as many parts as fit into an answer. */
function fitting(parts: string[]): string {
  return parts.reduce((text, part) => {
    const longer = `${text} · ${part}`;
    return longer.length > SAID_LIMIT ? text : longer;
  });
}
