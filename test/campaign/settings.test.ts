import { beforeAll, expect, test } from "vitest";
import { getSettings, saveSettings, setTell } from "../../src/campaign/settings.ts";
import type { Scope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { ownerActor } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});

test("two admins who change settings at the same moment lose nothing of each other's", async () => {
  await Promise.all([
    setTell(scope, ownerActor(1), { began: false }),
    setTell(scope, ownerActor(7), { besides: "admins" }),
    setTell(scope, ownerActor(1), { silent: true }),
    saveSettings(scope, ownerActor(7), { options: { silent: true } }),
  ]);
  expect(await getSettings(scope)).toEqual({
    window: null,
    options: { silent: true },
    tell: { besides: "admins", began: false, ended: true, deeds: true, silent: true },
  });
});
