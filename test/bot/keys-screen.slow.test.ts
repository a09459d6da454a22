import { describe, expect, test } from "vitest";
import { createKey, listKeys } from "../../src/access/keys.ts";
import { readExpiry } from "../../src/bot/features/keys/typed-expiry.ts";
import { keyTapData, readKeyTap } from "../../src/bot/features/keys/key-taps.ts";
import { LOCALES, loadWords } from "../../src/bot/ui/words.ts";
import { homeScope } from "../../src/db/scope.ts";
import { admins, apiKeys, audit, dialogs, senders } from "../../src/db/schema.ts";
import type { Message } from "grammy/types";
import { HTTP } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, OWNER_ID } from "../support/herald.ts";
import { type SceneOptions, scene } from "../support/scene.ts";
import { SHOP_ID } from "../support/senders.ts";
import { en } from "../support/words.ts";

const SECRET = /hk_[0-9a-z]{40}/;

/** An owner and a bot whose HTTP API is on. */
async function keysScene(options: SceneOptions = {}) {
  const staged = await scene(0, { ownerStays: true, ...options, config: { http: HTTP, ...options.config } });
  const { owner, database, herald } = staged;
  const statusOf = async (key: string) => {
    const answer = await fetch(`${herald.httpAddress}/v1/campaigns`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return answer.status;
  };
  /** Creates a key by taps and a typed name. Resolves with the message that shows it. */
  const creates = async (name: string, role = "send", expiry = en("keys-no-end")): Promise<Message> => {
    await owner.sends("/keys");
    await owner.sees(/./);
    await owner.taps(en("keys-create"));
    await owner.sees(en("keys-ask-role"));
    await owner.taps(en(`keys-role-${role}`));
    await owner.sees(en.like("keys-ask-expiry", { role: en(`keys-role-${role}`) }));
    await owner.taps(expiry);
    await owner.sees(en("keys-ask-name"));
    await owner.sends(name);
    return owner.sees(en.like("keys-created", { name: name.trim().replaceAll(/\s+/g, " ") }));
  };
  const keys = () => within(database, ({ db }) => listKeys(homeScope(db, BOT_ID)));
  return { ...staged, statusOf, creates, keys };
}

const secretIn = (message: Message) => SECRET.exec(message.text ?? "")?.[0] ?? "";

describe("a key", () => {
  test("is created by taps and a name, shown once as code, and opens the API", async () => {
    const { owner, herald, database, statusOf, creates, keys } = await keysScene();
    const shown = await creates("  Web\nshop ", "read", en("keys-days", { days: 30 }));
    const secret = secretIn(shown);
    expect(shown.text).toMatch(en.like("keys-created", { name: "Web shop", role: en("keys-role-read") }));
    expect(shown.entities).toEqual([
      { type: "code", offset: shown.text?.indexOf(secret), length: secret.length },
    ]);
    expect(await statusOf(secret)).toBe(200);
    const [key] = await keys();
    expect(key).toMatchObject({
      name: "Web shop",
      role: "read",
      prefix: secret.slice(0, 11),
      createdBy: OWNER_ID,
    });
    expect((key?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
    await until(async () => (await keys())[0]?.lastUsedAt !== null);
    await owner.sends("/keys");
    const { text } = await owner.sees(en("keys-title"));
    expect(text).toMatch(
      en.like("keys-entry", { name: "Web shop", role: en("keys-role-read"), prefix: key?.prefix ?? "" }),
    );
    expect(text).toMatch(en.like("keys-expires"));
    expect(text).toMatch(en.like("keys-used", { address: "127.0.0.1" }));
    expect(text).not.toMatch(SECRET);
    await herald.stop();
    const written = await within(database, ({ db }) => db.select().from(audit));
    expect(written).toMatchObject([{ action: "key.created", actorId: OWNER_ID, subject: key?.id }]);
  });

  test("leaves no trace: not in the log, the buttons or a dialog, even if its message is tapped or answered", async () => {
    const { owner, herald, database, creates } = await keysScene();
    const shown = await creates("Shop");
    const secret = secretIn(shown);
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("Is this it?", {
      reply_to_message: shown as Message & { reply_to_message: undefined },
    });
    await owner.sees(en.like("audience-ask"));
    await owner.sends(secret);
    await owner.sees(/./);
    const taps = JSON.stringify(owner.holds.map((message) => message.reply_markup));
    expect(await owner.taps(en("keys-hide"))).toEqual({});
    expect(owner.holds.some((message) => message.message_id === shown.message_id)).toBe(false);
    await herald.stop();
    const state = await within(database, ({ db }) => db.select().from(dialogs));
    const stored = await within(database, ({ db }) => db.select().from(apiKeys));
    for (const trace of [taps, JSON.stringify(state), JSON.stringify(stored), herald.logged.join("\n")]) {
      expect(trace.length).toBeGreaterThan(100);
      expect(trace).not.toContain(secret.slice(11));
    }
  });

  test("disappears from the chat after two minutes", async () => {
    const clock = movableClock();
    const { owner, creates } = await keysScene({ clock });
    const shown = await creates("Shop");
    // Answered one after the other: by now the two minutes are counted.
    await owner.sends("/keys");
    await owner.sees(en("keys-title"));
    clock.advance(100_000);
    await owner.sends("/keys");
    await owner.sees(en("keys-title"));
    expect(owner.holds.some(({ message_id }) => message_id === shown.message_id)).toBe(true);
    clock.advance(20_000);
    await until(() => !owner.holds.some(({ message_id }) => message_id === shown.message_id));
  });

  test("lasts until a typed date; what is no date or no name is answered, and a command ends the dialog", async () => {
    const { owner, keys } = await keysScene();
    await owner.sends("/keys");
    await owner.sees(en("keys-none"));
    await owner.taps(en("keys-create"));
    await owner.taps(en("keys-role-write"));
    await owner.taps(en("keys-other-date"));
    await owner.sees(en("keys-ask-date"));
    await owner.sends("whenever");
    await owner.sees(en.like("keys-date-unknown", { text: "whenever" }));
    const year = new Date().getUTCFullYear() + 1;
    await owner.sends(`1 March ${year}`);
    await owner.sees(en("keys-ask-name"));
    for (const unfit of ["\u3164", "x".repeat(41), { sticker: true } as const]) {
      await owner.sends(unfit);
      await owner.sees(en("keys-name-unfit", { most: 40 }));
    }
    await owner.sends("CRM");
    await owner.sees(en.like("keys-created", { name: "CRM" }));
    expect(await keys()).toMatchObject([
      { name: "CRM", role: "write", expiresAt: new Date(Date.UTC(year, 2, 2)) },
    ]);
    await owner.sends("/keys");
    await owner.sees(en("keys-title"));
    await owner.taps(en("keys-create"));
    await owner.taps(en("keys-role-write"));
    await owner.taps(en("keys-no-end"));
    await owner.sees(en("keys-ask-name"));
    await owner.sends("/campaigns");
    await owner.sends("Not a name");
    await owner.sees(en("outside-dialog"));
    expect(await keys()).toHaveLength(1);
  });

  test("is refused at once when it is revoked, which is asked first; an old button changes nothing", async () => {
    const { owner, statusOf, creates, keys } = await keysScene();
    const secret = secretIn(await creates("Shop"));
    await owner.sends("/keys");
    const list = await owner.sees(en("keys-title"));
    const on = { on: list.message_id };
    await owner.taps(en("keys-revoke", { name: "Shop" }), on);
    await owner.sees(en.like("keys-ask-revoke", { name: "Shop" }));
    await owner.taps(en("button-back"), on);
    await owner.sees(en("keys-title"));
    expect(await statusOf(secret)).toBe(200);
    await owner.taps(en("keys-revoke", { name: "Shop" }), on);
    await owner.sees(en.like("keys-ask-revoke"));
    const [first, second] = await owner.tapsTimes(en("keys-yes-revoke"), 2, on);
    expect(first).toMatchObject({ text: en("keys-revoked", { name: "Shop" }) });
    expect(second).toMatchObject({ text: en("list-outdated") });
    await owner.sees(en("keys-none"));
    expect(await statusOf(secret)).toBe(401);
    expect(await keys()).toEqual([]);
  });
});

test("many keys fill pages, and those of one name are told apart", async () => {
  const { owner } = await keysScene({
    async prepare(scope) {
      for (let nth = 0; nth < 10; nth += 1)
        await createKey(scope, OWNER, {
          name: "Shop",
          role: "read",
          expiresAt: new Date(Date.now() - 1_000),
        });
    },
  });
  await owner.sends("/keys");
  const { text } = await owner.sees(en("keys-title"));
  expect(text?.match(new RegExp(en.like("keys-expired"), "g"))).toHaveLength(8);
  const labels = owner.buttons();
  expect(new Set(labels.slice(0, 8).flat()).size).toBe(8);
  expect(labels.slice(8)).toEqual([[en("page-older")], [en("keys-create")]]);
  await owner.taps(en("page-older"));
  await until(() => owner.buttons().length === 4);
  expect(owner.buttons().slice(2)).toEqual([[en("page-newer")], [en("keys-create")]]);
});

test("/keys is for owners, says how to turn the API on, and is in the menu and in /help only when it is on", async () => {
  const { telegram, owner } = await scene(0, {
    ownerStays: true,
    prepare: ({ db }) =>
      db.insert(admins).values({ homeId: BOT_ID, userId: 7, name: "Anna", addedBy: OWNER_ID }),
  });
  const menuOf = ({ commands }: typeof telegram) =>
    commands.find(({ scope }) => JSON.stringify(scope).includes(`"chat_id":${OWNER_ID}`))?.commands ?? [];
  await owner.sends("/keys");
  await owner.sees(en("keys-off"));
  await owner.sends("/help");
  expect((await owner.sees(en("help-admin"))).text).not.toContain("/keys");
  expect(menuOf(telegram).map(({ command }) => command)).not.toContain("keys");
  const anna = telegram.person({ id: 7, firstName: "Anna", languageCode: "en", started: true });
  await anna.sends("/keys");
  await anna.sees(en("unknown-command"));

  const on = await keysScene();
  await on.owner.sends("/help");
  expect((await on.owner.sees(en("help-admin"))).text).toContain(en("help-keys"));
  expect(menuOf(on.telegram).map(({ command }) => command)).toContain("keys");
});

test.each([
  ["31 December", "2027-01-01T00:00:00Z"],
  ["31.12.2026 15:00", "2026-12-31T15:00:00Z"],
  ["in 90 days", "2027-03-01T12:00:00Z"],
  ["1 March 2031", "2031-03-02T00:00:00Z"],
  ["через 2 недели", "2026-12-15T12:00:00Z"],
  ["yesterday", null],
  ["30 February", null],
  ["soon", null],
])("“%s” is the end of a key, or is not", (text, expected) => {
  const now = new Date("2026-12-01T12:00:00Z");
  expect(readExpiry(text, now, "UTC")).toEqual(expected === null ? null : new Date(expected));
});

test("of several bots, a key is made for one or for all, and Bots… gives it more at once", async () => {
  const { owner, keys } = await keysScene({
    prepare: ({ db }) =>
      db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: "home_bot" },
        { botId: SHOP_ID, homeId: BOT_ID, username: "shop_bot", handling: "beside" },
      ]),
  });
  const limits = async () => (await keys()).map(({ bots }) => bots);
  await owner.sends("/keys");
  await owner.sees(en("keys-none"));
  await owner.taps(en("keys-create"));
  await owner.sees(en("keys-ask-role"));
  await owner.taps(en("keys-role-relay"));
  await owner.sees(en("keys-ask-bots", { role: en("keys-role-relay") }));
  await owner.taps("@shop_bot");
  await owner.sees(en("keys-ask-expiry", { role: en("keys-role-relay") }));
  await owner.taps(en("keys-no-end"));
  await owner.sees(en("keys-ask-name"));
  await owner.sends("Shop");
  const only = en("limit-some", { bots: "@shop_bot" });
  await owner.sees(en.like("keys-created", { expiry: `${only}, ${en("keys-endless")}` }));
  expect(await limits()).toEqual([[SHOP_ID]]);
  await owner.sends("/keys");
  await owner.sees(only);
  await owner.taps(en("limit-bots"));
  await owner.sees(en("limit-of", { name: "Shop", bots: only }));
  await owner.taps("@shop_bot");
  await owner.sees(en("limit-of", { name: "Shop", bots: en("limit-none") }));
  expect(await limits()).toEqual([[]]);
  await owner.taps(en("limit-all-button"));
  await owner.sees(en("limit-of", { name: "Shop", bots: en("limit-all") }));
  expect(await limits()).toEqual([null]);
});

