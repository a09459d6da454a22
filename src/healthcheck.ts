import { heartbeatFile, isFresh } from "./heartbeat.ts";

/* For HEALTHCHECK: exits 0 while the Herald of this BOT_TOKEN lives, else 1. */

const alive = await isFresh(heartbeatFile(process.env["BOT_TOKEN"]?.trim() ?? ""));
process.exit(alive ? 0 : 1);
