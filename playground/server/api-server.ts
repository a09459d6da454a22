import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "@grammyjs/types";
import { parseParams, readBody } from "../wire/body.ts";
import type { Bot } from "../world/bot.ts";
import { type Effect, FaultBook } from "./faults.ts";
import type { Call, Method } from "../methods/call.ts";
import { decoded, reply, type Routes, targetOf, text } from "../wire/http.ts";
import { findMethod } from "../methods/table.ts";
import { isRecord, type Params } from "../wire/params.ts";
import { hasForeignOrigin, isForeign } from "../wire/origin.ts";
import { isTaken, taken } from "../wire/port.ts";
import { type CallOptions, type CallRecord, OPTION_FLAGS } from "../world/records.ts";
import { FormattingError } from "../../src/content/formatting/formatting-error.ts";
import { type ApiFailure, Refusal } from "../wire/refusal.ts";
import type { World } from "../world/world.ts";

type Outcome = { ok: true; result: unknown } | ({ ok: false } & ApiFailure);

/** What is recorded of a call's request, and its client's `User-Agent`. */
interface Asked extends Pick<CallRecord, "method" | "chatId" | "options" | "uploads"> {
  agent: string;
}

const UNAUTHORIZED: Outcome = { ok: false, error_code: 401, description: "Unauthorized" };
const NOT_FOUND: Outcome = { ok: false, error_code: 404, description: "Not Found" };

/** What faults call the download of a file, which is no method. */
const DOWNLOAD = "download";

