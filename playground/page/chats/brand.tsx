import icon from "../icon.svg";
import { Icon } from "../icon.tsx";
import { connected, overview } from "../live.ts";
import { useSelected, useStore } from "../store.ts";
import { setTheme, type Theme, theme, THEMES } from "../theme.ts";

const ICONS = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const;

/** What this page is, whether it is connected, and its colours. */
export function Brand() {
  const isConnected = useStore(connected);
  const bot = useSelected(overview, (now) => now?.bot.username);
  return (
    <header class="brand">
      <img src={icon} alt="" width="34" height="34" />
      <div>
        <h1>Herald playground</h1>
        <p role="status">{isConnected ? bot && `@${bot}` : "Connecting…"}</p>
      </div>
      <ThemeSwitch />
    </header>
  );
}

function ThemeSwitch() {
  const current = useStore(theme);
  const next: Theme = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? "system";
  return (
    <button
      class="round"
      aria-label={`Colours: ${current}. Change to ${next}`}
      title={`Colours: ${current}`}
      onClick={() => setTheme(next)}
    >
      <Icon name={ICONS[current]} />
    </button>
  );
}
