import http from "node:http";
import https from "node:https";
import { type Readable, pipeline } from "node:stream";
import type { ApiClientOptions } from "grammy";
import type { Proxy } from "./proxy.ts";
import { VERSION } from "../version.ts";
import { createConnections } from "./connections.ts";
import { NeverConnected, ProxyAnswer } from "./outcome.ts";

type Fetch = NonNullable<ApiClientOptions["fetch"]>;

/** A connection that does not stand by then is given up; nothing has left. */
const CONNECT_MS = 10_000;

interface Init {
  /** JSON, or a stream of form data with a file in it. */
  body: string | Readable;
  headers: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * A `fetch` for grammY's client that does what calls to the Bot API need and no more: POST over kept connections. It makes
 * half as many calls again a second as node-fetch, and it tells what node-fetch hides: that a call cannot have left, because
 * its connection never stood or was closed before a byte was written; and the status of an answer that is not the Bot API's,
 * whatever its content type. By its `purpose` the log of a Bot API server of one's own tells broadcasts from replies.
 */
export function createFetch(
  apiRoot: string,
  purpose: "broadcast" | "replies",
  proxy: Proxy | null = null,
): Fetch {
  const connections = createConnections(new URL(apiRoot), proxy);
  const { secure, options, prefix } = connections;
  const { request } = secure ? https : http;
  const userAgent = `Herald/${VERSION} (${purpose})`;

  function post(url: string, { body, headers, signal }: Init): Promise<object> {
    return new Promise((resolve, reject) => {
      const call = request({
        ...options,
        path: prefix + url.slice(apiRoot.length),
        headers: {
          ...connections.headers,
          "content-type": headers["content-type"],
          ...(typeof body === "string" && { "content-length": Buffer.byteLength(body) }),
          "user-agent": userAgent,
        },
      });
      call.on("response", (answer) => {
        const refused = connections.heard(answer);
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => (text += part));
        answer.on("end", () => {
          const said = fromBotApi(text);
          if (refused) reject(new NeverConnected(refused));
          else if (said) resolve(said);
          else reject(new ProxyAnswer(answer.statusCode ?? 0, answer.headers));
        });
        answer.on("error", reject);
      });
      let left = false;
      onceStanding(call, secure, () => {
        left = true;
        if (typeof body === "string") call.end(body);
        else pipeline(body, call, (error) => error && call.destroy(error));
      });
      call.on("error", (error) => {
        if (left) reject(error);
        else reject(call.reusedSocket ? new Stale(error) : new NeverConnected(connections.explain(error)));
      });
      signal?.addEventListener("abort", () => call.destroy());
      if (signal?.aborted) call.destroy();
    });
  }

  // grammY reads nothing of an answer but its JSON.
  const fetch: unknown = async (url: string, init: Init) => {
    for (;;)
      try {
        const said = await post(url, init);
        return { json: async () => said };
      } catch (error) {
        // Once no kept connection is left, a new one is opened, so this ends.
        if (!(error instanceof Stale) || init.signal?.aborted) throw error;
      }
  };
  return fetch as Fetch;
}

/** A kept connection turned out to be closed before any of the call was written: it is made over another one. */
class Stale extends NeverConnected {}

/**
 * Calls back once a call may be written. On a kept connection everything that has arrived is read first: its peer may have closed it,
 * and what is written after that is lost, indistinguishable from what has arrived.
 */
function onceStanding(call: http.ClientRequest, secure: boolean, write: () => void): void {
  call.on("socket", (socket) => {
    if (call.reusedSocket) {
      // The poll phase before the first may have begun before the peer's end arrived; before the second there is a whole one.
      setImmediate(() => setImmediate(() => call.destroyed || write()));
      return;
    }
    // A tunnel without TLS is established already.
    if (!secure && !socket.connecting) return write();
    const timer = setTimeout(() => call.destroy(new Error("connect timed out")), CONNECT_MS);
    socket.once("close", () => clearTimeout(timer));
    socket.once(secure ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      write();
    });
  });
}

/** What the Bot API says, or null for a page, for JSON of somebody else's, and for an answer that breaks off. */
function fromBotApi(text: string): object | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null) return null;
  const { ok, result, error_code, description } = said as Record<string, unknown>;
  const isResult = ok === true && result !== undefined;
  const isRefusal = ok === false && typeof error_code === "number" && typeof description === "string";
  return isResult || isRefusal ? said : null;
}
