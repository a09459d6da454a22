import { type Api, Composer } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import { findCampaign, findOwnCampaign } from "../../../campaign/queries.ts";
import {
  type VoteResult,
  countAnswer,
  listTaps,
  vote,
  wasDelivered,
} from "../../../campaign/votes/button-votes.ts";
import { type Counts, buttonsUnder, recounted, tappedButton } from "../../../content/keyboard.ts";
import { postButtonTap } from "../../ui/callback-data.ts";
import { createFollower } from "./card-follow.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { createRedraws } from "./button-redraws.ts";

/** What is said above a tapped button. */
interface Said {
  text: string;
  show_alert?: true;
}

/** Impatient people tap again before the answer arrives. Taps on one button within this time count as one. */
const ONE_TAP_MS = 1_000;

/** The longest answer to a tap, in characters (Bot API, answerCallbackQuery). */
const SAID_LIMIT = 200;

export function isPostTap(data: string | undefined): boolean {
  return data?.startsWith(postButtonTap.prefix) ?? false;
}

const VOTE_SAID = {
  counted: "vote-counted",
  moved: "vote-moved",
  "taken-back": "vote-taken-back",
} as const satisfies Record<VoteResult, string>;

/** The buttons below posts that answer to Herald: votes and answers. Anyone who sees the post may tap them. */
export function postButtons(
  deps: CrowdDeps,
  api: Pick<Api, "editMessageReplyMarkup">,
): Composer<HeraldContext> {
  const { scope: home, own: scope, clock, log, engine, stop } = deps;
  const redraws = createRedraws({ clock, log, api, quietUntil: () => engine.status().quietUntil, stop });
  const lastTaps = createLastTaps(deps);
  const cardsFollow = createFollower(deps);

  async function answer(ctx: HeraldContext, data: string): Promise<Said> {
    const gone = { text: ctx.t("post-button-gone") };
    const tap = postButtonTap.parse(data);
    const message = ctx.callbackQuery?.message;
    // Taps below a preview do not count. Admins see those of all bots here; everybody else, what this bot sent.
    const isPreview = tap?.seq === 0 && ctx.isAdmin;
    const campaign =
      tap &&
      (await (isPreview ? findCampaign(home, tap.campaignId) : findOwnCampaign(scope, tap.campaignId)));
    if (!message || !campaign) return gone;
    const { content } = campaign;
    // For a message that is too old, Telegram gives only its id.
    const shown = "reply_markup" in message ? message.reply_markup : undefined;
    const button = tappedButton(content, tap, labelOf(shown, data));
    if (!button || !(isPreview || (await wasDelivered(scope, campaign, tap.seq, message.chat.id))))
      return gone;
    // It is no longer known who voted for what.
    const isOver = campaign.detailsDroppedAt !== null;
    if ("answer" in button) {
      if (!isPreview && !isOver) {
        await countAnswer(scope, campaign.id, button.text);
        void cardsFollow(campaign.id);
      }
      return { text: button.answer, show_alert: true };
    }
    if (!("vote" in button)) return gone;
    if (isPreview) return { text: ctx.t("vote-preview") };
    const said = (first: string, counts: Counts) => {
      const choices = shown ? buttonsUnder(content, shown).filter((one) => "vote" in one) : [button];
      const stand = choices.map(({ text }) =>
        ctx.t("tap-count", { button: text, count: counts.get(text) ?? 0 }),
      );
      return { text: fitting([first, ...stand]) };
    };
    if (isOver) return said(ctx.t("vote-over"), (await listTaps(scope, campaign.id)).votes);
    const { result, counts } = await vote(scope, campaign.id, ctx.from?.id ?? 0, button.text);
    void cardsFollow(campaign.id);
    if (shown)
      redraws.ask(message.chat.id, message.message_id, async () =>
        recounted(content, shown, (await listTaps(scope, campaign.id)).votes),
      );
    return said(ctx.t(VOTE_SAID[result], { choice: button.text }), counts);
  }

  const composer = new Composer<HeraldContext>();
  composer.on("callback_query:data").filter(
    (ctx) => isPostTap(ctx.callbackQuery.data),
    async (ctx) => {
      const { from, data } = ctx.callbackQuery;
      const said = lastTaps.saidTo(from.id, data) ?? (await answer(ctx, data));
      try {
        await ctx.answerCallbackQuery(said);
      } finally {
        lastTaps.note(from.id, data, said);
      }
    },
  );
  return composer;
}

/** What people have been told recently. */
function createLastTaps({ clock }: Pick<CrowdDeps, "clock">) {
  const last = new Map<number, { data: string; said: Said; at: number }>(); // by person, the oldest first
  return {
    /** What this person was told a moment ago above the same button, if anything. */
    saidTo(userId: number, data: string): Said | null {
      const tap = last.get(userId);
      return tap?.data === data && clock.monotonic() - tap.at < ONE_TAP_MS ? tap.said : null;
    },
    note(userId: number, data: string, said: Said): void {
      last.delete(userId);
      last.set(userId, { data, said, at: clock.monotonic() });
      for (const [id, { at }] of last) {
        if (clock.monotonic() - at < ONE_TAP_MS) break;
        last.delete(id);
      }
    },
  };
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
