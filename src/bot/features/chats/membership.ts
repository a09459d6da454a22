import { type Api, GrammyError } from "grammy";
import type { Chat, ChatMember, ChatPermissions } from "grammy/types";
import {
  type ChatFacts,
  type ChatRights,
  type KnownChat,
  NO_RIGHTS,
  findChat,
  listChats,
  noteChat,
  noteGone,
} from "../../../audience/chats.ts";
import { mapLimited } from "../../../background/limited.ts";
import { followSupergroup } from "../../../campaign/supergroup.ts";
import { type Scope, scopeOf } from "../../../db/scope.ts";
import { storable } from "../../../storable.ts";
import type { BotDeps, CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";

/** A group, supergroup or channel, as in updates and getChat. */
export type Room = Chat.GroupChat | Chat.SupergroupChat | Chat.ChannelChat;

export function factsOf(chat: Room): ChatFacts {
  return {
    chatId: chat.id,
    kind: chat.type === "channel" ? "channel" : "group",
    title: storable(chat.title), // updates are storable already, but getChat's answers are not
    username: chat.username ?? null,
    isForum: chat.is_forum === true,
  };
}

/**
 * What the bot may do in a chat as this member. In channels, the right to edit includes pinning (Bot API,
 * "pinChatMessage"), and a bot that may post may delete its posts ("deleteMessage"). Members of a group may do what its
 * `permissions` allow.
 */
export function rightsOf(type: Room["type"], member: ChatMember, permissions?: ChatPermissions): ChatRights {
  switch (member.status) {
    case "left":
    case "kicked":
      return NO_RIGHTS;
    case "creator":
      return { present: true, post: true, pin: true, delete: true, topics: true };
    case "administrator": {
      const channel = type === "channel";
      return {
        present: true,
        post: !channel || member.can_post_messages === true,
        pin: (channel ? member.can_edit_messages : member.can_pin_messages) === true,
        delete: !channel || member.can_post_messages === true || member.can_delete_messages,
        topics: member.can_manage_topics === true,
      };
    }
    case "restricted": {
      const present = member.is_member;
      return { ...NO_RIGHTS, present, post: present && member.can_send_messages, delete: present };
    }
    case "member":
      return {
        present: true,
        post: type !== "channel" && permissions?.can_send_messages !== false,
        pin: false,
        delete: true,
        topics: false,
      };
  }
}

/** A bot that posts: its rows, and how to ask Telegram about its chats. */
export interface Poster {
  scope: Scope;
  /** Null if its token is not known: then Telegram cannot be asked, and nobody may post to its chats. */
  api: Api | null;
}

/** The bot that a campaign belongs to. */
export async function posterOf(
  { scope, apiOf }: BotDeps,
  ctx: Pick<HeraldContext, "api">,
  campaign: { botId: number },
): Promise<Poster> {
  const { botId } = campaign;
  return { scope: scopeOf(scope, campaign), api: botId === scope.homeId ? ctx.api : await apiOf(botId) };
}

/**
 * Asks Telegram what a chat is and what the bot may do there, and records it if the bot is or was in it. `chat` is an
 * id or a public @username. Null if the bot is not in it, or if there is no such group or channel.
 */
export async function checkChat(poster: Poster, chat: number | string): Promise<KnownChat | null> {
  const { scope, api } = poster;
  if (!api) return typeof chat === "number" ? findChat(scope, chat) : null;
  try {
    const found = await api.getChat(chat);
    if (found.type === "private") return null;
    const rights = rightsOf(found.type, await api.getChatMember(found.id, scope.botId), found.permissions);
    const facts = factsOf(found);
    if (!rights.present) await noteGone(scope, facts.chatId);
    else await noteChat(scope, facts, rights);
    return rights.present ? await findChat(scope, facts.chatId) : null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { migrate_to_chat_id: next } = error.parameters;
    if (next !== undefined && typeof chat === "number") {
      await followSupergroup(scope, chat, next);
      return checkChat(poster, next);
    }
    if (typeof chat === "number") await noteGone(scope, chat);
    return null;
  }
}

/**
 * Asks Telegram whether a person may post to a chat themselves: its creator and administrators may; in a channel, only
 * those with that right. The bot must not lend its own rights to anyone else.
 */
export async function mayPost(
  { api }: Pick<Poster, "api">,
  { chatId, kind }: ChatFacts,
  userId: number,
): Promise<boolean> {
  if (!api) return false;
  try {
    const member = await api.getChatMember(chatId, userId);
    if (member.status === "creator") return true;
    return member.status === "administrator" && (kind === "group" || member.can_post_messages === true);
  } catch (error) {
    // Telegram does not say, for example in a channel where the bot is not an administrator, or no longer.
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): error is GrammyError {
  return error instanceof GrammyError && (error.error_code === 400 || error.error_code === 403);
}

/** Chats that are asked about at the same time, so that a hundred take as long as ten one after the other. */
export const CHATS_AT_ONCE = 10;

/** Turning pages and searching does not ask again. A new administrator waits no longer than this. */
const REMEMBERED_MS = 60_000;

/** By bot and chat, and by person; once for a door, whatever its admins are limited to. */
type Answers = Map<string, Map<number, { may: boolean; until: number }>>;
const remembered = new WeakMap<CrowdDeps["adminChats"], Answers>();

/**
 * The groups and channels that the bot is in and this person may post to, by title. Telegram's answers are remembered
 * for a minute; chats that are chosen are checked again.
 */
export async function listChatsOf(deps: BotDeps, poster: Poster, userId: number): Promise<KnownChat[]> {
  const answers: Answers = remembered.get(deps.adminChats) ?? new Map();
  remembered.set(deps.adminChats, answers);
  const now = deps.clock.monotonic();
  const ask = async (chat: KnownChat): Promise<KnownChat[]> => {
    const key = keyOf(poster.scope, chat.chatId);
    const people = answers.get(key) ?? new Map<number, { may: boolean; until: number }>();
    answers.set(key, people);
    const known = people.get(userId);
    if (known && known.until > now) return known.may ? [chat] : [];
    const may = await mayPost(poster, chat, userId);
    people.set(userId, { may, until: now + REMEMBERED_MS });
    return may ? [chat] : [];
  };
  return (await mapLimited(await listChats(poster.scope), CHATS_AT_ONCE, ask)).flat();
}

/** Forgets Telegram's answers about a chat, because they are out of date. */
export function forgetMembers(deps: CrowdDeps, scope: Scope, chatId: number): void {
  remembered.get(deps.adminChats)?.delete(keyOf(scope, chatId));
}

function keyOf({ botId }: Scope, chatId: number): string {
  return `${botId} ${chatId}`;
}
