import { useRef, useState } from "preact/hooks";
import { faceOf } from "../ui/face.ts";
import { route } from "../state/route.ts";
import { Icon } from "../ui/icon.tsx";
import { openChat, overview } from "../state/stream.ts";
import { lastSeen, openedAt, isUnread } from "../state/unread.ts";
import { usePeople } from "../state/people-search.ts";
import { useSelected, useStore } from "../state/store.ts";
import { Brand } from "./brand.tsx";
import { moves } from "./keys.ts";
import { Row } from "./chat-row.tsx";
import { sectionsOf, totals } from "./sections.ts";
import { t } from "../state/locale.ts";

/**
 * How often a search is repeated: the chats of people found change during a broadcast, and no event tells of those
 * who are not in the overview.
 */
const AGAIN_MS = 2_000;

/** Everyone that the bot may write to: the owner, channels and groups, people. */
export function Chats() {
  const now = useStore(overview);
  const chatId = useSelected(route, ({ chatId }) => chatId);
  const opened = useSelected(openChat, (chat) => chat?.summary);
  const seen = useStore(lastSeen);
  const [query, setQuery] = useState("");
  const searching = query.trim() !== "";
  const found = usePeople(searching ? query : undefined, AGAIN_MS);
  const list = useRef<HTMLDivElement>(null);
  const sections = sectionsOf(now, query, found, opened);
  const ids = sections.flatMap(({ chats }) => chats.map(({ id }) => id));
  // The whole list is one tab stop; arrow keys move within.
  const stop = chatId !== undefined && ids.includes(chatId) ? chatId : ids[0];
  return (
    <nav class="chats" aria-label={t("tab-chats")} onKeyDown={(event) => moves(event, list.current)}>
      <Brand />
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          value={query}
          placeholder={t("search")}
          aria-label={t("search")}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && setQuery("")}
        />
      </label>
      <div class="chats-list" ref={list}>
        {sections.map(({ title, chats }) => (
          <section key={title} aria-label={title}>
            <h2>{title}</h2>
            <ul>
              {chats.map((chat) => (
                <Row
                  key={chat.id}
                  chat={chat}
                  face={chat.id === now?.owner ? faceOf(chat, now.bot) : chat}
                  current={chat.id === chatId}
                  unread={isUnread(chat, seen, openedAt)}
                  stop={chat.id === stop}
                />
              ))}
            </ul>
          </section>
        ))}
        {searching && found !== undefined && ids.length === 0 && (
          <p class="chats-note">{t("nobody-matches", { query: query.trim() })}</p>
        )}
        {!searching && now !== undefined && <p class="chats-note">{totals(now)}</p>}
      </div>
      <p class="unseen" role="status">
        {searching && found !== undefined && t("found", { count: ids.length })}
      </p>
    </nav>
  );
}
