import { isPersonId } from "../../chat-id.ts";
import { apiThrottler } from "@grammyjs/transformer-throttler";
import type { Transformer } from "grammy";

/** Keeps to what a group or channel takes: about 1 message a second and 20 a minute, each chat by itself. */
export interface Throttle {
  /** Calls that send to a group or channel wait in it for their turn; all others pass it by. */
  transformer: Transformer;
  /**
   * Begins anew: it counts by the wall clock, and when that is set back by an hour, every chat would wait for an hour.
   * What waits in it stays there; who sent it has to give it up.
   */
  renew(): void;
}

/**
 * Four at once, a second apart, then one every 4 s: 4 + 60 / 4 = 19 in any minute, wherever it begins, and one to spare
 * for those that travel unevenly. The throttler's own default fills up 20 each minute: 20 at the end of one and 20 at the
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

/** The pacer sees to the bot as a whole, and to people (docs/architecture.md, Pace). */
const UNLIMITED = {};

/** Methods that put a message into a chat. */
const SENDS = /^(send(?!ChatAction)|copy|forward)/;

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
