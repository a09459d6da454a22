import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { VERSION } from "../version.ts";
import { type Connections, createConnections } from "./connections.ts";
import type { Client } from "./http-client.ts";
import { NeverConnected, ProxyAnswer } from "./outcome.ts";
import type { Proxy } from "./proxy.ts";

/** What the Bot API answers. */
export type BotApiAnswer =
  | { ok: true; result: unknown }
  | { ok: false; error_code: number; description: string; parameters?: object };

/** A call of the Bot API. */
export interface Call {
  /** What follows the API root: `/bot<token>/<method>`. */
  path: string;
  contentType: string;
  /** JSON, or a stream of form data with a file in it. */
  body: string | Readable;
  /** Gives the call up. */
  signal?: Signal | undefined;
  /** The call is given up if no answer has come by then. Default: never. */
  timeoutMs?: number;
}

/** An AbortSignal, or the one of the package that grammY uses. */
type Signal = Pick<AbortSignal, "aborted"> &
  Record<"addEventListener" | "removeEventListener", (type: "abort", listener: () => void) => void>;

/**
 * Makes a call and resolves with the Bot API's answer.
 * @throws NeverConnected if the call cannot have left: its connection was never established, or closed before a byte of
 *   it was written.
 * @throws ProxyAnswer if the answer is not the Bot API's, whatever its content type.
 * @throws another error if the call may have arrived.
 */
export type Post = (call: Call) => Promise<BotApiAnswer>;

/** Tells the log of a self-hosted Bot API server which calls are broadcasts. */
export type Purpose = "broadcast" | "replies";

/** POST over kept-alive connections, which is all that the Bot API needs. `purpose` goes into the user agent. */
export function createPost(apiRoot: string, purpose: Purpose, proxy: Proxy | null = null): Post {
  const connections = createConnections(new URL(apiRoot), proxy);
  const agent = ["user-agent", `Herald/${VERSION} (${purpose})`];
  return (call) =>
    new Promise((resolve, reject) => {
      const exchange = new Exchange(connections, call, agent, resolve, reject);
      if (!exchange.isOver) afterOneRound(exchange);
    });
}

/** One call and its answer. A class, because as closures it would be a tenth of what a message costs. */
class Exchange implements Dispatcher.DispatchHandler {
  isOver = false;
  readonly #connections: Connections;
  readonly #call: Call;
  readonly #headers: readonly string[];
  readonly #resolve: (answer: BotApiAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #client: Client | null = null;
  #controller: Dispatcher.DispatchController | null = null; // once the call is being written
  #status = 0;
  #fields: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];

  constructor(
    connections: Connections,
    call: Call,
    headers: readonly string[],
    resolve: (answer: BotApiAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#connections = connections;
    this.#call = call;
    this.#headers = headers;
    this.#resolve = resolve;
    this.#reject = reject;
    const { timeoutMs, signal } = call;
    if (timeoutMs) this.#timer = setTimeout(timedOut, timeoutMs, this, timeoutMs);
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
  }

  /** Leaves, unless it was given up. */
  leave(): void {
    if (this.isOver) return;
    const { path, contentType, body } = this.#call;
    const { prefix, headers } = this.#connections;
    this.#client = this.#connections.take();
    this.#client.dispatch(
      {
        method: "POST",
        path: prefix + path,
        headers: [...headers, "content-type", contentType, ...this.#headers],
        body,
      },
      this,
    );
  }

  giveUp(error: Error): void {
    this.#fail(error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.isOver) controller.abort(new Error("given up before it left"));
  }

  onResponseStart(_: unknown, status: number, fields: IncomingHttpHeaders): void {
    this.#status = status;
    this.#fields = fields;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#giveBack();
    const answer = fromBotApi(textOf(this.#chunks));
    const refused = this.#connections.refusal(this.#status);
    if (refused) return this.#fail(new NeverConnected(refused));
    if (!answer) return this.#fail(new ProxyAnswer(this.#status, this.#fields));
    this.#end();
    this.#resolve(answer);
  }

  onResponseError(_: unknown, error: Error): void {
    this.#giveBack();
    if (!this.#controller && isOfKeptConnection(error)) afterOneRound(this);
    else if (!this.isOver) this.#fail(error);
  }

  #abort = (): void => this.giveUp(new Error("the call was given up"));

  #giveBack(): void {
    if (this.#client) this.#connections.giveBack(this.#client);
    this.#client = null;
  }

  #end(): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#call.signal?.removeEventListener("abort", this.#abort);
  }

  #fail(error: Error): void {
    this.#end();
    this.#reject(this.#controller || error instanceof NeverConnected ? error : new NeverConnected(error));
  }
}

function timedOut(exchange: Exchange, timeoutMs: number): void {
  exchange.giveUp(new Error(`timed out after ${timeoutMs / 1_000} s`));
}

let waiting: Exchange[] = [];

/**
 * Lets a call leave in the next round of the event loop. undici lets another one pass before it writes to a kept
 * connection, so that a whole poll phase lies in between, and the end of a connection that has arrived by now is read.
 * What is written after it would be lost, indistinguishable from what has arrived; undici uses another connection instead.
 */
function afterOneRound(exchange: Exchange): void {
  waiting.push(exchange);
  if (waiting.length > 1) return;
  setImmediate(() => {
    const leaving = waiting;
    waiting = [];
    for (const one of leaving) one.leave();
  });
}

/** A kept connection was reset before the call was written to it, which can be done again on another one. */
function isOfKeptConnection(error: Error): boolean {
  return "syscall" in error; // a new connection fails with NeverConnected, undici's own errors name no system call
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return (chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString();
}

/** The Bot API's answer, or null for a page, for other JSON, and for an answer that breaks off. */
function fromBotApi(text: string): BotApiAnswer | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof answer !== "object" || answer === null) return null;
  const { ok, result, error_code, description } = answer as Record<string, unknown>;
  const isResult = ok === true && result !== undefined;
  const isRefusal = ok === false && typeof error_code === "number" && typeof description === "string";
  return isResult || isRefusal ? (answer as BotApiAnswer) : null;
}
