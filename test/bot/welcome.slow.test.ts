import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Post } from "../../playground/people/post.ts";
import { ERRORS } from "../../playground/server/faults.ts";
import { senders } from "../../src/db/schema.ts";
import { BOT_ID } from "../support/database.ts";
import { scene } from "../support/scene.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import { en } from "../support/words.ts";

const ru = loadWords()("ru");

/** What the local Telegram calls a bot. */
const name = (id: number) => `herald_${id}_bot`;

/** What the bot sent a person, in order. */
const got = (person: Person) =>
  person.holds.flatMap(({ from, text, caption }) => (from?.is_bot ? [text ?? caption ?? ""] : []));

/** Sends the post that was asked for, and uses it. */
async function uses(owner: Person, post: Post): Promise<void> {
  await owner.sees(en.like("welcome-ask"));
  await owner.sends(post);
  await owner.sees(en.like("welcome-review"));
  await owner.taps(en("welcome-use"));
  await owner.sees(en.like("welcome-set"));
}

test("the answer to /start is the admins' own post, by language and by source; how to leave is said once", async () => {
  const { telegram, owner } = await scene(0, { ownerStays: true });
  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps(en("settings-welcome"));
  await owner.sees(en("welcome-own-words"));
  await owner.taps(en("welcome-set-button"));
  await owner.sees(en.like("welcome-ask"));
  await owner.sends({ photo: true, caption: "Hello, {first_name|friend}!" });
  await owner.sees(en.like("welcome-review"));
  // Nothing of it goes to an audience at a time.
  expect(owner.buttons()).toEqual([
    [en("welcome-use")],
    [en("button-edit-post"), en("button-buttons")],
    [en("button-options"), en("button-versions")],
    [en("button-test"), en("button-discard")],
  ]);
  await owner.taps(en("button-buttons"));
  await owner.sees(en.like("buttons-ask"));
  await owner.sends("👍 | 👎");
  await owner.sees(en("check-welcome-button"));
  expect(owner.buttons().flat()).not.toContain(en("welcome-use"));
  await owner.taps(en("button-buttons"));
  await owner.sees(en.like("buttons-ask"));
  await owner.sends("Shop - https://example.com");
  await owner.sees(en.like("welcome-review"));
  await owner.sends("Versions"); // typed
  await owner.sees(en.like("versions-ask"));
  await owner.sends("ru");
  await owner.sees(en.like("post-version"));
  await owner.sends("Привет, {first_name}!");
  await owner.sees(en.like("welcome-review"));
  await owner.taps(en("welcome-use"));
  await owner.sees(en.like("welcome-set"));
  await owner.sends("/welcome promo_vk0");
  await uses(owner, "Welcome from VK!");

  const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await ann.sends("/start");
  await ann.sees(en("start-leave"));
  expect(got(ann)).toEqual(["Hello, Ann!", en("start-leave")]);
  expect(ann.holds.at(-2)?.reply_markup?.inline_keyboard).toMatchObject([
    [{ text: "Shop", url: "https://example.com" }],
  ]);
  // It is in front of her.
  await ann.sends("/start");
  await ann.sends("/stop");
  await ann.sees(en("stop-done"));
  await ann.sends("/start");
  await ann.sees(en.like("start-again", { name: "Ann" }));
  expect(got(ann).filter((text) => text === "Hello, Ann!")).toHaveLength(1);
  const ivan = telegram.person({ id: 51, firstName: "Иван", languageCode: "ru" });
  await ivan.sends("/start unknown");
  await ivan.sees(ru("start-leave"));
  expect(got(ivan)[0]).toBe("Привет, Иван!");
  const vk = telegram.person({ id: 52, firstName: "Bob", languageCode: "en" });
  await vk.sends("/start promo_vk0");
  await vk.sees(en("start-leave"));
  expect(got(vk)[0]).toBe("Welcome from VK!");

  await owner.sends("/welcome off");
  await owner.sees(en("welcome-removed"));
  const carl = telegram.person({ id: 53, firstName: "Carl", languageCode: "en" });
  await carl.sends("/start");
  await carl.sees(en.like("start-person", { name: "Carl" }));
});

test("if Telegram refuses the welcome, people get Herald's own words, and the owner is told once", async () => {
  const { telegram, owner } = await scene(0, { ownerStays: true });
  await owner.sends("/welcome promo");
  await uses(owner, { photo: true, caption: "Hello" });
  const fault = telegram.fault(
    { method: "sendPhoto", chat: (id) => id < 100, times: Infinity },
    { error: ERRORS.wrongRemoteFile },
  );
  for (const id of [50, 51]) {
    const person = telegram.person({ id, firstName: "Ann", languageCode: "en" });
    await person.sends("/start promo");
    await person.sees(en.like("start-person", { name: "Ann" }));
    expect(got(person)).toHaveLength(1);
  }
  const told = en("trouble-welcome", { source: "promo", what: ERRORS.wrongRemoteFile.description });
  await owner.sees(told);
  expect(got(owner).filter((text) => text === told)).toHaveLength(1);
  await owner.sends("/welcome");
  await owner.sees(en("welcome-refused", { description: ERRORS.wrongRemoteFile.description }));
  fault.remove();
  await owner.taps(en("welcome-open", { source: "promo" }));
  await owner.taps(en("welcome-change"));
  await owner.sees(en.like("welcome-review"));
  await owner.taps(en("welcome-use"));
  await owner.sees(en.like("welcome-set"));
  const dora = telegram.person({ id: 54, firstName: "Dora", languageCode: "en" });
  await dora.sends("/start promo");
  await dora.sees(en("start-leave"));
  expect(got(dora)).toEqual(["Hello", en("start-leave")]);
});

test("each bot that Herald answers has its own welcome, and is brought the files of it", async () => {
  const { telegram, owner } = await scene(0, {
    ownerStays: true,
    config: { extraBotTokens: [SHOP_TOKEN] },
    prepare: ({ db }) =>
      db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: name(BOT_ID) },
        { botId: SHOP_ID, homeId: BOT_ID, username: name(SHOP_ID) },
      ]),
  });
  // The owner has started the shop, too, so that it can show them the post.
  telegram.person({ id: owner.id, bot: SHOP_ID, started: true });
  await owner.sends("/welcome");
  await owner.sees(en("welcome-which-bot"));
  await owner.taps(`@${name(SHOP_ID)}`);
  await owner.sees(en.like("welcome-title", { bot: `@${name(SHOP_ID)}` }));
  await owner.taps(en("welcome-set-button"));
  await uses(owner, { photo: true, caption: "Hello from the shop" });
  const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en", bot: SHOP_ID });
  await ann.sends("/start");
  await ann.sees(en("start-leave"));
  expect(got(ann)).toEqual(["Hello from the shop", en("start-leave")]);
});
