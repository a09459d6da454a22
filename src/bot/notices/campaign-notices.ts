import type { Api } from "grammy";
import { listAdminsOfBot } from "../../access/admins.ts";
import { subjectOfBundle } from "../../campaign/bundle.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { listCards } from "../../campaign/card-places.ts";
import { findCampaign } from "../../campaign/queries.ts";
import type { MissedChat } from "../../campaign/report/sent-posts.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { Drawings } from "./drawings.ts";
import type { Notice } from "./notices.ts";

/** Tells admins what the engine did to a campaign, or found, by itself. */
export interface CampaignNotices {
  /**
   * Tells the author of a campaign and the admins who have its card, and in which `chats` (groups and channels) it
   * happened; not those in `except`, who hear of it otherwise. Never rejects.
   */
  tell(
    campaignId: number,
    what: Notice,
    about?: { chats?: readonly MissedChat[]; except?: readonly number[] },
  ): Promise<void>;
}

export interface CampaignNoticesDeps {
  scope: HomeScope;
  log: Log;
  api: Pick<Api, "sendMessage">;
  drawings: Pick<Drawings, "notice">;
  ownerIds: readonly number[];
}

export function createCampaignNotices(deps: CampaignNoticesDeps): CampaignNotices {
  const { scope, log, api, drawings, ownerIds } = deps;

  async function tellAdmin(
    campaign: Campaign,
    chatId: number,
    what: Notice,
    chats: readonly MissedChat[],
  ): Promise<void> {
    try {
      const { text, keyboard } = await drawings.notice(campaign, chatId, what, chats);
      await api.sendMessage(chatId, text, { reply_markup: keyboard });
    } catch (error) {
      log.warn({ err: error, campaign: campaign.id, chat: chatId }, "an admin could not be told");
    }
  }

  return {
    async tell(campaignId, what, { chats = [], except = [] } = {}) {
      try {
        const campaign = await findCampaign(scope, campaignId);
        if (!campaign) return;
        const admins = await listAdminsOfBot(scope, ownerIds, campaign.botId);
        const { bundleId } = campaign;
        const shown = [campaignId, ...(bundleId === null ? [] : [subjectOfBundle(bundleId)])];
        const holders = (await Promise.all(shown.map((subject) => listCards(scope, subject))))
          .flat()
          .map(({ chatId }) => chatId);
        const people = [campaign.createdBy, ...holders].filter((id) => admins.includes(id));
        // If none of them is an admin any longer, the owners have to know.
        const readers = new Set(people.length > 0 ? people : ownerIds);
        for (const id of except) readers.delete(id);
        for (const id of readers) await tellAdmin(campaign, id, what, chats);
      } catch (error) {
        log.warn({ err: error, campaign: campaignId }, "not all admins could be told");
      }
    },
  };
}
