import { listWaiting } from "../../../inbox/inbox-messages.ts";
import type { AlbumWatch } from "./album-watch.ts";
import type { GroupDesk } from "./group-desk.ts";
import type { PassOn } from "./pass-on.ts";
import type { TellGroup } from "./untold.ts";
import type { CourierParts } from "./inbox-courier.ts";

export interface IntoGroupParts extends Pick<CourierParts, "own" | "clock" | "lease"> {
  albums: AlbumWatch;
  passOn: PassOn;
  tellGroup: TellGroup;
  stop: AbortSignal;
}

/** What people write, on its way into the group. */
export interface IntoGroup {
  /** Passes on what waits, one message after the other. Resolves with in how many ms there is more to do; nothing if there is not. */
  round(desk: GroupDesk): Promise<number | void>;
  /** Tries again at once what could not leave. */
  resume(): void;
}

export function createIntoGroup(parts: IntoGroupParts): IntoGroup {
  const { own, clock, lease, albums, passOn, tellGroup, stop } = parts;
  let restsUntil = -Infinity; // monotonic

  /** Of each person the oldest. Resolves with how many ms nothing may leave, and in how many ms each album is whole. */
  async function passOnOldest(desk: GroupDesk) {
    const units = await listWaiting(own, "in");
    const gathering: number[] = [];
    for (const unit of units) {
      if (stop.aborted || !lease.held()) break;
      const ms = albums.missingMs(unit);
      if (ms > 0) gathering.push(ms);
      const waitMs = ms > 0 ? 0 : await passOn(desk, unit);
      if (waitMs > 0) return { waitMs, gathering, count: units.length };
    }
    return { waitMs: 0, gathering, count: units.length };
  }

  function rest(ms: number): number {
    restsUntil = clock.monotonic() + ms;
    return ms;
  }

  return {
    async round(desk) {
      const restMs = restsUntil - clock.monotonic();
      if (restMs > 0) return restMs;
      const untilTold = await tellGroup(desk);
      if (untilTold > 0) return rest(untilTold);
      const { waitMs, gathering, count } = await passOnOldest(desk);
      if (waitMs > 0) return rest(waitMs);
      if (count === 0) return;
      return gathering.length === count ? Math.min(...gathering) : 0;
    },
    resume() {
      restsUntil = -Infinity;
    },
  };
}
