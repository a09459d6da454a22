import { heartbeatFile, isFresh } from "./heartbeat.ts";

/* For HEALTHCHECK: exits with 0 while the Herald of this BOT_TOKEN is alive, else with 1. */

const alive = await isFresh(heartbeatFile(process.env["BOT_TOKEN"]?.trim() ?? ""));
process.exit(alive ? 0 : 1);
