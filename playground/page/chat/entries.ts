import type { ShownMessage } from "../../live/protocol.ts";
import { dayOf } from "../dates.ts";

/** What stands as one in a chat: a message, or all parts of an album. */
export interface Entry {
  /** Id of the first part: it stays when more parts arrive. */
  id: number;
  parts: readonly ShownMessage[];
  /** Whether it follows at once on another of the same sender, so that the two stand close together. */
  follows: boolean;
}

export interface Day {
  /** Unix seconds of its first message. */
  date: number;
  entries: Entry[];
}

const CLOSE_SECONDS = 300;

/** Messages, oldest first, as entries. */
export function entriesOf(messages: readonly ShownMessage[]): Entry[] {
  const entries: (Entry & { parts: ShownMessage[] })[] = [];
  for (const shown of messages) {
    const last = entries.at(-1)?.parts;
    if (isSameAlbum(last?.[0], shown)) last?.push(shown);
    else {
      const follows = isClose(last?.at(-1), shown);
      entries.push({ id: shown.message.message_id, parts: [shown], follows });
    }
  }
  return entries;
}

/** Entries by the day on which they were sent. */
export function daysOf(entries: readonly Entry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const date = entry.parts[0]?.message.date ?? 0;
    const day = days.at(-1);
    if (day !== undefined && dayOf(day.date) === dayOf(date)) day.entries.push(entry);
    else days.push({ date, entries: [entry] });
  }
  return days;
}

function isSameAlbum(a: ShownMessage | undefined, { message, own }: ShownMessage): boolean {
  const album = message.media_group_id;
  return album !== undefined && a?.message.media_group_id === album && a.own === own;
}

function isClose(before: ShownMessage | undefined, { message, own }: ShownMessage): boolean {
  return (
    before !== undefined &&
    before.own === own &&
    before.message.from?.id === message.from?.id &&
    message.date - before.message.date < CLOSE_SECONDS
  );
}
