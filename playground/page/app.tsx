import { useEffect } from "preact/hooks";
import { Chat } from "./chat/chat.tsx";
import { Chats } from "./chat-list/chat-list.tsx";
import { begin, navigate, route } from "./state/route.ts";
import { listenTo, overview } from "./state/stream.ts";
import { useSelected, useStore } from "./state/store.ts";
import { Tabs } from "./tabs.tsx";
import { Telegram } from "./telegram/telegram.tsx";
import { Toasts } from "./toasts.tsx";
import { Viewer } from "./message/viewer.tsx";
import { t } from "./state/locale.ts";

/**
 * The chats on the left, the open one in the middle, what Telegram sees on the right. On a tablet that last part
 * slides over the chat; a phone shows one of the three.
 */
export function App() {
  const { part, chatId } = useStore(route);
  const owner = useSelected(overview, (now) => now?.owner);
  useEffect(() => listenTo(chatId), [chatId]);
  useEffect(() => {
    if (owner !== undefined) begin(owner);
  }, [owner]);
  return (
    <div class="page" data-part={part}>
      <button class="skip" onClick={toComposer}>
        {t("skip")}
      </button>
      <Chats />
      <Chat />
      {part === "telegram" && <Scrim />}
      <Telegram />
      <Tabs />
      <Viewer />
      <Toasts />
    </div>
  );
}

/** Covers the chat while the panel slides over it; Escape then closes the panel. */
function Scrim() {
  useEffect(() => {
    const isOver = () => matchMedia("(min-width: 720px) and (max-width: 1099.98px)").matches;
    if (isOver()) document.querySelector<HTMLElement>(".telegram :is(a, button, input)")?.focus();
    const closes = (event: KeyboardEvent) => {
      if (event.key === "Escape" && isOver()) navigate("chat");
    };
    addEventListener("keydown", closes);
    return () => {
      removeEventListener("keydown", closes);
      if (document.activeElement?.closest(".telegram"))
        document.querySelector<HTMLElement>(".to-telegram")?.focus();
    };
  }, []);
  return <div class="scrim" onClick={() => navigate("chat")} />;
}

/** Focuses the field, or the Start button of a chat that has not begun. */
function toComposer(): void {
  const composer = document.querySelector(".composer");
  (composer?.querySelector("textarea") ?? composer?.querySelector("button"))?.focus();
}
