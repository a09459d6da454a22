import { isPersonId } from "../../../chat-id.ts";
import { type Api, GrammyError } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { Clock } from "../../../clock.ts";
import type { Log } from "../../../log.ts";

/**
 * Redraws the buttons of posts after votes. Edits count against Telegram's limits, so they are limited, and those that do
 * not fit are skipped: anyone who tapped has been told the numbers.
 */
export interface Redraws {
  /** The buttons of a message are out of date. `draw` is called when its turn comes. */
  ask(chatId: number, messageId: number, draw: Draw): void;
}

/** Resolves with undefined if there is nothing to draw. */
type Draw = () => Promise<InlineKeyboardMarkup | undefined>;

export interface RedrawsDeps {
  clock: Clock;
  log: Log;
  api: Pick<Api, "editMessageReplyMarkup">;
  /** End of a pause that Telegram asked for; meanwhile nothing is drawn. */
  quietUntil: () => Date | null;
  stop: AbortSignal;
}

/** Five edits per second, a sixth of the free rate. */
const BETWEEN_ANY_MS = 200;

const BETWEEN_EDITS_MS = 3_000;
/** A group takes 20 messages per minute, including edits; half of them are left for posts. */
const BETWEEN_EDITS_IN_CHAT_MS = 6_000;

const MOST_WAITING = 1_000;

export function createRedraws({ clock, log, api, quietUntil, stop }: RedrawsDeps): Redraws {
  const waiting = new Map<string, { chatId: number; messageId: number; draw: Draw }>();
  /** When each message that was drawn recently may be drawn again; monotonic. */
  const resting = new Map<string, number>();
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.size > 0 && !stop.aborted)
      await Promise.all([drawNext(), clock.sleep(BETWEEN_ANY_MS, stop)]);
    running = false;
  }

  async function drawNext(): Promise<void> {
    const now = clock.monotonic();
    for (const [key, until] of resting) if (until <= now) resting.delete(key);
    if (quietUntil()) return;
    const next = [...waiting].find(([key]) => !resting.has(key));
    if (!next) return;
    const [key, redraw] = next;
    const { chatId, messageId, draw } = redraw;
    waiting.delete(key); // before drawing, so that a change meanwhile adds it again
    resting.set(key, now + (isPersonId(chatId) ? BETWEEN_EDITS_MS : BETWEEN_EDITS_IN_CHAT_MS));
    try {
      const keyboard = await draw();
      if (keyboard) await api.editMessageReplyMarkup(chatId, messageId, { reply_markup: keyboard });
    } catch (error) {
      if (stop.aborted || isAsBefore(error)) return;
      const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
      if (seconds === undefined)
        return log.info({ err: error, chat: chatId }, "votes cannot be shown under a post");
      resting.set(key, clock.monotonic() + seconds * 1000);
      waiting.set(key, waiting.get(key) ?? redraw);
    }
  }

  return {
    ask(chatId, messageId, draw) {
      const key = `${chatId}:${messageId}`;
      if (stop.aborted || (waiting.size >= MOST_WAITING && !waiting.has(key))) return;
      waiting.set(key, { chatId, messageId, draw });
      if (!running) void run();
    },
  };
}

function isAsBefore(error: unknown): boolean {
  return error instanceof GrammyError && /message is not modified/i.test(error.description);
}
