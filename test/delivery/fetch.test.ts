import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createSendApi } from "../../src/delivery/sender.ts";
import { VERSION } from "../../src/version.ts";

test("what sends campaigns says so by its user agent", async () => {
  const agents: unknown[] = [];
  const server = createServer((request, response) => {
    agents.push(request.headers["user-agent"]);
    response.end('{"ok":true,"result":true}');
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await createSendApi("1:A", `http://127.0.0.1:${port}`).deleteMessage(1, 1);
  expect(agents).toEqual([`Herald/${VERSION} (broadcast)`]);
});
