import { useEffect } from "preact/hooks";
import { Composer } from "../composer/composer.tsx";
import { faceOf } from "../ui/face.ts";
import { route } from "../state/route.ts";
import { connected, openChat, overview } from "../state/stream.ts";
import { useSelected, useStore } from "../state/store.ts";
import { Guide } from "./guide.tsx";
import { Header } from "./header.tsx";
import { Log } from "./message-log.tsx";
import { Pinned } from "./pinned.tsx";
import { Whose } from "./whose.tsx";
import { t } from "../state/locale.ts";

/** The open chat, as Telegram shows it to the person whose chat it is. */
export function Chat() {
  const chat = useStore(openChat);
  const wanted = useSelected(route, ({ chatId }) => chatId);
  const owner = useSelected(overview, (now) => now?.owner);
  // Selecting the name redraws this only when the bot's name changes, and not with each new overview.
  useSelected(overview, (now) => now?.bot.name);
  const face = chat && faceOf(chat.summary, overview.value?.bot);
  const title = face?.title;
  useEffect(() => {
    document.title = title === undefined ? t("page-title") : t("page-of", { title });
  }, [title]);
  if (chat === undefined || face === undefined) return <Missing wanted={wanted} />;
  const { id } = chat.summary;
  return (
    <main class="chat" aria-label={t("chat-named", { title: face.title })}>
      <Header summary={chat.summary} face={face} isOwner={id === owner} />
      <Pinned chat={chat} />
      {id === owner && chat.messages.length > 0 && <Guide isOpen={chat.summary.open} />}
      <Log key={`log${id}`} chat={chat} isOwner={id === owner} />
      <Whose summary={chat.summary} owner={owner} />
      <Composer key={`composer${id}`} chat={chat} />
    </main>
  );
}

/** Shown while a chat is loading, or if it does not exist. */
function Missing({ wanted }: { wanted: number | undefined }) {
  const isConnected = useStore(connected);
  const known = useSelected(overview, (now) => now !== undefined);
  return (
    <main class="chat chat-missing" aria-label={t("chat")}>
      {wanted !== undefined && isConnected && known && (
        <p class="note">{t("no-chat", { id: String(wanted) })}</p>
      )}
      {!isConnected && <p class="note">{t("connecting-to")}</p>}
    </main>
  );
}
