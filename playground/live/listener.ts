import type { ServerResponse } from "node:http";
import type { ChatView } from "./chat-view.ts";
import type { Events, LogLine } from "../shared/protocol.ts";

/** One event in wire format. */
export function eventText<Name extends keyof Events>(name: Name, value: Events[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** What every page is told, whichever chat it shows. */
export interface Sources {
  /** Events in wire format. */
  readonly overview: () => string;
  readonly meters: () => string;
  /** Herald's last log lines; empty if the playground does not run it. */
  readonly lines: () => readonly LogLine[];
}

/** A connected page. */
export class Listener {
  readonly #response: ServerResponse;
  readonly #sources: Sources;
  readonly #chat: ChatView | undefined;
  #lastLine: LogLine | undefined;
  /** Whether something was skipped because the page reads too slowly. */
  #isBehind = false;

  constructor(response: ServerResponse, sources: Sources, chat: ChatView | undefined) {
    this.#response = response;
    this.#sources = sources;
    this.#chat = chat;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 500\n\n${this.#whole()}`);
    response.on("drain", () => {
      if (!this.#isBehind) return;
      this.#isBehind = false;
      response.write(this.#whole());
    });
  }

  /** Sends an event. A slow page gets everything anew instead, once it has read what was sent before. */
  send(event: string): void {
    if (this.#hasRoom()) this.#response.write(event);
  }

  /** Sends what has changed in the chat. */
  sendChanges(): void {
    if (this.#chat === undefined || !this.#hasRoom()) return;
    const change = this.#chat.change();
    if (change !== undefined) this.#response.write(eventText("change", change));
  }

  /** Sends the lines that Herald has logged since. */
  sendLines(): void {
    if (!this.#hasRoom()) return;
    const log = this.#log();
    if (log !== "") this.#response.write(log);
  }

  end(): void {
    this.#response.end();
  }

  /** Nothing is buffered for a page that does not read, or memory would fill up. */
  #hasRoom(): boolean {
    if (!this.#response.writableNeedDrain) return true;
    this.#isBehind = true;
    return false;
  }

  /** In one piece: after a part, the page might count as slow and never get the rest. */
  #whole(): string {
    const { overview, meters } = this.#sources;
    const chat = this.#chat ? eventText("chat", this.#chat.whole()) : "";
    return overview() + chat + meters() + this.#log();
  }

  #log(): string {
    const lines = this.#sources.lines();
    const known = this.#lastLine === undefined ? -1 : lines.lastIndexOf(this.#lastLine);
    const news = lines.slice(known + 1);
    if (news.length === 0) return "";
    this.#lastLine = news.at(-1);
    return eventText("log", news);
  }
}
