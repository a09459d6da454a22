import type { CallDetails, CallRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import type { Meter, Overview } from "../shared/protocol.ts";
import { postKey } from "./post-key.ts";

/** The `User-Agent` of Herald's campaign sender (src/telegram/fetch.ts). Its answers use another client. */
const BROADCASTER = /\bbroadcast\b/;

/** What one broadcast has sent. */
interface Sent {
  readonly chats: Set<number>;
  /** `chat post`. One set for all chats: a set for each of 100,000 chats takes four times the memory. */
  readonly posts: Set<string>;
  refused: number;
}

/**
 * Records which chat got which post. With `knowsPosts`, posts are what the bot's campaign sender sends and everything
 * else is an answer. What each broadcast sent is kept for good, so that a copy sent again is found, even after a
 * crash or a late retry. The same text in another broadcast is another post. For a bot that does not tell them apart,
 * every message counts, and there are no duplicates.
 */
export class Ledger {
  readonly #world: World;
  readonly #knowsPosts: boolean;
  readonly #broadcasts = new Map<number, Sent>();
  readonly #running = new Set<number>();
  /**
   * The broadcasts since the last moment without any, newest last. What was sent before the first one belongs to
   * none.
   */
  #shown: Sent[] = [nothing()];
  #hasEnded = false;
  #duplicates = 0;
  #tooMany = 0;

  constructor(world: World, knowsPosts: boolean) {
    this.#world = world;
    this.#knowsPosts = knowsPosts;
    world.records.observers.add(this.#record);
  }

  /** A broadcast starts, is resumed, or is retried. */
  goes(id: number): void {
    const sent = this.#broadcasts.get(id) ?? nothing();
    this.#broadcasts.set(id, sent);
    this.#shown =
      this.#running.size === 0 ? [sent] : [...this.#shown.filter((other) => other !== sent), sent];
    this.#running.add(id);
  }

  /** A broadcast has reached everyone it was for. */
  ends(id: number): void {
    this.rests(id);
    this.#hasEnded = true;
  }

  /** The state of the first broadcast. */
  get first(): NonNullable<Overview["firstBroadcast"]> {
    if (this.#hasEnded) return "over";
    return this.#broadcasts.size > 0 ? "begun" : "ahead";
  }

  /** A broadcast is paused or over. Its counts stay until another one starts. */
  rests(id: number): void {
    this.#running.delete(id);
  }

  /** Resets all counts to 0. What was sent is still known: if it is sent again, it is a duplicate. */
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
    this.#world.records.observers.delete(this.#record);
  }

  readonly #record = ({ method, errorCode }: CallRecord, details: CallDetails): void => {
    if (errorCode === 429) this.#tooMany += 1;
    if (!isSend(method) || (this.#knowsPosts && !BROADCASTER.test(details.agent))) return;
    const newest = this.#shown.at(-1) ?? nothing();
    if (errorCode === 403) newest.refused += 1;
    const messages = details.messages();
    const posts = this.#knowsPosts ? messages.map((message) => `${message.chat.id} ${postKey(message)}`) : [];
    // A call does not say which of two running broadcasts it belongs to. If one of them has sent the same post, it is
    // that one.
    const again = this.#shown.find((sent) => posts.some((post) => sent.posts.has(post)));
    const sent = again ?? newest;
    // Check all parts of an album before recording any: they are not duplicates of each other.
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
