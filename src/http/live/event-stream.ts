import type { Clock } from "../../clock.ts";
import type { CampaignEvent } from "./campaign-feed.ts";

/** Server-sent events on their way to one client. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Of a campaign that has not been told of yet, only the latest event is kept. */
  push(event: CampaignEvent): void;
  /** Shows the client and whatever lies between that the connection is alive. Ends it if the client takes nothing. */
  beat(): void;
  /** Nothing follows what has been pushed. */
  end(): void;
  /** Nothing follows what the client has been handed. */
  cut(): void;
}

export interface EventStreamOptions {
  clock: Clock;
  /** The id by which a client that has got everything up to this event goes on. */
  idOf: (event: CampaignEvent) => string;
  dataOf: (event: CampaignEvent) => object;
  /** The client has gone, or everything has been sent. Called once. */
  onClose: () => void;
}

/** A client that has taken nothing for so long is cut off. */
const PATIENCE_MS = 60_000;
/** After how long a client whose connection broke comes back. */
const RETRY_MS = 3_000;

/**
 * A client is handed the next event when it has taken the one before, so that a slow one skips what is out of date and a
 * stuck one fills no memory: at most one event a campaign waits. Only an event that no other one waits behind
 * has an id, so a client that comes back with one has missed nothing.
 */
export function createEventStream({ clock, idOf, dataOf, onClose }: EventStreamOptions): EventStream {
  const encoder = new TextEncoder();
  const waiting = new Map<number, CampaignEvent>();
  let text = `retry: ${RETRY_MS}\n\n`;
  let isEnding = false;
  let isClosed = false;
  let handedAt = clock.monotonic();
  /** Set while the client has taken everything. */
  let wake: (() => void) | null = null;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    waiting.clear();
    wake?.();
    onClose();
  }

  function next(): string {
    const [first] = waiting;
    if (!first) return "";
    const [number, event] = first;
    waiting.delete(number);
    const id = waiting.size === 0 ? `id: ${idOf(event)}\n` : "";
    return `${id}event: ${event.name}\ndata: ${JSON.stringify(dataOf(event))}\n\n`;
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => void (controller = given),
      async pull(given) {
        while (text === "" && !isClosed) {
          text = next();
          if (text !== "") break;
          if (isEnding) {
            given.close();
            close();
            return;
          }
          await new Promise<void>((resolve) => (wake = resolve));
          wake = null;
        }
        if (isClosed) return;
        given.enqueue(encoder.encode(text));
        text = "";
        handedAt = clock.monotonic();
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );

  return {
    body,
    push(event) {
      if (isClosed || isEnding) return;
      const before = waiting.get(event.standing.id);
      // A state that the client has not heard of is not hidden by the progress after it.
      const name = before && event.name === "progress" ? before.name : event.name;
      waiting.set(event.standing.id, { ...event, name });
      wake?.();
    },
    beat() {
      if (wake) {
        text = ": still here\n\n";
        wake();
      } else if (clock.monotonic() - handedAt > PATIENCE_MS) {
        controller?.error(new Error("the client takes nothing"));
        close();
      }
    },
    cut() {
      waiting.clear();
      isEnding = true;
      wake?.();
    },
    end() {
      isEnding = true;
      wake?.();
    },
  };
}
