import type { IncomingMessage, ServerResponse } from "node:http";
import type { Effect, Match } from "./faults.ts";
import type { GroupFacts } from "./group.ts";
import { isRecord } from "./params.ts";
import { GroupPlace } from "./places.ts";
import type { Post, PostFields } from "./post.ts";
import { drawChat, words } from "./screen.ts";
import type { Extra } from "./server.ts";
import type { Telegram } from "./telegram.ts";

type Handler = (telegram: Telegram, body: Record<string, unknown>) => unknown;

/** What can be done from outside the process: POST /playground/<name> with a JSON body. */
const POSTS: Record<string, Handler> = {
  sends: (telegram, body) => personOf(telegram, body).sends(readPost(body["text"] ?? body["message"])),
  /** {"from", "parts": [{"photo": true}, …], "apart": ms} */
  album: (telegram, body) => {
    const apart = Number(body["apart"] ?? 0);
    return personOf(telegram, body).sendsAlbum(readParts(body["parts"]), { apart });
  },
  deletes: async (telegram, body) => {
    await personOf(telegram, body).deletes(Number(body["id"]));
    return true;
  },
  /** {"from", "label", "on": id of the message, "in": id of a group or channel}; the last two may be left out. */
  taps: (telegram, body) => {
    const { on, in: chat } = body;
    return personOf(telegram, body).taps(readLabel(body["label"]), {
      ...(typeof on === "number" && { on }),
      ...(chat !== undefined && { in: roomOf(telegram, chat) }),
    });
  },
  blocks: async (telegram, body) => {
    await personOf(telegram, body).blocks();
    return true;
  },
  unblocks: async (telegram, body) => {
    await personOf(telegram, body).unblocks();
    return true;
  },
  deactivates: async (telegram, body) => {
    await personOf(telegram, body).deactivates();
    return true;
  },
  people: (telegram, body) => {
    const firstId = body["firstId"];
    const people = telegram.people(Number(body["count"] ?? 1), {
      ...(typeof firstId === "number" && { firstId }),
      started: body["started"] !== false,
    });
    return { first: people.at(0)?.id, last: people.at(-1)?.id };
  },
  /** {"type", "title", "username", "isForum", "from"}: a group or channel that this person owns, the bot not in it. */
  group: (telegram, body) => telegram.group(readGroup(telegram, body)).chat,
  shares: (telegram, body) => {
    const room = roomOf(telegram, body["chat"]);
    return personOf(telegram, body).sharesChat(Number(body["requestId"] ?? 1), room);
  },
  fault: (telegram, body) => {
    telegram.fault(readMatch(body["match"]), readEffect(body["effect"]));
    return true;
  },
  latency: (telegram, body) => {
    telegram.latency = Number(body["ms"] ?? 0);
    return telegram.latency;
  },
  clear: (telegram, body) => {
    telegram.clearRecords({ messages: body["messages"] === true });
    return true;
  },
};

/** Serves /playground/…: everything that a test does by the driver, for a bot in another process. */
export function controlRoutes(telegram: Telegram): Extra {
  return (path, request, body, response) => {
    if (path === "/playground" || path === "/playground/") {
      text(response, 200, "The playground is running. See playground/main.ts for what it can be told.\n");
      return true;
    }
    if (!path.startsWith("/playground/")) return false;
    const name = path.slice("/playground/".length);
    serve(telegram, name, request, body).then(
      (result) => (typeof result === "string" ? text(response, 200, result) : json(response, 200, result)),
      (error: unknown) => {
        const status = error instanceof UnknownRoute ? 404 : 400;
        json(response, status, { error: error instanceof Error ? error.message : String(error) });
      },
    );
    return true;
  };
}

class UnknownRoute extends Error {}

