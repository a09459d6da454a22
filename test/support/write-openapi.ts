import { writeFileSync } from "node:fs";
import { type HttpDoorParts, createApp } from "../../src/http/http-door.ts";
import type { LiveEvents } from "../../src/http/live/live-events.ts";
import { VERSION } from "../../src/version.ts";

/* npm run openapi: writes docs/openapi.json, which a test compares with the code. */

// The document comes from the routes alone; nothing is asked of what they would use.
const parts = { settings: { version: VERSION, publicUrl: null } } as unknown as HttpDoorParts;
const answer = await createApp(parts, {} as LiveEvents).request("/v1/openapi.json");
writeFileSync("docs/openapi.json", `${JSON.stringify(await answer.json(), null, 2)}\n`);
