import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { isRead, reply, text } from "./http.ts";
import type { Extra } from "./server.ts";

interface Asset {
  type: string;
  body: Buffer;
}

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Everything comes from here: no font, script or picture of elsewhere, and nothing that was written into the page. */
const POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";

/**
 * Builds the page from playground/page, in memory (about half a second), and serves it at `/`, where somebody who comes
 * before it is `built` is asked for patience. `built` rejects with what is wrong in the page.
 */
export function pageRoutes(): { routes: Extra; built: Promise<void> } {
  let assets: Map<string, Asset> | undefined;
  const built = buildPage().then((page) => void (assets = page));
  const routes: Extra = (path, request, _body, response) => {
    if (!isRead(request)) return false;
    if (assets === undefined && path === "/") {
      text(response, 503, "The page is being built. Reload in a moment.\n", { "retry-after": "1" });
      return true;
    }
    const asset = assets?.get(path === "/" ? "/index.html" : path);
    if (asset === undefined) return false;
    serve(asset, response);
    return true;
  };
  return { routes, built };
}

/** Each file of the page by its path. */
async function buildPage(): Promise<Map<string, Asset>> {
  // Only here: the tests, too, import this file, and few of them look at the page.
  const { build } = await import("vite");
  const result = await build({
    root: fileURLToPath(new URL("./page", import.meta.url)),
    base: "/",
    logLevel: "error",
    configFile: false,
    build: { write: false, target: "es2022", modulePreload: false },
  });
  if (!("output" in result)) throw new Error("vite was to build the page once, and not to watch it");
  const assets = new Map<string, Asset>();
  for (const file of result.output) {
    const ending = /\.(\w+)$/.exec(file.fileName)?.[1] ?? "";
    const body = Buffer.from(file.type === "chunk" ? file.code : file.source);
    assets.set(`/${file.fileName}`, { type: TYPES[ending] ?? "application/octet-stream", body });
  }
  return assets;
}

function serve({ type, body }: Asset, response: ServerResponse): void {
  reply(response, 200, type, body, {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
  });
}
