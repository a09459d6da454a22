import { setTimeout as sleep } from "node:timers/promises";
import type { Transformer } from "grammy";

const LONGEST_WAIT_SECONDS = 30;
const MOST_WAITS = 3;

/**
 * Repeats a call that Telegram puts off for a short while (429), for a few messages to one person. Longer waits are
 * reported like any other refusal.
 */
export function waitsOut(): Transformer {
  return async (call, method, payload, signal) => {
    for (let waits = 0; ; waits += 1) {
      const answer = await call(method, payload, signal);
      const seconds = answer.ok ? undefined : answer.parameters?.retry_after;
      if (seconds === undefined || seconds > LONGEST_WAIT_SECONDS || waits >= MOST_WAITS) return answer;
      await sleep(seconds * 1_000);
    }
  };
}
