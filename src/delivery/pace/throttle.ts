import { isPersonId } from "../../chat-id.ts";
import { apiThrottler } from "@grammyjs/transformer-throttler";
import type { Transformer } from "grammy";

/** Keeps to what Telegram allows in a group or channel: about 1 message a second and 20 a minute in each. */
export interface Throttle {
  /** Calls that post to a group or channel wait here for their turn; all others pass. */
  transformer: Transformer;
  /**
   * Starts over. It counts by the wall clock, so after the clock was set back by an hour, every chat would wait for an
   * hour. Calls that are waiting stay there; their senders have to give them up.
   */
  renew(): void;
}

/**
 * Four in a row, a second apart, then one every 4 s: 4 + 60 / 4 = 19 in any minute, wherever it begins, with one to spare
 * for calls that travel unevenly. The throttler's default adds 20 each minute: 20 at the end of one minute and 20 at the
 * beginning of the next are 40 within 40 s.
 */
const GROUP_PACE = {
  maxConcurrent: 1,
  minTime: 1_000,
  reservoir: 4,
  reservoirIncreaseAmount: 1,
  reservoirIncreaseInterval: 4_000,
  reservoirIncreaseMaximum: 4,
};

/** The pacer takes care of the bot as a whole, and of people (docs/architecture.md, Pace). */
const UNLIMITED = {};

/** Methods that post a message, or edit what it says: edits count against the same limits. */
const SENDS = /^(send(?!ChatAction)|copy|forward|editMessage(Text|Media)$)/;

export function createThrottle(): Throttle {
  let throttler = create();

  return {
    transformer: (call, method, payload, signal) =>
      SENDS.test(method) && isToChat(payload)
        ? throttler(call, method, payload, signal)
        : call(method, payload, signal),
    renew() {
      throttler = create();
    },
  };
}

function create(): Transformer {
  return apiThrottler({ group: { ...GROUP_PACE }, global: { ...UNLIMITED }, out: { ...UNLIMITED } });
}

function isToChat(payload: object): boolean {
  const { chat_id: chatId } = payload as { chat_id?: unknown };
  return typeof chatId === "number" && !isPersonId(chatId);
}
