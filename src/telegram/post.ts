import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { VERSION } from "../version.ts";
import { createConnections } from "./connections.ts";
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
  const { take, giveBack, prefix, headers, refusal } = createConnections(new URL(apiRoot), proxy);
  const userAgent = `Herald/${VERSION} (${purpose})`;

  return ({ path, contentType, body, signal, timeoutMs }) =>
    new Promise((resolve, reject) => {
      let controller: Dispatcher.DispatchController | null = null; // once the call is being written
      let isOver = false;
      let status = 0;
      let answerHeaders: IncomingHttpHeaders = {};
      const chunks: Buffer[] = [];
      const timer =
        timeoutMs && setTimeout(() => giveUp(new Error(`timed out after ${timeoutMs / 1_000} s`)), timeoutMs);
      const abort = () => giveUp(new Error("the call was given up"));
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();

      function end(): void {
        isOver = true;
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      }

      function fail(error: Error): void {
        end();
        reject(controller || error instanceof NeverConnected ? error : new NeverConnected(error));
      }

      function giveUp(error: Error): void {
        fail(error);
        controller?.abort(error);
      }

      function leave(): void {
        if (isOver) return;
        const client = take();
        client.dispatch(
          {
            method: "POST",
            path: prefix + path,
            headers: [...headers, "content-type", contentType, "user-agent", userAgent],
            body,
          },
          {
            onRequestStart(started) {
              controller = started;
              if (isOver) started.abort(new Error("given up before it left"));
            },
            onResponseStart(_, code, fields) {
              status = code;
              answerHeaders = fields;
            },
            onResponseData: (_, chunk) => void chunks.push(chunk),
            onResponseEnd() {
              giveBack(client);
              const answer = fromBotApi(textOf(chunks));
              const refused = refusal(status);
              if (refused) return fail(new NeverConnected(refused));
              if (!answer) return fail(new ProxyAnswer(status, answerHeaders));
              end();
              resolve(answer);
            },
            onResponseError(_, error) {
              giveBack(client);
              if (!controller && isOfKeptConnection(error)) afterOneRound(leave);
              else if (!isOver) fail(error);
            },
          },
        );
      }

      afterOneRound(leave);
    });
}

const waiting: (() => void)[] = [];

/**
 * Runs `work` in the next round of the event loop. undici lets another one pass before it writes to a kept connection,
 * so that a whole poll phase lies in between, and the end of a connection that has arrived by now is read. What is
 * written after it would be lost, indistinguishable from what has arrived; undici uses another connection instead.
 */
function afterOneRound(work: () => void): void {
  waiting.push(work);
  if (waiting.length > 1) return;
  setImmediate(() => {
    for (const one of waiting.splice(0)) one();
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
