import type { Events, LogLine, Meter, OpenChat, Overview } from "../../shared/protocol.ts";
import { changed } from "./chat-change.ts";
import { createStore } from "./store.ts";

/*
 * The playground's events as stores. This is the only place that listens.
 */

const METERS_KEPT = 120;
const LINES_KEPT = 200;
/** How long the previous chat stays on the screen while the next one loads. */
const KEPT_MS = 400;
/**
 * When to reconnect after an answer that is not a stream (a proxy's 502 while the playground restarts), where
 * browsers give up.
 */
const AGAIN_MS = 2_000;

/** False while the stream is interrupted; it reconnects by itself. */
export const connected = createStore(false);
export const overview = createStore<Overview | undefined>(undefined);
/** Undefined until the first chat has loaded, and if the requested one does not load. */
export const openChat = createStore<OpenChat | undefined>(undefined);
export const meters = createStore<Meter[]>([]);
export const log = createStore<LogLine[]>([]);

/**
 * Opens a chat, which `openChat` then holds. Listens until the returned function is called, and only while the page
 * is visible: browsers allow six connections per host, and each listening page uses one. A page that becomes visible
 * again gets everything anew.
 */
export function listenTo(chatId: number | undefined): () => void {
  let stream: EventSource | undefined;
  const keep = () => {
    if (document.hidden) {
      stream?.close();
      stream = undefined;
    } else if (stream === undefined || stream.readyState === EventSource.CLOSED) {
      stream = listen(chatId);
    }
  };
  keep();
  const clear = setTimeout(() => {
    if (openChat.value?.summary.id !== chatId) openChat.set(undefined);
  }, KEPT_MS);
  const again = setInterval(keep, AGAIN_MS);
  document.addEventListener("visibilitychange", keep);
  return () => {
    clearTimeout(clear);
    clearInterval(again);
    document.removeEventListener("visibilitychange", keep);
    stream?.close();
  };
}

function listen(chatId: number | undefined): EventSource {
  const stream = new EventSource(`/playground/events${chatId === undefined ? "" : `?chat=${chatId}`}`);
  const on = <Name extends keyof Events>(name: Name, handle: (value: Events[Name]) => void) =>
    // Written by the playground's feed, which has this type.
    stream.addEventListener(name, (event) => handle(JSON.parse(event.data as string) as Events[Name]));
  let fresh = true;
  stream.addEventListener("open", () => {
    fresh = true;
    connected.set(true);
  });
  stream.addEventListener("error", () => connected.set(false));
  on("overview", (value) => overview.set(value));
  on("chat", (value) => openChat.set(value));
  on("change", (change) => {
    if (openChat.value !== undefined && openChat.value.summary.id === chatId)
      openChat.set(changed(openChat.value, change));
  });
  on("meters", (value) => meters.set(value));
  on("meter", (value) => meters.set([...meters.value, value].slice(-METERS_KEPT)));
  on("log", (lines) => {
    // The first event of a stream holds the last 200 lines, later ones add to them.
    log.set([...(fresh ? [] : log.value), ...lines].slice(-LINES_KEPT));
    fresh = false;
  });
  return stream;
}
