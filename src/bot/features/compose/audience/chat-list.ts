import { type KnownChat, NO_RIGHTS, findChat, nameTargets } from "../../../../audience/chats.ts";
import type { ChatTarget } from "../../../../audience/chats.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import type { Scope } from "../../../../db/scope.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { checkChat, forgetMembers, listChatsOf, posterOf } from "../../chats/membership.ts";
import { readToggle, toggleData } from "../../../ui/callback-data.ts";
import { explainAdding, readChatMessage } from "../../chats/add-chat.ts";
import { addTarget, obstacleFor, targetsOf, checkUsable } from "./chosen-chats.ts";
import type { At, ChatsView } from "../dialog/at.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { showAlert, showToast } from "../../../ui/replies.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { PAGE_SIZE, numbersIn, pageOf, shortTitle } from "./chat-pages.ts";
import { askTopics } from "./topics.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

const START: ChatsView = { page: 0 };

/** Handles `Channels & groups…` and its pages. A search stays while its pages are turned. */
export async function turnChats(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  const [page] = argument === "" ? [] : numbersIn(argument);
  return askChats(deps, ctx, draft, page === undefined ? START : { ...viewOf(at), page });
}

/** The card of groups and channels that this admin may post to; ⛔ marks those where the bot may not. */
export async function askChats(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  view: ChatsView = START,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  if (campaign.bots) {
    await showAlert(ctx, t("error-bots-for-chats"));
    return ctx.goTo("audience", draft);
  }
  const chosen = targetsOf(campaign.audience);
  const poster = await posterOf(deps, ctx, campaign);
  const mine = await listChatsOf(deps, poster, ctx.from?.id ?? 0);
  const listed = [...(await lostOnes(poster.scope, chosen, mine)), ...mine];
  const found = view.query === undefined ? listed : search(listed, view.query);
  const { page, shown, turns } = pageOf(t, draft, "chats", found, view.page);
  const rows = shown.map((chat) => [chatButton(draft, chat, page, chosen, listed)]);
  const lines = [
    t("chats-ask", { id: numberOf(campaign), chats: t("audience-chats", { count: chosen.length }) }),
    ...(mine.length === 0 ? [t("chats-empty")] : []),
    ...(view.query === undefined ? [] : [t("chats-found", { query: view.query, count: found.length })]),
    ...(found.some(({ canPost }) => !canPost) ? [t("chats-note-no-right")] : []),
    ...(listed.length > PAGE_SIZE ? [t("chats-note-search")] : []),
  ];
  const keyboard: Keyboard = [
    ...rows,
    ...(turns.length > 0 ? [turns] : []),
    ...(view.query === undefined ? [] : [[draftButton(draft, t("chats-all"), "chats")]]),
    [draftButton(draft, t("chats-add"), "addchat"), draftButton(draft, t("chats-people"), "people")],
    [draftButton(draft, t("audience-continue"), "continue", "chats")],
  ];
  await showCard(ctx, { text: lines.join("\n"), keyboard });
  return { draft, expects: "chats", keyboard, view: { ...view, page } };
}

/** Chosen chats that are no longer in the list. They need buttons, or nobody could deselect them. */
async function lostOnes(
  scope: Scope,
  chosen: readonly ChatTarget[],
  listed: readonly KnownChat[],
): Promise<KnownChat[]> {
  const ids = new Set(chosen.map(({ chatId }) => chatId));
  for (const { chatId } of listed) ids.delete(chatId);
  const lost: KnownChat[] = [];
  for (const chatId of ids) {
    const [title = ""] = await nameTargets(scope, [{ chatId }]);
    const known = await findChat(scope, chatId);
    const unknown = {
      chatId,
      kind: "group" as const,
      title,
      username: null,
      isForum: false,
      rights: NO_RIGHTS,
    };
    lost.push({ ...(known ?? unknown), canPost: false });
  }
  return lost;
}

function chatButton(
  draft: number,
  chat: KnownChat,
  page: number,
  chosen: readonly ChatTarget[],
  listed: readonly KnownChat[],
): Keyboard[number][number] {
  const here = chosen.filter(({ chatId }) => chatId === chat.chatId).length;
  const mark = `${here > 0 ? "✅ " : ""}${chat.canPost ? "" : "⛔ "}`;
  const twins = listed.filter(({ title }) => title === chat.title).length > 1;
  const title = shortTitle(chat.title) + (twins && chat.username !== null ? ` (@${chat.username})` : "");
  const more = chat.isForum ? (here > 0 ? `… · ${here}` : "…") : "";
  const place = `${chat.chatId}.${page}`;
  return draftButton(
    draft,
    `${mark}${title}${more}`,
    "chat",
    chat.isForum ? place : toggleData(place, here > 0),
  );
}

