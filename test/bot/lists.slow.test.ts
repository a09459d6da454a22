import { expect, test } from "vitest";
import { getDraft } from "../../src/campaign/queries.ts";
import { vote } from "../../src/campaign/votes/button-votes.ts";
import { recipients } from "../../src/db/schema.ts";
import { listLists } from "../../src/audience/lists.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, scene, shows } from "../support/scene.ts";
import { NEWS_ID } from "../support/senders.ts";
import { nameOf, threeBots } from "../support/three-bots.ts";
import { en } from "../support/words.ts";

test("a list is made in the chat, filled by a message, renamed, and deleted after a question", async () => {
  const { owner, database, herald } = await scene(0, {
    async prepare({ db }) {
      await db.insert(recipients).values([
        { botId: BOT_ID, chatId: 41, phone: "+79161234567" },
        { botId: BOT_ID, chatId: 42, username: "ada" },
      ]);
    },
  });
  await owner.sends("/lists");
  await owner.sees(en.like("lists-none"));
  await owner.taps(en("lists-new"));
  await owner.sees(en("lists-ask-name"));
  await owner.sends("a, b");
  await owner.sees(en("error-list-name-unfit"));
  await owner.sends("Fair");
  await owner.sees(en("lists-ask-people"));
  await owner.sends("+7 916 123-45-67, @ada, @nobody\n79160000000");
  await owner.sees(en.like("lists-added", { name: "Fair", known: 2, added: 2, missed: 2 }));
  await owner.sees(en.like("lists-missed", { count: 2 }));
  expect(herald.logged.join("\n")).not.toMatch(/7916/);
  await owner.sees(/^List \d+: Fair/);
  await owner.taps(en("lists-rename"));
  await owner.sees(en("lists-ask-name"));
  await owner.sends("Ярмарка");
  await owner.sees(/^List \d+: Ярмарка/);
  const lists = () => within(database, ({ db }) => listLists(homeScope(db, BOT_ID)));
  expect(await lists()).toMatchObject([{ name: "Ярмарка", members: 2 }]);
  await owner.taps(en("lists-delete"));
  await owner.sees(en.like("lists-ask-delete", { name: "Ярмарка", count: 2 }));
  await owner.taps(en("lists-yes-delete"));
  await owner.sees(en.like("lists-none"));
  expect(await lists()).toEqual([]);
});

test("the card of a campaign makes lists of its people, and the card of the next one sends to any of these", async () => {
  const { owner, database } = await scene(4);
  const scope = <T>(work: (home: ReturnType<typeof homeScope>) => Promise<T>) =>
    within(database, ({ db }) => work(homeScope(db, BOT_ID)));
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Do you like it?");
  await owner.sees(en.like("audience-ask", { people: en("people", { count: 4 }) }));
  await owner.taps(en("audience-lists"));
  await owner.sees(en.opens("lists-choose-none", { id: "1" }));
  await owner.taps(en("filter-done"));
  await owner.taps(en("audience-continue"));
  await owner.taps(en("button-buttons"));
  await owner.sends("👍 | 👎");
  await owner.sees(en.like("review-title"));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 4 }));
  await shows(owner, /finished/);
  await scope(async (home) => {
    await vote(home, 1, FIRST, "👍");
    await vote(home, 1, FIRST + 1, "👍");
    await vote(home, 1, FIRST + 2, "👎");
  });

  await owner.taps(en("button-people"));
  await owner.sees(en("lists-of-ask", { id: "1" }));
  expect(owner.buttons()).toEqual([
    [`${en("lists-of-reached")} · 4`],
    [en("lists-of-answered")],
    ["👍 · 2"],
    ["👎 · 1"],
  ]);
  await owner.taps("👍 · 2");
  await owner.sees(/^List \d+: #1 👍\n2 people/);
  await owner.sends("/listof 1");
  await owner.sees(en("lists-of-ask", { id: "1" }));
  await owner.taps("👎 · 1");
  await owner.sees(/^List \d+: #1 👎\n1 person/);
  // Again, it adds to the same list.
  await scope((home) => vote(home, 1, FIRST + 3, "👎"));
  await owner.sends("/listof 1");
  await owner.sees(en("lists-of-ask", { id: "1" }));
  await owner.taps("👎 · 2");
  await owner.sees(/^List \d+: #1 👎\n2 people/);

  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Thank you");
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-lists"));
  await owner.taps("#1 👍 · 2");
  await owner.sees(/People on the list #1 👍: 2 people/);
  await owner.taps("#1 👎 · 2");
  await owner.sees(/list:"?#1 👍"? or list:"?#1 👎"?/);
  expect(owner.holds.at(-1)?.text).toMatch(/: 4 people/);
  await owner.taps("✅ #1 👍 · 2");
  await owner.sees(/People on the list #1 👎: 2 people/);
  const { audience } = await scope((home) => getDraft(home, 2));
  expect(audience).toEqual({ languages: "all", segment: { list: "#1 👎" } });
});

test("with several bots, a new list is asked for its bot", async () => {
  const { owner, database } = await threeBots();
  await owner.sends("/lists Spring fair");
  await owner.sees(en("ask-bot"));
  await owner.taps(nameOf(NEWS_ID));
  await owner.sees(en("lists-ask-people"));
  await owner.sends("88301");
  await owner.sees(en.like("lists-added", { name: "Spring fair", known: 1, added: 1, missed: 0 }));
  const listed = (botId: number) =>
    within(database, ({ db }) => listLists(scopeOf(homeScope(db, BOT_ID), { botId })));
  expect(await listed(NEWS_ID)).toMatchObject([{ name: "Spring fair" }]);
  expect(await listed(BOT_ID)).toEqual([]);
});
