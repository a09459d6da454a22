import { useId } from "preact/hooks";
import type { ChatSummary } from "../../live/protocol.ts";
import { act } from "../act.ts";
import { Icon } from "../icon.tsx";
import { Menu } from "../menu.tsx";
import { languageName } from "./status.ts";

const LANGUAGES = ["en", "ru", "de"];
const COMMANDS = ["/start", "/stop"];

/** What one can do with a person besides writing in their stead. */
export function PersonMenu({ summary }: { summary: ChatSummary }) {
  const { id, languageCode, blocked } = summary;
  const titleId = useId();
  const codes =
    languageCode === undefined || LANGUAGES.includes(languageCode) ? LANGUAGES : [languageCode, ...LANGUAGES];
  return (
    <Menu label={`Actions for ${summary.title}`} face={<Icon name="more" />} button={{ title: "More" }}>
      <p class="menu-title" id={titleId}>
        Telegram language
      </p>
      <div role="group" aria-labelledby={titleId}>
        {codes.map((code) => (
          <button
            key={code}
            role="menuitemradio"
            aria-checked={code === languageCode}
            onClick={() => void act("speaks", { from: id, languageCode: code })}
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
          Send {command}
        </button>
      ))}
      <hr />
      <button
        role="menuitem"
        class={blocked ? "" : "menu-bad"}
        onClick={() => void act(blocked ? "unblocks" : "blocks", { from: id })}
      >
        {blocked ? "Unblock the bot" : "Block the bot"}
      </button>
    </Menu>
  );
}
