#!/usr/bin/env bash
# Node's http.Agent ignores a server's `Keep-Alive: timeout=…` unless the agent has a timeout of its own.
#
# Expected: with `keepAlive: true`, the agent closes an idle connection a second before the time that the server announces
#   (Node's docs, agentKeepAliveTimeoutBuffer: "the agent closes the socket slightly before the server does", default 1000 ms).
# Instead: the hint counts only if it is shorter than the agent's own `timeout`, and that is 0 by default. So the connection stays
#   in the pool until the server closes it, and a request made at that moment fails with "socket hang up", whether or not the
#   server accepted it. With any `timeout` longer than the hint, it works as documented.
# Seen with Node 20.20.2, 22.23.3 and 24.21.0; here with 24.21.0 (npm `node`).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error node@24.21.0 >/dev/null 2>&1
cat >probe.mjs <<'JS'
import { once } from "node:events";
import http from "node:http";

// Sends `Keep-Alive: timeout=3`, and closes idle connections only after that.
const server = http.createServer((request, response) => response.end("x"));
server.keepAliveTimeout = 3_000;
await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = server.address();

/** Whether the idle connection is still in the agent's pool half a second before the server's 3 s are over. */
async function isKept(options) {
  const agent = new http.Agent({ keepAlive: true, ...options });
  const [answer] = await once(http.get({ port, host: "127.0.0.1", agent }), "response");
  await once(answer.resume(), "end");
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const kept = Object.values(agent.freeSockets).flat().length > 0;
  console.log(process.version, answer.headers["keep-alive"], JSON.stringify(options), kept ? "kept" : "closed");
  agent.destroy();
  return kept;
}

const seen = [await isKept({}), await isKept({ timeout: 60_000 })];
process.exit(JSON.stringify(seen) === "[true,false]" ? 0 : 1);
JS
node_modules/.bin/node probe.mjs
