import type { ChatSummary } from "../../live/protocol.ts";
import { addressOf } from "../address.ts";

interface WhoseProps {
  summary: ChatSummary;
  owner: number | undefined;
}

/** Says in whose name one acts here, where that is not the owner's chat with the bot. */
export function Whose({ summary, owner }: WhoseProps) {
  const { id, type, title } = summary;
  if (id === owner || owner === undefined) return null;
  return (
    <p class="whose">
      {type === "private" && (
        <>
          You are <b>{title}</b> now: what you send and tap comes from them.
        </>
      )}
      {type === "channel" && "You run this channel. What you write is posted in its name."}
      {(type === "group" || type === "supergroup") && "You are in this group as the bot’s owner."}{" "}
      <a href={addressOf({ part: "chat", chatId: owner })}>Back to yourself</a>
    </p>
  );
}
