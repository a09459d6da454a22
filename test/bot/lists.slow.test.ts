import { expect, test } from "vitest";
import { recipients } from "../../src/db/schema.ts";
import { listLists } from "../../src/audience/lists.ts";
import { homeScope } from "../../src/db/scope.ts";
import { within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { scene } from "../support/scene.ts";
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
