import { addressOf } from "./state/address.ts";
import { route } from "./state/route.ts";
import { Icon } from "./ui/icon.tsx";
import { useStore } from "./state/store.ts";
import { t } from "./state/locale.ts";

const TABS = [
  { part: "chats", icon: "list" },
  { part: "chat", icon: "chat" },
  { part: "telegram", icon: "chart" },
] as const;

/** On a phone: which part of the page is shown. */
export function Tabs() {
  const { part: current, chatId } = useStore(route);
  return (
    <nav class="tabs" aria-label={t("tabs")}>
      {TABS.map(({ part, icon }) => (
        <a key={part} href={addressOf({ part, chatId })} aria-current={part === current ? "page" : undefined}>
          <Icon name={icon} />
          {t(`tab-${part}`)}
        </a>
      ))}
    </nav>
  );
}
