import { addressOf } from "./address.ts";
import { here } from "./here.ts";
import { Icon } from "./icon.tsx";
import { useStore } from "./store.ts";

const TABS = [
  { part: "chats", label: "Chats", icon: "list" },
  { part: "chat", label: "Chat", icon: "chat" },
  { part: "telegram", label: "Telegram", icon: "chart" },
] as const;

/** On a phone: which part of the page is shown. */
export function Tabs() {
  const { part: current, chatId } = useStore(here);
  return (
    <nav class="tabs" aria-label="Parts of the page">
      {TABS.map(({ part, label, icon }) => (
        <a key={part} href={addressOf({ part, chatId })} aria-current={part === current ? "page" : undefined}>
          <Icon name={icon} />
          {label}
        </a>
      ))}
    </nav>
  );
}
