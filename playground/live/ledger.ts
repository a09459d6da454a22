import type { CallDetails, CallRecord } from "../records.ts";
import type { World } from "../world.ts";
import type { Meter } from "./protocol.ts";
import { postKey } from "./sameness.ts";

/** The `User-Agent` of what sends campaigns (src/delivery/fetch.ts). Herald's answers go by another client. */
const BROADCASTER = /\bbroadcast\b/;

/** What one broadcast has sent. */
interface Sent {
  readonly chats: Set<number>;
  /** `chat post`. One set for all: a set for each of 100,000 chats takes four times the memory. */
  readonly posts: Set<string>;
  refused: number;
}

/**
 * Who got which post. With `knowsPosts` a post is what the bot's broadcaster sends, everything else an answer, and what
 * each broadcast has sent is remembered for good: a copy that it sends again, after a crash or on a retry much later, is
 * found. The same text in another broadcast is another post. Of a bot that does not say which is which, every message
 * counts, and none is a duplicate.
 */
export class Ledger {
  readonly #world: World;
  readonly #knowsPosts: boolean;
  readonly #broadcasts = new Map<number, Sent>();
  readonly #running = new Set<number>();
  /** Those that have run since the last time when none did, the newest last. What comes before any belongs to none. */
  #shown: Sent[] = [nothing()];
  #duplicates = 0;
  #tooMany = 0;

  constructor(world: World, knowsPosts: boolean) {
    this.#world = world;
    this.#knowsPosts = knowsPosts;
    world.records.observers.add(this.#hear);
  }

  /** A broadcast goes: it starts, is resumed, or is sent again to those whom it has not reached. */
  goes(id: number): void {
    const sent = this.#broadcasts.get(id) ?? nothing();
    this.#broadcasts.set(id, sent);
    this.#shown =
      this.#running.size === 0 ? [sent] : [...this.#shown.filter((other) => other !== sent), sent];
    this.#running.add(id);
  }

  /** A broadcast rests: it is paused or over. What it has sent stands until another goes. */
  rests(id: number): void {
    this.#running.delete(id);
  }

  /** All counts are 0. What was sent is still known: sent again, it is a duplicate. */
  recount(): void {
    for (const sent of this.#shown) {
      sent.chats.clear();
      sent.refused = 0;
    }
    this.#duplicates = 0;
    this.#tooMany = 0;
  }

  get counts(): Pick<Meter, "delivered" | "duplicates" | "refused" | "tooMany"> {
    return {
      delivered: total(this.#shown, ({ chats }) => chats.size),
      refused: total(this.#shown, ({ refused }) => refused),
      duplicates: this.#knowsPosts ? this.#duplicates : null,
      tooMany: this.#tooMany,
    };
  }

  close(): void {
    this.#world.records.observers.delete(this.#hear);
  }

  readonly #hear = ({ method, errorCode }: CallRecord, details: CallDetails): void => {
    if (errorCode === 429) this.#tooMany += 1;
    if (!isSend(method) || (this.#knowsPosts && !BROADCASTER.test(details.agent))) return;
    const newest = this.#shown.at(-1) ?? nothing();
    if (errorCode === 403) newest.refused += 1;
    const messages = details.messages();
    const posts = this.#knowsPosts ? messages.map((message) => `${message.chat.id} ${postKey(message)}`) : [];
    // Telegram is not told to which of two that run at once a post belongs: whichever has sent it already, it is the same.
    const again = this.#shown.find((sent) => posts.some((post) => sent.posts.has(post)));
    const sent = again ?? newest;
    // All parts of an album before any is noted: they are no duplicates of each other.
    this.#duplicates += posts.filter((post) => sent.posts.has(post)).length;
    for (const post of posts) sent.posts.add(post);
    for (const { chat } of messages) sent.chats.add(chat.id);
  };
}

function nothing(): Sent {
  return { chats: new Set(), posts: new Set(), refused: 0 };
}

function total(broadcasts: readonly Sent[], count: (sent: Sent) => number): number {
  return broadcasts.reduce((sum, sent) => sum + count(sent), 0);
}

function isSend(method: string): boolean {
  return /^(send|copy|forward)/.test(method) && method !== "sendChatAction";
}
