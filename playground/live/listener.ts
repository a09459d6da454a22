import type { ServerResponse } from "node:http";
import type { ChatView } from "./chat.ts";
import type { Events, LogLine } from "./protocol.ts";

/** One event as it goes over the wire. */
export function eventText<Name extends keyof Events>(name: Name, value: Events[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** What every page is told, whichever chat it shows. */
export interface Sources {
  /** Events as they go over the wire. */
  readonly overview: () => string;
  readonly meters: () => string;
  /** Herald's last lines; empty when the playground does not run it. */
  readonly lines: () => readonly LogLine[];
}

/** A page that listens. */
export class Listener {
  readonly #response: ServerResponse;
  readonly #sources: Sources;
  readonly #chat: ChatView | undefined;
  #lastLine: LogLine | undefined;
  /** Whether something was not sent because the page is slow to take it. */
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

  /** Sends an event; a slow page gets all anew instead, as soon as it has taken what was sent before. */
  send(event: string): void {
    if (this.#takes()) this.#response.write(event);
  }

  /** Sends what has changed in the chat. */
  look(): void {
    if (this.#chat === undefined || !this.#takes()) return;
    const change = this.#chat.change();
    if (change !== undefined) this.#response.write(eventText("change", change));
  }

  /** Sends the lines that Herald has logged since. */
  hear(): void {
    if (!this.#takes()) return;
    const log = this.#log();
    if (log !== "") this.#response.write(log);
  }

  end(): void {
    this.#response.end();
  }

  /** Nothing is kept for a page that does not read, or memory would fill. */
  #takes(): boolean {
    if (!this.#response.writableNeedDrain) return true;
    this.#isBehind = true;
    return false;
  }

  /** In one piece: after a part of it the rest might find the page slow, and it would never get all. */
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
