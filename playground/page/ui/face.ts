import type { ChatSummary, Overview } from "../../shared/protocol.ts";

/** How a chat is shown. */
export type Face = Pick<ChatSummary, "id" | "title" | "type">;

/** As in Telegram, a chat has the name of the other side: a person's chat with the bot has the bot's. */
export function faceOf(summary: ChatSummary, bot: Overview["bot"] | undefined): Face {
  if (summary.type !== "private" || bot === undefined) return summary;
  return { id: bot.id, title: bot.name, type: "private" };
}
