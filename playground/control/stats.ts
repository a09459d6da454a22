import { words } from "../content/kinds.ts";
import type { Controlled } from "./controlled.ts";

/** What has happened so far. With `text=` in the query, only messages that contain it are counted. */
export function stats(telegram: Controlled, query: URLSearchParams): object {
  const wanted = query.get("text") ?? "";
  const { calls } = telegram;
  const byMethod: Record<string, number> = {};
  const errors: Record<string, number> = {};
  for (const { method, errorCode } of calls) {
    byMethod[method] = (byMethod[method] ?? 0) + 1;
    if (errorCode !== undefined) errors[errorCode] = (errors[errorCode] ?? 0) + 1;
  }
  const counts = telegram.counts((message) => words(message).includes(wanted));
  let [messages, most] = [0, 0];
  for (const count of counts.values()) [messages, most] = [messages + count, Math.max(most, count)];
  return {
    bots: telegram.bots.map(({ id, me, pending }) => ({
      id,
      username: me.username,
      pendingUpdates: pending,
    })),
    calls: calls.length,
    byMethod,
    errors,
    tooMany: telegram.tooMany,
    worstSecond: telegram.worstSecond(),
    chats: counts.size,
    messages,
    /** More than 1 if a chat has the text twice. */
    mostInOneChat: most,
  };
}
