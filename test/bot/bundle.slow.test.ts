import { describe, expect, test } from "vitest";
import { getCampaign } from "../../src/campaign/queries.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { senders } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, type SceneOptions, scene } from "../support/scene.ts";
import { range, seedPeople } from "../support/seed.ts";
import { NEWS_ID, NEWS_TOKEN, SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en } from "../support/words.ts";

/*
 * A home with three bots: its own with 20 people, a shop with 15 of whom 10 have the home as well, and the news with 6, of
 * whom 2 have all three. Together they have 29 people.
 */

const HOME = `@herald_${BOT_ID}_bot`;
const SHOP = `@herald_${SHOP_ID}_bot`;
const NEWS = `@herald_${NEWS_ID}_bot`;

const SHOP_PEOPLE = [...range(FIRST, FIRST + 9), ...range(200_000, 200_004)];
const NEWS_PEOPLE = [FIRST, FIRST + 1, ...range(300_000, 300_003)];

async function threeBots(options: SceneOptions = {}) {
  const made = await scene(20, {
    ...options,
    config: { extraBotTokens: [SHOP_TOKEN, NEWS_TOKEN], ...options.config },
    async prepare(scope) {
      await scope.db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: HOME.slice(1) },
        { botId: SHOP_ID, homeId: BOT_ID, username: SHOP.slice(1), handling: "beside" },
        { botId: NEWS_ID, homeId: BOT_ID, username: NEWS.slice(1), handling: "beside" },
      ]);
      await seedPeople(scopeOf(scope, { botId: SHOP_ID }), SHOP_PEOPLE);
      await seedPeople(scopeOf(scope, { botId: NEWS_ID }), NEWS_PEOPLE);
    },
  });
  const { telegram, owner, database } = made;
  telegram.people(5, { firstId: 200_000, bot: SHOP_ID });
  telegram.people(4, { firstId: 300_000, bot: NEWS_ID });
  /** Who has a text, and from which bot; without the admin. */
  const copies = (text: string, botId?: number) =>
    [
      ...telegram.counts(
        (message) => message.text === text && (botId === undefined || message.from?.id === botId),
      ),
    ].filter(([chat]) => chat >= FIRST);
  const stateOf = async (id: number) =>
    within(database, async ({ db }) => (await getCampaign(homeScope(db, BOT_ID), id)).state);
  /** Ticks the shop and the news besides the home, and sends the post. */
  async function composes(post: string): Promise<void> {
    await owner.sends("/broadcast");
    await owner.sees(en("from-note", { bot: HOME }));
    await owner.taps(en("card-from", { bot: HOME }));
    await owner.taps(en("from-several-button"));
    await owner.sees(en("from-ask-several", { bots: HOME }));
    await owner.taps(SHOP);
    await owner.taps(NEWS);
    await owner.sees(en("from-ask-several", { bots: `${HOME}, ${SHOP}, ${NEWS}` }));
    await owner.taps(en("audience-continue"));
    await owner.sees(en("from-note-several", { bots: `${HOME}, ${SHOP}, ${NEWS}` }));
    await owner.sends(post);
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 29 }) }));
  }
  /** From the audience to the confirmation. */
  async function confirms(count = 29): Promise<void> {
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-to", { people: en("people", { count }) }));
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask", { people: en("people", { count }) }));
    await owner.taps(en("button-yes-send", { count }));
  }
  return { ...made, copies, stateOf, composes, confirms };
}

const labels = (owner: { buttons(): string[][] }) => owner.buttons().flat();

