import type { Campaign } from "../../campaign/campaign.ts";
import { type Translate, languageName } from "../ui/words.ts";

/** Why the engine paused a campaign by itself; empty if an admin did. */
export function pauseReason(t: Translate, campaign: Campaign): string {
  const { pauseReason, pauseDetail, unreachable, failed, uncertain } = campaign;
  if (pauseReason === null || pauseReason === "admin") return "";
  const [arrived = "", asked = ""] = (pauseDetail ?? "").split("/"); // only the reason `incomplete` has them
  return t(`paused-${pauseReason}`, {
    arrived,
    asked,
    description: pauseReason === "content" ? contentRefusal(t, campaign) : (pauseDetail ?? ""),
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
