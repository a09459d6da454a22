import { describe, expect, test } from "vitest";
import type { Message } from "grammy/types";
import type { Person } from "../../playground/people/person.ts";
import { listAdmins } from "../../src/access/admins.ts";
import { COMMANDS } from "../../src/bot/ui/command-menu.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { listBundle } from "../../src/campaign/bundle.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { getCampaign, listOpen } from "../../src/campaign/queries.ts";
import { countRecipients } from "../../src/campaign/recipients-of.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { audit } from "../../src/db/schema.ts";
import { removeSender } from "../../src/senders/actions/remove-sender.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER } from "../support/herald.ts";
import { POST } from "../support/seed.ts";
import { NEWS_ID, SHOP_ID, sendersParts } from "../support/senders.ts";
import {
  ANNA,
  BORIS,
  HOME,
  NEWS,
  SHOP,
  nameOf,
  onlyShop,
  threeBots,
  traceOf,
} from "../support/three-bots.ts";
import { en } from "../support/words.ts";

/* Anna may use the shop's bot only, Boris all three. */

type World = Awaited<ReturnType<typeof threeBots>>;

const onlyOf = (botId: number) => en("limit-some", { bots: nameOf(botId) });

/** The owner opens the bots of an admin. */
async function opensBots({ owner }: World, userId: number): Promise<void> {
  await owner.sends("/admins");
  const list = await owner.sees(en.like("admins-list"));
  const row = list.reply_markup?.inline_keyboard.findIndex((buttons) =>
    buttons.some((button) => "callback_data" in button && button.callback_data.includes(`bots.${userId}.`)),
  );
  await owner.tapsAt(list, row ?? -1, 1);
  await owner.sees(en.like("limit-of", { name: new RegExp(String.raw`\S+ \(${userId}\)`) }));
}

/** By taps, as an owner does it. */
async function limitsToShop(world: World, userId: number): Promise<void> {
  await opensBots(world, userId);
  await world.owner.taps(nameOf(SHOP_ID));
  await world.owner.sees(en.like("limit-of", { bots: onlyOf(SHOP_ID) }));
}

const limitOf = async ({ database }: World, userId: number) =>
  within(database, async ({ db }) => {
    const all = await listAdmins(homeScope(db, BOT_ID));
    return all.find((admin) => admin.userId === userId)?.bots;
  });

/** What a message shows: text, buttons and the name of a file. */
function shownBy({ text, caption, reply_markup: keyboard, document }: Message): string {
  const labels = keyboard?.inline_keyboard.flat().map((button) => button.text) ?? [];
  return [text, caption, document?.file_name, ...labels].filter(Boolean).join("\n");
}

/** A post that these bots send tomorrow, by the owner. */
async function confirmedTogether(home: Scope, bots: readonly number[]): Promise<Campaign[]> {
  const now = new Date();
  const startsAt = new Date(now.getTime() + 86_400_000);
  const post = { content: POST, audience: EVERYONE, startsAt, originKey: "together" };
  const draft = await createDraft(home, OWNER, post, bots);
  const { reachable: count } = await countRecipients(home, draft, now);
  const agreed = { count, typedCount: count, startsAt };
  await launch(home, OWNER, draft, agreed, { now, typedFrom: 1_000, mostScheduled: 10 });
  return listBundle(home, draft.id);
}

/** Remembers what a person has, and tells what has come or changed since then. Of a card only what it shows more. */
function watching(person: Person): () => string[] {
  const before = new Map(person.holds.map((message) => [message.message_id, shownBy(message).split("\n")]));
  return () =>
    person.holds
      .filter(({ from }) => from?.is_bot)
      .flatMap((message) => {
        const known = before.get(message.message_id) ?? [];
        return shownBy(message)
          .split("\n")
          .filter((line) => !known.includes(line));
      });
}

/** The lines that somebody gets for /status. */
async function statusOf(person: Person): Promise<string[]> {
  await person.sends("/status");
  return (await person.sees(en.like("status-title"))).text?.split("\n") ?? [];
}

