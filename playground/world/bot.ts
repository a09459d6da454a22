import { isDeepStrictEqual } from "node:util";
import type { Update, User, UserFromGetMe } from "@grammyjs/types";
import { Refusal } from "../wire/refusal.ts";
import { type Webhook, WebhookPoster } from "./webhook-poster.ts";

export type UpdateBody = Omit<Update, "update_id">;

/** Updates that a bot gets only when it asks for them by name (Bot API, `getUpdates`, `allowed_updates`). */
const NOT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

/** Bot API server, Client.cpp: a bot that repeats a getUpdates within this time waits at least SAME_AGAIN_SECONDS. */
const SAME_AGAIN_MS = 3_000;
const SAME_AGAIN_SECONDS = 3;

/** Bot API server, Client.cpp, fail_query_conflict: a 409 this soon after the previous one is delayed by as much. */
const CONFLICTS_APART_MS = 3_000;

interface LongPoll {
  limit: number;
  answer: (updates: Update[]) => void;
  fail: (refusal: Refusal) => void;
  timer: NodeJS.Timeout;
}

const OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK_IS_ACTIVE =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

/** A bot's names; for `telegram.bot(token, facts)`. */
export interface BotFacts {
  username?: string;
  name?: string;
}

/**
 * A bot's account and its queue of updates. An update leaves the queue only when a higher offset confirms it, so a
 * bot that was killed gets it again (Bot API, `getUpdates`, `offset`).
 */
export class Bot {
  readonly id: number;
  /** The answer to getMe. */
  readonly me: UserFromGetMe;
  /** The bot as it appears in `from`. */
  readonly user: User;
  revoked = false;
  /** Whether @BotFather's setting lets it manage other bots. */
  managesBots = false;
  #token: string;
  #queue: Update[] = [];
  #nextId = 500_000_001;
  #allowed: ReadonlySet<string> | undefined;
  #poll: LongPoll | undefined;
  /** The last getUpdates: its offset, and when it arrived (ms, monotonic). */
  #asked = { offset: 0, at: -Infinity };
  #nextConflictAt = -Infinity;
  #poster: WebhookPoster | undefined;

