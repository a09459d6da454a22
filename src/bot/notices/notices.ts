import type { Campaign } from "../../campaign/campaign.ts";
import { type Translate, firstFew, roundRate } from "../ui/words.ts";
import { pauseReason } from "../cards/pause-reason.ts";

/** What a notice says besides the campaign itself. */
export interface NoticeFacts {
  /** How many messages per second campaigns may send now. */
  rate: number;
  /** When the campaign is or was due, in words. */
  due: string;
  /** How many its audience reaches now. */
  reachable: number;
  /** The groups and channels that it is about, and why in each. */
  chats: { name: string; reason: string }[];
}

/** What the engine did or found by itself, in words for an admin. The buttons of the card are below them. */
export const NOTICES = {
  paused: (t, campaign) =>
    [t("notice-paused", { id: String(campaign.id) }), pauseReason(t, campaign)].join("\n"),
  "pin-failed": (t, { id }, { chats }) =>
    [
      t("notice-pin-failed", { id: String(id) }),
      ...firstFew(
        t,
        chats.map(({ name }) => t("notice-pin-chat", { name })),
        "notice-chats-more",
      ),
      t("notice-pin-failed-hint"),
    ].join("\n"),
  "delete-failed": (t, { id }, { chats }) =>
    [
      t("notice-delete-failed", { id: String(id) }),
      ...firstFew(
        t,
        chats.map(({ name }) => t("notice-pin-chat", { name })),
        "notice-chats-more",
      ),
      t("notice-delete-failed-hint"),
    ].join("\n"),
  "no-stars": (t, { id }, { rate }) => t("notice-no-stars", { id: String(id), rate: roundRate(rate) }),
  late: (t, { id, state, pauseReason }, { due }) => {
    const key = state === "expired" ? "expired" : pauseReason === "overdue" ? "overdue" : "late";
    return t(`notice-${key}`, { id: String(id), due });
  },
  moved: (t, { id, agreedCount }, { due, reachable }) =>
    t("notice-moved", { id: String(id), due, before: agreedCount ?? 0, after: reachable }),
} as const satisfies Record<string, (t: Translate, campaign: Campaign, facts: NoticeFacts) => string>;

export type Notice = keyof typeof NOTICES;

/** Groups and channels were chosen by name, so each one that was missed is named. */
export function missedLines(t: Translate, { id }: Campaign, chats: NoticeFacts["chats"]): string[] {
  return [
    t("notice-chats-lost", { id: String(id), count: chats.length }),
    ...firstFew(
      t,
      chats.map(({ name, reason }) => t("notice-chat", { name, reason: t(`reason-${reason}`) })),
      "notice-chats-more",
    ),
    t("notice-chats-lost-hint", { id: String(id) }),
  ];
}
