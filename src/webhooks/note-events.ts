import { sql } from "drizzle-orm";
import { type HomeScope, type Scope, inTransaction } from "../db/scope.ts";
import type { WebhookEvent } from "../db/states.ts";

/** What an event says: numbers, ids and states; never a text, a name or a phone number. And the bot that it is about. */
export type EventData = Record<string, unknown> & { bot: number };

/**
 * Writes an event for each of `all`, to every webhook that wants it and whose key may use the bot that it is about. Call it in the transaction in which it happens, so
 * that a crash loses neither. One statement, however many.
 */
export async function noteEvents(
  { db, homeId }: HomeScope,
  event: WebhookEvent,
  all: readonly EventData[],
): Promise<void> {
  if (all.length === 0) return;
  await db.execute(
    // One id for all webhooks that get it. json keeps the order of the fields, jsonb would not.
    sql`with happened as materialized (
          select 'evt_' || replace(gen_random_uuid()::text, '-', '') as event_id, data
          from json_array_elements(${JSON.stringify(all)}::json) as data)
        insert into webhook_messages (home_id, webhook_id, event_id, event, payload, next_at)
        select ${homeId}::bigint, w.id, h.event_id, ${event}::text, json_build_object('type', ${event}::text,
          'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', h.data)::text, now()
        from webhooks w
        left join api_keys k on k.home_id = w.home_id and k.id = -w.created_by
        cross join happened h
        where w.home_id = ${homeId} and w.disabled_why is null and ${event} = any(w.events)
          and (k.bots is null or (h.data ->> 'bot')::bigint = any(k.bots))`,
  );
}

/** As noteEvents(), for people of a bot: nothing is written, and nothing asked, while no webhook wants it. */
export async function notePeople(scope: Scope, event: WebhookEvent, ids: readonly number[]): Promise<void> {
  if (!isWanted(scope, event)) return;
  await noteEvents(
    scope,
    event,
    ids.map((id) => ({ id, bot: scope.botId })),
  );
}

/** Does something to a person that may be one of these events: in a transaction if a webhook wants one. */
export async function withPeopleEvents<T>(
  scope: Scope,
  events: readonly WebhookEvent[],
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  return events.some((event) => isWanted(scope, event)) ? inTransaction(scope, work) : work(scope);
}

function isWanted({ wantedEvents }: HomeScope, event: WebhookEvent): boolean {
  return wantedEvents?.wants(event) ?? true;
}
