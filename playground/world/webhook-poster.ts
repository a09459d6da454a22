import type { Update } from "@grammyjs/types";

/** A webhook as given to setWebhook. */
export interface Webhook {
  url: string;
  max_connections: number;
  ip_address: string;
  /** Sent with each update; getWebhookInfo does not tell it. */
  secret?: string;
}

/** The updates of a bot that wait, the oldest first. */
export interface WaitingUpdates {
  list(): readonly Update[];
  /** Takes one out once its webhook has taken it. */
  remove(update: Update): void;
}

/** Telegram waits from a second to a minute; tests should not have to. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** Nothing leaves this machine. */
const HERE = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** A program that has not answered by then has failed. */
const PATIENCE_MS = 10_000;

/**
 * Posts a bot's updates to its webhook, as the Bot API server does (WebhookActor.cpp): those of one chat one after the other,
 * several chats at once, and each again until it is answered with 2xx.
 */
export class WebhookPoster {
  readonly webhook: Webhook;
  /** The last post that failed: in Unix seconds, and why. */
  lastError: { date: number; message: string } | undefined;
  /** How many posts had to be made again. */
  failures = 0;
  readonly #updates: WaitingUpdates;
  /** The chats of which an update is under way, or waits to be posted again. */
  readonly #busy = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #ended = new AbortController();

  constructor(webhook: Webhook, updates: WaitingUpdates) {
    this.webhook = webhook;
    this.#updates = updates;
  }

  /** Posts what is due. */
  wake(): void {
    if (this.#ended.signal.aborted) return;
    for (const update of this.#updates.list()) {
      if (this.#busy.size >= this.webhook.max_connections) return;
      const line = lineOf(update);
      if (this.#busy.has(line)) continue;
      this.#busy.add(line);
      void this.#deliver(update, line, FIRST_PAUSE_MS);
    }
  }

  /** Ends posts that are under way: whether their webhook took them is not known, so they count as not taken. */
  stop(): void {
    this.#ended.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #deliver(update: Update, line: string, pauseMs: number): Promise<void> {
    const fault = await this.#post(update);
    if (this.#ended.signal.aborted) return;
    if (fault === null) {
      this.#updates.remove(update);
      this.#busy.delete(line);
      this.wake();
      return;
    }
    this.failures += 1;
    this.lastError = { date: Math.floor(Date.now() / 1000), message: fault };
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#deliver(update, line, Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
    }, pauseMs);
    this.#timers.add(timer);
  }

  /** Resolves with what was wrong; null if it was taken. */
  async #post(update: Update): Promise<string | null> {
    const { url, secret } = this.webhook;
    if (!HERE.has(new URL(url).hostname)) return "Failed to resolve host: Name or service not known";
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(secret !== undefined && { "x-telegram-bot-api-secret-token": secret }),
        },
        body: JSON.stringify(update),
        redirect: "manual",
        signal,
      });
      await response.arrayBuffer();
      if (response.ok) return null;
      return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
    } catch (error) {
      if (signal.aborted) return "Read timeout expired";
      const cause = error instanceof Error ? error.cause : undefined;
      const code = (cause as NodeJS.ErrnoException | undefined)?.code;
      return code === "ECONNREFUSED" ? "Connection refused" : `Connection failed: ${code ?? "unknown"}`;
    }
  }
}

/** Updates that must stay in order: those of one chat, else of one person, else of one poll. */
function lineOf({ message, edited_message: edited, ...update }: Update): string {
  const { callback_query: query, my_chat_member: membership, poll, poll_answer: answer } = update;
  const chat = message?.chat ?? edited?.chat ?? membership?.chat ?? query?.message?.chat;
  return `${chat?.id ?? query?.from.id ?? answer?.poll_id ?? poll?.id ?? ""}`;
}