describe("a post to the people of several bots", () => {
  test("reaches everybody once, from the first bot, under one card", async () => {
    const { owner, copies, composes, confirms } = await threeBots();
    await composes("Autumn menu");
    await owner.sees(`${HOME} 20 · ${SHOP} 5 · ${NEWS} 4`);
    await owner.sees(en("share-once", { count: 10 }));
    await confirms();
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-finished") }));
    expect(copies("Autumn menu").toSorted(([one], [other]) => one - other)).toEqual(
      [...range(FIRST, FIRST + 19), ...range(200_000, 200_004), ...range(300_000, 300_003)].map((id) => [
        id,
        1,
      ]),
    );
    expect([BOT_ID, SHOP_ID, NEWS_ID].map((bot) => copies("Autumn menu", bot).length)).toEqual([20, 5, 4]);
    expect(owner.shows()).toContain(
      `#2 ${SHOP} · ${en("state-finished")} · ${en("bundle-sent", { sent: 5, total: 5 })}`,
    );
    // The way to the card of each, and back.
    await owner.taps(`#2 ${SHOP}`);
    await owner.sees(en("card-bundle", { id: "1–3" }));
    await owner.taps("#1–3");
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-finished") }));
    // A copy is one draft for all of them.
    await owner.taps(en("button-duplicate"));
    await owner.sees(en.like("review-to", { people: en("people", { count: 29 }) }));
    await owner.sees(en("card-from", { bot: `${HOME}, ${SHOP}, ${NEWS}` }));
  }, 60_000);

  test("reaches them from each of their bots if its author wants that", async () => {
    const { owner, copies, composes, confirms } = await threeBots();
    await composes("Autumn menu");
    await owner.taps(`✅ ${en("audience-once")}`);
    await owner.sees(en("share-each", { count: 10 }));
    await confirms(41);
    await until(() => copies("Autumn menu").length === 29 && copies("Autumn menu", NEWS_ID).length === 6);
    await until(() => copies("Autumn menu").reduce((sum, [, count]) => sum + count, 0) === 41);
  }, 60_000);

  test("goes to chats by one bot only: with several, the button says so", async () => {
    const { owner, composes } = await threeBots();
    await composes("Autumn menu");
    const answer = await owner.taps(en("audience-to-chats"));
    expect(answer.text).toBe(en("error-bots-for-chats"));
    await owner.taps(en("card-from", { bot: `${HOME}, ${SHOP}, ${NEWS}` }));
    await owner.taps(`✅ ${SHOP}`);
    await owner.taps(`✅ ${NEWS}`);
    expect((await owner.taps(`✅ ${HOME}`)).text).toBe(en("from-at-least-one"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
    expect(labels(owner)).toContain(en("card-from", { bot: HOME }));
    expect(labels(owner)).not.toContain(`✅ ${en("audience-once")}`);
  }, 60_000);
});

describe("campaigns that were confirmed together", () => {
  test("are paused, resumed and cancelled together, and one by one, and listed as one", async () => {
    const { owner, composes, confirms, stateOf, copies } = await threeBots({ rate: 2 });
    await composes("Autumn menu");
    await confirms();
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-running") }));
    await owner.taps(en("button-pause-all"));
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-paused") }));
    expect(await Promise.all([1, 2, 3].map(stateOf))).toEqual(["paused", "paused", "paused"]);
    await owner.sends("/resume 2");
    await owner.sees(en("bundle-others-paused", { id: "2", others: "1, 3", count: 2 }));
    await owner.sees(en("card-title", { id: "2", state: en("state-running") }));
    await owner.sends("/pause 2");
    await until(async () => (await stateOf(2)) === "paused");

    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
    const entries = labels(owner).filter((label) => label.startsWith("#"));
    expect(entries).toEqual([expect.stringMatching(/^#1–3 · 3 bots · paused/)]);
    await owner.taps(entries[0] ?? "");
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-paused") }));
    await owner.taps(en("button-resume-all"));
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-running") }));
    await owner.sends("/pause 1");
    await owner.sees(en("bundle-others-go-on", { id: "1", others: "2–3", count: 2 }));
    await owner.taps("#1–3");
    await owner.taps(en("button-cancel-all"));
    await owner.sees(en.like("ask-cancel-all", { id: "1–3" }));
    await owner.taps(en("button-yes-cancel"));
    await owner.sees(en("bundle-title", { id: "1–3", state: en("state-cancelled") }));
    expect(Math.max(...copies("Autumn menu").map(([, count]) => count))).toBe(1);
  }, 60_000);
});

describe("a bot in trouble", () => {
  test("is named in the review and can be taken out; the draft stays", async () => {
    const { owner, composes, telegram, copies } = await threeBots();
    await composes("Autumn menu");
    telegram.fault(
      { method: "sendMessage", token: NEWS_TOKEN },
      { error: { error_code: 400, description: "Bad Request: wrong post" } },
    );
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-to", { people: en("people", { count: 29 }) }));
    await owner.taps(en("button-take-out", { bot: NEWS }));
    await owner.sees(en.like("review-to", { people: en("people", { count: 25 }) }));
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-yes-send", { count: 25 }));
    await until(() => copies("Autumn menu").length === 25);
  }, 60_000);
});
