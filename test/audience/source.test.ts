import { expect, test } from "vitest";
import { startIn } from "../../src/audience/source.ts";

test.each([
  ["/start", { source: null }],
  ["/start promo_vk0", { source: "promo_vk0" }],
  ["/START@shop_bot  Promo-VK0 ", { source: "Promo-VK0" }],
  [`/start ${"a".repeat(64)}`, { source: "a".repeat(64) }],
  [`/start ${"a".repeat(65)}`, { source: null }],
  ["/start two words", { source: null }],
  ["/start\nпромо", { source: null }],
  ["/start herald", { source: null }], // Herald's own link
  ["/started promo", null],
  ["hello /start promo", null],
  [undefined, null],
])("where /start says that somebody came from: %s", (text, start) => {
  expect(startIn(text)).toEqual(start);
});
