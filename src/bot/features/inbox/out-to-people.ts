import { mapLimited } from "../../../background/limited.ts";
import { type Unit, listWaiting } from "../../../inbox/inbox-messages.ts";
import type { AlbumWatch } from "./album-watch.ts";
import type { CourierParts } from "./inbox-courier.ts";
import type { SendBack } from "./send-back.ts";

export interface OutToPeopleParts extends Pick<CourierParts, "own" | "clock" | "lease"> {
  albums: AlbumWatch;
  sendBack: SendBack;
  /** Something was sent, or refused: the group may have to be told. */
  onSent: () => void;
  stop: AbortSignal;
}

/** Sends what was written in the group. Resolves with in how many ms there is more to do; nothing if there is not. */
export type OutToPeople = () => Promise<number | void>;

/** People who are answered at the same time. */
const PEOPLE_AT_ONCE = 8;

const LEASE_CHECK_MS = 1_000;

export function createOutToPeople(parts: OutToPeopleParts): OutToPeople {
  const { own, clock, lease, albums, sendBack, onSent, stop } = parts;
  const restsUntil = new Map<number, number>(); // people whom nothing may be sent, monotonic

  /** Resolves with in how many ms there is more to do for this person; 0 for at once. */
  async function sendOne(unit: Unit): Promise<number> {
    if (stop.aborted || !lease.held()) return LEASE_CHECK_MS;
    const restMs = (restsUntil.get(unit.chatId) ?? -Infinity) - clock.monotonic();
    const ms = Math.max(restMs, albums.missingMs(unit));
    if (ms > 0) return ms;
    const waitMs = await sendBack(unit);
    if (waitMs > 0) restsUntil.set(unit.chatId, clock.monotonic() + waitMs);
    else restsUntil.delete(unit.chatId);
    return waitMs;
  }

  return async () => {
    const units = await listWaiting(own, "out");
    if (units.length === 0) return;
    const waits = await mapLimited(units, PEOPLE_AT_ONCE, sendOne);
    onSent();
    return Math.min(...waits);
  };
}
