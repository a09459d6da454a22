import { useEffect } from "preact/hooks";
import { Chat } from "./chat/chat.tsx";
import { Chats } from "./chats/chats.tsx";
import { begin, go, here } from "./here.ts";
import { listenTo, overview } from "./live.ts";
import { useSelected, useStore } from "./store.ts";
import { Tabs } from "./tabs.tsx";
import { Telegram } from "./telegram/telegram.tsx";
import { Toasts } from "./toasts.tsx";
import { Viewer } from "./viewer.tsx";

/**
 * Left the chats, in the middle the one that is open, right what Telegram sees. On a tablet that last part slides over
 * the chat; on a phone one of the three is shown.
 */
export function App() {
  const { part, chatId } = useStore(here);
  const owner = useSelected(overview, (now) => now?.owner);
  useEffect(() => listenTo(chatId), [chatId]);
  useEffect(() => {
    if (owner !== undefined) begin(owner);
  }, [owner]);
  return (
    <div class="page" data-part={part}>
      <button class="skip" onClick={toComposer}>
        Skip to the message field
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

/** Behind the part about Telegram where that slides over the chat; while it is there, Escape closes that part. */
function Scrim() {
  useEffect(() => {
    const isOver = () => matchMedia("(min-width: 720px) and (max-width: 1099.98px)").matches;
    if (isOver()) document.querySelector<HTMLElement>(".telegram :is(a, button, input)")?.focus();
    const closes = (event: KeyboardEvent) => {
      if (event.key === "Escape" && isOver()) go("chat");
    };
    addEventListener("keydown", closes);
    return () => {
      removeEventListener("keydown", closes);
      if (document.activeElement?.closest(".telegram"))
        document.querySelector<HTMLElement>(".to-telegram")?.focus();
    };
  }, []);
  return <div class="scrim" onClick={() => go("chat")} />;
}

/** To the field; in a chat that has not begun, to the button that begins it. */
function toComposer(): void {
  const composer = document.querySelector(".composer");
  (composer?.querySelector("textarea") ?? composer?.querySelector("button"))?.focus();
}
