import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenChat } from "../../live/protocol.ts";
import { dayName } from "../dates.ts";
import { moveFocus } from "../focus.ts";
import { here } from "../here.ts";
import { Icon } from "../icon.tsx";
import { look } from "../looked.ts";
import { Bubble } from "../message/bubble.tsx";
import { lastTap } from "../message/tapped.ts";
import { kindOf } from "../message/words.ts";
import { useSelected } from "../store.ts";
import { Empty } from "./empty.tsx";
import { daysOf, type Entry, entriesOf } from "./entries.ts";
import { useKeptFocus } from "./focus.ts";
import { isEdited, newsOf } from "./news.ts";
import { useScroll } from "./scroll.ts";
import { showAsked } from "./show-message.ts";

/** The buttons beside the messages. */
const MORE = ".more > button";

/** The messages, by day. */
export function Log({ chat, isOwner }: { chat: OpenChat; isOwner: boolean }) {
  const entries = entriesOf(chat.messages);
  const last = chat.messages.at(-1);
  const lastId = last?.message.message_id ?? 0;
  const { view, content, onScroll, toEnd, isAway, readId } = useScroll(lastId, last?.own === true);
  const unread = entries.filter(({ id, parts }) => id > readId && parts[0]?.own === false).length;
  useLooked(chat.summary.id, readId);
  useKeptFocus(view);
  const [stop, setStop] = useStop(entries);
  useEffect(() => {
    if (showAsked(chat.summary.id)) view.current?.focus({ preventScroll: true });
  }, []);
  const now = Date.now() / 1000;
  return (
    <div class="log">
      {/* Not live itself: a progress card that is edited every few seconds would be read out each time. */}
      <div
        class="log-view"
        ref={view}
        role="log"
        aria-live="off"
        aria-label="Messages"
        tabIndex={0}
        onScroll={onScroll}
        onFocusIn={setStop}
        onKeyDown={(event) => {
          const { target, currentTarget } = event;
          if (target instanceof Element && target.matches(MORE)) moveFocus(event, currentTarget, MORE);
        }}
      >
        <div class="log-content" ref={content}>
          {entries.length === 0 && <Empty chat={chat} isOwner={isOwner} />}
          {daysOf(entries).map((day) => (
            <section key={day.entries[0]?.id} class="day">
              <h3 class="pill">{dayName(day.date, now)}</h3>
              {day.entries.map(({ id, parts, follows }) => (
                <div
                  key={id}
                  class={follows ? "entry follows" : "entry"}
                  data-ids={parts.map(({ message }) => message.message_id).join(" ")}
                >
                  <Bubble parts={parts} chat={chat} isStop={id === stop} />
                </div>
              ))}
            </section>
          ))}
        </div>
      </div>
      <Announcer chat={chat} />
      {isAway && (
        <button
          class="to-end"
          aria-label={unread > 0 ? `To the end, ${unread} new` : "To the end"}
          onClick={toEnd}
        >
          <Icon name="down" />
          {unread > 0 && <span>{unread} new</span>}
        </button>
      )}
    </div>
  );
}

/** Marks the chat as looked at while it is the part of the page that is shown. */
function useLooked(chatId: number, readId: number): void {
  const isShown = useSelected(here, ({ part }) => part === "chat");
  useEffect(() => {
    if (isShown || matchMedia("(min-width: 720px)").matches) look(chatId, readId);
  }, [chatId, readId, isShown]);
}

/**
 * At which message's button the Tab key stops: of 200 only at one, from which arrow keys lead to the others. It is the
 * last one, or the one in which the focus has been.
 */
function useStop(entries: readonly Entry[]): [id: number | undefined, onFocusIn: (event: Event) => void] {
  const [chosen, choose] = useState<number>();
  const last = entries.findLast(({ parts: [first] }) => first && kindOf(first.message) !== undefined);
  const onFocusIn = ({ target }: Event) => {
    const entry = target instanceof Element ? target.closest<HTMLElement>(".entry") : null;
    if (entry?.querySelector(MORE)) choose(Number.parseInt(entry.dataset["ids"] ?? "", 10));
  };
  return [entries.some(({ id }) => id === chosen) ? chosen : last?.id, onFocusIn];
}

/** Reads out what is news in the chat since it was opened. */
function Announcer({ chat }: { chat: OpenChat }) {
  const before = useRef(chat);
  const said = useRef("");
  if (before.current !== chat) {
    said.current = newsOf(before.current, chat, lastTap.value, Date.now()) ?? said.current;
    // One edit answers a tap, not those that follow it.
    if (lastTap.value && isEdited(before.current, chat, lastTap.value)) lastTap.value = undefined;
    before.current = chat;
  }
  return (
    <p class="unseen" role="status">
      {said.current}
    </p>
  );
}
