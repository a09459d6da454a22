import { useEffect } from "preact/hooks";
import { Composer } from "../composer/composer.tsx";
import { here } from "../here.ts";
import { connected, openChat, overview } from "../live.ts";
import { useSelected, useStore } from "../store.ts";
import { Header } from "./header.tsx";
import { Log } from "./log.tsx";
import { Pinned } from "./pinned.tsx";
import { Whose } from "./whose.tsx";

/** The chat that is open, as Telegram shows it to the person whose chat it is. */
export function Chat() {
  const chat = useStore(openChat);
  const wanted = useSelected(here, ({ chatId }) => chatId);
  const owner = useSelected(overview, (now) => now?.owner);
  const title = chat?.summary.title;
  useEffect(() => {
    document.title = title === undefined ? "Herald playground" : `${title} · Herald playground`;
  }, [title]);
  if (chat === undefined) return <Missing wanted={wanted} />;
  const { id } = chat.summary;
  return (
    <main class="chat" aria-label={`Chat: ${title}`}>
      <Header summary={chat.summary} isOwner={id === owner} />
      <Pinned chat={chat} />
      <Log key={`log${id}`} chat={chat} isOwner={id === owner} />
      <Whose summary={chat.summary} owner={owner} />
      <Composer key={`composer${id}`} chat={chat} />
    </main>
  );
}

/** In place of a chat that has not come, or that there is not. */
function Missing({ wanted }: { wanted: number | undefined }) {
  const isConnected = useStore(connected);
  const known = useSelected(overview, (now) => now !== undefined);
  return (
    <main class="chat chat-missing" aria-label="Chat">
      {wanted !== undefined && isConnected && known && (
        <p class="note">There is no chat with the id {wanted}.</p>
      )}
      {!isConnected && <p class="note">Connecting to the playground…</p>}
    </main>
  );
}
