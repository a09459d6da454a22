import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { HTTPException } from "hono/http-exception";
import type { Service } from "../background/service.ts";
import type { HomeScope } from "../db/scope.ts";
import type { Readiness } from "../readiness.ts";
import { DomainError, StartError } from "../errors.ts";
import { jsonBodies, storableTexts } from "./core/bodies.ts";
import { knownOperations, noSuchOperation } from "./core/operations.ts";
import { readsInTurn } from "./core/reads-in-turn.ts";
import { type Api, type ApiDeps, createRouter } from "./core/router.ts";
import { requireKey } from "./caller.ts";
import { docsPage } from "./docs/docs-page.ts";
import { healthRoutes } from "./health.ts";
import { documentOf, registerKey } from "./openapi.ts";
import { type LiveEvents, createLiveEvents } from "./live/live-events.ts";
import { Problem, answerOf, problemOf } from "./core/problem.ts";
import type { EngineReadings, SenderReadings } from "./metrics/engine-readings.ts";
import { createExposition } from "./metrics/exposition.ts";
import { metricsRoutes } from "./metrics/metrics-routes.ts";
import { botRoutes } from "./routes/bot-routes.ts";
import { campaignMoveRoutes } from "./routes/move-routes.ts";
import { editRoutes } from "./routes/edit-routes.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import { campaignRoutes } from "./routes/campaign-routes.ts";
import { categoryRoutes } from "./routes/category-routes.ts";
import { codeRoutes } from "./routes/code-routes.ts";
import { historyRoutes } from "./routes/history-routes.ts";
import { overviewRoutes } from "./routes/overview-routes.ts";
import { mediaRoutes } from "./routes/media-routes.ts";
import { newcomerRoutes } from "./routes/newcomer-routes.ts";
import { webhookRoutes } from "./routes/webhook-routes.ts";
import { welcomeRoutes } from "./routes/welcome-routes.ts";
import { updateRoutes } from "./routes/update-routes.ts";
import { listRoutes } from "./routes/list-routes.ts";
import { recipientRoutes } from "./routes/recipient-routes.ts";
import { sourceRoutes } from "./routes/source-routes.ts";
import { segmentRoutes } from "./routes/segment-routes.ts";
import { type TelegramPosts, telegramRoutes } from "./routes/telegram-routes.ts";
import { transferRoutes } from "./routes/transfer-routes.ts";

export interface HttpDoorParts extends Omit<ApiDeps, "rateOf"> {
  scope: HomeScope;
  host: string;
  port: number;
  readiness: () => Promise<Readiness>;
  engine: () => EngineReadings;
  /** Default: there are none. */
  senders?: () => SenderReadings;
  /** Takes what Telegram posts. Null or absent if Herald polls. */
  posts?: TelegramPosts | null;
  /** Replaces PATIENCE_MS in tests. */
  patienceMs?: number;
}

/** The HTTP door: the API, and what supervisors ask. */
export interface HttpDoor extends Service {
  /** Where it listens, such as http://127.0.0.1:8080; null before it does. */
  readonly address: string | null;
}

/** For a body of ordinary length to arrive whole, and for a client to send or take anything of a stream. */
const PATIENCE_MS = 60_000;
const HEADERS_MS = 15_000;

/** @throws StartError from `start` if it cannot listen there */
export function createHttpDoor(parts: HttpDoorParts): HttpDoor {
  const { host, port, log } = parts;
  const live = createLiveEvents(parts);
  const server = createAdaptorServer({
    fetch: createApp(parts, live).fetch,
    // An import may take any time; ordinary bodies have their own limit (core/bodies.ts).
    serverOptions: { requestTimeout: 0, headersTimeout: HEADERS_MS },
  }) as Server;
  // Node cuts off a connection on which nothing has moved for so long, in either direction.
  server.setTimeout(parts.patienceMs ?? PATIENCE_MS);
  let address: string | null = null;

  return {
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once("error", (error: NodeJS.ErrnoException) =>
          reject(new StartError(`The HTTP API cannot listen on ${host}, port ${port}: ${wordsOf(error)}`)),
        );
        server.listen(port, host, resolve);
      });
      const bound = server.address() as AddressInfo;
      address = `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`;
      await live.start();
      log.info({ address }, "the HTTP API is up");
    },
    async stop() {
      if (!server.listening) return;
      await live.stop();
      // A connection is idle once its answer has gone out; its client may keep it for seconds.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const late = setTimeout(() => server.closeAllConnections(), STOP_MS);
      await new Promise((resolve) => server.close(resolve));
      clearInterval(idle);
      clearTimeout(late);
    },
    get address() {
      return address;
    },
  };
}

