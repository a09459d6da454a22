import { type KnownChat, listTopics, nameTargets } from "../../../../audience/chats.ts";
import { type Audience, type ChatTarget, NOBODY, isForChats } from "../../../../audience/segment.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getCampaign, getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { forgetMembers, inTurns, checkChat, mayPost } from "../../chats/membership.ts";
import { few } from "../../../ui/words.ts";
import { showAlert } from "../../../ui/replies.ts";
import { showToast } from "../../../ui/replies.ts";

/** What would go wrong if a campaign were sent to these chats now, a line each. Asks Telegram anew; nothing for people. */
export async function chatFaults(deps: BotDeps, ctx: HeraldContext, audience: Audience): Promise<string[]> {
  const targets = targetsOf(audience);
  const ids = [...new Set(targets.map(({ chatId }) => chatId))];
  const lines = await inTurns(ids, async (chatId) => {
    const [title = ""] = await nameTargets(deps.scope, [{ chatId }]);
    const chat = await checkChat(deps, ctx.api, chatId);
    const obstacle = await obstacleFor(ctx, chat);
    if (!chat || obstacle) return [ctx.t(`chats-fault-${obstacle ?? "gone"}`, { title })];
    if (chat.rights.topics) return [];
    const threads = targets.filter((target) => target.chatId === chatId).map(({ threadId }) => threadId);
    const closed = (await listTopics(deps.scope, chatId)).filter((topic) => topic.closed);
    return closed
      .filter(({ threadId }) => threads.includes(threadId))
      .map(({ name }) => ctx.t("chats-fault-closed", { title, topic: name }));
  });
  return few(ctx.t, lines.flat());
}

/**
 * The campaign as it is after a look at its chats: a group that turns out to be a supergroup by now gets its new id there.
 * Null if it cannot be sent as it is; the admin is then told why.
 */
export async function withoutFaults(
  deps: BotDeps,
  ctx: HeraldContext,
  { id, audience }: Campaign,
): Promise<Campaign | null> {
  const faults = await chatFaults(deps, ctx, audience);
  if (faults.length === 0) return getCampaign(deps.scope, id);
  await ctx.reply([ctx.t("chats-faults"), ...faults, ctx.t("chats-faults-then")].join("\n"));
  return null;
}

/** Chats give way to people; nobody is chosen until a language is tapped. */
export async function leaveChats(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  if (!isForChats(campaign.audience)) return;
  await editDraft(deps.scope, ctx.actor, campaign, { audience: NOBODY });
  if (campaign.audience.chats.length > 0) await showToast(ctx, ctx.t("chats-cleared"));
}

export function targetsOf(audience: Audience): ChatTarget[] {
  return isForChats(audience) ? audience.chats : [];
}

/** General has no number: what is sent without one lands there. */
export function targetOf(chatId: number, threadId: number): ChatTarget {
  return threadId === 0 ? { chatId } : { chatId, threadId };
}

export function isSame(one: ChatTarget, other: ChatTarget): boolean {
  return one.chatId === other.chatId && one.threadId === other.threadId;
}

/**
 * Asks Telegram whether the admin and the bot may post to a chat that is in the list; says what stands in the way and
 * returns null.
 */
export async function usable(deps: BotDeps, ctx: HeraldContext, known: KnownChat): Promise<KnownChat | null> {
  forgetMembers(deps, known.chatId);
  const chat = await checkChat(deps, ctx.api, known.chatId);
  const obstacle = await obstacleFor(ctx, chat);
  if (chat && obstacle === null) return chat;
  await showAlert(ctx, ctx.t(`chats-${obstacle ?? "gone"}`, { title: known.title, kind: known.kind }));
  return null;
}

/** What keeps this admin or the bot from posting to a chat, as it was looked at a moment ago. */
export async function obstacleFor(
  ctx: HeraldContext,
  chat: KnownChat | null,
): Promise<"gone" | "no-admin" | "no-right" | null> {
  if (!chat) return "gone";
  if (!(await mayPost(ctx.api, chat, ctx.from?.id ?? 0))) return "no-admin";
  return chat.canPost ? null : "no-right";
}

/** Adds one to the choice. True when that ended a choice of people, which the bot then says. */
export async function choose(
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