/** The HTTP server of the playground: routes, parses, injects faults, answers. */
export class ApiServer {
  /** How long each API call takes, in ms: half of it passes before the call is handled, half after. */
  latency = 0;
  /** The most calls in flight at once, without long polls. */
  mostAtOnce = 0;
  /** Calls in flight now, without long polls. */
  atOnce = 0;
  readonly faults = new FaultBook();
  readonly #world: World;
  readonly #server: Server;
  readonly #mounted: Routes[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // A bug in the playground must not take the process down.
        const words = error instanceof Error ? error.message : String(error);
        if (!response.headersSent) text(response, 500, `Internal Server Error: ${words}\n`);
      });
    });
    this.#server.on("clientError", (_error, socket) => socket.destroy());
    // The default of 5 s would cut idle keep-alive connections during a test.
    this.#server.keepAliveTimeout = 120_000;
  }

  /** Adds routes beside the Bot API. The latest are asked first. */
  mount(routes: Routes): void {
    this.#mounted.unshift(routes);
  }

  /**
   * Listens on 127.0.0.1; port 0 picks a free one. Resolves with the port. Rejects with an explanation if the port is
   * in use.
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(isTaken(error) ? new Error(taken(port), { cause: error }) : error);
      this.#server.once("error", fail);
      this.#server.listen(port, "127.0.0.1", 4096, () => {
        this.#server.off("error", fail);
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Stops listening and destroys open connections, hung requests included. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#server.listening) return resolve();
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = targetOf(request);
    const body = await readBody(request);
    if (body === undefined) return;
    if (body === "too large") return answer(response, failure(413, "Request Entity Too Large"));
    const isForBots = /^\/(?:file\/)?bot/.test(path);
    if (isForBots ? hasForeignOrigin(request) : isForeign(request))
      return text(response, 403, "This is not for pages from elsewhere.\n");
    if (path.startsWith("/file/bot")) return this.#download(path, response);
    const route = /^\/bot([^/]+)\/(?:test\/)?(\w+)\/?$/.exec(path);
    if (route === null) {
      if (!this.#mounted.some((serves) => serves(path, request, body, response))) answer(response, NOT_FOUND);
      return;
    }
    const [, token = "", method = ""] = route;
    const counts = method === "getUpdates" ? 0 : 1;
    this.atOnce += counts;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      await this.#api(decoded(token), method, query, body, request, response);
    } finally {
      this.atOnce -= counts;
    }
  }

  async #api(
    token: string,
    method: string,
    query: string,
    body: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (this.latency > 0) await sleep(this.latency / 2);
    const found = findMethod(method);
    let params: Params | undefined;
    let failed: Refusal | undefined;
    try {
      params = parseParams(query, request.headers["content-type"] ?? "", body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failed = error;
    }
    const agent = request.headers["user-agent"] ?? "";
    const asked = { agent, method: found?.[0] ?? method, ...this.#named(params) };
    const effect = this.faults.strike(asked.method, asked.chatId, token);
    const perform = async (): Promise<Outcome> => {
      const bot = /^[1-9]\d*:.+$/.test(token) ? this.#world.bot(token) : undefined;
      if (bot === undefined) return failure(401, "Unauthorized: invalid token specified");
      if (bot.revoked) return UNAUTHORIZED;
      if (found === undefined) return NOT_FOUND;
      if (params === undefined)
        return {
          ok: false,
          ...(failed ?? new Refusal({ error_code: 400, description: "Bad Request" })).failure,
        };
      return this.#perform(bot, found[1], params, asked, response);
    };
    if (effect !== undefined) return this.#strike(effect, perform, asked, response);
    const outcome = await perform();
    if (this.latency > 0) await sleep(this.latency / 2);
    answer(response, outcome);
  }

  async #perform(
    bot: Bot,
    method: Method,
    params: Params,
    asked: Asked,
    response: ServerResponse,
  ): Promise<Outcome> {
    const now = performance.now();
    const call: Call = {
      world: this.#world,
      bot,
      params,
      now,
      signal: goneSignal(asked.method, response),
      weight: 0,
    };
    let outcome: Outcome;
    try {
      const result = method(call);
      outcome = { ok: true, result: result instanceof Promise ? await result : result };
    } catch (error) {
      if (error instanceof Refusal) outcome = { ok: false, ...error.failure };
      else if (error instanceof FormattingError) outcome = failure(400, `Bad Request: ${error.message}`);
      else
        outcome = failure(
          500,
          `Internal Server Error: ${error instanceof Error ? error.message : String(error)}`,
        );
    }
    this.#record(asked, now, outcome, call.weight);
    return outcome;
  }

  /** Applies a fault instead of answering normally. */
  async #strike(
    effect: Effect,
    perform: () => Promise<Outcome>,
    asked: Asked,
    response: ServerResponse,
  ): Promise<void> {
    const now = performance.now();
    if ("error" in effect) {
      const outcome: Outcome = { ok: false, ...effect.error };
      this.#record(asked, now, outcome, 0);
      return answer(response, outcome);
    }
    if ("status" in effect) {
      this.#record(asked, now, failure(effect.status, ""), 0);
      const page = effect.body ?? `<html><h1>${effect.status}</h1></html>`;
      return reply(response, effect.status, "text/html", page);
    }
    if ("cut" in effect) {
      if (effect.cut === "after") await perform();
      else this.#record(asked, now, failure(0, ""), 0);
      response.destroy();
      return;
    }
    const outcome = effect.accept === false ? undefined : await perform();
    if (effect.hang === "forever") return;
    await sleep(effect.hang, undefined, { ref: false });
    if (outcome === undefined) response.destroy();
    else answer(response, outcome);
  }

  /** The chat, the files and the options that a call names. */
  #named(params: Params | undefined): Pick<Asked, "chatId" | "options" | "uploads"> {
    if (params === undefined) return {};
    // A chat may be given by its @username.
    const chatId = params.integer("chat_id") ?? this.#world.find(params.text("chat_id"))?.id;
    const options = optionsOf(params);
    const uploads = params.uploads.size;
    return {
      ...(chatId !== undefined && { chatId }),
      ...(options && { options }),
      ...(uploads > 0 && { uploads }),
    };
  }

  #record({ agent, ...asked }: Asked, at: number, outcome: Outcome, weight: number): void {
    const call: CallRecord = {
      at,
      ...asked,
      ok: outcome.ok,
      ...(!outcome.ok && { errorCode: outcome.error_code }),
      weight: outcome.ok ? weight : 0,
    };
    this.#world.records.add(call, { agent, messages: () => this.#madeBy(call, outcome) });
  }

  /** The messages in a result: a Message, a MessageId, or a list of either. */
  #madeBy({ chatId }: CallRecord, outcome: Outcome): Message[] {
    const place = outcome.ok ? this.#world.find(chatId) : undefined;
    if (place === undefined || !outcome.ok) return [];
    const results: unknown[] = Array.isArray(outcome.result) ? outcome.result : [outcome.result];
    return results.flatMap((one) => {
      const id = isRecord(one) ? one["message_id"] : undefined;
      return typeof id === "number" ? (place.find(id) ?? []) : [];
    });
  }

  #download(path: string, response: ServerResponse): void {
    const [, token = "", name = ""] = /^\/file\/bot([^/]+)\/(.+)$/.exec(path) ?? [];
    const bot = this.#world.bots.get(decoded(token));
    if (bot === undefined || bot.revoked) return answer(response, UNAUTHORIZED);
    const file = this.#world.files.atPath(decoded(name));
    if (file === undefined) return answer(response, NOT_FOUND);
    const content = this.#world.files.content(file);
    const effect = this.faults.strike(DOWNLOAD, undefined, decoded(token));
    if (effect !== undefined && "status" in effect)
      return reply(response, effect.status, "text/html", `<html><h1>${effect.status}</h1></html>`);
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": content.length });
    if (effect === undefined) return void response.end(content);
    // Half of it arrives, whatever else the fault says.
    response.write(content.subarray(0, content.length / 2), () => {
      if (!("hang" in effect)) response.destroy();
    });
  }
}

/** The options of a send that are recorded; undefined if there are none. */
function optionsOf(params: Params): CallOptions | undefined {
  const thread = params.integer("message_thread_id");
  const options: CallOptions = {
    ...Object.fromEntries(OPTION_FLAGS.filter((flag) => params.flag(flag)).map((flag) => [flag, true])),
    ...(thread !== undefined && { message_thread_id: thread }),
  };
  return Object.keys(options).length > 0 ? options : undefined;
}

const NEVER = new AbortController().signal;

/** Only long polls need to know that the client has disconnected; other calls end too soon. */
function goneSignal(name: string, response: ServerResponse): AbortSignal {
  if (name !== "getUpdates") return NEVER;
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}

function failure(code: number, description: string): Outcome {
  return { ok: false, error_code: code, description };
}

function answer(response: ServerResponse, outcome: Outcome): void {
  reply(response, outcome.ok ? 200 : outcome.error_code, "application/json", JSON.stringify(outcome));
}
