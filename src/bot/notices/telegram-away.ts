import { proxyFailureIn } from "../../telegram/proxy.ts";
import type { Alarm } from "./alarm.ts";

/** Telegram counts as away after this long without an answer. */
const AWAY_MS = 60_000;

/** A call was not answered: tells the owners, once it has lasted, that Telegram or the proxy on the way to it is away. */
export function noteAway(alarm: Pick<Alarm, "note">, error: unknown): void {
  const failure = proxyFailureIn(error);
  if (!failure) return alarm.note("telegram", { graceMs: AWAY_MS });
  alarm.note("proxy", { graceMs: AWAY_MS, facts: { proxy: failure.address, what: failure.what } });
}

/** Telegram has answered, even with a refusal. */
export function noteAnswered(alarm: Pick<Alarm, "over">): void {
  alarm.over("telegram");
  alarm.over("proxy");
}
