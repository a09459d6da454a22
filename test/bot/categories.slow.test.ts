import { expect, test } from "vitest";
import { composes, until } from "../support/broadcast.ts";
import { FIRST, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

test("an admin names a category, a person leaves it by the button under its post, and comes back with /settings", async () => {
  const { telegram, owner } = await scene(3);
  const ann = telegram.person({ id: FIRST, firstName: "Ann", languageCode: "en" });
  const vera = telegram.person({ id: 900, firstName: "Vera", languageCode: "ru" });
  await vera.sends("/start");
  await vera.sees("Vera");

  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps(en("settings-categories"));
  await owner.sees(en("categories-none"));
  await owner.taps(en("categories-new"));
  await owner.sees("What is the category called?");
  await owner.sends("Offers\nru Акции");
  await owner.sees("I cannot take that.");
  await owner.sends("Offers\nru: Акции");
  await owner.sees(en("categories-are", { names: "Offers" }));
  await owner.taps("Offers");
  expect(owner.shows()).toContain("Русский: Акции");
  await owner.taps(en("category-leaveButton"));
  await until(() => owner.buttons()[0]?.[0] === `✅ ${en("category-leaveButton")}`);

  await composes(owner, "Everything at half price.");
  await owner.taps(en("button-options"));
  await owner.taps(en("option-category"));
  await owner.taps("Offers");
  await until(() =>
    owner
      .buttons()
      .flat()
      .includes(`✅ ${en("option-category")} · Offers`),
  );
  await owner.taps(en("button-back"));
  await owner.sees(en("card-category", { name: "Offers" }));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 4 }));
  await shows(owner, inState("finished"));

  await ann.sees("Everything at half price.");
  await ann.taps(en("leave-button"));
  await ann.sees(en("leave-ask", { name: "Offers" }));
  expect(await ann.taps(en("leave-category", { name: "Offers" }))).toMatchObject({
    text: en("settings-saved"),
  });
  await ann.sees(en("subscription-in"));
  expect(ann.buttons()[0]).toEqual(["Offers"]);
  // In the language of the person, whatever that of the post.
  await vera.taps("Отписаться…");
  await vera.sees("Акции");
  await vera.taps("Больше ничего не присылать");
  await vera.sees("Вы не получаете сообщений");
  await owner.sends("/campaign 1");
  await until(() => owner.shows().includes(en("card-departed", { count: 2 })), 20_000);

  await owner.sends("/settings");
  await owner.sees(en("cap-is-none"));
  await owner.taps(en("settings-cap"));
  await owner.taps(en("cap-other"));
  await owner.sees(en.opens("cap-ask", { longest: 90 }));
  await owner.sends("often");
  await owner.sees(en("cap-unknown", { text: "often" }));
  await owner.sends("1 in 365");
  await owner.sees(en("cap-too-long", { longest: 90 }));
  await owner.sends("1 in 7");
  await owner.sees(en("cap-is", { most: 1, days: 7 }));
  await composes(owner, "Too much.");
  await owner.sees("3 over the frequency cap left out");
  await owner.sends("/cancel");
  await owner.sees(en("dialog-left"));
  await owner.sends("/settings");
  await owner.sees(en("cap-is", { most: 1, days: 7 }));
  await owner.taps(en("settings-cap"));
  await owner.taps(en("cap-none"));
  await owner.sees(en("cap-is-none"));

  await composes(owner, "Once more.");
  await owner.taps(en("button-options"));
  await owner.taps(en("option-category"));
  await owner.taps("Offers");
  await owner.taps(en("button-back"));
  await owner.sees("1 who left this category left out");

  await ann.sends("/settings");
  await ann.sees(en("subscription-categories"));
  await ann.taps("Offers");
  await until(() => ann.buttons()[0]?.[0] === "✅ Offers");
  await ann.taps(en("subscription-stop"));
  await ann.sees(en("subscription-out"));
  await ann.taps(en("subscription-again"));
  await ann.sees(en("subscription-in"));
});
