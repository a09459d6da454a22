#!/usr/bin/env bash
# socks-proxy-agent cannot use a proxy at an IPv6 address.
#
# Expected: `socks5h://[::1]:1080` works like any other proxy, as in curl, and as `http://[::1]:3128` does in https-proxy-agent.
# Instead: the brackets remain part of the host name, which is then resolved: "getaddrinfo ENOTFOUND [::1]". The proxy is never
#   contacted.
# Seen with socks-proxy-agent 10.1.0 and 8.0.5 (socks 2.8.11) on Node 20 and 24; here with 10.1.0. No network; needs ::1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error socks-proxy-agent@10.1.0 socks@2.8.11 >/dev/null 2>&1
cat >probe.mjs <<'JS'
import { once } from "node:events";
import https from "node:https";
import net from "node:net";
import { SocksProxyAgent } from "socks-proxy-agent";

let asked = 0;
const proxy = net.createServer((socket) => {
  asked += 1;
  socket.destroy();
});

async function failureAt(host) {
  await once(proxy.listen(0, host), "listening");
  const name = net.isIPv6(host) ? `[${host}]` : host;
  const agent = new SocksProxyAgent(`socks5h://${name}:${proxy.address().port}`);
  const [error] = await once(https.get("https://example.com/", { agent }), "error").catch((error) => [error]);
  await new Promise((resolve) => proxy.close(resolve));
  console.log(`socks5h://${name}: ${error.message} (asked: ${asked})`);
  return error.message;
}

await failureAt("127.0.0.1");
const once4 = asked;
const words = await failureAt("::1");
process.exit(once4 === 1 && asked === 1 && words === "getaddrinfo ENOTFOUND [::1]" ? 0 : 1);
JS
node probe.mjs
