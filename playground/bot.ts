import type { Update, User, UserFromGetMe } from "@grammyjs/types";
import { Refusal } from "./refusal.ts";

export type UpdateBody = Omit<Update, "update_id">;

/** Updates that a bot gets only when it asks for them by name (Bot API, `getUpdates`, `allowed_updates`). */
const NOT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

interface LongPoll {
  limit: number;
  answer: (updates: Update[]) => void;
  fail: (refusal: Refusal) => void;
  timer: NodeJS.Timeout;
}

/** What a bot is called; for `telegram.bot(token, facts)`. */
export interface BotFacts {
  username?: string;
  name?: string;
}

/**
 * A bot's account and its queue of updates. An update leaves the queue only when a higher offset confirms it, so a
 * bot that was killed gets it again (Bot API, `getUpdates`, `offset`).
 */
export class Bot {
  readonly token: string;
  readonly id: number;
  /** The answer to getMe. */
  readonly me: UserFromGetMe;
  /** The bot as it stands in `from`. */
  readonly user: User;
  revoked = false;
  #queue: Update[] = [];
  #nextId = 500_000_001;
  #allowed: ReadonlySet<string> | undefined;
  #poll: LongPoll | undefined;

  constructor(token: string, facts: BotFacts = {}) {
    this.token = token;
    this.id = Number.parseInt(token, 10);
    const username = facts.username ?? `herald_${this.id}_bot`;
    this.user = { id: this.id, is_bot: true, first_name: facts.name ?? "Herald", username };
    this.me = {
      id: this.id,
      is_bot: true,
      first_name: this.user.first_name,
      username,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    };
  }

  get pending(): number {
    return this.#queue.length;
  }

  /** Queues an update and wakes a waiting getUpdates. Kinds that the bot has not asked for are dropped. */
  push(body: UpdateBody): void {
    if (!this.#wants(body)) return;
    this.#queue.push({ update_id: this.#nextId, ...body });
    this.#nextId += 1;
    this.#wake();
  }

  /**
   * Answers one getUpdates. `timeout` is in seconds. A poll that is already waiting ends with 409; so does this one
   * when the next comes. `signal` tells that the client has gone: nothing is taken from the queue then.
   */
  poll(
    offset: number | undefined,
    limit: number,
    timeout: number,
    allowed: readonly string[] | undefined,
    signal: AbortSignal,
  ): Update[] | Promise<Update[]> {
    this.#end(
      new Refusal({
        error_code: 409,
        description:
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      }),
    );
    if (allowed !== undefined) {
      this.#allowed = allowed.length === 0 ? undefined : new Set(allowed);
      this.#queue = this.#queue.filter((update) => this.#wants(update));
    }
    this.#confirm(offset);
    if (this.#queue.length > 0 || timeout <= 0) return this.#queue.slice(0, limit);
    return new Promise((resolve, reject) => {
      const poll: LongPoll = {
        limit,
        answer: resolve,
        fail: reject,
        timer: setTimeout(() => this.#settle(poll, []), timeout * 1000),
      };
      this.#poll = poll;
      signal.addEventListener("abort", () => this.#settle(poll, []), { once: true });
    });
  }

  /** deleteWebhook with `drop_pending_updates`. */
  dropPending(): void {
    this.#queue = [];
  }

  /** The token was revoked: all methods answer 401, a waiting getUpdates at once. */
  revoke(): void {
    this.revoked = true;
    this.#end(new Refusal({ error_code: 401, description: "Unauthorized" }));
  }

  /** Lets go of a waiting getUpdates, so that no timer outlives the server. */
  stop(): void {
    if (this.#poll !== undefined) this.#settle(this.#poll, []);
  }

  #wants(body: object): boolean {
    for (const kind of Object.keys(body)) {
      if (kind === "update_id") continue;
      return this.#allowed === undefined ? !NOT_BY_DEFAULT.has(kind) : this.#allowed.has(kind);
    }
    return false;
  }

  #confirm(offset: number | undefined): void {
    if (offset === undefined || offset === 0) return;
    // A negative offset keeps that many from the end and forgets the others.
    this.#queue =
      offset < 0 ? this.#queue.slice(offset) : this.#queue.filter((update) => update.update_id >= offset);
  }

  #wake(): void {
    if (this.#poll !== undefined) this.#settle(this.#poll, this.#queue.slice(0, this.#poll.limit));
  }

  #settle(poll: LongPoll, updates: Update[]): void {
    clearTimeout(poll.timer);
    if (this.#poll === poll) this.#poll = undefined;
    poll.answer(updates);
  }

  #end(refusal: Refusal): void {
    const poll = this.#poll;
    if (poll === undefined) return;
    clearTimeout(poll.timer);
    this.#poll = undefined;
    poll.fail(refusal);
  }
}
