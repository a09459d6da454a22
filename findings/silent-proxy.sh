#!/usr/bin/env bash
# With https-proxy-agent, a request's timeout does not run while the proxy is silent.
#
# Expected: `https.get(url, { agent, timeout: 500 })` emits "timeout" after half a second of silence, as it does without a proxy;
#   a `timeout` given to the agent applies to the connection to the proxy.
# Instead: neither has any effect. The request's timer starts when it gets a socket, which is only after the proxy has answered
#   CONNECT. Behind a proxy that accepts connections and then stays silent, a call hangs forever unless the caller has a timer.
# Seen with https-proxy-agent 9.1.0 and 7.0.6 on Node 20 and 24; here with 9.1.0. No network.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error https-proxy-agent@9.1.0 >/dev/null 2>&1
cat >probe.mjs <<'JS'
import { once } from "node:events";
import https from "node:https";
import net from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";

const silent = net.createServer(() => undefined);
await once(silent.listen(0, "127.0.0.1"), "listening");
const address = `127.0.0.1:${silent.address().port}`;

/** Whether "timeout" comes within 5 s, when 500 ms were asked for. */
function timesOut(url, agent) {
  return new Promise((resolve) => {
    const request = https.get(url, { agent, timeout: 500 });
    request.on("error", () => undefined).on("timeout", () => resolve(true));
    setTimeout(() => resolve(false), 5_000);
  });
}

const direct = await timesOut(`https://${address}/`, undefined);
const proxied = await timesOut("https://example.com/", new HttpsProxyAgent(`http://${address}`, { timeout: 500 }));
console.log(process.version, "direct:", direct ? "timed out" : "hangs", "· through the proxy:", proxied ? "timed out" : "hangs");
process.exit(direct && !proxied ? 0 : 1);
JS
node probe.mjs
