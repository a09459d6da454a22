import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { isRead, reply, text, type Routes } from "../wire/http.ts";

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

/**
 * Everything is served from here: no external fonts, scripts or images, and no inline code. Blobs are videos that are
 * about to be sent.
 */
const POLICY = "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; frame-ancestors 'none'";

/**
 * Builds playground/page in memory (about half a second) and serves it at `/`. Until then visitors get a 503 that
 * asks them to reload. `built` rejects if the page does not build.
 */
export function pageRoutes(): { routes: Routes; built: Promise<void> } {
  let assets: Map<string, Asset> | undefined;
  const built = buildPage().then((page) => void (assets = page));
  const routes: Routes = (path, request, _body, response) => {
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

/** The page's files by path. */
async function buildPage(): Promise<Map<string, Asset>> {
  // Imported here, because tests import this file and few of them open the page.
  const { build } = await import("vite");
  const result = await build({
    root: fileURLToPath(new URL("../page", import.meta.url)),
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
