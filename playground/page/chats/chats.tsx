import { useRef, useState } from "preact/hooks";
import { here } from "../here.ts";
import { Icon } from "../icon.tsx";
import { openChat, overview } from "../live.ts";
import { looked, openedAt, isUnread } from "../looked.ts";
import { usePeople } from "../people.ts";
import { useSelected, useStore } from "../store.ts";
import { Brand } from "./brand.tsx";
import { moves } from "./keys.ts";
import { Row } from "./row.tsx";
import { sectionsOf, totals } from "./sections.ts";

/** What people hold changes while a broadcast goes out, and nobody tells of those who are only found. */
const AGAIN_MS = 2_000;

/** All whom the bot may write to: the owner, channels and groups, people. */
export function Chats() {
  const now = useStore(overview);
  const chatId = useSelected(here, (place) => place.chatId);
  const opened = useSelected(openChat, (chat) => chat?.summary);
  const seen = useStore(looked);
  const [query, setQuery] = useState("");
  const searching = query.trim() !== "";
  const found = usePeople(searching ? query : undefined, AGAIN_MS);
  const list = useRef<HTMLDivElement>(null);
  const sections = sectionsOf(now, query, found, opened);
  const ids = sections.flatMap(({ chats }) => chats.map(({ id }) => id));
  // One stop of the Tab key for the whole list; arrows move within.
  const stop = chatId !== undefined && ids.includes(chatId) ? chatId : ids[0];
  return (
    <nav class="chats" aria-label="Chats" onKeyDown={(event) => moves(event, list.current)}>
      <Brand />
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          value={query}
          placeholder="Search chats and people"
          aria-label="Search chats and people"
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
                  current={chat.id === chatId}
                  unread={isUnread(chat, seen, openedAt)}
                  stop={chat.id === stop}
                />
              ))}
            </ul>
          </section>
        ))}
        {searching && found !== undefined && ids.length === 0 && (
          <p class="chats-note">No one matches “{query.trim()}”. Search by name, @username or id.</p>
        )}
        {!searching && now !== undefined && <p class="chats-note">{totals(now)}</p>}
      </div>
      <p class="unseen" role="status">
        {searching && found !== undefined && `${ids.length === 50 ? "50 or more" : ids.length} found`}
      </p>
    </nav>
  );
}