/** Updates of a chat are handled in turn: when this one is answered, all before it are. */
async function settled(person: Person): Promise<void> {
  await person.sends("/help");
  const { text } = await person.sees(en("help-admin"));
  // What they may not do is not offered.
  expect(text).not.toContain("/settings");
}

describe("an owner limits an admin to some bots", () => {
  test("by taps; it counts at once, is noted, and more bots or all of them are a tap away", async () => {
    const world = await threeBots();
    const { owner, anna, numbers } = world;
    await anna.sends(`/campaign ${numbers.news.paused}`);
    await anna.sees(NEWS.word);
    await limitsToShop(world, ANNA);
    expect(await limitOf(world, ANNA)).toEqual([SHOP_ID]);
    await anna.sends(`/campaign ${numbers.news.paused}`);
    await anna.sees(en("error-not-among-yours", { id: String(numbers.news.paused) }));
    await owner.taps(nameOf(NEWS_ID));
    await owner.sees(
      en.like("limit-of", { bots: en("limit-some", { bots: `${nameOf(SHOP_ID)}, ${nameOf(NEWS_ID)}` }) }),
    );
    await anna.sends(`/campaign ${numbers.news.paused}`);
    await anna.sees(NEWS.word);
    await owner.taps(en("limit-all-button"));
    await owner.sees(en.like("limit-of", { bots: en("limit-all") }));
    expect(await limitOf(world, ANNA)).toBeNull();
    await owner.taps(en("button-back"));
    const list = await owner.sees(en.like("admins-list"));
    expect(list.text).not.toContain("@");
    const written = await within(world.database, ({ db }) => db.select().from(audit));
    expect(written.filter(({ action }) => action === "admin.limited").map(({ subject }) => subject)).toEqual([
      ANNA,
      ANNA,
      ANNA,
    ]);
  });

  test("to none by taking the last one away; then every command says so, and who is in the middle of a post is out", async () => {
    const world = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    const { owner, anna } = world;
    await anna.sends("/broadcast");
    await anna.sees(en("post-ask"));
    await opensBots(world, ANNA);
    await owner.taps(nameOf(SHOP_ID));
    await owner.sees(en.like("limit-of", { bots: en("limit-none") }));
    expect(await limitOf(world, ANNA)).toEqual([]);
    for (const text of ["A post.", "/campaigns", "/broadcast", "/stats", "/bots"]) {
      await anna.sends(text);
      await anna.sees(en("error-no-bots"));
    }
    await anna.sends("/language");
    await anna.sees(en.like("language-ask"));
  });

  test("who is just changing the settings of all bots; what they type then is no setting", async () => {
    const world = await threeBots();
    const { anna } = world;
    await anna.sends("/settings");
    await anna.sees(en("settings-title"));
    await anna.taps(en("settings-other"));
    await anna.sees(en.like("settings-hours-ask"));
    await limitsToShop(world, ANNA);
    await anna.sends("10:00–18:00");
    await anna.sees(en("outside-dialog"));
  });

  test("and a removed bot vanishes from the limit, which becomes empty and never all", async () => {
    const world = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    await within(world.database, async ({ db }) => {
      const parts = sendersParts(homeScope(db, BOT_ID), world.telegram);
      const ending = (await listOpen(parts.home, SHOP_ID)).map(({ id }) => id);
      await removeSender(parts, OWNER, { botId: SHOP_ID, ending, typed: nameOf(SHOP_ID) }, 1_000);
      expect(await listAdmins(parts.home)).toMatchObject([
        { userId: ANNA, bots: [] },
        { userId: BORIS, bots: null },
      ]);
    });
    await world.anna.sends("/campaigns");
    await world.anna.sees(en("error-no-bots"));
  });
});

