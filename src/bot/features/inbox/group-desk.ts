import type { Api } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { Clock } from "../../../clock.ts";
import type { Scope } from "../../../db/scope.ts";
import type { GroupInbox } from "../../../inbox/inbox-setting.ts";
import { type InboxThread, changeThread, findThread } from "../../../inbox/inbox-threads.ts";
import type { Translate } from "../../ui/words.ts";
import { localeFor } from "../../ui/words.ts";
import type { Reader } from "../../ui/times.ts";
import type { GroupPace } from "./group-pace.ts";
import { type CallResult, resultOf } from "./inbox-call.ts";
import { drawThread, nameOfPerson } from "./thread-card.ts";

/** Where in the group a person is. */
export interface Place {
  groupId: number;
  /** The topic; null in a group without topics. */
  threadId: number | null;
  /** The message that says who it is. */
  cardId: number;
}

export type Placed =
  | { type: "placed"; place: Place }
  /** They were forgotten. */
  | { type: "gone" }
  /** Herald stops. */
  | { type: "stopped" }
  | Exclude<CallResult<never>, { type: "done" }>;

/** The group of an inbox: makes a topic and a card for each person, and speaks there. */
export interface GroupDesk {
  readonly inbox: GroupInbox;
  readonly t: Translate;
  /** Finds the person's place, or makes one. */
  place(chatId: number): Promise<Placed>;
  /** Says something in the person's topic, below a message if there is one. Resolves with what came of it. */
  say(chatId: number, text: string, options?: SayOptions): Promise<Placed>;
  /** Draws the person's card anew. */
  redraw(chatId: number): Promise<void>;
}

export interface SayOptions {
  replyTo?: number;
  keyboard?: InlineKeyboardMarkup;
}

export interface DeskParts {
  own: Scope;
  api: Api;
  clock: Clock;
  pace: GroupPace;
  translator: (locale: Reader["locale"]) => Translate;
  timezone: string;
  stop: AbortSignal;
}

/** A card that is older than this is drawn anew before the next message: the person may have got a campaign since. */
const CARD_AGE_MS = 3_600_000;

export function createDesk(parts: DeskParts, inbox: GroupInbox): GroupDesk {
  const { own, api, clock, pace, stop } = parts;
  const { groupId } = inbox;
  const locale = localeFor(inbox.locale);
  const t = parts.translator(locale);
  const readerNow = (): Reader => ({ t, locale, timezone: parts.timezone, now: clock.now() });

  async function place(chatId: number): Promise<Placed> {
    const found = await findThread(own, chatId);
    if (!found) return { type: "gone" };
    const thread = found.groupId === groupId ? found : await begunAnew(own, found, groupId);
    if (inbox.mode === "topics" && thread.threadId === null) return open(thread);
    if (thread.closed) return reopen(thread);
    if (thread.cardId === null) return sendCard(thread);
    if (clock.now().getTime() - (thread.cardDrawnAt?.getTime() ?? 0) > CARD_AGE_MS) {
      await draw(thread);
      return place(chatId); // the card may be gone
    }
    const { threadId, cardId } = thread;
    return {
      type: "placed",
      place: { groupId, threadId: inbox.mode === "topics" ? threadId : null, cardId },
    };
  }

  /**
   * If the process is killed before the topic is noted, the next one makes another, and the first stays empty: Telegram cannot
   * be asked which topics there are.
   */
  async function open({ chatId }: InboxThread): Promise<Placed> {
    const name = await nameOfPerson(own, chatId);
    if (!(await pace.turn(1, stop))) return { type: "stopped" };
    const made = await resultOf(() => api.createForumTopic(groupId, name));
    if (made.type !== "done") return made;
    await changeThread(own, chatId, {
      groupId,
      threadId: made.value.message_thread_id,
      cardId: null,
      closed: false,
    });
    return place(chatId);
  }

  async function reopen({ chatId, threadId }: InboxThread): Promise<Placed> {
    if (inbox.mode === "topics" && threadId !== null) {
      const reopened = await resultOf(() => api.reopenForumTopic(groupId, threadId));
      if (reopened.type === "refused" && isTopicGone(reopened.description)) {
        await changeThread(own, chatId, { threadId: null, cardId: null, closed: false });
        return place(chatId);
      }
      // Somebody may have reopened it, or the bot may no longer manage topics: then the message itself tells.
      if (reopened.type !== "done" && reopened.type !== "refused") return reopened;
    }
    await changeThread(own, chatId, { closed: false, cardDrawnAt: null });
    return place(chatId);
  }

  async function sendCard(thread: InboxThread): Promise<Placed> {
    const { text, keyboard } = await drawThread(own, inbox, thread, readerNow());
    if (!(await pace.turn(1, stop))) return { type: "stopped" };
    const sent = await resultOf(() =>
      api.sendMessage(groupId, text, {
        ...inTopic(thread.threadId),
        reply_markup: keyboard,
        link_preview_options: { is_disabled: true },
      }),
    );
    if (sent.type === "refused" && isTopicGone(sent.description)) {
      await changeThread(own, thread.chatId, { threadId: null });
      return place(thread.chatId);
    }
    if (sent.type !== "done") return sent;
    await changeThread(own, thread.chatId, { cardId: sent.value.message_id, cardDrawnAt: clock.now() });
    return place(thread.chatId);
  }

  /** A card that cannot be edited because it was deleted is forgotten, so that the next one is sent. */
  async function draw(thread: InboxThread): Promise<void> {
    const { chatId, cardId } = thread;
    if (cardId === null) return;
    const { text, keyboard } = await drawThread(own, inbox, thread, readerNow());
    const drawn = await resultOf(() =>
      api.editMessageText(groupId, cardId, text, {
        reply_markup: keyboard,
        link_preview_options: { is_disabled: true },
      }),
    );
    const isGone =
      drawn.type === "refused" && /message to edit not found|MESSAGE_ID_INVALID/i.test(drawn.description);
    await changeThread(own, chatId, isGone ? { cardId: null } : { cardDrawnAt: clock.now() });
  }

  return {
    inbox,
    t,
    place,
    async say(chatId, text, { replyTo, keyboard } = {}) {
      const placed = await place(chatId);
      if (placed.type !== "placed") return placed;
      const { threadId, cardId } = placed.place;
      if (!(await pace.turn(1, stop))) return { type: "stopped" };
      const below = replyTo ?? (threadId === null ? cardId : undefined);
      const said = await resultOf(() =>
        api.sendMessage(groupId, text, {
          ...inTopic(threadId),
          ...(below !== undefined && {
            reply_parameters: { message_id: below, allow_sending_without_reply: true },
          }),
          ...(keyboard && { reply_markup: keyboard }),
          link_preview_options: { is_disabled: true },
        }),
      );
      return said.type === "done" ? placed : said;
    },
    async redraw(chatId) {
      const thread = await findThread(own, chatId);
      if (thread?.groupId === groupId) await draw(thread);
    },
  };
}

/** Their topic and card are in another group. */
async function begunAnew(own: Scope, thread: InboxThread, groupId: number): Promise<InboxThread> {
  const change = { groupId, threadId: null, cardId: null };
  await changeThread(own, thread.chatId, change);
  return { ...thread, ...change };
}

export const inTopic = (threadId: number | null) =>
  threadId === null ? {} : { message_thread_id: threadId };

/** Somebody deleted the topic. Telegram tells no bot of that. */
export function isTopicGone(description: string): boolean {
  return /message thread not found|TOPIC_DELETED|TOPIC_ID_INVALID/i.test(description);
}
