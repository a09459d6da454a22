import { expect, test } from "vitest";
import { isSource } from "../../src/audience/source.ts";
import { fitSource, startLink } from "../../src/audience/start-link.ts";

test("a link opens the bot's chat with its source", () => {
  expect(startLink("shop_bot", "promo_vk0")).toBe("https://t.me/shop_bot?start=promo_vk0");
});

test.each([
  ["promo vk", "promo_vk"],
  ["Промо ВК, щука", "promo_vk_shchuka"],
  ["съезд мышь", "sezd_mysh"],
  ["Größe & Café", "gro_e_cafe"],
  ["herald", "herald_1"],
  ["a".repeat(80), "a".repeat(64)],
])("instead of %s, something that Telegram takes", (typed, instead) => {
  expect(fitSource(typed)).toBe(instead);
  expect(isSource(instead)).toBe(true);
});

test("nothing can be typed instead of what has no letter or digit", () => {
  for (const typed of ["", "👍", " _ ", "__"]) expect(fitSource(typed)).toBeNull();
});
