import type { ServerResponse } from "node:http";
import type { World } from "../world/world.ts";
import { ChatView } from "./chat-view.ts";
import { eventText, Listener, type Sources } from "./listener.ts";
import type { Meters } from "./meters.ts";
import type { LogLine, Overview } from "../shared/protocol.ts";

export interface FeedOptions {
  world: World;
  owner: number;
  meters: Meters;
  overview: () => Overview;
  lines: () => readonly LogLine[];
}

const CHAT_MS = 50;
const OVERVIEW_MS = 250;
const METER_MS = 500;
/** A proxy may cut an idle connection. */
const HEARTBEAT_MS = 15_000;

/**
 * Sends the pages what protocol.ts promises. It polls at fixed intervals instead of observing every change: what the
 * pages show changes in many ways, and looking at 200 messages or 50 chats takes a fraction of a millisecond.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #sources: Sources;
  readonly #listeners = new Set<Listener>();
  readonly #timers: NodeJS.Timeout[];
  #overview = "";

  constructor(options: FeedOptions) {
    const { meters, lines } = options;
    this.#options = options;
    this.#sources = {
      overview: () => this.#overview,
      meters: () => eventText("meters", [...meters.minute]),
      lines,
    };
    this.#timers = [
      every(CHAT_MS, () => this.#each((listener) => listener.sendChanges())),
      every(OVERVIEW_MS, () => this.#refreshAll()),
      every(METER_MS, () => this.#measure()),
      every(HEARTBEAT_MS, () => this.#each((listener) => listener.send(":\n\n"))),
    ];
  }

  /** How many pages are connected. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Opens a stream for a page that shows this chat; without a chat if it is unknown or undefined. */
  open(chatId: number | undefined, response: ServerResponse): void {
    if (response.destroyed) return;
    const { world, owner } = this.#options;
    const place = chatId === undefined ? undefined : world.places.get(chatId);
    this.#refresh();
    const listener = new Listener(response, this.#sources, place && new ChatView(world, place, owner));
    this.#listeners.add(listener);
    response.once("close", () => this.#listeners.delete(listener));
  }

  /** Ends all streams. */
  close(): void {
    this.#timers.forEach(clearInterval);
    this.#each((listener) => listener.end());
  }

  #refreshAll(): void {
    if (this.#listeners.size === 0) return;
    this.#refresh();
    this.#each((listener) => listener.sendLines());
  }

  /** Sends the overview to all pages if it has changed. */
  #refresh(): void {
    const overview = eventText("overview", this.#options.overview());
    if (overview === this.#overview) return;
    this.#overview = overview;
    this.#each((listener) => listener.send(overview));
  }

  /** Measures even if no page is connected, so that the next one shows the last minute at once. */
  #measure(): void {
    const meter = eventText("meter", this.#options.meters.take());
    this.#each((listener) => listener.send(meter));
  }

  #each(act: (listener: Listener) => void): void {
    for (const listener of this.#listeners) act(listener);
  }
}

/** The timer does not keep the process alive. */
function every(ms: number, act: () => void): NodeJS.Timeout {
  return setInterval(act, ms).unref();
}
