#!/usr/bin/env bash
# undici gives up a request that is answered with `100 Continue` and then `200 OK`, although it did not ask for the 100.
#
# Expected: RFC 9110, section 15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final response,
#   even if the client does not expect one." node:http skips it, and undici skips 102 and 103.
# Instead: at status 100 the client destroys the connection ("bad response", UND_ERR_SOCKET), so an answer to a POST is lost after
#   it was processed. Some servers and gateways send the 100 to every HTTP/1.1 POST.
# Seen with undici 7.30.2 and Node 20.20.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error undici@7.30.2 >/dev/null 2>&1
cat >probe.mjs <<'JS'
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { Client } from "undici";

/** What the client makes of this interim status before the answer 200. */
async function seen(status, post) {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () =>
      socket.end(`HTTP/1.1 ${status}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const result = await post(`http://127.0.0.1:${server.address().port}`).catch((error) => error.message);
  server.close();
  return `${status}: ${result}`;
}

const byUndici = async (origin) => {
  const client = new Client(origin);
  const { statusCode } = await client.request({ method: "POST", path: "/", body: "x" });
  return statusCode;
};
const byNode = async (origin) => {
  const call = http.request(origin, { method: "POST" });
  call.end("x");
  const [{ statusCode }] = await once(call, "response");
  return statusCode;
};

const found = [
  await seen("103 Early Hints", byUndici),
  await seen("100 Continue", byUndici),
  await seen("100 Continue", byNode),
];
console.log(process.version, found);
process.exit(/bad response/.test(found[1]) && found[0].endsWith("200") && found[2].endsWith("200") ? 0 : 1);
JS
node probe.mjs
