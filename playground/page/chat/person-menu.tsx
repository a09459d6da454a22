import { useId } from "preact/hooks";
import type { ChatSummary } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { Icon } from "../ui/icon.tsx";
import { overview } from "../state/stream.ts";
import { setLanguage, spoken, t } from "../state/locale.ts";
import { Menu } from "../ui/menu.tsx";
import { languageName } from "./status.ts";

const CODES = ["en", "ru", "de"];
const COMMANDS = ["/start", "/stop"];

/** What you can do with a person besides writing as them. */
export function PersonMenu({ summary }: { summary: ChatSummary }) {
  const { id, languageCode, blocked } = summary;
  const titleId = useId();
  const codes = languageCode === undefined || CODES.includes(languageCode) ? CODES : [languageCode, ...CODES];
  const speak = (code: string) => {
    void act("speaks", { from: id, languageCode: code });
    const own = id === overview.value?.owner ? spoken(code) : undefined;
    if (own !== undefined) setLanguage(own);
  };
  return (
    <Menu
      label={t("actions-for", { name: summary.title })}
      face={<Icon name="more" />}
      button={{ title: t("more") }}
    >
      <p class="menu-title" id={titleId}>
        {t("telegram-language")}
      </p>
      <div role="group" aria-labelledby={titleId}>
        {codes.map((code) => (
          <button
            key={code}
            role="menuitemradio"
            aria-checked={code === languageCode}
            onClick={() => speak(code)}
          >
            {languageName(code)}
            {code === languageCode && <Icon name="check" />}
          </button>
        ))}
      </div>
      <hr />
      {COMMANDS.map((command) => (
        <button
          key={command}
          role="menuitem"
          disabled={blocked}
          onClick={() => void act("sends", { from: id, message: { text: command } })}
        >
          {t("send-command", { command })}
        </button>
      ))}
      <hr />
      <button
        role="menuitem"
        class={blocked ? "" : "menu-bad"}
        onClick={() => void act(blocked ? "unblocks" : "blocks", { from: id })}
      >
        {blocked ? t("unblock-bot") : t("block-bot")}
      </button>
    </Menu>
  );
}
