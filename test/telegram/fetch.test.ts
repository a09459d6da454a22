import { once } from "node:events";

import { type RequestListener, type Server, createServer } from "node:http";
import { type AddressInfo, type Socket, createServer as createRawServer } from "node:net";
import { Worker } from "node:worker_threads";
import { Api, InputFile } from "grammy";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFetch } from "../../src/telegram/fetch.ts";
import { createSendApi, send } from "../../src/delivery/outbox/send-post.ts";
import { VERSION } from "../../src/version.ts";
import { type Node, callsOf, importsOf, sourceIn } from "../support/source.ts";

const DONE = '{"ok":true,"result":{"message_id":1}}';
const CALL = { method: "sendMessage", payload: { chat_id: 1, text: "x" } } as const;

const clients = [
  ["what sends campaigns", (apiRoot: string) => createSendApi("1:A", apiRoot)],
  [
    "what replies",
    (apiRoot: string) => new Api("1:A", { apiRoot, fetch: createFetch(apiRoot, "replies") }).raw,
  ],
] as const;

async function listening(answer: RequestListener): Promise<{ server: Server; apiRoot: string }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "listening");
  return { server, apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A server without a word on how long it keeps connections, or with that; counts them. */
async function keeping(keepAliveMs: number): Promise<{ apiRoot: string; connections: Socket[] }> {
  const { server, apiRoot } = await listening((request, response) => {
    request.resume().on("end", () => response.end(DONE));
  });
  server.keepAliveTimeout = keepAliveMs;
  const connections: Socket[] = [];
  server.on("connection", (socket) => connections.push(socket));
  return { apiRoot, connections };
}

test("the clients for campaigns and for replies have different user agents", async () => {
  const agents: unknown[] = [];
  const { apiRoot } = await listening((request, response) => {
    agents.push(request.headers["user-agent"]);
    response.end(DONE);
  });
  for (const [, client] of clients) await client(apiRoot).deleteMessage({ chat_id: 1, message_id: 1 });
  expect(agents).toEqual([`Herald/${VERSION} (broadcast)`, `Herald/${VERSION} (replies)`]);
});

/** What calls others than Telegram: the address of a file that a program named, and webhooks. */
const ELSEWHERE = ["http/uploads/download.ts", "webhooks/courier/post-message.ts"];

const speaksHttp = (nodes: Node[]) =>
  importsOf(nodes).some(
    ({ from, typesOnly }) => /^(node:https?|undici|.*\/http-client\.ts)$/.test(from) && !typesOnly,
  );

test("nothing in src/ calls Telegram with another client", () => {
  const files = sourceIn("src");
  const using = (isIn: (nodes: Node[]) => boolean) =>
    files.filter(({ nodes }) => isIn(nodes)).map(({ path }) => path);
  const others = using(speaksHttp).filter((path) => !ELSEWHERE.includes(path));
  expect(others).toEqual(["telegram/connections.ts", "telegram/tunnel.ts"]);
  const clients = using((nodes) => callsOf(nodes, "NewExpression", "Api", "Bot").length > 0);
  // Their client's options come from app.ts.
  const given = [
    "bot/bot.ts",
    "bot/crowd/sender-bot.ts",
    "bot/crowd/sender-door.ts",
    "fleet/home-intake.ts",
    "fleet/sender-attempt.ts",
    "fleet/sender-run.ts",
    "telegram/carry-file.ts",
    "telegram/fetch-file.ts",
  ];
  expect(clients).toEqual(["app.ts", "remove-webhook.ts", ...given].toSorted());
  expect(using((nodes) => callsOf(nodes, "CallExpression", "createFetch", "createPost").length > 0)).toEqual(
    expect.arrayContaining(clients.filter((path) => !given.includes(path))),
  );
});

test("a file is sent whole, as form data", async () => {
  let received = "";
  const { apiRoot } = await listening((request, response) => {
    request.setEncoding("latin1").on("data", (part: string) => (received += part));
    request.on("end", () => response.end(DONE));
  });
  const file = Buffer.alloc(300_000, "abc");
  const api = new Api("1:A", { apiRoot, fetch: createFetch(apiRoot, "replies") });
  await api.sendDocument(7, new InputFile(file, "people.csv"), { caption: "All of them" });
  expect(received.includes(file.toString())).toBe(true);
  expect(received).toMatch(/name="chat_id"\r\n\r\n7\r\n/);
  expect(received).toMatch(/name="caption"\r\n\r\nAll of them\r\n/);
  expect(received).toContain("filename=people.csv");
});

/** A Bot API server in a thread of its own: it closes each connection soon after its answer, while this thread is busy. */
const CLOSES = `
  const http = require("node:http");
  const { parentPort, workerData: calls } = require("node:worker_threads");
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      calls[0] += 1;
      response.end('${DONE}');
      setTimeout(() => server.closeIdleConnections(), 50);
    });
  });
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

describe.each(clients)("kept connections of %s", (_who, client) => {
  test("a call whose connection the peer has closed uses another one, once", async () => {
    const calls = new Int32Array(new SharedArrayBuffer(4));
    const peer = new Worker(CLOSES, { eval: true, workerData: calls });
    onTestFinished(async () => void (await peer.terminate()));
    const [port] = (await once(peer, "message")) as [number];
    const api = client(`http://127.0.0.1:${port}`);
    for (let call = 1; call <= 3; call += 1) {
      expect(await send(api, CALL)).toMatchObject({ type: "sent" });
      const until = performance.now() + 200;
      while (performance.now() < until); // the end arrives meanwhile, and is not read yet
    }
    expect(calls[0]).toBe(3);
  });

  test("an idle connection is closed before a peer that announces no time-out may close it", async () => {
    const { apiRoot, connections } = await keeping(0);
    await send(client(apiRoot), CALL);
    expect(connections).toHaveLength(1);
    await once(connections[0]!, "close");
  });

  test("a connection is kept until a second before the peer may close it", async () => {
    const [long, short] = [await keeping(60_000), await keeping(2_000)];
    for (const { apiRoot, connections } of [long, short]) {
      const api = client(apiRoot);
      await send(api, CALL);
      await send(api, CALL);
      expect(connections).toHaveLength(1); // kept at all
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await send(api, CALL);
    }
    expect(long.connections).toHaveLength(1);
    expect(short.connections).toHaveLength(2);
  });

  test("a connection is not used again if an answer says that it closes", async () => {
    let calls = 0;
    const { server, apiRoot } = await listening((request, response) => {
      calls += 1;
      request.resume().on("end", () => response.setHeader("connection", "close").end(DONE));
    });
    let connections = 0;
    server.on("connection", () => (connections += 1));
    const api = client(apiRoot);
    for (let call = 1; call <= 3; call += 1) expect(await send(api, CALL)).toMatchObject({ type: "sent" });
    expect([calls, connections]).toEqual([3, 3]);
  });

  test("a connection that the peer announces for a second only is not used again", async () => {
    const { apiRoot, connections } = await keeping(1_000);
    const api = client(apiRoot);
    for (let call = 1; call <= 2; call += 1) expect(await send(api, CALL)).toMatchObject({ type: "sent" });
    expect(connections).toHaveLength(2);
  });

  test("a call whose connection the peer resets before it is written uses another one, once", async () => {
    let calls = 0;
    const { server, apiRoot } = await listening((request, response) => {
      calls += 1;
      request.resume().on("end", () => response.end(DONE));
    });
    const sockets: Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    const api = client(apiRoot);
    expect(await send(api, CALL)).toMatchObject({ type: "sent" });
    sockets[0]?.resetAndDestroy();
    expect(await send(api, CALL)).toMatchObject({ type: "sent" });
    expect([calls, sockets.length]).toEqual([2, 2]);
  });

  test("interim answers are skipped, and HTTP/1.0 is understood", async () => {
    const interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    for (const head of [`${interim}HTTP/1.1 200 OK`, "HTTP/1.0 200 OK"]) {
      const server = createRawServer((socket) => {
        socket.once("data", () => socket.end(`${head}\r\n\r\n${DONE}`));
      }).listen(0, "127.0.0.1");
      onTestFinished(() => void server.close());
      await once(server, "listening");
      const api = client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      expect(await send(api, CALL)).toEqual({ type: "sent", messageIds: [1] });
    }
  });

  test("a call written to a kept connection that then breaks may have arrived: it is uncertain and not repeated", async () => {
    let calls = 0;
    const { apiRoot } = await listening((request, response) => {
      calls += 1;
      request.resume().on("end", () => (calls === 2 ? request.socket.destroy() : response.end(DONE)));
    });
    const api = client(apiRoot);
    expect(await send(api, CALL)).toMatchObject({ type: "sent" });
    expect(await send(api, CALL)).toMatchObject({ type: "uncertain" });
    expect(calls).toBe(2);
  });

  test("an answer that breaks off is noticed at once, not at the time-out", async () => {
    const { apiRoot } = await listening((request, response) => {
      request.resume();
      response.writeHead(200, { "content-length": 1_000 }).write('{"ok":');
      setTimeout(() => request.socket.destroy(), 50);
    });
    expect(await send(client(apiRoot), CALL)).toMatchObject({ type: "uncertain" });
  });
});
