import { createRequire } from "node:module";
import type * as undici from "undici";

/*
 * Two parts of undici, whose main module would load fetch, WebSocket, caches and mocks with them, and keep 9 MB of memory
 * for good (undici 7.30). They are what `undici` exports, as a test confirms.
 */

const load = createRequire(import.meta.url);

/** undici's `Client`: requests over one connection. */
export const Client = load("undici/lib/dispatcher/client.js") as typeof undici.Client;
export type Client = undici.Client;

/** undici's `buildConnector`: opens connections for a Client. */
export const buildConnector = load("undici/lib/core/connect.js") as typeof undici.buildConnector;
