import {
  type KnownChat,
  NO_RIGHTS,
  findChat,
  listTopics,
  nameTargets,
  noteTopic,
} from "../../../audience/chats.ts";
import type { ChatTarget } from "../../../audience/segment.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import type { Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { forgetMembers, listChatsOf, look } from "../../membership.ts";
import { type Translate, cut } from "../../words.ts";
import { chatIn, explainAdding, meant } from "./add-chat.ts";
import { choose, isSame, mention, obstacleFor, targetOf, targetsOf, usable } from "./chats.ts";
import { type At, type ChatsView, draftButton, numberOf, say, showCard } from "./dialog.ts";

/** Chats on a page; with more than these a search is offered, too. */
const PAGE_SIZE = 8;

/** Buttons show about so much of a title. */
const TITLE_LENGTH = 40;

const START: ChatsView = { page: 0 };

/** `Channels & groups…` or a page of it was tapped. A search stays while its pages are turned. */
export async function turnChats(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  const [page] = argument === "" ? [] : numbersIn(argument);
  return askChats(deps, ctx, draft, page === undefined ? START : { ...viewOf(at), page });
}

/** The card of groups and channels that this admin may post to; those where the bot may not are listed with ⛔. */
export async function askChats(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  view: ChatsView = START,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const chosen = targetsOf(campaign.audience);
  const mine = await listChatsOf(deps, ctx.api, ctx.from?.id ?? 0);
  const listed = [...(await lostOnes(deps, chosen, mine)), ...mine];
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

/** Chosen chats that are not in the list any more: without a button nobody could take them back. */
async function lostOnes(
  deps: BotDeps,
  chosen: readonly ChatTarget[],
  listed: readonly KnownChat[],
): Promise<KnownChat[]> {
  const ids = new Set(chosen.map(({ chatId }) => chatId));
  for (const { chatId } of listed) ids.delete(chatId);
  const lost: KnownChat[] = [];
  for (const chatId of ids) {
    const [title = ""] = await nameTargets(deps.scope, [{ chatId }]);
    const known = await findChat(deps.scope, chatId);
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
  const title = shorten(chat.title) + (twins && chat.username !== null ? ` (@${chat.username})` : "");
  const more = chat.isForum ? (here > 0 ? `… · ${here}` : "…") : "";
  return draftButton(draft, `${mark}${title}${more}`, "chat", `${chat.chatId}.${page}`);
}

/** A chat was tapped: it is chosen or not any more; of a forum its topics are shown. */
export async function toggleChat(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  const [chatId = 0, page = 0] = numbersIn(argument);
  const view = { ...viewOf(at), page };
  const campaign = await getDraft(deps.scope, draft);
  const chosen = targetsOf(campaign.audience);
  const rest = chosen.filter((target) => target.chatId !== chatId);
  const known = await findChat(deps.scope, chatId);
  const chosenHere = rest.length < chosen.length;
  const opens = known?.isForum === true || !chosenHere;
  const chat = known && opens && (await usable(deps, ctx, known));
  if (!chat) {
    // Topics of a forum that is out of reach can only be taken back.
    if (chosenHere) await editDraft(deps.scope, campaign, { audience: { chats: rest } }, ctx.from?.id ?? 0);
    return askChats(deps, ctx, draft, view);
  }
  if (chat.isForum) return askTopics(deps, ctx, draft, chat);
  const instead = await choose(deps, ctx, campaign, { chatId: chat.chatId });
  if (instead) await mention(ctx, ctx.t("chats-not-people"));
  return askChats(deps, ctx, draft, view);
}

/** `Add a chat…` was tapped. */
export async function askForChat(ctx: HeraldContext, at: At, draft: number): Promise<At> {
  await explainAdding(ctx);
  return { ...at, draft, expects: "chats", view: viewOf(at), picker: true };
}

/** A message to the list: it names a chat that is to be added, or is searched for. */
export async function takeChat(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { message, t } = ctx;
  const { draft } = at;
  if (!message || draft === null) return at;
  const wanted = meant(message);
  switch (wanted.type) {
    case "chat":
      return addChat(deps, ctx, draft, wanted.chat);
    case "search":
      return askChats(deps, ctx, draft, { page: 0, query: shorten(wanted.query) });
    case "person":
      await ctx.reply(t("chats-forward-of-person"));
      return at;
    case "nothing":
      await ctx.reply(t("chats-add-how"));
      return at;
  }
}

/** Brings a chat into the list that the admin named, and chooses it; says why when it cannot be. */
async function addChat(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  named: number | string,
): Promise<At> {
  const { t } = ctx;
  const chat = await look(deps, ctx.api, named);
  if (chat) forgetMembers(deps, chat.chatId);
  const obstacle = await obstacleFor(ctx, chat);
  if (!chat || obstacle !== null) {
    const values = { title: chat?.title ?? "", kind: chat?.kind ?? "group" };
    await ctx.reply(t(chat ? `chats-${obstacle}` : "chats-not-in", values), removeKeyboard());
    return { ...(await askChats(deps, ctx, draft)), picker: false };
  }
  const target = { chatId: chat.chatId };
  const instead = !chat.isForum && (await choose(deps, ctx, await getDraft(deps.scope, draft), target));
  const lines = [t("chats-added", { title: chat.title }), ...(instead ? [t("chats-not-people")] : [])];
  await ctx.reply(lines.join("\n"), removeKeyboard());
  const at = await (chat.isForum ? askTopics(deps, ctx, draft, chat) : askChats(deps, ctx, draft));
  return { ...at, picker: false };
}

function removeKeyboard() {
  return { reply_markup: { remove_keyboard: true as const } };
}

/** The topics of a forum: General and those that the bot has heard of. */
export async function askTopics(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  { chatId, title }: Pick<KnownChat, "chatId" | "title">,
  wanted = 0,
): Promise<At> {
  const { t } = ctx;
  const chosen = targetsOf((await getDraft(deps.scope, draft)).audience);
  const topics = [
    { threadId: 0, name: t("topics-general"), closed: false },
    ...(await listTopics(deps.scope, chatId)),
  ];
  const { page, shown, turns } = pageOf(t, draft, "topics", topics, wanted, `${chatId}.`);
  const rows = shown.map(({ threadId, name, closed }) => {
    const on = chosen.some((target) => isSame(target, targetOf(chatId, threadId)));
    const label = `${on ? "✅ " : ""}${closed ? "🔒 " : ""}${shorten(name)}`;
    return [draftButton(draft, label, "topic", `${chatId}.${threadId}.${page}`)];
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

/** Another page of topics; what the button's data names comes from outside. */
export async function turnTopics(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const [chatId = 0, page = 0] = numbersIn(argument);
  const known = await findChat(deps.scope, chatId);
  const chat = known && (await usable(deps, ctx, known));
  return chat ? askTopics(deps, ctx, draft, chat, page) : askChats(deps, ctx, draft);
}

/** A topic was tapped: it is chosen or not any more. */
export async function toggleTopic(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const [chatId = 0, threadId = 0, page = 0] = numbersIn(argument);
  const campaign = await getDraft(deps.scope, draft);
  const target = targetOf(chatId, threadId);
  const chosen = targetsOf(campaign.audience);
  const rest = chosen.filter((one) => !isSame(one, target));
  const known = await findChat(deps.scope, chatId);
  if (known && rest.length < chosen.length) {
    await editDraft(deps.scope, campaign, { audience: { chats: rest } }, ctx.from?.id ?? 0);
    return askTopics(deps, ctx, draft, known, page);
  }
  const chat = known && (await usable(deps, ctx, known));
  if (!chat) return askChats(deps, ctx, draft);
  const topic = (await listTopics(deps.scope, chatId)).find((one) => one.threadId === threadId);
  if (topic?.closed && !chat.rights.topics)
    await say(ctx, ctx.t("topics-closed", { topic: shorten(topic.name), title: shorten(chat.title) }));
  else if ((topic || threadId === 0) && (await choose(deps, ctx, campaign, target)))
    await mention(ctx, ctx.t("chats-not-people"));
  return askTopics(deps, ctx, draft, chat, page);
}

/** A message to the topics of a forum: the link of one that the bot has not heard of. */
export async function takeTopic(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { draft } = at;
  const { forum, page } = at.view ?? START;
  const named = chatIn(ctx.message?.text?.trim() ?? "");
  if (draft === null || forum === undefined) return at;
  const known = await findChat(deps.scope, forum);
  const names = [String(forum), `@${known?.username?.toLowerCase() ?? ""}`];
  if (!known || !named?.thread || !names.includes(String(named.chat).toLowerCase())) {
    await ctx.reply(ctx.t("topics-no-link"));
    return at;
  }
  const topics = await listTopics(deps.scope, forum);
  if (!topics.some(({ threadId }) => threadId === named.thread)) {
    const chat = await usable(deps, ctx, known);
    if (!chat) return askChats(deps, ctx, draft);
    await noteTopic(deps.scope, forum, named.thread, { name: `#${named.thread}` });
  }
  return toggleTopic(deps, ctx, draft, `${forum}.${named.thread}.${page}`);
}

/** What is shown of the list; its buttons may be tapped while the dialog is elsewhere. */
function viewOf({ expects, view }: At): ChatsView {
  return expects === "chats" ? (view ?? START) : START;
}

/** "-1001.2" as [-1001, 2]; what is no whole number is 0. */
function numbersIn(argument: string): number[] {
  const numbers = argument.split(".").map(Number);
  return numbers.map((number) => (Number.isSafeInteger(number) ? number : 0));
}

function search(chats: KnownChat[], query: string): KnownChat[] {
  const wanted = query.toLowerCase();
  return chats.filter(({ title, username }) => `${title} ${username ?? ""}`.toLowerCase().includes(wanted));
}

/** One page of a list that may have become shorter, and the buttons to the pages beside it. */
function pageOf<T>(
  t: Translate,
  draft: number,
  verb: "chats" | "topics",
  items: readonly T[],
  wanted: number,
  argument = "",
): { page: number; shown: T[]; turns: Keyboard[number] } {
  const last = Math.max(0, Math.ceil(items.length / PAGE_SIZE) - 1);
  const page = Math.min(Math.max(wanted, 0), last);
  const turn = (label: string, to: number) => draftButton(draft, t(label), verb, `${argument}${to}`);
  return {
    page,
    shown: items.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
    turns: [
      ...(page > 0 ? [turn("chats-previous", page - 1)] : []),
      ...(page < last ? [turn("chats-next", page + 1)] : []),
    ],
  };
}

function shorten(title: string): string {
  return cut(title, TITLE_LENGTH, "…");
}
