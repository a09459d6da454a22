import type { Repeated } from "../../background/rounds.ts";
import { listRunning } from "../../campaign/queries.ts";
import { type HomeScope, ownScope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { CardKeeper } from "../cards/card-keeper.ts";
import type { Speedometer } from "../cards/speedometer.ts";
import type { Alarm } from "./alarm.ts";
import type { CampaignNotices } from "./campaign-notices.ts";
import type { OwnerNotices } from "./owner-notices.ts";

export interface Hearers {
  scope: HomeScope;
  log: Log;
  events: Pick<Events, "on">;
  speedometer: Pick<Speedometer, "add">;
  cards: Pick<CardKeeper, "touch" | "covered">;
  /** Tells admins the news of campaigns. */
  teller: Pick<Repeated, "nudge">;
  notices: CampaignNotices;
  alarm: Pick<Alarm, "note" | "over">;
  owners: Pick<OwnerNotices, "loss" | "webhookLost" | "webhookBehind">;
  /** True once this process has had the home: until then, another one tells of campaigns, whichever process sends them. */
  hasHome: () => boolean;
  /** Private chats of admins, whose copies of a post cover their cards. */
  adminChats: ReadonlySet<number>;
  ownerIds: readonly number[];
}

/** What the door does about each event of the engine. */
export function hearEngine(hearers: Hearers): void {
  const { scope, log, events, speedometer, cards, teller, notices, alarm, owners } = hearers;
  const { hasHome, adminChats, ownerIds } = hearers;
  events.on("progress", ({ campaignId, outcomes }) => {
    speedometer.add(campaignId, outcomes);
    cards.touch(campaignId);
  });
  events.on("arrived", ({ campaignId, chatId, messageId }) => {
    if (adminChats.has(chatId)) cards.covered(chatId, campaignId, messageId);
  });
  events.on("steered", ({ campaignId }) => {
    cards.touch(campaignId);
    teller.nudge();
  });
  events.on("started", () => teller.nudge());
  events.on("finished", () => teller.nudge());
  // That a campaign paused or is late, the process that has the home sees in the tables (fleet/elsewhere.ts).
  events.on("paused", ({ campaignId }) => {
    if (hasHome()) void notices.tell(campaignId, "paused");
  });
  events.on("late", ({ campaignId }) => {
    cards.touch(campaignId);
    if (hasHome()) void notices.tell(campaignId, "late");
  });
  events.on("audienceMoved", ({ campaignId }) => void notices.tell(campaignId, "moved"));
  events.on("followUpRefused", ({ campaignId, what, chatIds }) => {
    const chats = chatIds.map((chatId) => ({ chatId, threadId: null, reason: "no-rights" }));
    void notices.tell(campaignId, `${what}-failed`, { chats });
  });
  events.on("writesLost", (loss) => void owners.loss(loss));
  events.on("backupMade", () => alarm.over("backup"));
  events.on("backupFailed", ({ what, needed, free }) =>
    alarm.note("backup", {
      facts: { what, ...(needed && free !== undefined && { why: "room", needed, free }) },
    }),
  );
  events.on("webhookDisabled", (webhook) => void owners.webhookLost(webhook));
  events.on("webhookBehind", (webhook) => void owners.webhookBehind(webhook));
  events.on("unreadable", ({ what }) =>
    what === null ? alarm.over("unreadable") : alarm.note("unreadable", { facts: { what } }),
  );
  events.on("starsAccepted", () => alarm.over("stars"));
  events.on("starsRefused", ({ rate }) => {
    alarm.note("stars", { facts: { rate } });
    tellNoStars().catch((error: unknown) => log.warn({ err: error }, "not all admins could be told"));
  });

  /** Except the owners, who are told by the alarm. */
  async function tellNoStars(): Promise<void> {
    for (const { id } of await listRunning(ownScope(scope)))
      await notices.tell(id, "no-stars", { except: ownerIds });
  }
}
