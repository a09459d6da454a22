import { Keyboard as ReplyKeyboard } from "grammy";
import type { Message } from "grammy/types";
import type { HeraldContext } from "../../ui/bot-context.ts";

/** Request ids, which Telegram returns with the chat that was picked. */
const PICK = { channel: 1, group: 2 } as const;

/** The rights that the bot asks for in a picked chat. In channels, the right to edit includes pinning. */
const NOTHING = {
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: false,
  can_manage_video_chats: false,
  can_restrict_members: false,
  can_promote_members: false,
  can_change_info: false,
  can_invite_users: false,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  can_send_welcome_messages: false,
};
const IN_CHANNEL = {
  ...NOTHING,
  can_post_messages: true,
  can_edit_messages: true,
  can_delete_messages: true,
};

/** Explains how to add a chat to the list, and offers Telegram's own picker. */
export async function explainAdding(ctx: HeraldContext): Promise<void> {
  const { t } = ctx;
  const picker = new ReplyKeyboard()
    .requestChat(t("chats-pick-channel"), PICK.channel, {
      chat_is_channel: true,
      user_administrator_rights: { ...IN_CHANNEL, can_promote_members: true },
      bot_administrator_rights: IN_CHANNEL,
    })
    .requestChat(t("chats-pick-group"), PICK.group, {
      chat_is_channel: false,
      user_administrator_rights: NOTHING,
      bot_is_member: true,
    })
    .oneTime()
    .resized();
  await ctx.reply(t("chats-add-how"), { reply_markup: picker });
}

/**
 * Removes the picker. Telegram does that only together with a message, and a card cannot be that message because it has
 * buttons itself. So a message is sent just for this, and deleted at once.
 */
export async function removePicker(ctx: HeraldContext): Promise<void> {
  const reply_markup = { remove_keyboard: true as const };
  await ctx
    .reply(ctx.t("chats-picker-away"), { disable_notification: true, reply_markup })
    .then(({ chat, message_id }) => ctx.api.deleteMessage(chat.id, message_id))
    .catch(() => undefined);
}

/** What a message to the list of chats means. */
export type ChatMessage =
  /** The chat's id or public @username. */
  | { type: "chat"; chat: number | string }
  /** Forwarded from a chat that Telegram does not name. */
  | { type: "person" }
  | { type: "search"; query: string }
  | { type: "nothing" };

/** A picked chat, a forwarded post, an @username or a link names a chat; any other text is a search. */
export function readChatMessage({ chat_shared, forward_origin: origin, text = "" }: Message): ChatMessage {
  if (chat_shared) return { type: "chat", chat: chat_shared.chat_id };
  if (origin?.type === "channel") return { type: "chat", chat: origin.chat.id };
  if (origin?.type === "chat") return { type: "chat", chat: origin.sender_chat.id };
  if (origin) return { type: "person" };
  const named = chatIn(text.trim());
  if (named) return { type: "chat", chat: named.chat };
  return text.trim() === "" ? { type: "nothing" } : { type: "search", query: text.trim() };
}

/**
 * The chat that a text names, if it says nothing else: "@news", "t.me/news", "https://t.me/c/1234567890/15/16". The first
 * number after the chat may be a topic.
 */
export function chatIn(text: string): { chat: number | string; thread?: number } | null {
  const match =
    /^(?:@(?<at>\w{4,32})|(?:https?:\/\/)?(?:t|telegram)\.me\/(?:c\/(?<id>\d{1,14})|(?<name>\w{4,32}))(?:\/(?<thread>\d{1,9}))?(?:\/\d+)?\/?(?:\?\S*)?)$/i.exec(
      text,
    )?.groups;
  if (!match) return null;
  const name = match["at"] ?? match["name"];
  const thread = match["thread"] === undefined ? {} : { thread: Number(match["thread"]) };
  if (name !== undefined) return { chat: `@${name}`, ...thread };
  return { chat: Number(`-100${match["id"]}`), ...thread };
}
