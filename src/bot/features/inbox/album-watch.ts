import type { Clock } from "../../../clock.ts";
import { MOST_PARTS } from "../../../content/content.ts";
import type { Unit } from "../../../inbox/inbox-messages.ts";

/** Knows for how long the newest part of each album has been there. */
export interface AlbumWatch {
  /** In how many ms the album counts as whole; 0 or less if it does, or if it is none. */
  missingMs(unit: Unit): number;
}

/** An album has no end mark: its parts come within this long of each other. */
const ALBUM_SILENCE_MS = 1_000;

export function createAlbumWatch(clock: Clock): AlbumWatch {
  const newest = new Map<string, { id: number; at: number }>();
  return {
    missingMs({ chatId, parts }) {
      const last = parts.at(-1);
      if (!last || last.albumId === null || parts.length >= MOST_PARTS) return 0;
      const key = `${chatId} ${last.albumId}`;
      const seen = newest.get(key);
      const at = seen?.id === last.id ? seen.at : clock.monotonic();
      newest.set(key, { id: last.id, at });
      const ms = at + ALBUM_SILENCE_MS - clock.monotonic();
      if (ms <= 0) newest.delete(key);
      return ms;
    },
  };
}
