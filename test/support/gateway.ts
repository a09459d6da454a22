import { once } from "node:events";
import { type IncomingMessage, createServer, request as httpRequest } from "node:http";
import { atEnd } from "./herald.ts";

/** A gateway between Herald and the Telegram at a port, such as nginx. */
export interface Gateway {
  apiRoot: string;
  /** Whether to pass the call on, but lose its answer and give a 502 instead. */
  loses: (call: IncomingMessage) => boolean;
  /** Whether to give a 502 at once, without passing the call on. */
  isDown: (call: IncomingMessage) => boolean;
}

/** Whether the engine made the call, rather than the bot with an answer or a card. */
export function isEngine({ headers }: IncomingMessage): boolean {
  return /^Herald\/.*\(broadcast\)/.test(headers["user-agent"] ?? "");
}

/** Whether the call sends a campaign's message. */
export function isSend(call: IncomingMessage): boolean {
  return isEngine(call) && /\/send\w+$/.test(call.url ?? "");
}

export async function gatewayTo(port: number): Promise<Gateway> {
  const gateway: Gateway = {
    apiRoot: "",
    loses: () => false,
    isDown: () => false,
  };
  const server = createServer((call, answer) => {
    const badGateway = () =>
      answer.writeHead(502, { "content-type": "text/html" }).end("<html>502 Bad Gateway</html>");
    if (gateway.isDown(call)) return void call.resume().on("end", badGateway);
    const isLost = gateway.loses(call);
    const { method = "POST", url = "/", headers } = call;
    const onward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers }, (said) => {
      if (isLost) return void said.resume().on("end", badGateway);
      return void said.pipe(answer.writeHead(said.statusCode ?? 500, said.headers));
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    call.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  gateway.apiRoot = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return gateway;
}
