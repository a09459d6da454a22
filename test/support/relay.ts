import { once } from "node:events";
import { Agent, type IncomingMessage, type ServerResponse, createServer, request as ask } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Telegram } from "../../playground/telegram.ts";
import { atEnd } from "./herald.ts";

/** A call as a process made it. */
export interface Relayed {
  /** Wall-clock time in ms. */
  at: number;
  method: string;
  body: string;
}

/** One process's connection to the local Telegram, so that its calls can be told apart from another's. */
export interface Relay {
  apiRoot: string;
  calls: Relayed[];
}

export async function relay(telegram: Telegram): Promise<Relay> {
  const calls: Relayed[] = [];
  const agent = new Agent({ keepAlive: true });
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const { url: path = "", method, headers } = request;
    const body = await buffer(request);
    calls.push({ at, method: path.split("/").at(-1) ?? "", body: body.toString() });
    const to = { host: "127.0.0.1", port: telegram.port, path, method, headers, agent };
    const onward = ask(to, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    // A process that has exited no longer polls.
    response.on("close", () => onward.destroy());
    onward.end(body);
  }
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  atEnd(async () => {
    server.close();
    server.closeAllConnections();
    agent.destroy();
    await Promise.resolve();
  });
  return { apiRoot: `http://127.0.0.1:${port}`, calls };
}
