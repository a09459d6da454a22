import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The module as a page that has just been loaded has it. */
async function loaded() {
  vi.resetModules();
  return import("../../../playground/page/composer/drafts.ts");
}

test("a draft outlives a reload, until it is sent", async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  });
  (await loaded()).keepDraft(5, "Half a");
  const { draftOf, keepDraft } = await loaded();
  expect([draftOf(5), draftOf(6)]).toEqual(["Half a", ""]);
  keepDraft(5, "");
  expect((await loaded()).draftOf(5)).toBe("");
});

function deny(): never {
  throw new Error("denied");
}

test("where the browser keeps nothing, a draft is kept until the page is left", async () => {
  vi.stubGlobal("sessionStorage", { getItem: deny, setItem: deny, removeItem: deny });
  const { draftOf, keepDraft } = await loaded();
  keepDraft(5, "Half a");
  expect([draftOf(5), draftOf(6)]).toEqual(["Half a", ""]);
});
