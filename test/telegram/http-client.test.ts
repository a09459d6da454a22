import { createRequire } from "node:module";
import type * as undici from "undici";
import { expect, test } from "vitest";
import { Client, buildConnector } from "../../src/telegram/http-client.ts";

test("what is loaded of undici is what undici exports", () => {
  const exported = createRequire(import.meta.url)("undici") as typeof undici;
  expect(Client).toBe(exported.Client);
  expect(buildConnector).toBe(exported.buildConnector);
});
