import type { Unreadable } from "../../campaign/queries.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";

/** Tells when campaigns of the bot cannot be read, and when all can be again. */
export interface UnreadableWatch {
  /** What a look at the running campaigns, or at those that are due, has found. */
  seen(where: "running" | "due", found: readonly Unreadable[]): void;
}

/** Looks come every second; only what changes is told. */
export function watchUnreadable(log: Log, events: Pick<Events, "emit">): UnreadableWatch {
  const known = new Map<string, string>();
  let told: string | null = null;
  return {
    seen(where, found) {
      known.set(where, found.map(({ why }) => why).join(" "));
      const all = [...known.values()].filter((why) => why !== "").join(" ");
      if (all === told) return;
      told = all;
      if (all !== "") log.error({ why: all }, "campaigns cannot be read and are not sent; others are");
      events.emit("unreadable", { what: all === "" ? null : all });
    },
  };
}