/** Selects or deselects the chat that was tapped; for a forum, shows its topics. */
export async function toggleChat(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  const wanted = readToggle(argument);
  const [chatId = 0, page = 0] = numbersIn(wanted?.what ?? argument);
  const view = { ...viewOf(at), page };
  const campaign = await getDraft(deps.scope, draft);
  const chosen = targetsOf(campaign.audience);
  const rest = chosen.filter((target) => target.chatId !== chatId);
  const poster = await posterOf(deps, ctx, campaign);
  const known = await findChat(poster.scope, chatId);
  const chosenHere = rest.length < chosen.length;
  if (known?.isForum !== true && wanted?.on !== !chosenHere) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return askChats(deps, ctx, draft, view);
  }
  const opens = known?.isForum === true || !chosenHere;
  const chat = known && opens && (await checkUsable(deps, ctx, poster, known));
  if (!chat) {
    // Topics of a forum that is out of reach can only be deselected.
    if (chosenHere) await editDraft(deps.scope, ctx.actor, campaign, { audience: { chats: rest } });
    return askChats(deps, ctx, draft, view);
  }
  if (chat.isForum) return askTopics(deps, ctx, draft, chat);
  const instead = await addTarget(deps, ctx, campaign, { chatId: chat.chatId });
  if (instead) await showToast(ctx, ctx.t("chats-not-people"));
  return askChats(deps, ctx, draft, view);
}

export async function askForChat(ctx: StepContext, at: At, draft: number): Promise<At> {
  await explainAdding(ctx);
  return { ...at, draft, expects: "chats", view: viewOf(at), picker: true };
}

/** Takes a message on the list: it names a chat to add, or is a search. */
export async function takeChat(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { message, t } = ctx;
  const { draft } = at;
  if (!message || draft === null) return at;
  const wanted = readChatMessage(message);
  switch (wanted.type) {
    case "chat":
      return addChat(deps, ctx, draft, wanted.chat);
    case "search":
      return askChats(deps, ctx, draft, { page: 0, query: shortTitle(wanted.query) });
    case "person":
      await ctx.reply(t("chats-forward-of-person"));
      return at;
    case "nothing":
      await ctx.reply(t("chats-add-how"));
      return at;
  }
}

/** Adds the chat that the admin named to the list and selects it, or says why that is not possible. */
async function addChat(deps: BotDeps, ctx: StepContext, draft: number, named: number | string): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const poster = await posterOf(deps, ctx, campaign);
  const chat = await checkChat(poster, named);
  if (chat) forgetMembers(deps, poster.scope, chat.chatId);
  const obstacle = await obstacleFor(ctx, poster, chat);
  if (!chat || obstacle !== null) {
    const values = { title: chat?.title ?? "", kind: chat?.kind ?? "group" };
    await ctx.reply(t(chat ? `chats-${obstacle}` : "chats-not-in", values), removeKeyboard());
    return { ...(await askChats(deps, ctx, draft)), picker: false };
  }
  const target = { chatId: chat.chatId };
  const instead = !chat.isForum && (await addTarget(deps, ctx, campaign, target));
  const lines = [t("chats-added", { title: chat.title }), ...(instead ? [t("chats-not-people")] : [])];
  await ctx.reply(lines.join("\n"), removeKeyboard());
  const at = await (chat.isForum ? askTopics(deps, ctx, draft, chat) : askChats(deps, ctx, draft));
  return { ...at, picker: false };
}

function removeKeyboard() {
  return { reply_markup: { remove_keyboard: true as const } };
}

/** The part of the list that is shown; its buttons may be tapped while the dialog is elsewhere. */
function viewOf({ expects, view }: At): ChatsView {
  return expects === "chats" ? (view ?? START) : START;
}

function search(chats: KnownChat[], query: string): KnownChat[] {
  const wanted = query.toLowerCase();
  return chats.filter(({ title, username }) => `${title} ${username ?? ""}`.toLowerCase().includes(wanted));
}

export const chatsStep = {
  takes: { chats: takeChat },
  taps: {
    chats: ({ deps, ctx, at, draft, argument }: Tap) => turnChats(deps, ctx, at, draft, argument),
    chat: ({ deps, ctx, at, draft, argument }: Tap) => toggleChat(deps, ctx, at, draft, argument),
    addchat: ({ ctx, at, draft }: Tap) => askForChat(ctx, at, draft),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof chatsStep.takes, "chats"> {}
  interface Verbs extends NamesOf<typeof chatsStep.taps, "chats"> {}
}
