import type { ChatSummary } from "../../live/protocol.ts";

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

/** What the bot is in a group or channel, by its status there. */
const BOT_IS: Record<string, string> = {
  administrator: "the bot is an administrator",
  creator: "the bot owns it",
  kicked: "the bot was removed",
  left: "the bot isn't a member",
  member: "the bot is a member",
  restricted: "the bot isn't allowed to write",
};

const TYPES = { channel: "channel", group: "group", supergroup: "group", private: "" };

/** The line under a chat's name: "owner · English", "German · has blocked the bot", "channel · the bot is an administrator". */
export function statusOf(summary: ChatSummary, isOwner: boolean): string {
  if (summary.type !== "private") {
    const bot =
      BOT_IS[summary.botStatus ?? ""] ?? (summary.open ? undefined : "the bot isn't allowed to write");
    return [TYPES[summary.type], bot].filter(Boolean).join(" · ");
  }
  const standing = summary.deactivated
    ? "account deleted"
    : summary.blocked
      ? "has blocked the bot"
      : !summary.open && "has not started the bot";
  return [
    isOwner && "owner",
    summary.languageCode !== undefined && languageName(summary.languageCode),
    standing,
    summary.username !== undefined && `@${summary.username}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** "de" → "German"; a code that nobody knows stays as it is. */
export function languageName(code: string): string {
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}
