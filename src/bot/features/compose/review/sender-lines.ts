import type { Review } from "../../../../campaign/actions/review.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { startLink } from "../../../../campaign/post-preview.ts";
import { nameBots, shareLines } from "../../../ui/bundle-words.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { refusalText } from "../../../ui/refusal.ts";
import { type SendingBot, nameOfBot } from "../../../ui/sending-bots.ts";
import type { Translate } from "../../../ui/words.ts";
import { draftButton } from "../dialog/draft-button.ts";
import type { Preview } from "./preview-post.ts";

/* What the review says of the bots that are to send the post. */

/** Which bots these are, in whose chats the previews are, how they get there, and which bot is in trouble. */
export function senderLines(
  t: Translate,
  bots: readonly SendingBot[],
  campaign: Campaign,
  previews: readonly Preview[],
): string[] {
  if (campaign.bots === null) {
    const elsewhere = previews.flatMap((one) => elsewhereLine(t, one));
    const from = nameOfBot(bots, campaign.botId);
    return elsewhere.length > 0 || from === null ? elsewhere : [t("card-from", { bot: from })];
  }
  return [
    t("card-from", { bot: nameBots(t, bots, campaign.bots) }),
    t("review-shown-by-each"),
    ...previews.flatMap((one) => {
      if (one.isUnreachable) return elsewhereLine(t, one);
      if (!one.trouble) return [];
      const bot = nameOfBot(bots, one.botId) ?? String(one.botId);
      return [t("review-bot-trouble", { bot, reason: refusalText(t, one.trouble) })];
    }),
  ];
}

/** In which other bot's chat the post is, or how it gets there. */
function elsewhereLine(t: Translate, { username, isUnreachable }: Preview): string[] {
  if (username === null) return [];
  const bot = `@${username}`;
  return [
    isUnreachable ? t("review-start-bot", { bot, link: startLink(username) }) : t("review-shown-by", { bot }),
  ];
}

/** How many each of several bots sends to. */
export function reviewShares(
  t: Translate,
  bots: readonly SendingBot[],
  { draft: { eachOnce }, count: { shares, several = 0 } }: Pick<Review, "draft" | "count">,
): string[] {
  return shares ? shareLines(t, bots, { shares, several, eachOnce }) : [];
}

/** The custom emoji that Telegram does not allow the bots to use. */
export function lostLines(t: Translate, previews: readonly Preview[]): string[] {
  const most = (of: (shown: Preview["shown"][number]) => number) =>
    Math.max(0, ...previews.map(({ shown }) => shown.reduce((sum, one) => sum + of(one), 0)));
  const lostEmoji = most((one) => one.lostEmoji);
  const lostIcons = most((one) => one.lostIcons);
  return [
    ...(lostEmoji > 0 ? [`· ${t("review-custom-emoji", { count: lostEmoji })}`] : []),
    ...(lostIcons > 0 ? [`· ${t("review-icons", { count: lostIcons })}`] : []),
  ];
}

/** The ones of several bots that keep the post from being sent. */
export function botsInTrouble({ draft, findings, faults }: Review, previews: readonly Preview[]): number[] {
  if (draft.bots === null) return [];
  const named = new Set<number | undefined>([
    ...previews.flatMap(({ botId, trouble }) => (trouble ? [botId] : [])),
    ...findings.flatMap(({ level, bot }) => (level === "error" ? [bot] : [])),
    ...faults.map(({ bot }) => bot),
  ]);
  return draft.bots.filter((botId) => named.has(botId));
}

/** A row for each bot that can be taken out, so that the others can send the post. */
export function takeOutRows(
  t: Translate,
  draft: number,
  bots: readonly SendingBot[],
  troubled: readonly number[],
): Keyboard {
  return troubled.map((botId) => {
    const bot = nameOfBot(bots, botId) ?? String(botId);
    return [draftButton(draft, t("button-take-out", { bot }), "without", String(botId))];
  });
}
