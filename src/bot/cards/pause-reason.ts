import { type Campaign, hasNotStarted, isOverdue } from "../../campaign/campaign.ts";
import { type Reader, fullTime } from "../ui/times.ts";
import { type Translate, languageName } from "../ui/words.ts";

/** Why the engine paused a campaign by itself; empty if an admin did, or a restore. */
export function pauseReason(t: Translate, campaign: Campaign): string {
  const { pauseReason, pauseDetail, unreachable, failed, uncertain } = campaign;
  if (pauseReason === null || pauseReason === "admin" || pauseReason === "restored") return "";
  const [arrived = "", asked = ""] = (pauseDetail ?? "").split("/"); // only the reason `incomplete` has them
  return t(`paused-${pauseReason}`, {
    arrived,
    asked,
    description: pauseReason === "content" ? contentRefusal(t, campaign) : (pauseDetail ?? ""),
    whose: campaign.botId === campaign.homeId ? "home" : "sender",
    failed: unreachable + failed,
    uncertain,
  });
}

/** Telegram's words about the post and, if there are several versions, which one they are about. */
function contentRefusal(t: Translate, { content, pauseDetail, pauseLanguage }: Campaign): string {
  const description = pauseDetail ?? "";
  if (pauseLanguage === null && !content.versions) return t("paused-said", { description });
  const language = pauseLanguage === null ? "none" : languageName(pauseLanguage);
  return t("paused-version", { language, description });
}

/** Why a campaign is on hold after a restore, and what may have become of it since the backup was made. */
export function restoredReason(campaign: Campaign, reader: Reader): string {
  const { t, now } = reader;
  const key = hasNotStarted(campaign) ? "paused-restored-before" : "paused-restored";
  return t(key, {
    time: fullTime(new Date(campaign.pauseDetail ?? now), reader),
    due: isOverdue(campaign, now) ? "past" : "ahead",
  });
}
