import type { ChatSummary } from "../../shared/protocol.ts";
import { inLanguage, t } from "../state/locale.ts";

const NAMES = inLanguage((locale) => new Intl.DisplayNames(locale, { type: "language" }));

/** The statuses that a bot can have in a group or channel. */
const BOT_IS = ["administrator", "creator", "kicked", "left", "member", "restricted"];

/**
 * The line below a chat's name: "You are Olivia North · owner · English", "You are Lena Wolf · admin · German · has
 * blocked the bot", "channel · the bot is an administrator".
 */
export function statusOf(summary: ChatSummary, isOwner: boolean): string {
  if (summary.type !== "private") {
    const known = BOT_IS.find((status) => status === summary.botStatus);
    const status = known ?? (summary.open ? undefined : "restricted");
    const type = t(summary.type === "channel" ? "type-channel" : "type-group");
    return [type, status && t(`bot-${status}`)].filter(Boolean).join(" · ");
  }
  const standing = summary.deactivated
    ? t("status-deleted")
    : summary.blocked
      ? t("status-blocked")
      : !summary.open && t("status-not-started");
  return [
    t("you-are", { name: summary.title }),
    isOwner ? t("owner") : summary.admin && t("admin"),
    summary.languageCode !== undefined && languageName(summary.languageCode),
    standing,
    summary.username !== undefined && `@${summary.username}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** "de" → "German"; an unknown code stays as it is. */
export function languageName(code: string): string {
  try {
    return NAMES().of(code) ?? code;
  } catch {
    return code;
  }
}
