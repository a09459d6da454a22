import { describe, expect, test } from "vitest";
import { getCampaign } from "../../src/campaign/queries.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { senders } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { scene } from "../support/scene.ts";
import { seedCampaign, seedPeople } from "../support/seed.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en } from "../support/words.ts";

/* A home with two bots, as admins see it: its own with 20 people, and a shop's with 3. */

/* What the local Telegram calls them. */
const HOME = `@herald_${BOT_ID}_bot`;
const NAME = `@herald_${SHOP_ID}_bot`;

async function twoBots() {
  return scene(20, {
    config: { extraBotTokens: [SHOP_TOKEN] },
    async prepare(scope) {
      await scope.db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: HOME.slice(1) },
        { botId: SHOP_ID, homeId: BOT_ID, username: NAME.slice(1), handling: "beside" },
      ]);
      await seedPeople(scopeOf(scope, { botId: SHOP_ID }), [5, 6, 7]);
    },
  });
}

const from = (bot: string) => en("card-from", { bot });

describe("the composer of a home with several bots", () => {
  test("says from which bot, and the post goes to the people of the one that is chosen", async () => {
    const { owner, database } = await twoBots();
    await owner.sends("/broadcast");
    await owner.sees(en("from-note", { bot: HOME }));
    await owner.taps(from(HOME));
    await owner.sees(en("from-ask"));
    expect(owner.buttons()).toEqual([[`✅ ${HOME}`, NAME], [en("from-several-button")]]);
    await owner.taps(NAME);
    await owner.sees(en("from-note", { bot: NAME }));
    await owner.sends("Only for the shop.");
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 3 }) }));
    await owner.taps(en("audience-continue"));
    await owner.sees(from(NAME));
    const draft = await within(database, ({ db }) => getCampaign(homeScope(db, BOT_ID), 1));
    expect(draft).toMatchObject({ botId: SHOP_ID, homeId: BOT_ID });
    // The choice is over: the draft belongs to that bot.
    await owner.sends("/broadcast");
    await owner.sees(en("from-note", { bot: HOME }));
    await owner.sends("For all.");
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
  });

  test("on the card with the audience another bot can be chosen, whose people it then counts and sends to", async () => {
    const { owner, telegram, database } = await twoBots();
    telegram.people(3, { firstId: 5, bot: SHOP_ID });
    const draft = () => within(database, ({ db }) => getCampaign(homeScope(db, BOT_ID), 1));
    await owner.sends("/broadcast");
    await owner.sees(en("from-note", { bot: HOME }));
    await owner.sends("For one of them.");
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
    await owner.taps(from(HOME));
    await owner.sees(en("from-ask"));
    expect(owner.buttons().flat()).toEqual([
      `✅ ${HOME}`,
      NAME,
      en("from-several-button"),
      en("button-back"),
    ]);
    await owner.taps(en("button-back"));
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 20 }) }));
    await owner.taps(from(HOME));
    await owner.sees(en("from-ask"));
    await owner.taps(NAME);
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 3 }) }));
    expect(owner.buttons().flat()).toContain(from(NAME));
    expect(await draft()).toMatchObject({ botId: SHOP_ID, bots: null });
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-to", { people: en("people", { count: 3 }) }));
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-yes-send", { count: 3 }));
    await until(async () => (await draft()).state === "finished");
    const got = telegram.counts(({ text, from }) => text === "For one of them." && from?.id === SHOP_ID);
    expect([5, 6, 7].map((id) => got.get(id))).toEqual([1, 1, 1]);
  });

  test("and one with a single bot says nothing of it", async () => {
    const { owner } = await scene(3);
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("Hello.");
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-to"));
    expect(owner.holds.some(({ text }) => text?.includes("From:"))).toBe(false);
  });
});

test("a bot whose token cannot be read shows no preview, but says what to do, and the draft stays", async () => {
  const { owner, database } = await scene(3, {
    prepare: (scope) =>
      scope.db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: HOME.slice(1) },
        // Sealed with a key that is gone.
        { botId: SHOP_ID, homeId: BOT_ID, username: NAME.slice(1), sealedToken: "AQAB" },
      ]),
  });
  await within(database, ({ db }) => seedPeople(scopeOf(homeScope(db, BOT_ID), { botId: SHOP_ID }), [5]));
  await owner.sends("/broadcast");
  await owner.sees(en("from-note", { bot: HOME }));
  await owner.taps(from(HOME));
  await owner.sees(en("from-ask"));
  await owner.taps(NAME);
  await owner.sees(en("from-note", { bot: NAME }));
  await owner.sends("Only for the shop.");
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en("error-bot-needs-token"));
  expect(await within(database, ({ db }) => getCampaign(homeScope(db, BOT_ID), 1))).toMatchObject({
    state: "draft",
    botId: SHOP_ID,
  });
});

test("lists, the calendar and statistics are about all bots, or about one", async () => {
  const { owner, database } = await twoBots();
  const soon = new Date(Date.now() + 3_600_000);
  const [ours, theirs] = await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const scheduled = { state: "scheduled", startsAt: soon } as const;
    return [
      await seedCampaign(scope, scheduled),
      await seedCampaign(scopeOf(scope, { botId: SHOP_ID }), scheduled),
    ];
  });
  await owner.sends("/campaigns");
  await owner.sees(en("campaigns-title", { tab: en("tab-scheduled") }));
  const entries = () =>
    owner
      .buttons()
      .flat()
      .filter((label) => label.startsWith("#"));
  expect(entries()).toEqual([
    expect.stringContaining(`#${ours.id} · ${HOME}`),
    expect.stringContaining(`#${theirs.id} · ${NAME}`),
  ]);
  await owner.taps(en("from-all-button"));
  await owner.sees(en("from-which"));
  await owner.taps(NAME);
  await owner.sees(en("campaigns-title", { tab: en("tab-scheduled") }));
  expect(entries()).toEqual([expect.stringMatching(new RegExp(`^#${theirs.id} · (?!@)`))]);
  expect(owner.buttons().flat()).toContain(`• ${en("tab-scheduled")} 1`);
  expect(owner.buttons().flat()).toContain(from(NAME));

  await owner.taps(en("button-calendar"));
  await owner.sees(from(NAME));
  expect(entries()).toEqual([`#${theirs.id}`]);
  await owner.sends("/calendar");
  await owner.sees(en("from-all", { command: `/calendar ${NAME}` }));
  expect(entries()).toEqual([`#${ours.id}`, `#${theirs.id}`]);

  await owner.sends(`/campaigns ${NAME}`);
  await owner.sees(en("campaigns-title", { tab: en("tab-scheduled") }));
  expect(entries()).toHaveLength(1);
  await owner.sends("/stats");
  await owner.sees(en("stats-people-of", { bot: HOME }));
  await owner.sends(`/stats ${NAME}`);
  await owner.sees(en("stats-people-of", { bot: NAME }));
  await owner.sees(en("stats-active", { count: 3 }));
  await owner.sends("/stats @nobody");
  await owner.sees(en.like("from-unknown", { text: "@nobody" }));
});
