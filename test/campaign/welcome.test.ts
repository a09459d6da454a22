import { beforeAll, beforeEach, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { beginWelcome } from "../../src/campaign/actions/begin-welcome.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { removeWelcome, setWelcome } from "../../src/campaign/actions/set-welcome.ts";
import { findCampaign } from "../../src/campaign/queries.ts";
import {
  findWelcome,
  listWelcomes,
  noteRefusal,
  welcomeOf,
} from "../../src/campaign/welcome/welcome-store.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, NOW, emptied, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const saying = (text: string): Content => ({ kind: "text", text, buttons: [] });

let drafts = 0;
const draftOf = (content: Content, welcomeFor: string | null = "") =>
  createDraft(scope, ADMIN, {
    content,
    audience: EVERYONE,
    welcomeFor,
    originKey: `welcome-${(drafts += 1)}`,
  });

async function sets(text: string, source = ""): Promise<void> {
  await setWelcome(scope, ADMIN, await draftOf(saying(text), source));
}

const answerTo = async (source: string) => {
  const found = await welcomeOf(scope, source);
  return found?.content.kind === "text" ? found.content.text : found;
};

test("a source gets its own welcome, everyone else the one for everyone; without that, nothing", async () => {
  await sets("Hello from promo", "promo");
  expect([await answerTo("promo"), await answerTo("other"), await answerTo("")]).toEqual([
    "Hello from promo",
    null,
    null,
  ]);
  await sets("Hello");
  expect([await answerTo("promo"), await answerTo("other"), await answerTo("")]).toEqual([
    "Hello from promo",
    "Hello",
    "Hello",
  ]);
  expect(await removeWelcome(scope, ADMIN, { botId: scope.botId, source: "promo" })).toBe(true);
  expect(await removeWelcome(scope, ADMIN, { botId: scope.botId, source: "promo" })).toBe(false);
  expect(await answerTo("promo")).toBe("Hello");
});

test("a draft is set as it was shown, once, and is then gone; its options that need a campaign stay behind", async () => {
  const draft = await draftOf({
    ...saying("Hi"),
    options: { silent: true, pin: true, deleteAfterHours: 24 },
  });
  const edited = await editDraft(scope, ADMIN, draft, {
    content: { ...draft.content, text: "Hello" } as Content,
  });
  await expect(setWelcome(scope, ADMIN, draft)).rejects.toMatchObject({ code: "changed" });
  await setWelcome(scope, ADMIN, edited);
  await expect(setWelcome(scope, ADMIN, edited)).rejects.toMatchObject({ code: "not-found" });
  expect(await findCampaign(scope, draft.id)).toBeNull();
  const [welcome] = await listWelcomes(scope);
  expect(welcome?.content).toMatchObject({ text: "Hello", options: { silent: true } });
  expect(welcome?.content.options).not.toHaveProperty("pin");
  expect(welcome?.content.options).not.toHaveProperty("deleteAfterHours");
});

test("buttons that are counted are refused, and neither kind of draft becomes the other", async () => {
  await seedPeople(scope, [1]);
  const voting = await draftOf({ ...saying("Vote"), buttons: [[{ text: "👍", vote: true }]] });
  await expect(setWelcome(scope, ADMIN, voting)).rejects.toMatchObject({ code: "unsendable" });
  const campaign = await draftOf(saying("News"), null);
  await expect(setWelcome(scope, ADMIN, campaign)).rejects.toMatchObject({ code: "conflict" });
  const welcome = await draftOf(saying("Hello"));
  const agreed = { count: 1, typedCount: null, startsAt: null };
  const limits = { now: NOW, typedFrom: 100, mostScheduled: 10 };
  await expect(launch(scope, ADMIN, welcome, agreed, limits)).rejects.toMatchObject({ code: "no-campaign" });
  await launch(scope, ADMIN, campaign, agreed, limits);
});

test("of a welcome that Telegram refuses the owners are told once, and again only of another post", async () => {
  await sets("Hello");
  const refused = async (what: string) => {
    const welcome = await findWelcome(scope, "");
    return welcome && noteRefusal(scope, welcome, what);
  };
  expect([await refused("no file"), await refused("no file"), await refused("no entity")]).toEqual([
    true,
    false,
    false,
  ]);
  const before = await findWelcome(scope, "");
  if (!before) throw new Error("the welcome is gone");
  const change = await beginWelcome(scope, ADMIN, before, "change");
  expect(change).toMatchObject({ welcomeFor: "", content: { text: "Hello" } });
  await setWelcome(scope, ADMIN, change);
  expect(await findWelcome(scope, "")).toMatchObject({ id: before.id, refusal: null });
  // A refusal of the post that was replaced meanwhile says nothing about this one.
  expect(await noteRefusal(scope, before, "no file")).toBe(false);
  expect(await refused("no file")).toBe(true);
});
