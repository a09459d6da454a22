import type { IncomingMessage } from "node:http";
import { drawChat } from "../world/chat-transcript.ts";
import { CIRCUMSTANCES } from "./circumstances.ts";
import { PEOPLE } from "./people-actions.ts";
import type { Body, Handler } from "./read-body.ts";
import { stats } from "./stats.ts";
import { readForm } from "./read-uploads.ts";
import { json, targetOf, text, type Routes } from "../wire/http.ts";
import { isRecord } from "../wire/params.ts";
import type { Controlled } from "./controlled.ts";

/** Everything that can be done from outside the process: POST /playground/<name> with a JSON body. */
const POSTS: Record<string, Handler> = { ...PEOPLE, ...CIRCUMSTANCES };

/**
 * Serves /playground/…: everything that a test can do with the drivers, for a bot in another process and for the
 * page.
 */
export function controlRoutes(telegram: Controlled): Routes {
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
  telegram: Controlled,
  name: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<unknown> {
  if (request.method === "POST") {
    const handler = Object.hasOwn(POSTS, name) ? POSTS[name] : undefined;
    if (handler === undefined) throw new UnknownRoute(`There is no POST /playground/${name}`);
    return handler(telegram, read(body, request.headers["content-type"] ?? ""));
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

function read(body: Buffer, type: string): Body {
  if (type.startsWith("multipart/form-data")) return readForm(type, body);
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw new TypeError(`The body is not JSON. It should look like {"from": 1, "text": "Hello"}.`);
  }
  if (!isRecord(parsed)) throw new TypeError("The body is a JSON object.");
  return parsed;
}
