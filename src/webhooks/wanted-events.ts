import { and, eq, isNull } from "drizzle-orm";
import type { Service } from "../background/service.ts";
import { repeat } from "../background/rounds.ts";
import type { Clock } from "../clock.ts";
import { webhooks } from "../db/schema.ts";
import type { HomeScope, WantedEvents } from "../db/scope.ts";
import type { WebhookEvent } from "../db/states.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";

/** Where notifications do not arrive, another process learns of a new webhook this late. */
const ROUND_MS = 30_000;

/** Keeps in memory which events webhooks want. Reads them again when somebody changes one, in whichever process. */
export function createWantedEvents(deps: {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  events: Pick<Events, "on">;
}): WantedEvents & { any(): boolean; service: Service } {
  const { scope, clock, log, events } = deps;
  /** Null: not known. */
  let wanted: ReadonlySet<WebhookEvent> | null = null;
  let changes = 0;

  async function load(): Promise<void> {
    const before = changes;
    const rows = await scope.db
      .select({ events: webhooks.events })
      .from(webhooks)
      .where(and(eq(webhooks.homeId, scope.homeId), isNull(webhooks.disabledWhy)));
    // What was read may be older than a change that came meanwhile; that one has nudged.
    if (changes === before) wanted = new Set(rows.flatMap((row) => row.events));
  }

  const service = repeat({
    clock,
    log,
    everyMs: ROUND_MS,
    againMs: 1_000,
    complaint: "which events webhooks want cannot be read",
    work: load,
  });

  function changed(): void {
    changes += 1;
    wanted = null;
    service.nudge();
  }

  events.on("nudged", ({ what }) => what === "webhooks" && changed());
  return {
    wants: (event) => wanted?.has(event) ?? true,
    any: () => wanted === null || wanted.size > 0,
    changed,
    service,
  };
}
