import { isForChats } from "../audience/segment/audience.ts";
import type { HomeScope } from "../db/scope.ts";
import type { Campaign } from "./campaign.ts";
import { isBeside } from "./home-bots.ts";
import { getSettings } from "./settings.ts";

/** The label of the button under a post that leaves its category, for somebody of that language. */
export type LeaveLabel = (language: string | null | undefined) => string;

/**
 * The same campaigns; those of people in a category with the button get it. For sending and showing only. Below the posts of
 * a bot beside another program there is none, because that program receives the taps.
 */
export async function withLeaveButtons<T extends Campaign>(
  home: HomeScope,
  campaigns: readonly T[],
  leaveLabel: LeaveLabel,
): Promise<T[]> {
  // Asked every second while something is sent.
  if (campaigns.every(({ category }) => category === null)) return [...campaigns];
  const { categories = [] } = await getSettings(home);
  const withButton = new Set(categories.flatMap(({ id, leaveButton }) => (leaveButton ? [id] : [])));
  const shown: T[] = [];
  for (const campaign of campaigns) {
    const { botId, audience, category } = campaign;
    const has = category !== null && withButton.has(category) && !isForChats(audience);
    shown.push(has && !(await isBeside(home, botId)) ? { ...campaign, leaveLabel } : campaign);
  }
  return shown;
}
