import { describe, expect, test } from "vitest";
import { type Proxy, findProxy, isExempt } from "../../src/telegram/proxy.ts";

const TELEGRAM = "https://api.telegram.org";

function found(variables: Record<string, string>, target = TELEGRAM): Proxy | null | string {
  return findProxy(new URL(target), (name) => variables[name] || undefined);
}

/** Its address; null when there is none. Fails on a refusal. */
function address(variables: Record<string, string>, target?: string): string | null {
  const proxy = found(variables, target);
  if (typeof proxy === "string") throw new Error(proxy);
  return proxy?.address ?? null;
}

describe("which variable counts", () => {
  test.each([
    [{}, null],
    [{ HTTPS_PROXY: "http://a:1" }, "http://a:1"],
    [{ https_proxy: "http://a:1" }, "http://a:1"],
    [{ https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, "http://a:1"],
    [{ ALL_PROXY: "socks5h://c:3" }, "socks5h://c:3"],
    [{ all_proxy: "socks5h://c:3", HTTPS_PROXY: "http://b:2" }, "http://b:2"],
    [{ HTTP_PROXY: "http://a:1" }, null],
    [{ HTTPS_PROXY: "http://a:1", NO_PROXY: "example.com, telegram.org" }, null],
    [{ HTTPS_PROXY: "http://a:1", no_proxy: "example.com", NO_PROXY: "telegram.org" }, "http://a:1"],
  ])("to Telegram: %j → %s", (variables, expected) => {
    expect(address(variables)).toBe(expected);
  });

  test.each([
    [{ HTTP_PROXY: "http://a:1", HTTPS_PROXY: "http://b:2" }, "http://a:1"],
    [{ HTTPS_PROXY: "http://b:2" }, null],
    [{ HTTP_PROXY: "http://a:1", NO_PROXY: "localhost,127.0.0.1" }, null],
    [{ HTTP_PROXY: "http://a:1", NO_PROXY: "localhost" }, "http://a:1"],
  ])("to a Bot API server on this machine: %j → %s", (variables, expected) => {
    expect(address(variables, "http://127.0.0.1:8081")).toBe(expected);
  });
});

test.each([
  ["http://10.0.0.1:3128", { type: "http", host: "10.0.0.1", port: 3128, login: null }],
  ["10.0.0.1:3128", { type: "http", host: "10.0.0.1", port: 3128 }],
  ["http://proxy.lan", { port: 80 }],
  ["https://proxy.lan/", { type: "https", port: 443 }],
  ["socks5://proxy.lan", { type: "socks5", host: "proxy.lan", port: 1080 }],
  ["SOCKS5H://[::1]:9050", { type: "socks5h", host: "::1", port: 9050, address: "socks5h://[::1]:9050" }],
  ["http://me:p%40ss%2F%23@a:1", { login: { name: "me", password: "p@ss/#" }, address: "http://a:1" }],
  ["me:secret@a:1", { type: "http", login: { name: "me", password: "secret" } }],
  ["socks5h://me@a:1", { login: { name: "me", password: "" } }],
])("%s is read", (text, expected) => {
  expect(found({ HTTPS_PROXY: text })).toMatchObject(expected);
});

test.each([
  "socks4://a:1",
  "socks://a:1",
  "ftp://a:1",
  "http://",
  "http://a:99999",
  "http://a:0",
  "http:a:1",
  "http://me:sec/ret@a:1",
  "http://me:sec#ret@a:1",
  "http://me:12/secret@a:1",
  "http://me:100%secret@a:1",
  "socks5://me:12/secret@a:1",
  "http://a b:1",
])("%s is refused with what to do, without the password", (text) => {
  const refusal = found({ https_proxy: text });
  expect(refusal).toMatch(/^https_proxy cannot be read\. Write it as http:\/\/host:port, .*%40\.$/);
  expect(refusal).not.toMatch(/sec|ret/);
});

/** As curl 7.88 does, which takes no `*` among others, no `*.example.com`, no brackets and no IPv6 networks; others do. */
test.each([
  ["*", "api.telegram.org", true],
  ["a.org,*", "api.telegram.org", true],
  ["api.telegram.org", "api.telegram.org", true],
  ["API.Telegram.org.", "api.telegram.org", true],
  ["api.telegram.org", "api.telegram.org.", true],
  ["telegram.org", "api.telegram.org", true],
  [".telegram.org", "api.telegram.org", true],
  [".telegram.org", "telegram.org", true],
  ["*.telegram.org", "api.telegram.org", true],
  ["egram.org", "api.telegram.org", false],
  ["org", "api.telegram.org", true],
  ["api.telegram.org.evil.com", "api.telegram.org", false],
  ["a.org b.org\ttelegram.org", "api.telegram.org", true],
  ["a.org,,", "api.telegram.org", false],
  ["", "api.telegram.org", false],
  [".", "api.telegram.org", false],
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "localhost", false],
  ["localhost", "localhost", true],
  ["0.0.1", "127.0.0.1", false],
  ["127.0.0.0/8", "127.1.2.3", true],
  ["10.0.0.0/8", "127.0.0.1", false],
  ["10.1.0.0/15", "10.0.255.1", true],
  ["10.0.0.0/33", "10.0.0.1", false],
  ["10.0.0.0/x", "10.0.0.1", false],
  ["::1", "[::1]", true],
  ["[::1]", "[::1]", true],
  ["fd00::/8", "[fd12::1]", true],
  ["fd00::/8", "[fe80::1]", false],
  ["fd00::/8", "10.0.0.1", false],
])("NO_PROXY=%s for %s: %s", (noProxy, host, expected) => {
  expect(isExempt(host, noProxy)).toBe(expected);
});
