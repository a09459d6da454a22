import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { createKey } from "../../src/access/keys.ts";
import { homeScope } from "../../src/db/scope.ts";
import { senders } from "../../src/db/schema.ts";
import { HTTP } from "../support/api.ts";
import { ownerOf, within } from "../support/broadcast.ts";
import { TITLE, addsShop, botsScene } from "../support/bots-scene.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { OWNER, TOKEN, localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en } from "../support/words.ts";

/* Bots that an owner adds in /bots: no row of them is put in by hand. */

test("a bot added in /bots beside another program hears of people by the relay, and sends to them", async () => {
  const { telegram, owner, herald, onDatabase, hasShop, opens } = await botsScene({
    config: { http: HTTP },
  });
  await hasShop();
  const { secret } = await onDatabase((db) =>
    createKey(homeScope(db, BOT_ID), OWNER, { name: "The shop", role: "relay", expiresAt: null }),
  );
  const anna = telegram.person({ id: 500_001, firstName: "Anna", languageCode: "en", bot: SHOP_ID });
  const relays = async (...updates: object[]) => {
    const answer = await fetch(`${herald.httpAddress}/v1/bots/@shop_bot/updates`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify(updates),
    });
    return [answer.status, await answer.json()] as const;
  };
  const started = { update_id: 1, message: await anna.sends("/start") };
  expect(await relays(started)).toEqual([202, { taken: 1, known: 0, foreign: 0, ignored: 0 }]);
  expect(await relays(started)).toEqual([202, { taken: 0, known: 1, foreign: 0, ignored: 0 }]);
  await opens();
  expect((await owner.sees(TITLE)).text).toContain(en("bots-people", { count: 1 }));

  await owner.sends("/broadcast");
  await owner.sees(en.like("from-note"));
  await owner.taps(en("card-from", { bot: `@herald_${BOT_ID}_bot` }));
  await owner.sees(en("from-ask"));
  await owner.taps("@shop_bot");
  await owner.sees(en("from-note", { bot: "@shop_bot" }));
  await owner.sends("From the shop.");
  await owner.sees(en.like("audience-ask", { people: en("people", { count: 1 }) }));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-to"));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 1 }));
  await anna.sees("From the shop.");
  expect(anna.holds.at(-1)?.from?.id).toBe(SHOP_ID);
  // Nobody polled for it: its own program gets its updates.
  expect(telegram.bot(SHOP_TOKEN).allowed).toBeUndefined();
});

test("a bot added in /bots while two processes run is taken up by one of them within seconds", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.bot(TOKEN);
  telegram.bot(SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
  const owner = ownerOf(telegram);
  const database = await freshLocation();
  const variables = {
    ...environment(telegram, database),
    SECRET_KEY: "3f1c9a5e7b2d40868c1f35a9d2e47b601a2b3c4d5e6f70819293a4b5c6d7e8f9",
  };
  const [home, standBy] = [spawnHerald(variables), spawnHerald(variables)];
  await Promise.any([isUp(home), isUp(standBy)]);
  await addsShop(owner);
  await owner.taps(en("bots-answers"));
  await owner.taps(en("bots-yes-polls"));
  await owner.sees(en("bots-state-answers"));
  const anna = telegram.person({ id: 500_001, firstName: "Anna", languageCode: "en", bot: SHOP_ID });
  await anna.sends("/start");
  await anna.sees(en("start-person", { name: "Anna" }), { within: 5_000 });
  const rows = await within(database, ({ db }) =>
    db.select({ holder: senders.leaseHolder }).from(senders).where(eq(senders.botId, SHOP_ID)),
  );
  const pid = Number(/^herald (\d+) /.exec(rows[0]?.holder ?? "")?.[1]);
  expect([home.pid, standBy.pid]).toContain(pid);
});