  constructor(token: string, facts: BotFacts = {}) {
    this.#token = token;
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

  get token(): string {
    return this.#token;
  }

  get pending(): number {
    return this.#queue.length;
  }

  /** Queues an update and wakes a waiting getUpdates. Drops kinds that the bot did not ask for. */
  push(body: UpdateBody): void {
    if (!this.#wants(body)) return;
    this.#queue.push({ update_id: this.#nextId, ...body });
    this.#nextId += 1;
    this.#wake();
  }

  get webhook(): Webhook | undefined {
    return this.#poster?.webhook;
  }

  /** The last post to the webhook that failed. */
  get webhookError(): WebhookPoster["lastError"] {
    return this.#poster?.lastError;
  }

  /** How many posts to the webhook had to be made again. */
  get webhookFailures(): number {
    return this.#poster?.failures ?? 0;
  }

  /** The kinds of updates that the bot asked for; undefined for Telegram's default. */
  get allowed(): string[] | undefined {
    return this.#allowed && [...this.#allowed];
  }

  /** Sets the webhook, or removes it with undefined. Queued updates stay. */
  setWebhook(webhook: Webhook | undefined, allowed?: readonly string[]): void {
    if (allowed !== undefined && webhook !== undefined) this.#allow(allowed);
    // Client.cpp: "Webhook is already set". What has failed stays known.
    if (webhook !== undefined && isDeepStrictEqual(webhook, this.#poster?.webhook)) return;
    this.#poster?.stop();
    this.#poster = webhook && this.#posterTo(webhook);
    if (webhook === undefined) return;
    this.#end((poll) => this.#conflict("terminated by setWebhook request", poll));
    this.#poster?.wake();
  }

  #posterTo(webhook: Webhook): WebhookPoster {
    return new WebhookPoster(webhook, {
      list: () => this.#queue,
      remove: (taken) => (this.#queue = this.#queue.filter((update) => update !== taken)),
    });
  }

  /**
   * Answers one getUpdates; `timeout` is in seconds. If it has to wait, a poll that is already waiting ends with 409,
   * as will this one when the next has to wait. `signal` is aborted when the client disconnects; nothing is taken
   * from the queue then.
   */
  poll(
    offset: number | undefined,
    limit: number,
    timeout: number,
    allowed: readonly string[] | undefined,
    signal: AbortSignal,
  ): Update[] | Promise<Update[]> {
    if (this.#poster !== undefined)
      return new Promise((_, reject) => this.#conflict(WEBHOOK_IS_ACTIVE, { fail: reject }));
    if (allowed !== undefined) this.#allow(allowed);
    const patience = this.#patience(offset ?? 0, timeout);
    this.#confirm(offset);
    if (this.#queue.length > 0 || patience <= 0) return this.#queue.slice(0, limit);
    this.#end((poll) => this.#conflict(OTHER_POLL, poll));
    return new Promise((resolve, reject) => {
      const poll: LongPoll = {
        limit,
        answer: resolve,
        fail: reject,
        timer: setTimeout(() => this.#settle(poll, []), patience * 1000),
      };
      this.#poll = poll;
      signal.addEventListener("abort", () => this.#settle(poll, []), { once: true });
    });
  }

  /** deleteWebhook with `drop_pending_updates`. */
  dropPending(): void {
    this.#queue = [];
  }

  /** Revokes the token: all methods answer 401, and a waiting getUpdates ends with it at once. */
  revoke(): void {
    this.revoked = true;
    this.#endUnauthorized();
  }

  /** Use replaceToken() of managed-bots.ts, which has the old one refused. Queued updates stay. */
  changeToken(token: string): void {
    this.#token = token;
    this.#endUnauthorized();
  }

  #endUnauthorized(): void {
    this.#end((poll) => poll.fail(new Refusal({ error_code: 401, description: "Unauthorized" })));
  }

  /** Ends a waiting getUpdates and posts to the webhook, so that no timer outlives the server. */
  stop(): void {
    if (this.#poll !== undefined) this.#settle(this.#poll, []);
    this.#poster?.stop();
  }

  /** Posts to the webhook again, after `stop`. */
  resume(): void {
    if (this.#poster === undefined) return;
    this.#poster = this.#posterTo(this.#poster.webhook);
    this.#poster.wake();
  }

  #allow(allowed: readonly string[]): void {
    this.#allowed = allowed.length === 0 ? undefined : new Set(allowed);
    this.#queue = this.#queue.filter((update) => this.#wants(update));
  }

  /** How many seconds a getUpdates may wait. */
  #patience(offset: number, timeout: number): number {
    const at = performance.now();
    const isSame = offset === this.#asked.offset && at < this.#asked.at + SAME_AGAIN_MS;
    this.#asked = { offset, at };
    return isSame ? Math.max(timeout, SAME_AGAIN_SECONDS) : timeout;
  }

  #conflict(words: string, { fail }: Pick<LongPoll, "fail">): void {
    const refusal = new Refusal({ error_code: 409, description: `Conflict: ${words}` });
    const now = performance.now();
    if (now < this.#nextConflictAt) {
      setTimeout(() => fail(refusal), CONFLICTS_APART_MS).unref();
      return;
    }
    this.#nextConflictAt = now + CONFLICTS_APART_MS;
    fail(refusal);
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
    // A negative offset keeps that many updates from the end and drops the others.
    this.#queue =
      offset < 0 ? this.#queue.slice(offset) : this.#queue.filter((update) => update.update_id >= offset);
  }

  #wake(): void {
    this.#poster?.wake();
    if (this.#poll !== undefined) this.#settle(this.#poll, this.#queue.slice(0, this.#poll.limit));
  }

  #settle(poll: LongPoll, updates: Update[]): void {
    clearTimeout(poll.timer);
    if (this.#poll === poll) this.#poll = undefined;
    poll.answer(updates);
  }

  #end(how: (poll: LongPoll) => void): void {
    const poll = this.#poll;
    if (poll === undefined) return;
    clearTimeout(poll.timer);
    this.#poll = undefined;
    how(poll);
  }
}
