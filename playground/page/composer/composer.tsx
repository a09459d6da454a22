import { useRef } from "preact/hooks";
import type { OpenChat } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { actorIn } from "../state/actor.ts";
import { overview } from "../state/stream.ts";
import { Writer } from "./writer.tsx";
import { language, spoken, t } from "../state/locale.ts";

/** Where the person whose chat this is writes, sends samples, and picks what the bot asks for. One per chat. */
export function Composer({ chat }: { chat: OpenChat }) {
  const { id, type, open, blocked, deactivated, languageCode: code } = chat.summary;
  /** Whether the wide button was pressed: the field that replaces it then takes the focus. */
  const wasPressed = useRef(false);
  const press = (action: () => Promise<unknown>) => () => {
    wasPressed.current = true;
    void action();
  };

  if (type === "private" && deactivated === true)
    return (
      <footer class="composer">
        <p class="composer-gone">{t("nobody-writes")}</p>
      </footer>
    );
  if (type === "private" && (blocked === true || !open)) {
    const start = async () => {
      // The page is the owner's Telegram, so the bot should speak the page's language from the first word, unless the
      // owner has chosen one that the page does not speak.
      const isOwn = id === overview.value?.owner && (code === undefined || spoken(code) !== undefined);
      if (isOwn) await act("speaks", { from: id, languageCode: language.value });
      return act("sends", { ...actorIn(chat), message: { text: "/start" } });
    };
    return (
      <footer class="composer">
        <button
          class={blocked === true ? "composer-wide" : "composer-wide composer-start"}
          onClick={press(blocked === true ? () => act("unblocks", { from: id }) : start)}
        >
          {blocked === true ? t("unblock") : t("start")}
        </button>
      </footer>
    );
  }
  return <Writer chat={chat} takesFocus={wasPressed.current} />;
}
