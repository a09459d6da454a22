import icon from "../icon.svg";
import { Icon } from "../ui/icon.tsx";
import { act } from "../state/act.ts";
import { connected, overview } from "../state/stream.ts";
import { type Language, LANGUAGES, language, setLanguage, t } from "../state/locale.ts";
import { useSelected, useStore } from "../state/store.ts";
import { setTheme, type Theme, theme, THEMES } from "../state/theme.ts";

const ICONS = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const;

/** The page's title, its connection, language and colours. */
export function Brand() {
  const isConnected = useStore(connected);
  const bot = useSelected(overview, (now) => now?.bot.username);
  return (
    <header class="brand">
      <img src={icon} alt="" width="34" height="34" />
      <div>
        <h1>{t("page-title")}</h1>
        <p role="status">{isConnected ? bot && `@${bot}` : t("connecting")}</p>
      </div>
      <LanguageSwitch />
      <ThemeSwitch />
    </header>
  );
}

/** The page is the owner's Telegram, so changing its language tells the bot as well. */
function LanguageSwitch() {
  const current = useStore(language);
  const next = LANGUAGES.find((one) => one !== current) ?? current;
  return (
    <button
      class="round tongue"
      aria-label={t("speak")}
      title={t("speak")}
      lang={next}
      onClick={() => speak(next)}
    >
      {next.toUpperCase()}
    </button>
  );
}

function speak(next: Language): void {
  setLanguage(next);
  const owner = overview.value?.owner;
  if (owner !== undefined) void act("speaks", { from: owner, languageCode: next });
}

function ThemeSwitch() {
  const current = useStore(theme);
  const next: Theme = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? "system";
  return (
    <button
      class="round"
      aria-label={t("colours-change", { theme: current, next })}
      title={t("colours", { theme: current })}
      onClick={() => setTheme(next)}
    >
      <Icon name={ICONS[current]} />
    </button>
  );
}
