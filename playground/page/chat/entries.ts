import type { ShownMessage } from "../../shared/protocol.ts";
import { dayOf } from "../ui/dates.ts";

/** One entry of a chat: a message, or all parts of an album. */
export interface Entry {
  /** Id of the first part; it stays when more parts arrive. */
  id: number;
  parts: readonly ShownMessage[];
  /** Whether it follows soon after one of the same sender, so that the two are drawn close together. */
  follows: boolean;
}

export interface Day {
  /** Unix seconds of its first message. */
  date: number;
  entries: Entry[];
}

const CLOSE_SECONDS = 300;

/** Groups messages, oldest first, into entries. */
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

/** Groups entries by day. */
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