async function serve(
  telegram: Telegram,
  name: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<unknown> {
  if (request.method === "POST") {
    const handler = Object.hasOwn(POSTS, name) ? POSTS[name] : undefined;
    if (handler === undefined) throw new UnknownRoute(`There is no POST /playground/${name}`);
    const parsed: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
    return handler(telegram, isRecord(parsed) ? parsed : {});
  }
  const chat = /^chats\/(-?\d+)(\/text)?$/.exec(name);
  if (chat !== null) {
    const id = Number(chat[1]);
    if (chat[2] === undefined) return telegram.messages(id);
    const place = telegram.place(id);
    return place === undefined ? `There is no chat ${id}.\n` : `${drawChat(place)}\n`;
  }
  if (name === "stats") return stats(telegram, new URL(request.url ?? "/", "http://localhost").searchParams);
  throw new UnknownRoute(`There is no GET /playground/${name}`);
}

function stats(telegram: Telegram, query: URLSearchParams): object {
  const wanted = query.get("text") ?? "";
  const { calls } = telegram;
  const byMethod: Record<string, number> = {};
  const errors: Record<string, number> = {};
  for (const { method, errorCode } of calls) {
    byMethod[method] = (byMethod[method] ?? 0) + 1;
    if (errorCode !== undefined) errors[errorCode] = (errors[errorCode] ?? 0) + 1;
  }
  const counts = telegram.counts((message) => words(message).includes(wanted));
  let messages = 0;
  for (const count of counts.values()) messages += count;
  return {
    bots: telegram.bots.map(({ id, me, pending }) => ({
      id,
      username: me.username,
      pendingUpdates: pending,
    })),
    calls: calls.length,
    byMethod,
    errors,
    tooMany: telegram.tooMany,
    worstSecond: telegram.worstSecond(),
    chats: counts.size,
    messages,
    duplicates: duplicates(telegram, counts, wanted),
  };
}

/** Messages beyond the first with the same words in one chat. */
function duplicates(telegram: Telegram, counts: Map<number, number>, wanted: string): number {
  let surplus = 0;
  for (const [chatId, count] of counts) {
    if (count < 2) continue;
    const texts = telegram
      .received(chatId)
      .map((message) => words(message))
      .filter((said) => said.includes(wanted));
    surplus += texts.length - new Set(texts).size;
  }
  return surplus;
}

function personOf(telegram: Telegram, body: Record<string, unknown>) {
  const id = Number(body["from"]);
  if (!Number.isSafeInteger(id) || id <= 0)
    throw new TypeError(`"from" is the id of a person, a positive number`);
  return telegram.person({ id });
}

function roomOf(telegram: Telegram, id: unknown): { place: GroupPlace } {
  const place = telegram.place(Number(id));
  if (!(place instanceof GroupPlace)) throw new TypeError(`"chat" is the id of a group or channel`);
  return { place };
}

function readGroup(telegram: Telegram, body: Record<string, unknown>): GroupFacts {
  const { type = "supergroup", title, username, isForum } = body;
  if (type !== "group" && type !== "supergroup" && type !== "channel")
    throw new TypeError(`"type" is "group", "supergroup" or "channel"`);
  return {
    type,
    creator: personOf(telegram, body),
    bot: "left",
    ...(typeof title === "string" && { title }),
    ...(typeof username === "string" && { username }),
    ...(isForum === true && { isForum }),
  };
}

function readPost(value: unknown): Post {
  if (typeof value === "string") return value;
  // postBody refuses what has no content; the rest of a person's message is theirs to choose.
  if (isRecord(value)) return value;
  throw new TypeError(`"text" is a string, or "message" an object like {"photo": true, "caption": "Hi"}`);
}

function readParts(value: unknown): PostFields[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) return value;
  throw new TypeError(`"parts" is a list of objects like {"photo": true, "caption": "Hi"}`);
}

/** A label, or a pattern written as /…/ or /…/i. */
function readLabel(value: unknown): string | RegExp {
  if (typeof value !== "string" || value === "") throw new TypeError(`"label" is the text of a button`);
  const pattern = /^\/(.+)\/([iu]*)$/.exec(value);
  return pattern === null ? value : new RegExp(pattern[1] ?? "", pattern[2]);
}

function readMatch(value: unknown): Match {
  const given = isRecord(value) ? value : {};
  const match: Match = {};
  const { method, chat, times, after, token } = given;
  if (typeof method === "string") {
    const read = readLabel(method);
    match.method = read;
  }
  if (typeof chat === "number") match.chat = chat;
  if (typeof times === "number") match.times = times;
  // JSON knows no Infinity.
  if (times === "always" || times === "Infinity") match.times = Infinity;
  if (typeof after === "number") match.after = after;
  if (typeof token === "string") match.token = token;
  return match;
}

function readEffect(value: unknown): Effect {
  if (isRecord(value)) {
    const { error, hang, cut, status, body, accept } = value;
    if (
      isRecord(error) &&
      typeof error["error_code"] === "number" &&
      typeof error["description"] === "string"
    ) {
      const { error_code, description, parameters } = error;
      return { error: { error_code, description, ...(isRecord(parameters) && { parameters }) } };
    }
    if (hang === "forever" || typeof hang === "number") {
      return { hang, ...(typeof accept === "boolean" && { accept }) };
    }
    if (cut === "before" || cut === "after") return { cut };
    if (typeof status === "number") return { status, ...(typeof body === "string" && { body }) };
  }
  throw new TypeError(
    `"effect" is {"error": {"error_code", "description"}}, {"hang": ms | "forever"}, {"cut": "before" | "after"} or {"status"}`,
  );
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const body = `${JSON.stringify(value, undefined, 2)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function text(response: ServerResponse, status: number, value: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(value),
  });
  response.end(value);
}
