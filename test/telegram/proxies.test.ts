import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type RequestListener, createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api, type RawApi } from "grammy";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createFetch } from "../../src/telegram/fetch.ts";
import { type Outcome, classify } from "../../src/telegram/outcome.ts";
import { createSendApi, send } from "../../src/delivery/outbox/send-post.ts";
import { type Proxy, ProxyFailed, proxyFailureIn } from "../../src/telegram/proxy.ts";
import { atEnd } from "../support/herald.ts";
import { LOGIN, type LocalProxy, httpProxy, socksProxy, through } from "../support/proxies.ts";

const DONE = '{"ok":true,"result":{"message_id":1}}';
const CALL = { method: "sendMessage", payload: { chat_id: 1, text: "x" } } as const;

let certificate: { key: Buffer; cert: Buffer };

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "herald-proxies-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
  execFileSync("openssl", [...made, "-keyout", key, "-out", cert], { stdio: "ignore" });
  certificate = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
});
afterAll(() => void vi.unstubAllEnvs());

interface Target {
  apiRoot: string;
  host: string;
  calls: number;
  /** The login at the proxy, which is none of its business. */
  login: string | undefined;
  /** It takes calls and does not answer. */
  hangs: boolean;
}

/** A Bot API server; it does not know by which way one comes. */
async function telegram(scheme: "http" | "https"): Promise<Target> {
  const target: Target = { apiRoot: "", host: "", calls: 0, login: undefined, hangs: false };
  const answer: RequestListener = (request, response) => {
    target.calls += 1;
    target.login ??= request.headers["proxy-authorization"];
    request.resume().on("end", () => target.hangs || response.end(DONE));
  };
  const server = scheme === "https" ? createSecureServer(certificate, answer) : createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(async () => {
    server.close();
    server.closeAllConnections();
  });
  target.host = `localhost:${(server.address() as AddressInfo).port}`;
  target.apiRoot = `${scheme}://${target.host}`;
  return target;
}

/** Both of Herald's clients. */
function clients({ apiRoot }: Target, proxy: Proxy) {
  return [
    createSendApi("1:A", apiRoot, 5, { proxy }),
    new Api("1:A", { apiRoot, timeoutSeconds: 5, fetch: createFetch(apiRoot, "replies", proxy) }).raw,
  ];
}

const kinds = [
  ["http", httpProxy],
  ["socks5h", socksProxy],
  ["socks5", socksProxy],
] as const;

describe.each(kinds)("through a %s proxy", (type, start) => {
  test.each(["https", "http"] as const)(
    "campaigns and replies reach %s, and keep connections",
    async (scheme) => {
      const target = await telegram(scheme);
      const proxy = await start(LOGIN);
      for (const client of clients(target, through(type, proxy, LOGIN))) {
        const before = [target.calls, proxy.connections];
        for (let call = 1; call <= 3; call += 1)
          expect(await send(client, CALL)).toMatchObject({ type: "sent" });
        expect([target.calls, proxy.connections]).toEqual([before[0]! + 3, before[1]! + 1]);
      }
      const host = type === "socks5" ? target.host.replace("localhost", "127.0.0.1") : target.host;
      expect(target.login).toBeUndefined();
      expect(new Set(proxy.asked)).toEqual(new Set([host]));
    },
  );

  test.each(["https", "http"] as const)(
    "what it refuses on the way to %s has not left, and the reason names it",
    async (scheme) => {
      const target = await telegram(scheme);
      const proxy = await start(LOGIN);
      for (const [login, words] of [
        [null, "asks for a user name and password"],
        [{ ...LOGIN, password: "other" }, "refuses the user name or password"],
      ] as const) {
        for (const client of clients(target, through(type, proxy, login))) {
          const { outcome, failure } = await attempt(client);
          expect(outcome).toMatchObject({ type: "stumbled" });
          expect(failure?.message).toBe(`the proxy ${type}://127.0.0.1:${proxy.port} ${words}`);
        }
      }
      expect(target.calls).toBe(0);
    },
  );

  test("while it is away, nothing has left, and the proxy is named as the cause", async () => {
    const target = await telegram("https");
    const proxy = await start();
    proxy.close();
    for (const client of clients(target, through(type, proxy))) {
      const { outcome, failure } = await attempt(client);
      expect(outcome).toMatchObject({ type: "stumbled" });
      expect(failure?.message).toMatch(/^the proxy .* fails: connect ECONNREFUSED/);
    }
  });
});

/** What became of a call, and the proxy's failure if it is one. */
async function attempt(client: RawApi): Promise<{ outcome: Outcome; failure: ProxyFailed | null }> {
  const error = await client.getMe().then(
    () => null,
    (error: unknown) => error,
  );
  return { outcome: classify(error as Parameters<typeof classify>[0]), failure: proxyFailureIn(error) };
}

test.each([
  ["http", httpProxy, 503],
  ["socks5h", socksProxy, 4],
] as const)(
  "a %s proxy that does not reach Telegram is not named as the cause, and nothing has left",
  async (type, start, refusal) => {
    const target = await telegram("https");
    const proxy: LocalProxy = await start();
    proxy.refusal = refusal;
    const [client] = clients(target, through(type, proxy));
    const { outcome, failure } = await attempt(client!);
    expect(outcome).toMatchObject({
      type: "stumbled",
      description: expect.stringContaining(
        `${target.host} is out of reach for the proxy ${type}://127.0.0.1`,
      ),
    });
    expect(failure).toBeNull();
  },
);

test.each([
  ["http", httpProxy, 403],
  ["socks5h", socksProxy, 2],
] as const)("a %s proxy that does not allow it is at fault", async (type, start, refusal) => {
  const target = await telegram("https");
  const proxy: LocalProxy = await start();
  proxy.refusal = refusal;
  const [client] = clients(target, through(type, proxy));
  expect((await attempt(client!)).failure).toBeInstanceOf(ProxyFailed);
});

test("nothing that is said about a proxy contains its login", async () => {
  const target = await telegram("https");
  const proxy = through("socks5h", await socksProxy(LOGIN), { ...LOGIN, password: "wrong-secret" });
  const [client] = clients(target, proxy);
  const { outcome } = await attempt(client!);
  expect(JSON.stringify(outcome)).not.toMatch(/secret|me:/);
});

test("calls in flight through a tunnel that breaks are uncertain", async () => {
  const target = await telegram("https");
  const proxy = await httpProxy();
  const [client] = clients(target, through("http", proxy));
  expect(await send(client!, CALL)).toMatchObject({ type: "sent" });
  target.hangs = true;
  const sending = send(client!, CALL);
  await vi.waitFor(() => expect(target.calls).toBe(2));
  proxy.close();
  expect(await sending).toMatchObject({ type: "uncertain" });
});

test(
  "a proxy that says nothing is given up before the call would be, and nothing has left",
  { timeout: 30_000 },
  async () => {
    const target = await telegram("https");
    const attempts = kinds.map(async ([type, start]) => {
      const proxy = await start();
      proxy.silent = true;
      return attempt(createSendApi("1:A", target.apiRoot, 20, { proxy: through(type, proxy) }));
    });
    for (const { outcome, failure } of await Promise.all(attempts)) {
      expect(outcome).toMatchObject({ type: "stumbled" });
      expect(failure).toBeInstanceOf(ProxyFailed);
    }
  },
);
