import { type EventName, type EventTypes, type Events, createEvents } from "../../src/events.ts";
import type { Lease } from "../../src/delivery/upkeep/lease.ts";

/** Events for a test. If a listener throws, the emit fails. */
export function testEvents(): Events {
  return createEvents((error) => {
    throw error;
  });
}

/** Collects all events of a kind from now on, in order. */
export function heard<Name extends EventName>(
  events: Pick<Events, "on">,
  name: Name,
): readonly EventTypes[Name][] {
  const all: EventTypes[Name][] = [];
  events.on(name, (event) => void all.push(event));
  return all;
}

/** A lease that nobody else wants. */
export function ownLease(held: () => boolean = () => true): Lease {
  return {
    held,
    acquire: async () => held(),
    nudge: () => undefined,
    since: null,
    lost: null,
    release: async () => undefined,
  };
}
