import type { CampaignState } from "../../db/states.ts";
import { type Tell, type TellGroup, groupOf } from "./news-settings.ts";
import type { News } from "./news.ts";

/** A chat that is told of a campaign: an admin's, or a group with the admin in whose words it is told. */
export interface Listener {
  chatId: number;
  reader: number;
  group?: TellGroup;
}

export interface Crew {
  /** Everyone who may send now, including the owners. */
  admins: readonly number[];
  owners: readonly number[];
  /** Admins who are told no matter what the settings say. */
  concerned: readonly number[];
}

/** What has to be known of a campaign to tell who hears of it. */
export interface NewsSubject {
  state: CampaignState;
  createdBy: number;
  startedAt: Date | null;
}

/** Whether the news is still worth telling: once a campaign has ended, nobody is told that it began. */
export function isStillSo({ state }: Pick<NewsSubject, "state">, { what }: News): boolean {
  switch (what) {
    case "began":
      return state === "running";
    case "ended":
      return state === "finished";
    case "cancelled":
      return state === "cancelled";
    case "restored":
      return state === "paused";
    default:
      return true;
  }
}

/**
 * Who is to hear of it, each once, except the admin who did it and those who are looking at its card. If the author is no
 * longer an admin, the report goes to the owners. Only the author hears that it is on hold after a restore, whatever the
 * settings say.
 */
export function listenersOf(campaign: NewsSubject, item: News, tell: Tell, crew: Crew): Listener[] {
  const { createdBy: author } = campaign;
  const { what, actorId, watchers } = item;
  const isByAdmin = actorId !== null;
  // Of all that admins do, only the end of sending concerns anyone but the author.
  const isMilestone =
    (!isByAdmin && what !== "restored") || (what === "cancelled" && campaign.startedAt !== null);
  const isWanted = isMilestone && (what === "began" ? tell.began : tell.ended);
  const heirs =
    (what === "ended" || what === "restored") && !crew.admins.includes(author) ? crew.owners : [author];
  const people = [
    ...(what === "restored" || (isByAdmin ? tell.deeds : isWanted) ? heirs : []),
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
