import type { ChatSummary } from "../../shared/protocol.ts";
import { addressOf } from "../state/address.ts";
import { t } from "../state/locale.ts";
import { Said } from "../ui/said.tsx";

interface WhoseProps {
  summary: ChatSummary;
  owner: number | undefined;
}

/** Says as whom you act here, unless it is the owner's chat with the bot. */
export function Whose({ summary, owner }: WhoseProps) {
  const { id, type, title } = summary;
  if (id === owner || owner === undefined) return null;
  return (
    <p class="whose">
      {type === "private" && <Said of="whose-person" values={{ name: title }} />}
      {type === "channel" && t("whose-channel")}
      {(type === "group" || type === "supergroup") && t("whose-group")}{" "}
      <a href={addressOf({ part: "chat", chatId: owner })}>{t("whose-back")}</a>
    </p>
  );
}
