import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenChat } from "../../shared/protocol.ts";
import { dayName } from "../ui/dates.ts";
import { moveFocus } from "../ui/focus.ts";
import { route } from "../state/route.ts";
import { Icon } from "../ui/icon.tsx";
import { markSeen } from "../state/unread.ts";
import { Bubble } from "../message/bubble.tsx";
import { lastTap } from "../message/last-tap.ts";
import { kindOf } from "../message/words.ts";
import { useSelected } from "../state/store.ts";
import { Empty } from "./empty.tsx";
import { daysOf, type Entry, entriesOf } from "./entries.ts";
import { useKeptFocus } from "./kept-focus.ts";
import { isEdited, newsOf } from "./news.ts";
import { useScroll } from "./scroll.ts";
import { showAsked } from "../state/show-message.ts";
import { t } from "../state/locale.ts";

/** The menu buttons of messages. */
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
        aria-label={t("messages")}
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
          aria-label={unread > 0 ? t("to-end-new", { count: unread }) : t("to-end")}
          onClick={toEnd}
        >
          <Icon name="down" />
          {unread > 0 && <span>{t("count-new", { count: unread })}</span>}
        </button>
      )}
    </div>
  );
}

/** Marks messages as seen while the chat is on the screen. */
function useLooked(chatId: number, readId: number): void {
  const isShown = useSelected(route, ({ part }) => part === "chat");
  useEffect(() => {
    if (isShown || matchMedia("(min-width: 720px)").matches) markSeen(chatId, readId);
  }, [chatId, readId, isShown]);
}

/**
 * Of 200 menu buttons, only one is a tab stop; arrow keys lead to the others. It is the last one, or the one that
 * last had the focus.
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

/** Announces news in the chat to screen readers. */
function Announcer({ chat }: { chat: OpenChat }) {
  const before = useRef(chat);
  const said = useRef("");
  if (before.current !== chat) {
    said.current = newsOf(before.current, chat, lastTap.value, Date.now()) ?? said.current;
    // Only the first edit answers a tap.
    if (lastTap.value && isEdited(before.current, chat, lastTap.value)) lastTap.value = undefined;
    before.current = chat;
  }
  return (
    <p class="unseen" role="status">
      {said.current}
    </p>
  );
}
