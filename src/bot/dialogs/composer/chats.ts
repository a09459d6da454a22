import { type KnownChat, listTopics, nameTargets } from "../../../audience/chats.ts";
import {
  type Audience,
  type AudienceCount,
  type ChatTarget,
  NOBODY,
  isForChats,
} from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { describeAudience } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { forgetMembers, inTurns, look, mayPost } from "../../membership.ts";
import { type Translate, few } from "../../words.ts";
import { say } from "./dialog.ts";

/** What would go wrong if a campaign were sent to these chats now, a line each. Asks Telegram anew; nothing for people. */
export async function chatFaults(deps: BotDeps, ctx: HeraldContext, audience: Audience): Promise<string[]> {
  const targets = targetsOf(audience);
  const ids = [...new Set(targets.map(({ chatId }) => chatId))];
  const lines = await inTurns(ids, async (chatId) => {
    const [title = ""] = await nameTargets(deps.scope, [{ chatId }]);
    const chat = await look(deps, ctx.api, chatId);
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

/** Says what would go wrong; false when nothing would, and the campaign can go. */
export async function sayFaults(deps: BotDeps, ctx: HeraldContext, audience: Audience): Promise<boolean> {
  const faults = await chatFaults(deps, ctx, audience);
  if (faults.length > 0)
    await ctx.reply([ctx.t("chats-faults"), ...faults, ctx.t("chats-faults-then")].join("\n"));
  return faults.length > 0;
}

/** Chats give way to people; nobody is chosen until a language is tapped. */
export async function leaveChats(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  if (!isForChats(campaign.audience)) return;
  await editDraft(deps.scope, campaign, { audience: NOBODY }, ctx.from?.id ?? 0);
  if (campaign.audience.chats.length > 0) await mention(ctx, ctx.t("chats-cleared"));
}

/** How many an audience reaches: "20 people", "2 chats", "1 chat (2 posts)" for two topics of it. */
export function reachOf(t: Translate, audience: Audience, { reachable }: Pick<AudienceCount, "reachable">) {
  if (!isForChats(audience)) return t("people", { count: reachable });
  const chats = t("audience-chats", { count: reachable });
  const several = audience.chats.length > new Set(audience.chats.map(({ chatId }) => chatId)).size;
  return several ? t("chats-and-posts", { chats, posts: audience.chats.length }) : chats;
}

/** How it is put that the number of an audience has changed since it was shown. */
export function movedWord(audience: Audience): string {
  return isForChats(audience) ? "confirm-moved-chats" : "confirm-moved";
}

/** Chats named in a line; the rest are counted. */
const NAMED = 3;

/** An audience in words, chats by name: "News, Chat (Offers), Team and 4 more". */
export async function nameAudience(
  deps: Pick<BotDeps, "scope">,
  t: Translate,
  audience: Audience,
): Promise<string> {
  if (!isForChats(audience)) return describeAudience(t, audience);
  const names = await nameTargets(deps.scope, audience.chats.slice(0, NAMED));
  const more = audience.chats.length - names.length;
  return more > 0 ? t("chats-more", { names: names.join(", "), count: more }) : names.join(", ");
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
  const chat = await look(deps, ctx.api, known.chatId);
  const obstacle = await obstacleFor(ctx, chat);
  if (chat && obstacle === null) return chat;
  await say(ctx, ctx.t(`chats-${obstacle ?? "gone"}`, { title: known.title, kind: known.kind }));
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
  await editDraft(deps.scope, campaign, { audience: { chats } }, ctx.from?.id ?? 0);
  const { audience } = campaign;
  return !isForChats(audience) && (audience.languages.length > 0 || audience.othersThan !== undefined);
}

/** Mentions something in passing: over the button that was tapped, without an alert to close, else as a message. */
export async function mention(ctx: HeraldContext, text: string): Promise<void> {
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
}
