import { readFileSync } from "node:fs";

/** Herald's version. package.json lies one folder up from src and from dist alike. */
export const VERSION = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
