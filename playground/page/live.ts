import type { Events, LogLine, Meter, OpenChat, Overview } from "../live/protocol.ts";
import { changed } from "./change.ts";
import { createStore } from "./store.ts";

/* What the playground tells, as stores: live.ts is the only place that listens. */

const METERS_KEPT = 120;
const LINES_KEPT = 200;
/** For so long the chat before stays on the screen while the next one is on its way. */
const KEPT_MS = 400;
/** A browser gives up after an answer that is no stream (a proxy's 502 while the playground restarts). */
const AGAIN_MS = 2_000;

/** False while the stream is cut; it is opened again by itself. */
export const connected = createStore(false);
export const overview = createStore<Overview | undefined>(undefined);
/** Undefined until the first chat has arrived, and when the one that was opened does not arrive. */
export const openChat = createStore<OpenChat | undefined>(undefined);
export const meters = createStore<Meter[]>([]);
export const log = createStore<LogLine[]>([]);

/**
 * Opens a chat: from now on `openChat` is that one. Listens until the returned function is called, and only while the
 * page is in sight: of six connections that a browser opens to one host, every page that listens holds one. Whoever
 * comes back is told everything whole.
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
    // Each event was written by the playground's feed, whose type this is.
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
    // The first of a stream are the last 200 as they stand, the others come after them.
    log.set([...(fresh ? [] : log.value), ...lines].slice(-LINES_KEPT));
    fresh = false;
  });
  return stream;
}
