import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Scene, broadcasts, enlist, outcomeOf, stage, startHerald, using } from "./broadcast.ts";
import { OWNER_ID, until } from "./contender.ts";
import { freePort, withNginx } from "./nginx.ts";

/*
 * Herald behind a real nginx, in front of the local Bot API server:
 * - `dies`: for 1 call in 50, the server accepts the call and dies before it answers;
 * - `restarts`: the server restarts three times, and is away for two seconds each time.
 *
 *   npm run build && npx tsx bench/gateways.ts [postgres://postgres@127.0.0.1:5432/postgres] [people] [rate] [dist]
 *
 * `dist` is another build's, to compare with. The user must be able to log in without a password and create databases.
 * nginx is installed (Debian, as root) if it is missing, and runs on a free port with its own configuration.
 */

const SERVER = process.argv[2] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const PEOPLE = Number(process.argv[3] ?? 2_500);
const RATE = Number(process.argv[4] ?? 200);
const DIST = process.argv[5];

/** Runs `work` with an nginx in front of the port, and gives it the address to use. */
async function behindNginx<T>(upstream: number, work: (apiRoot: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const http = () => `
    upstream bot_api { server 127.0.0.1:${upstream}; keepalive 64; }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://bot_api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_read_timeout 60s;
      }
    }`;
  return withNginx(http, () => work(`http://127.0.0.1:${port}`));
}

/** The Bot API server as nginx sees it: a restart breaks its connections, but accepted calls stay accepted. */
async function restartable(telegramPort: number) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(telegramPort, "127.0.0.1");
    for (const [from, onto] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => onto.destroy());
      from.on("close", () => {
        sockets.delete(from);
        onto.destroy();
      });
      from.pipe(onto);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    port,
    async restart(awayMs: number) {
      server.close();
      for (const socket of sockets) socket.destroy();
      await sleep(awayMs);
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

type Server = Awaited<ReturnType<typeof restartable>>;

const TROUBLES: Record<string, (scene: Scene, server: Server) => Promise<void>> = {
  async dies({ telegram }) {
    let calls = 0;
    const isDue = (chat: number) => chat !== OWNER_ID && (calls += 1) % 50 === 0;
    telegram.fault({ method: "sendMessage", chat: isDue, times: Infinity }, { cut: "after" });
  },
  async restarts(scene, server) {
    for (const part of [0.2, 0.4, 0.6]) {
      await until(() => scene.arrived() > PEOPLE * part, 10);
      await server.restart(2_000);
    }
  },
};

async function run(what: string): Promise<object> {
  const name = `herald_gateways_${process.pid}_${what}`;
  await using(SERVER, (sql) => sql`create database ${sql(name)}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const scene = await stage(PEOPLE);
  const server = await restartable(Number(new URL(scene.telegram.apiRoot).port));
  try {
    return await behindNginx(server.port, async (apiRoot) => {
      const otherwise = { env: { TELEGRAM_API_ROOT: apiRoot }, ...(DIST && { dist: DIST }) };
      const herald = await startHerald(scene, url.href, RATE, otherwise);
      await enlist(url.href, PEOPLE);
      await broadcasts(scene);
      await TROUBLES[what]?.(scene, server);
      await until(() => isOver(url.href), 500);
      const outcome = await outcomeOf(scene, url.href, PEOPLE);
      await herald.stop();
      return { what, people: PEOPLE, rate: RATE, ...outcome };
    });
  } finally {
    server.stop();
    await scene.telegram.stop();
    await using(SERVER, (sql) => sql`drop database ${sql(name)} with (force)`);
  }
}

/** Whether the campaign is finished, or paused by Herald itself. */
async function isOver(url: string): Promise<boolean> {
  const found = await using(
    url,
    (sql) => sql`select from campaigns where id = 1 and state in ('finished', 'paused')`,
  );
  return found.length > 0;
}

for (const what of Object.keys(TROUBLES)) process.stdout.write(`${JSON.stringify(await run(what))}\n`);
process.exit(0);
