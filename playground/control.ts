import type { IncomingMessage } from "node:http";
import { CIRCUMSTANCES } from "./control/circumstances.ts";
import { PEOPLE } from "./control/people.ts";
import type { Body, Handler } from "./control/read.ts";
import { stats } from "./control/stats.ts";
import { json, targetOf, text } from "./http.ts";
import { isRecord } from "./params.ts";
import { drawChat } from "./screen.ts";
import type { Extra } from "./server.ts";
import type { Telegram } from "./telegram.ts";

/** What can be done from outside the process: POST /playground/<name> with a JSON body. */
const POSTS: Record<string, Handler> = { ...PEOPLE, ...CIRCUMSTANCES };

/** Serves /playground/…: everything that a test does by the driver, for a bot in another process and for the page. */
export function controlRoutes(telegram: Telegram): Extra {
  return (path, request, body, response) => {
    if (path === "/playground" || path === "/playground/") {
      const names = Object.keys(POSTS).toSorted().join(", ");
      text(
        response,
        200,
        `The playground is running. POST /playground/<name> with JSON acts in it: ${names}.\n`,
      );
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
    return handler(telegram, read(body));
  }
  const chat = /^chats\/(-?\d+)(\/text)?$/.exec(name);
  if (chat !== null) {
    const id = Number(chat[1]);
    if (chat[2] === undefined) return telegram.messages(id);
    const place = telegram.place(id);
    return place === undefined ? `There is no chat ${id}.\n` : `${drawChat(place)}\n`;
  }
  if (name === "stats") return stats(telegram, new URLSearchParams(targetOf(request).query));
  throw new UnknownRoute(`There is no GET /playground/${name}`);
}

function read(body: Buffer): Body {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw new TypeError(`The body is no JSON. It is to be like {"from": 1, "text": "Hello"}.`);
  }
  if (!isRecord(parsed)) throw new TypeError("The body is a JSON object.");
  return parsed;
}
