import http from "node:http";
import https from "node:https";
import { urlToHttpOptions } from "node:url";
import type { ApiClientOptions } from "grammy";
import { VERSION } from "../version.ts";
import { NeverConnected, ProxyAnswer } from "./outcome.ts";

type Fetch = NonNullable<ApiClientOptions["fetch"]>;

/** A connection that does not stand by then is given up; nothing has left. */
const CONNECT_MS = 10_000;

/** By it, whoever runs a Bot API server of their own can tell broadcasts from replies in its log. */
const USER_AGENT = `Herald/${VERSION} (broadcast)`;

/**
 * A `fetch` for grammY's client that does what sending needs and no more: JSON by POST over kept connections.
 * It makes half as many calls again a second as node-fetch, and it tells two things that node-fetch hides: that the
 * connection never stood, so the call cannot have left; and the status of an answer that is not the Bot API's,
 * whatever its content type.
 */
export function createFetch(apiRoot: string): Fetch {
  const secure = apiRoot.startsWith("https:");
  const { request, Agent } = secure ? https : http;
  const base = new URL(apiRoot);
  const path = base.pathname.replace(/\/+$/, "");
  // All that are in flight are kept: Node's own bound of 256 would close and open connections all the time.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_024 });
  const options = { ...urlToHttpOptions(base), method: "POST", agent };

  function post(url: string, body: string, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": USER_AGENT,
      };
      const call = request({ ...options, headers, path: path + url.slice(apiRoot.length) }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => (text += part));
        answer.on("end", () => {
          const said = fromBotApi(text);
          if (said) resolve(said);
          else reject(new ProxyAnswer(answer.statusCode ?? 0));
        });
        answer.on("error", reject);
      });
      let stands = false;
      call.on("socket", (socket) => {
        stands = !socket.connecting; // a kept one
        if (stands) return;
        const timer = setTimeout(() => call.destroy(new Error("connect timed out")), CONNECT_MS);
        socket.once("close", () => clearTimeout(timer));
        socket.once(secure ? "secureConnect" : "connect", () => {
          stands = true;
          clearTimeout(timer);
        });
      });
      call.on("error", (error) => reject(stands ? error : new NeverConnected(error)));
      signal?.addEventListener("abort", () => call.destroy());
      call.end(body);
    });
  }

  // grammY reads nothing of an answer but its JSON.
  const fetch: unknown = async (url: string, init: { body: string; signal?: AbortSignal }) => {
    const said = await post(url, init.body, init.signal);
    return { json: async () => said };
  };
  return fetch as Fetch;
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
