import { expect, test } from "vitest";
import { LOCALES, loadWords } from "../../src/bot/ui/words.ts";
import { ATTEMPT_FAULTS, WEBHOOK_EVENTS, WHYS_DISABLED } from "../../src/db/states.ts";
import { apiScene } from "../support/api.ts";
import { until } from "../support/broadcast.ts";
import { receiver } from "../support/receiver.ts";
import { en } from "../support/words.ts";

test("/webhooks shows owners how each is doing, disables and enables it, and deletes it after a question", async () => {
  const { owner, call } = await apiScene(1);
  const shop = await receiver();
  await owner.sends("/webhooks");
  await owner.sees(en("webhooks-none"));
  const made = await call("POST", "/v1/webhooks", { url: shop.url, events: ["campaign.finished"] });
  const host = `${new URL(shop.url).host} (${made.body.id})`;
  const path = `/v1/webhooks/${made.body.id}`;
  await call("POST", `${path}/test`);
  await until(async () => (await call("GET", path)).body.last_attempt !== null);
  await owner.sends("/webhooks");
  const list = await owner.sees(en("webhooks-title"));
  expect(list.text).toMatch(en.like("webhooks-last", { answer: en("webhooks-answer", { status: "204" }) }));
  const on = { on: list.message_id };
  await owner.taps(host, on);
  const { text } = await owner.sees(en("webhooks-by", { name: "A send key" }));
  expect(text).toContain("campaign.finished");
  expect(await owner.taps(en("webhooks-disable"), on)).toMatchObject({ text: en("webhooks-disabled") });
  await owner.sees(en("webhooks-off-turned-off"));
  expect((await call("GET", path)).body.enabled).toBe(false);
  expect(await owner.taps(en("webhooks-enable"), on)).toMatchObject({ text: en("webhooks-enabled") });
  expect((await call("GET", path)).body.enabled).toBe(true);
  await owner.taps(en("webhooks-delete"), on);
  await owner.sees(en("webhooks-ask-delete", { host }));
  const [first, second] = await owner.tapsTimes(en("webhooks-yes-delete"), 2, on);
  expect([first?.text, second?.text]).toEqual([en("webhooks-deleted"), en("list-outdated")]);
  await owner.sees(en("webhooks-none"));
  expect((await call("GET", path)).status).toBe(404);
});

test("what a webhook did not take is sent again by a tap", async () => {
  const { owner, call } = await apiScene(1);
  const shop = await receiver();
  const { id } = (await call("POST", "/v1/webhooks", { url: shop.url, events: ["campaign.finished"] })).body;
  shop.answers(410);
  await call("POST", `/v1/webhooks/${id}/test`);
  await owner.sees(en.like("webhook-disabled-gone"));
  shop.answers(204);
  await owner.sends("/webhooks");
  const { message_id } = await owner.sees(en("webhooks-off-gone"));
  const on = { on: message_id };
  await owner.taps(`${new URL(shop.url).host} (${id})`, on);
  await owner.sees(en("webhooks-failed", { count: 1 }));
  await owner.taps(en("webhooks-enable"), on);
  await until(() =>
    owner
      .buttons()
      .flat()
      .includes(en("webhooks-resend", { count: 1 })),
  );
  expect(await owner.taps(en("webhooks-resend", { count: 1 }), on)).toMatchObject({
    text: en("webhooks-resent", { count: 1 }),
  });
  await until(() => shop.got.length === 2);
  expect(shop.got[1]?.id).toBe(shop.got[0]?.id);
});

test("/webhooks is for owners", async () => {
  const { telegram } = await apiScene(1);
  const stranger = telegram.person({ id: 9, firstName: "Sam", languageCode: "en", started: true });
  await stranger.sends("/webhooks");
  await stranger.sees(en("unknown-command"));
});

const longest = (all: string[]) => all.toSorted((a, b) => b.length - a.length)[0] ?? "";

test.each(LOCALES)("every state has words in %s, and twenty webhooks fit into a message", (locale) => {
  const t = loadWords()(locale);
  const answers = ATTEMPT_FAULTS.map((fault) => t(`webhooks-fault-${fault}`));
  const states = WHYS_DISABLED.map((why) => t(`webhooks-off-${why}`));
  const last = t("webhooks-last", { answer: longest(answers), time: "23 November 2026, 10:00" });
  const entry = ["x".repeat(60), `${longest(states)} · ${last}`].join("\n");
  expect(20 * (entry.length + 2) + t("webhooks-title").length).toBeLessThan(4_096);
  expect(WEBHOOK_EVENTS.join(", ").length).toBeLessThan(1_000);
});
