import { type KnownChat, findChat, listTopics, noteTopic } from "../../../../audience/chats.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { readToggle, toggleData } from "../../../ui/callback-data.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { showAlert, showToast } from "../../../ui/replies.ts";
import { scopeOf } from "../../../../db/scope.ts";
import { chatIn } from "../../chats/add-chat.ts";
import { posterOf } from "../../chats/membership.ts";
import type { At } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { numbersIn, pageOf, shortTitle } from "./chat-pages.ts";
import { addTarget, isSame, targetOf, targetsOf, checkUsable } from "./chosen-chats.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** The card of a forum's topics: General, and those that the bot knows. */
export async function askTopics(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  { chatId, title }: Pick<KnownChat, "chatId" | "title">,
  wanted = 0,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const chosen = targetsOf(campaign.audience);
  const topics = [
    { threadId: 0, name: t("topics-general"), closed: false },
    ...(await listTopics(scopeOf(deps.scope, campaign), chatId)),
  ];
  const { page, shown, turns } = pageOf(t, draft, "topics", topics, wanted, `${chatId}.`);
  const rows = shown.map(({ threadId, name, closed }) => {
    const on = chosen.some((target) => isSame(target, targetOf(chatId, threadId)));
    const label = `${on ? "✅ " : ""}${closed ? "🔒 " : ""}${shortTitle(name)}`;
    return [draftButton(draft, label, "topic", toggleData(`${chatId}.${threadId}.${page}`, on))];
  });
  const keyboard: Keyboard = [
    ...rows,
    ...(turns.length > 0 ? [turns] : []),
    [draftButton(draft, t("button-back"), "chats")],
  ];
  const lines = [
    t("topics-ask", { title }),
    ...(topics.some(({ closed }) => closed) ? [t("topics-note-closed")] : []),
    t("topics-note-unknown"),
  ];
  await showCard(ctx, { text: lines.join("\n"), keyboard });
  return { draft, expects: "topics", keyboard, view: { page, forum: chatId } };
}

/** Shows another page of topics. The data of the button comes from outside. */
export async function turnTopics(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  const [chatId = 0, page = 0] = numbersIn(argument);
  const poster = await posterOf(deps, ctx, await getDraft(deps.scope, draft));
  const known = await findChat(poster.scope, chatId);
  const chat = known && (await checkUsable(deps, ctx, poster, known));
  return chat ? askTopics(deps, ctx, draft, chat, page) : ctx.goTo("chats", draft);
}

/** Selects or deselects the topic that was tapped. */
export async function toggleTopic(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  const wanted = readToggle(argument);
  const [chatId = 0, threadId = 0, page = 0] = numbersIn(wanted?.what ?? argument);
  const campaign = await getDraft(deps.scope, draft);
  const target = targetOf(chatId, threadId);
  const chosen = targetsOf(campaign.audience);
  const rest = chosen.filter((one) => !isSame(one, target));
  const poster = await posterOf(deps, ctx, campaign);
  const known = await findChat(poster.scope, chatId);
  if (known && wanted?.on !== (rest.length === chosen.length)) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return askTopics(deps, ctx, draft, known, page);
  }
  if (known && !wanted?.on) {
    await editDraft(deps.scope, ctx.actor, campaign, { audience: { chats: rest } });
    return askTopics(deps, ctx, draft, known, page);
  }
  const chat = known && (await checkUsable(deps, ctx, poster, known));
  if (!chat) return ctx.goTo("chats", draft);
  const topic = (await listTopics(poster.scope, chatId)).find((one) => one.threadId === threadId);
  if (topic?.closed && !chat.rights.topics)
    await showAlert(
      ctx,
      ctx.t("topics-closed", { topic: shortTitle(topic.name), title: shortTitle(chat.title) }),
    );
  else if ((topic || threadId === 0) && (await addTarget(deps, ctx, campaign, target)))
    await showToast(ctx, ctx.t("chats-not-people"));
  return askTopics(deps, ctx, draft, chat, page);
}

/** Takes a message on the card of topics: the link of a topic that the bot does not know. */
export async function takeTopic(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { draft } = at;
  const { forum, page } = at.view ?? { page: 0 };
  const named = chatIn(ctx.message?.text?.trim() ?? "");
  if (draft === null || forum === undefined) return at;
  const campaign = await getDraft(deps.scope, draft);
  const poster = await posterOf(deps, ctx, campaign);
  const known = await findChat(poster.scope, forum);
  const names = [String(forum), `@${known?.username?.toLowerCase() ?? ""}`];
  if (!known || !named?.thread || !names.includes(String(named.chat).toLowerCase())) {
    await ctx.reply(ctx.t("topics-no-link"));
    return at;
  }
  const topics = await listTopics(poster.scope, forum);
  if (!topics.some(({ threadId }) => threadId === named.thread)) {
    const chat = await checkUsable(deps, ctx, poster, known);
    if (!chat) return ctx.goTo("chats", draft);
    await noteTopic(poster.scope, forum, named.thread, { name: `#${named.thread}` });
  }
  const target = targetOf(forum, named.thread);
  const chosen = targetsOf(campaign.audience).some((one) => isSame(one, target));
  return toggleTopic(deps, ctx, draft, toggleData(`${forum}.${named.thread}.${page}`, chosen));
}

export const topicsStep = {
  takes: { topics: takeTopic },
  taps: {
    topics: ({ deps, ctx, draft, argument }: Tap) => turnTopics(deps, ctx, draft, argument),
    topic: ({ deps, ctx, draft, argument }: Tap) => toggleTopic(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof topicsStep.takes, "topics"> {}
  interface Verbs extends NamesOf<typeof topicsStep.taps, "topics"> {}
}
