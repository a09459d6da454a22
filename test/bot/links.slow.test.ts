import { expect, test } from "vitest";
import { until } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, scene } from "../support/scene.ts";
import { NEWS_ID } from "../support/senders.ts";
import { nameOf, threeBots } from "../support/three-bots.ts";
import { en } from "../support/words.ts";

test("a link comes with its QR code; what cannot be one is refused with what to type instead", async () => {
  const { owner, telegram } = await scene(1);
  await owner.sends("/links");
  await owner.sees(en.like("links-none"));
  await owner.taps(en("links-new"));
  await owner.sees(en("links-ask"));
  await owner.sends("👍");
  await owner.sees(en("links-unfit"));
  await owner.sends("Промо ВК");
  await owner.sees(en("links-unfit-but", { source: "promo_vk" }));
  await owner.sends("promo_vk");
  const link = `https://t.me/${nameOf(BOT_ID).slice(1)}?start=promo_vk`;
  const caption = `${link}\n${en("links-new-source", { source: "promo_vk" })}`;
  await until(() => owner.holds.some((message) => message.photo && message.caption === caption), 20_000);

  // Who presses Start by it is counted.
  const person = telegram.person({ id: FIRST + 50, firstName: "Ann", languageCode: "en" });
  await person.sends("/start promo_vk");
  await person.sees(/./);
  await owner.sends("/links promo_vk");
  await owner.sees(en("links-source", { source: "promo_vk", people: 1, reachable: 1, week: 1, month: 1 }));
  await person.blocks();
  await until(async () => {
    await owner.sends("/links");
    const shown = await owner.sees(en.like("links-title"));
    return /promo_vk: 1, 0 can be reached/.test(shown.text ?? "");
  });
  await owner.taps(en("links-csv"));
  await owner.sees(en("links-caption", { count: 1 }));
  const file = owner.holds.findLast(({ document }) => document)?.document;
  expect(telegram.file(file?.file_id ?? "")?.toString()).toBe(
    `source,people,reachable,last_7_days,last_30_days,link\npromo_vk,1,0,1,1,${link}\n`,
  );
});

test("with several bots, a link is asked for its bot, and each has sources of its own", async () => {
  const { owner, anna } = await threeBots();
  await owner.sends("/links fair");
  await owner.sees(en("ask-bot"));
  await owner.taps(nameOf(NEWS_ID));
  await owner.sees(new RegExp(`^https://t\\.me/${nameOf(NEWS_ID).slice(1)}\\?start=fair`));
  await anna.sends(`/links ${nameOf(NEWS_ID)}`);
  await anna.sees(en.like("links-none", { bot: nameOf(NEWS_ID) }));
});