describe("an admin of the shop alone", () => {
  test("composes for its people at once, and is asked nothing of other bots", async () => {
    const { anna, database } = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    await anna.sends("/broadcast");
    await anna.sees(en("post-ask"));
    await anna.sends("Fresh cakes.");
    await anna.sees(en.like("audience-ask", { people: en("people", { count: 3 }) }));
    expect(await within(database, ({ db }) => getCampaign(homeScope(db, BOT_ID), 1))).toMatchObject({
      botId: SHOP_ID,
    });
  });

  test("finds nothing of the others by any command", async () => {
    const { anna, numbers } = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    const hidden = [traceOf(HOME, numbers.home), traceOf(NEWS, numbers.news)];
    await anna.sends("/start");
    await anna.sees(/./);
    const own: string[] = [];
    for (const command of COMMANDS.filter((one) => one !== "stop")) {
      const seen = watching(anna);
      await anna.sends(`/${command}`);
      await settled(anna);
      await anna.sends(`/${command} today`);
      await settled(anna);
      own.push(...seen());
      for (const { scheduled, paused, finished, draft } of [numbers.news, numbers.home])
        for (const id of [scheduled, paused, finished, draft]) {
          const seenOfOne = watching(anna);
          await anna.sends(`/${command} ${id}`);
          await settled(anna);
          // Her own words may come back.
          own.push(...seenOfOne().map((line) => line.replaceAll(String(id), "…")));
        }
    }
    for (const trace of hidden) expect(own.filter((line) => trace.test(line))).toEqual([]);
    // The sweep has seen something: the lists, the calendar and the numbers of her own bot.
    const shop = traceOf(SHOP, numbers.shop);
    expect(own.filter((line) => shop.test(line)).length).toBeGreaterThan(5);
    expect(own).toContain(en("stats-active", { count: 3 }));
  });

  test("gets nothing from old buttons, and the cards of other bots lose theirs", async () => {
    const world = await threeBots();
    const { anna, numbers, database } = world;
    const opened = [numbers.news.scheduled, numbers.news.paused, numbers.news.finished, numbers.home.paused];
    for (const id of opened) {
      await anna.sends(`/campaign ${id}`);
      await anna.sees(en.opens("card-title", { id: String(id) }));
    }
    for (const id of [numbers.news.draft, numbers.home.draft]) {
      await anna.sends(`/campaign ${id}`);
      await anna.sees(en.like("review-title"));
    }
    await anna.sends("/cancel");
    for (const screen of [
      "/campaigns",
      "/campaigns today",
      "/calendar",
      "/segments",
      "/settings",
      `/campaigns ${nameOf(NEWS_ID)}`,
    ]) {
      await anna.sends(screen);
      await anna.sees(/./);
    }
    const tappable = anna.holds.filter(({ from, reply_markup: keyboard }) => from?.id === BOT_ID && keyboard);
    expect(tappable.length).toBeGreaterThan(8);
    await limitsToShop(world, ANNA);
    const cardOf = (id: number) =>
      anna.holds.findLast(({ text = "" }) => en.opens("card-title", { id: String(id) }).test(text));
    await until(() =>
      [numbers.news.scheduled, numbers.news.paused, numbers.home.paused].every(
        (id) => !cardOf(id)?.reply_markup,
      ),
    );
    const news = watching(anna);
    const said: string[] = [];
    const previewed: string[] = [];
    for (const message of tappable)
      for (const [row, buttons] of (message.reply_markup?.inline_keyboard ?? []).entries())
        for (const column of buttons.keys()) {
          if (!("callback_data" in (buttons[column] ?? {}))) continue;
          const { text = "" } = await anna.tapsAt(message, row, column);
          said.push(text);
          if (buttons[column]?.text.startsWith("Yes ")) previewed.push(text);
        }
    await settled(anna);
    // Of the preview in this chat: as if the campaign was not there.
    expect(previewed).toEqual([en("post-button-gone")]);
    const shown = [...said, ...news()].filter((line) => !/^There is no campaign #\d+ among/.test(line));
    for (const trace of [traceOf(HOME, numbers.home), traceOf(NEWS, numbers.news)])
      expect(shown.filter((line) => trace.test(line))).toEqual([]);
    const states = await within(database, async ({ db }) => {
      const found = [];
      for (const id of opened) found.push((await getCampaign(homeScope(db, BOT_ID), id)).state);
      return found;
    });
    expect(states).toEqual(["scheduled", "paused", "finished", "paused"]);
  });

  test("counts in /status no bots and no people of others", async () => {
    const { anna, boris } = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    const all = await statusOf(boris);
    expect(all).toContain(en("status-senders", { count: 2 }));
    const own = await statusOf(anna);
    expect(own).toContain(en("status-senders", { count: 1 }));
    expect(own).toContain(en("status-reachable", { count: 3 }));
    expect(all).not.toContain(en("status-reachable", { count: 3 }));
  });

  test("sees of a post that several bots send the campaign of the shop, and no number of the others", async () => {
    const made: Campaign[] = [];
    const { anna } = await threeBots({
      async prepare(scope) {
        await onlyShop(scope, ANNA);
        made.push(...(await confirmedTogether(scope, [BOT_ID, SHOP_ID, NEWS_ID])));
      },
    });
    const [home, shop, news] = made.map(({ id }) => String(id));
    const others = new RegExp(String.raw`#(?:${home}|${news})\b|#\d+[–,]`);
    const seen = watching(anna);
    for (const command of ["campaign", "pause", "resume", "edit"]) {
      await anna.sends(`/${command} ${shop}`);
      await settled(anna);
    }
    const shown = seen();
    expect(shown.filter((line) => line.includes(`#${shop}`)).length).toBeGreaterThan(2);
    expect(shown.filter((line) => others.test(line))).toEqual([]);
  });

  test("is no longer told of a campaign that they once wrote; it goes on, and an owner hears of its end", async () => {
    const world = await threeBots();
    const { owner, anna, numbers } = world;
    const id = String(numbers.news.paused);
    await anna.sends(`/campaign ${id}`);
    await anna.sees(en.opens("card-title", { id }));
    await limitsToShop(world, ANNA);
    await settled(anna);
    const news = watching(anna);
    await owner.sends(`/resume ${id}`);
    await owner.sees(en.opens("card-title", { id, state: en("state-finished") }), { within: 30_000 });
    await settled(anna);
    expect(news().filter((line) => traceOf(NEWS, numbers.news).test(line))).toEqual([]);
  });

  test("gets no test posts of other bots, and is not offered for them", async () => {
    const { owner, anna, numbers } = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    const offered = async (id: number) => {
      await owner.sends(`/campaign ${id}`);
      await owner.sees(en.like("review-title"));
      await owner.taps(en("button-test-others"));
      await owner.sees(en.like("testers-ask"));
      return owner.buttons().flat();
    };
    expect(await offered(numbers.news.draft)).not.toContain("Anna");
    expect(await offered(numbers.news.draft)).toContain("Boris");
    expect(await offered(numbers.shop.draft)).toContain("Anna");
    expect(anna.holds.some((message) => shownBy(message).includes(NEWS.word))).toBe(false);
  });

  test("sees no settings, which all bots share, and cannot have a group told of all campaigns", async () => {
    const { anna } = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
    await anna.sends("/settings");
    await anna.sees(en("settings-of-all-bots"));
  });
});

test("an admin of two bots chooses between these, and the home is not the first if it is not among them", async () => {
  const { anna, owner, ...rest } = await threeBots({ prepare: (scope) => onlyShop(scope, ANNA) });
  await opensBots({ anna, owner, ...rest }, ANNA);
  await owner.taps(nameOf(NEWS_ID));
  await owner.sees(en.like("limit-of"));
  await anna.sends("/broadcast");
  await anna.sees(en("from-note", { bot: nameOf(SHOP_ID) }));
  await anna.taps(en("card-from", { bot: nameOf(SHOP_ID) }));
  await anna.sees(en("from-ask"));
  expect(anna.buttons()).toEqual([[`✅ ${nameOf(SHOP_ID)}`, nameOf(NEWS_ID)], [en("from-several-button")]]);
});
