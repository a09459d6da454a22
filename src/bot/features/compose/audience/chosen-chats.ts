import { type ChatTarget, type KnownChat, listTopics, nameTargets } from "../../../../audience/chats.ts";
import { type Audience, NOBODY, isForChats } from "../../../../audience/segment/audience.ts";
import { mapLimited } from "../../../../background/limited.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getCampaign, getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import {
  type Poster,
  CHATS_AT_ONCE,
  checkChat,
  forgetMembers,
  mayPost,
  posterOf,
} from "../../chats/membership.ts";
import { firstFew } from "../../../ui/words.ts";
import { showAlert } from "../../../ui/replies.ts";
import { showToast } from "../../../ui/replies.ts";

/** What would go wrong if a campaign were sent to these chats now, one line each. Asks Telegram; empty for people. */
export async function chatFaults(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Pick<Campaign, "botId" | "audience">,
): Promise<string[]> {
  const targets = targetsOf(campaign.audience);
  const poster = await posterOf(deps, ctx, campaign);
  const ids = [...new Set(targets.map(({ chatId }) => chatId))];
  const lines = await mapLimited(ids, CHATS_AT_ONCE, async (chatId) => {
    const [title = ""] = await nameTargets(poster.scope, [{ chatId }]);
    const chat = await checkChat(poster, chatId);
    const obstacle = await obstacleFor(ctx, poster, chat);
    if (!chat || obstacle) return [ctx.t(`chats-fault-${obstacle ?? "gone"}`, { title })];
    if (chat.rights.topics) return [];
    const threads = targets.filter((target) => target.chatId === chatId).map(({ threadId }) => threadId);
    const closed = (await listTopics(poster.scope, chatId)).filter((topic) => topic.closed);
    return closed
      .filter(({ threadId }) => threads.includes(threadId))
      .map(({ name }) => ctx.t("chats-fault-closed", { title, topic: name }));
  });
  return firstFew(ctx.t, lines.flat());
}

/**
 * Checks the chats of a campaign and resolves with the campaign afterwards, because a group that has become a
 * supergroup gets its new id. Null if it cannot be sent as it is; the admin is then told why.
 */
export async function withoutFaults(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
): Promise<Campaign | null> {
  const faults = await chatFaults(deps, ctx, campaign);
  if (faults.length === 0) return getCampaign(deps.scope, campaign.id);
  await ctx.reply([ctx.t("chats-faults"), ...faults, ctx.t("chats-faults-then")].join("\n"));
  return null;
}

/** Switches the audience from chats to people. Nobody is chosen until a language is tapped. */
export async function leaveChats(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  if (!isForChats(campaign.audience)) return;
  await editDraft(deps.scope, ctx.actor, campaign, { audience: NOBODY });
  if (campaign.audience.chats.length > 0) await showToast(ctx, ctx.t("chats-cleared"));
}

export function targetsOf(audience: Audience): ChatTarget[] {
  return isForChats(audience) ? audience.chats : [];
}

/** General has no thread id: messages without one go there. */
export function targetOf(chatId: number, threadId: number): ChatTarget {
  return threadId === 0 ? { chatId } : { chatId, threadId };
}

export function isSame(one: ChatTarget, other: ChatTarget): boolean {
  return one.chatId === other.chatId && one.threadId === other.threadId;
}

/** Asks Telegram whether the admin and the bot may post to a chat in the list. If not, says why and resolves with null. */
export async function checkUsable(
  deps: BotDeps,
  ctx: HeraldContext,
  poster: Poster,
  known: KnownChat,
): Promise<KnownChat | null> {
  forgetMembers(deps, poster.scope, known.chatId);
  const chat = await checkChat(poster, known.chatId);
  const obstacle = await obstacleFor(ctx, poster, chat);
  if (chat && obstacle === null) return chat;
  await showAlert(ctx, ctx.t(`chats-${obstacle ?? "gone"}`, { title: known.title, kind: known.kind }));
  return null;
}

/** What prevents this admin or the bot from posting to a chat that was just checked. */
export async function obstacleFor(
  ctx: HeraldContext,
  poster: Poster,
  chat: KnownChat | null,
): Promise<"gone" | "no-admin" | "no-right" | null> {
  if (!chat) return "gone";
  if (!(await mayPost(poster, chat, ctx.from?.id ?? 0))) return "no-admin";
  return chat.canPost ? null : "no-right";
}

/** Adds a chat to the audience. True if that replaced an audience of people, which the admin is to be told. */
export async function addTarget(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  target: ChatTarget,
): Promise<boolean> {
  const chats = [...targetsOf(campaign.audience).filter((one) => !isSame(one, target)), target];
  await editDraft(deps.scope, ctx.actor, campaign, { audience: { chats } });
  const { audience } = campaign;
  return !isForChats(audience) && (audience.languages.length > 0 || audience.othersThan !== undefined);
}
