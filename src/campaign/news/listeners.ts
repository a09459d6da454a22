import type { Campaign } from "../campaign.ts";
import type { News } from "./news.ts";
import { type Tell, type TellGroup, groupOf } from "../settings.ts";

/** Somebody who is to hear of a campaign: a person, or a group with the admin in whose words it is told. */
export interface Listener {
  chatId: number;
  reader: number;
  group?: TellGroup;
}

export interface Crew {
  /** Everybody who may send now, owners among them. */
  admins: readonly number[];
  owners: readonly number[];
  /** Who is told in any case, as admins are. */
  concerned: readonly number[];
}

/** Whether it is worth telling by now: what has ended is not said to have begun. */
export function isStillSo({ state }: Campaign, { what }: News): boolean {
  switch (what) {
    case "began":
      return state === "running";
    case "ended":
      return state === "finished";
    case "cancelled":
      return state === "cancelled";
    default:
      return true;
  }
}

/**
 * Who is to hear of it, each once: not the one who did it, nor those who look at its card. The report of an author who is
 * no longer an admin goes to the owners.
 */
export function listenersOf(campaign: Campaign, item: News, tell: Tell, crew: Crew): Listener[] {
  const { createdBy: author } = campaign;
  const { what, actorId, watchers } = item;
  const isDeed = actorId !== null;
  // Of what admins do, only the end of sending concerns others than the author.
  const isCourse = !isDeed || (what === "cancelled" && campaign.startedAt !== null);
  const isWanted = isCourse && (what === "began" ? tell.began : tell.ended);
  const heirs = what === "ended" && !crew.admins.includes(author) ? crew.owners : [author];
  const people = [
    ...((isDeed ? tell.deeds : isWanted) ? heirs : []),
    ...(isWanted && tell.besides === "admins" ? crew.admins : []),
  ].filter((id) => id !== actorId && !watchers.includes(id));
  const group = isWanted ? groupOf(tell) : null;
  return [
    ...asListeners([...people, ...crew.concerned].filter((id) => crew.admins.includes(id))),
    ...(group ? [{ chatId: group.chatId, reader: group.by, group }] : []),
  ];
}

export function asListeners(ids: readonly number[]): Listener[] {
  return [...new Set(ids)].map((id) => ({ chatId: id, reader: id }));
}