/** Requests under way may take so long when Herald stops. */
const STOP_MS = 5_000;

function wordsOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return "another program does. Set HTTP_PORT to a free port.";
  if (code === "EACCES") return "the user that runs Herald may not. Ports below 1024 are root's.";
  if (code === "EADDRNOTAVAIL")
    return "this machine does not have that address. Set HTTP_HOST to one that it has.";
  return message;
}

/** All routes and what surrounds them. */
export function createApp(parts: Omit<HttpDoorParts, "host" | "port">, live: LiveEvents): Api {
  const { log, clock, settings, posts } = parts;
  const deps: ApiDeps = { ...parts, rateOf: ratesOf(parts) };
  const app = createRouter();
  const v1 = createRouter();
  const withKey = requireKey(parts);
  v1.use(readsInTurn());
  v1.use(withKey);
  v1.use(knownOperations(app));
  // Before the limits: their bodies are longer.
  v1.route("/", transferRoutes(deps));
  v1.route("/", codeRoutes(deps));
  v1.route("/", mediaRoutes(deps));
  v1.use(...jsonBodies(parts.patienceMs ?? PATIENCE_MS));
  // Before the check of texts: what people write to a bot may hold anything.
  v1.route("/", updateRoutes(deps));
  v1.use(storableTexts());
  v1.route("/", campaignRoutes(deps));
  v1.route("/", campaignMoveRoutes(deps));
  v1.route("/", editRoutes(deps));
  v1.route("/", categoryRoutes());
  v1.route("/", welcomeRoutes(deps));
  v1.route("/", newcomerRoutes(deps));
  v1.route("/", recipientRoutes(deps));
  v1.route("/", listRoutes());
  v1.route("/", segmentRoutes(deps));
  v1.route("/", sourceRoutes(deps));
  v1.route("/", webhookRoutes(deps));
  v1.route("/", historyRoutes(deps));
  v1.route("/", overviewRoutes(deps));
  v1.route("/", botRoutes(deps));
  v1.route("/", eventRoutes(deps, live));
  app.route("/", healthRoutes(parts.readiness));
  if (posts) app.route("/", telegramRoutes({ posts, clock, log }));
  app.route("/", metricsRoutes(createExposition({ ...parts, version: settings.version }), withKey));
  // Before the routes that want a key. Neither changes, and anybody may ask, so they are made once.
  let document: ReturnType<typeof documentOf> | undefined;
  let page: ReturnType<typeof docsPage> | undefined;
  const published = () => (document ??= documentOf(app, settings));
  app.get("/v1/openapi.json", (context) => context.json(published()));
  app.get("/docs", async (context) => {
    const { body, headers } = await (page ??= docsPage(published()));
    return context.html(body, 200, headers);
  });
  app.route("/v1", v1);
  registerKey(app);

  app.notFound(({ req: { method, path } }) => answerOf(noSuchOperation(app, method, path)));
  app.onError((error) => {
    if (error instanceof Problem) return answerOf(error);
    if (error instanceof DomainError) return answerOf(problemOf(error));
    if (error instanceof HTTPException && error.status < 500)
      return answerOf(new Problem(400, "malformed", `The request cannot be read: ${error.message}.`));
    if (isBrokenOff(error)) return answerOf(new Problem(400, "malformed", "The request broke off."));
    log.error({ err: error }, "a request failed");
    return answerOf(new Problem(500, "internal", "Something went wrong in Herald; its log says more."));
  });
  return app;
}

function ratesOf({ engine, senders }: Pick<HttpDoorParts, "engine" | "senders">): ApiDeps["rateOf"] {
  return ({ botId, isHome, rate }) => {
    const home = engine().rate;
    const own = isHome ? home : senders?.().get(botId)?.rate;
    return { set: own?.set ?? rate ?? home.set, now: own?.now ?? null };
  };
}

/** Its client has gone: nobody will read the answer. */
function isBrokenOff(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE" || error.message === "aborted";
}
