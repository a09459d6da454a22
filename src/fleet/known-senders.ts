import type { Clock } from "../clock.ts";
import type { Events } from "../events.ts";
import type { FleetSender, ListSenders } from "./fleet-sender.ts";

export interface KnownSendersParts {
  listSenders: ListSenders;
  clock: Clock;
  events: Pick<Events, "on">;
}

/** Senders are looked up again after so long, and at once when one is added, changed or removed. */
const KNOWN_FOR_MS = 2_000;

/** The senders of a home, for what asks as often as requests come. */
export function createKnownSenders({ listSenders, clock, events }: KnownSendersParts): ListSenders {
  let known: { senders: Promise<readonly FleetSender[]>; until: number } | null = null;
  events.on("nudged", ({ what }) => {
    if (what === "senders") known = null;
  });
  return () => {
    const now = clock.monotonic();
    if (!known || known.until < now) known = { senders: listSenders(), until: now + KNOWN_FOR_MS };
    known.senders.catch(() => (known = null));
    return known.senders;
  };
}
