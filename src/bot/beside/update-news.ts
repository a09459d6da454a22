import { type Start, startIn } from "../../audience/source.ts";
import type { CallbackQuery, Update, User } from "grammy/types";
import { type RoomNews, roomNewsIn } from "../features/chats/room-news.ts";

/** Commands, without their slash, by which the people of a bot ask to get no broadcasts, and to get them again. */
export interface Wishes {
  leave: readonly string[];
  join: readonly string[];
}

/** What an update of a bot that stands beside another program says to Herald. */
export type UpdateNews =
  /** A person wrote, so the bot can write to them. */
  | { type: "person"; person: User; wish: "leave" | "join" | null; start: Start | null }
  /** A person blocked or unblocked the bot. */
  | { type: "standing"; personId: number; isBlocked: boolean }
  | { type: "room"; news: RoomNews }
  | { type: "tap"; query: CallbackQuery; person: User | null }
  | { type: "poll"; pollId: string }
  | { type: "poll-answer"; pollId: string; voterId: number };

/** Null for what Herald has no use for. */
export function newsIn(update: Update, wishes: Wishes): UpdateNews | null {
  const { my_chat_member: membership, callback_query: query, poll, poll_answer: answer } = update;
  if (poll) return { type: "poll", pollId: poll.id };
  if (answer) {
    const voterId = answer.user?.id ?? answer.voter_chat?.id;
    return voterId === undefined ? null : { type: "poll-answer", pollId: answer.poll_id, voterId };
  }
  if (query) {
    const isPrivate = query.message?.chat.type === "private";
    return { type: "tap", query, person: isPrivate && !query.from.is_bot ? query.from : null };
  }
  if (membership?.chat.type === "private") {
    const isBlocked = membership.new_chat_member.status === "kicked";
    return { type: "standing", personId: membership.chat.id, isBlocked };
  }
  const room = roomNewsIn(update);
  if (room) return { type: "room", news: room };
  const message = update.message ?? update.edited_message;
  // Skip bots: what the bot itself pins arrives as a message from it.
  if (message?.chat.type !== "private" || !message.from || message.from.is_bot) return null;
  const text = update.message?.text;
  const wish = wishIn(text, wishes);
  // Who joins by a command of the program's own starts anew, too.
  const start = startIn(text) ?? (wish === "join" ? { source: null } : null);
  return { type: "person", person: message.from, wish, start };
}

function wishIn(text: string | undefined, { leave, join }: Wishes): "leave" | "join" | null {
  const command = /^\/(\w{1,32})(?:@\w+)?(?:\s|$)/.exec(text ?? "")?.[1]?.toLowerCase();
  if (command === undefined) return null;
  return leave.includes(command) ? "leave" : join.includes(command) ? "join" : null;
}

/** Whom or what the news is about: of the same subject, an older update changes nothing once a newer one was heard. */
export function subjectOf(news: UpdateNews, updateId: number): string {
  switch (news.type) {
    case "person":
      return personSubject(news.person.id);
    case "standing":
      return personSubject(news.personId);
    case "room":
      return roomSubject(news.news);
    // Each tap counts: a second one takes a vote back.
    case "tap":
      return `tap ${updateId}`;
    case "poll":
      return `poll ${news.pollId}`;
    case "poll-answer":
      return `poll ${news.pollId} ${news.voterId}`;
  }
}

export function personSubject(userId: number): string {
  return `person ${userId}`;
}

/** Whether somebody wants broadcasts. What they write otherwise says nothing about it. */
export function wishSubject(userId: number): string {
  return `wish ${userId}`;
}

function roomSubject(news: RoomNews): string {
  switch (news.type) {
    case "membership":
      return `chat ${news.chat.id}`;
    case "names":
      return `title ${news.chat.id}`;
    case "moved":
      return `moved ${news.fromId}`;
    case "topic":
      return `topic ${news.chatId} ${news.threadId} ${Object.keys(news.change).join(" ")}`;
    case "topic-heard":
      return `topic ${news.chatId} ${news.threadId} heard`;
  }
}
