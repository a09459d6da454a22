import type { Chat, Message, ReplyKeyboardMarkup, User } from "@grammyjs/types";
import type { Limited, SlidingWindow } from "./flood-limits.ts";
import { type AdminRights, type BotStanding, EVERYTHING, type Permissions } from "./rights.ts";

/** A chat and its messages. Kept small, because there may be a million. */
export abstract class Place implements Limited {
  abstract readonly id: number;
  abstract readonly chat: Chat;
  abstract readonly isPrivate: boolean;
  /** The bot that a person talks to, or that is in a group; undefined for the default bot. */
  botId: number | undefined = undefined;
  fullAt = 0;
  window: SlidingWindow | undefined = undefined;
  lastMessageId = 0;
  /** Oldest first, ids ascending. Null until the first message, to save a million empty arrays. */
  messages: Message[] | null = null;
  /** The reply keyboard that the bot has shown under the input field. */
  keyboard: ReplyKeyboardMarkup | null = null;
  /**
   * Ids of the pinned messages, ascending. Telegram's "most recent pin" is the newest pinned message, not the latest
   * pinning.
   */
  pinned: number[] | null = null;
  /** The bot's reactions, by message. Null until there is one. */
  reactions: Map<number, string> | null = null;
  /** Ids of the bot's messages that are new or edited since the person last acted. Null until they first act. */
  fresh: Set<number> | null = null;

  /** The index of a message by its id, or -1. Binary search, because a chat may be long. */
  indexOf(messageId: number): number {
    const messages = this.messages ?? [];
    let low = 0;
    let high = messages.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const id = messages[middle]?.message_id ?? 0;
      if (id === messageId) return middle;
      if (id < messageId) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  find(messageId: number): Message | undefined {
    return this.messages?.[this.indexOf(messageId)];
  }
}

/** A person's private chat with the bot, and the person. */
export class PersonPlace extends Place {
  readonly isPrivate = true;
  /** Replaced, never mutated: earlier messages hold the person as they were. */
  user: User;
  /** Whether they have written to the bot, which may write to them since. */
  started: boolean;
  blocked = false;
  deactivated = false;
  /** When they last sent or tapped something (ms, monotonic). Null until they first act. */
  actedAt: number | null = null;
  #chat: Chat.PrivateChat | undefined;

  constructor(user: User, started: boolean) {
    super();
    this.user = user;
    this.started = started;
  }

  get id(): number {
    return this.user.id;
  }

  /** Created on first use: most of a million people are never written to. */
  get chat(): Chat.PrivateChat {
    this.#chat ??= {
      id: this.user.id,
      type: "private",
      first_name: this.user.first_name,
      ...(this.user.last_name !== undefined && { last_name: this.user.last_name }),
      ...(this.user.username !== undefined && { username: this.user.username }),
    };
    return this.#chat;
  }
}

/** A forum topic. `message_thread_id` is the id of the message that created it. */
export interface Topic {
  readonly message_thread_id: number;
  name: string;
  closed: boolean;
}

/** A group, a supergroup or a channel. */
export class GroupPlace extends Place {
  readonly isPrivate = false;
  readonly chat: Chat.GroupChat | Chat.SupergroupChat | Chat.ChannelChat;
  /** The people in it, administrators among them. */
  readonly members = new Map<number, User>();
  /** The person who owns it. */
  creator: User | undefined = undefined;
  readonly admins = new Map<number, AdminRights>();
  readonly topics = new Map<number, Topic>();
  /** The bot's standing in it. */
  bot: BotStanding = { status: "left" };
  /** What members who are not administrators may do. */
  permissions: Permissions = EVERYTHING;
  /** Seconds that a member must wait between two messages; 0 without slow mode. */
  slowMode = 0;
  /** When slow mode lets the bot send again (ms, monotonic). */
  slowUntil = 0;
  /** The id of the supergroup that this group became. */
  migratedTo: number | undefined = undefined;

  constructor(chat: Chat.GroupChat | Chat.SupergroupChat | Chat.ChannelChat) {
    super();
    this.chat = chat;
    // A forum's General topic has the thread id 1, which no topic made later may get.
    if (chat.is_forum === true) this.lastMessageId = 1;
  }

  get id(): number {
    return this.chat.id;
  }

  /** Whether the bot is in it and gets its updates. */
  get hasBot(): boolean {
    return this.bot.status !== "left" && this.bot.status !== "kicked";
  }

  /** Whether the bot is an administrator with this right. */
  grants(right: keyof AdminRights): boolean {
    return this.bot.status === "administrator" && this.bot.rights[right] === true;
  }
}