test("buttons carry numbers and choices, never a key", () => {
  for (const what of [
    "page.2",
    "role.send.0",
    "bot.send.all",
    "bot.relay.2000002",
    "days.read.30.all",
    "days.read.never.2000002",
    "days.send.date.all",
    "revoke.7",
    "yes-revoke.7",
  ]) {
    const tap = readKeyTap(what);
    expect(tap && keyTapData(tap)).toBe(what);
  }
  // As they were before there were limits.
  expect(readKeyTap("role.send")).toEqual({ type: "role", role: "send", page: 0 });
  expect(readKeyTap("days.read.30")).toEqual({ type: "days", role: "read", days: 30, bot: null });
  for (const what of [
    "",
    "bot.send",
    "bot.send.x",
    "days.send.30.x",
    "page",
    "page.x",
    "role.owner",
    "days.send",
    "days.send.31",
    "revoke.",
    "revoke.7.8.9",
    "hk_1",
  ])
    expect(readKeyTap(what)).toBeNull();
});

test.each(LOCALES)("the screen of eight keys fits into a message in %s", (locale) => {
  const t = loadWords()(locale);
  const lines = [
    t("keys-entry", { name: "я".repeat(40), role: t("keys-role-write"), prefix: "hk_12345678" }),
    t("keys-expires", { time: "Mon 23 November 2026, 10:00" }),
    t("keys-used", { time: "Mon 23 November 2026, 10:00", address: "f".repeat(39) }),
  ].join("\n");
  expect((lines.length + 2) * 8 + t("keys-title").length).toBeLessThan(4_096);
});
