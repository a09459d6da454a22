import { expect, test } from "vitest";
import { LOCALES, loadWords } from "../../src/bot/ui/words.ts";
import { getSettings } from "../../src/campaign/settings.ts";
import { homeScope } from "../../src/db/scope.ts";
import { audit, preferences } from "../../src/db/schema.ts";
import { readHours } from "../../src/schedule/typed/read-hours.ts";
import { composes, ownerOf, within } from "../support/broadcast.ts";
import { BOT_ID, emptyLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram, running } from "../support/herald.ts";

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** An owner in Moscow, and a bot for which nothing is set. */
async function scene() {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const database = await emptyLocation();
  await within(database, ({ db }) =>
    db.insert(preferences).values({ homeId: BOT_ID, userId: OWNER_ID, timezone: "Europe/Moscow" }),
  );
  const herald = await running(telegram, { database });
  const stored = async () => {
    await herald.stop();
    return within(database, async ({ db }) => ({
      settings: await getSettings(homeScope(db, BOT_ID)),
      audit: (await db.select().from(audit)).map(({ action, actorId }) => ({ action, actorId })),
    }));
  };
  return { telegram, owner, stored };
}

test("/settings shows what is set, and a tap changes it for all new campaigns; who it was is noted", async () => {
  const { owner, stored } = await scene();
  await owner.sends("/settings");
  const { text } = await owner.sees("Settings");
  expect(text).toBe(`Settings

Sending hours for new campaigns: any time
Options for new posts: none
Messages about a campaign: to its author
Your time zone: Europe/Moscow. /timezone changes it.`);
  expect(owner.buttons()).toEqual([
    ["Any time", "09:00–21:00"],
    ["Other hours…"],
    ["Options for new posts…"],
    ["Tell…"],
  ]);
  expect(await owner.taps("09:00–21:00")).toMatchObject({ text: "Saved" });
  await owner.sees("Sending hours for new campaigns: 09:00–21:00 · Europe/Moscow");
  // The same once more is no error.
  expect(await owner.taps("09:00–21:00")).toMatchObject({ text: "Saved" });
  expect(await stored()).toEqual({
    settings: { window: { zone: "Europe/Moscow", from: 540, to: 1260, days: EVERY_DAY } },
    audit: [
      { action: "settings.changed", actorId: OWNER_ID },
      { action: "settings.changed", actorId: OWNER_ID },
    ],
  });
});

test("other hours are typed, by the admin's clock; what is no hours is answered with examples", async () => {
  const { owner, stored } = await scene();
  await owner.sends("/settings");
  await owner.sees("Settings");
  await owner.taps("Other hours…");
  await owner.sees(/In which hours.*Europe\/Moscow/);
  await owner.sends("whenever you like");
  await owner.sees("I cannot read “whenever you like” as hours.");
  await owner.sends({ sticker: true });
  await owner.sees("I cannot read");
  await owner.sends("22:00-06:00 Mon-Fri");
  const answer = await owner.sees("Sending hours for new campaigns: 22:00–06:00, Mon–Fri · Europe/Moscow");
  // The answer goes on as the screen before it.
  const on = { on: answer.message_id };
  expect(owner.buttons(answer)[1]).toEqual(["Other hours…"]);
  await owner.taps("Options for new posts…", on);
  await owner.taps("Back", on);
  await owner.sees("Sending hours for new campaigns: 22:00–06:00");
  await owner.taps("09:00–21:00", on);
  await owner.sees("Sending hours for new campaigns: 09:00–21:00");
  expect((await stored()).settings).toEqual({
    window: { zone: "Europe/Moscow", from: 540, to: 1260, days: EVERY_DAY },
  });
});

test("any time can be tapped and typed", async () => {
  const { owner, stored } = await scene();
  await owner.sends("/settings");
  await owner.sees("Settings");
  await owner.taps("09:00–21:00");
  await owner.taps("Any time");
  await owner.sees("new campaigns: any time");
  await owner.taps("09:00–21:00");
  await owner.taps("Other hours…");
  await owner.sees("In which hours");
  await owner.sends("any time");
  await owner.sees("new campaigns: any time");
  expect((await stored()).settings).toEqual({ window: null });
});

test("/cancel and another command leave the question, and what is typed then sets nothing", async () => {
  const { owner, stored } = await scene();
  for (const [command, answer] of [
    ["/cancel", "Cancelled"],
    ["/status", "Herald"],
  ] as const) {
    await owner.sends("/settings");
    await owner.sees("Settings");
    await owner.taps("Other hours…");
    await owner.sees("In which hours");
    await owner.sends(command);
    await owner.sees(answer);
    await owner.sends("10-18");
    await owner.sees("begin with /broadcast");
  }
  expect((await stored()).settings).toEqual({ window: null });
});

test("options of new posts are set by taps, taken over by the next post, and its own stay its own", async () => {
  const { owner, stored } = await scene();
  await owner.sends("/settings");
  await owner.sees("Settings");
  await owner.taps("Options for new posts…");
  await owner.sees("Options for new posts: none");
  expect(owner.buttons()).toEqual([
    ["Silent", "Protect content"],
    ["No link preview", "Pin"],
    ["Delete after…"],
    ["Back"],
  ]);
  for (const label of ["Silent", "Pin", "No link preview"])
    expect(await owner.taps(label)).toMatchObject({ text: "Saved" });
  await owner.taps("✅ Pin");
  await owner.taps("Delete after…");
  await owner.taps("24 h");
  await owner.sees("Options for new posts: silent, no link preview, deleted after 24 h");
  expect(owner.buttons()[2]).toEqual(["✅ Delete after… · 24 h"]);
  await owner.taps("Back");
  expect((await owner.sees("Settings")).text).toContain("new posts: silent, no link preview, deleted");

  await composes(owner, "Open today.");
  expect((await owner.sees("· draft")).text).toContain(
    "Options: silent, no link preview, deleted after 24 h",
  );
  await owner.taps("Options…");
  await owner.taps("✅ Silent");
  await owner.sends("/settings");
  expect((await owner.sees("Settings")).text).toContain("new posts: silent, no link preview, deleted");
  await owner.taps("Options for new posts…");
  await owner.sees("Tap them on and off");
  for (const label of ["✅ Silent", "✅ No link preview"]) await owner.taps(label);
  await owner.taps("✅ Delete after… · 24 h");
  await owner.taps("Never");
  await owner.sees("Options for new posts: none");
  await owner.sends("/campaign 1");
  expect((await owner.sees("Campaign #1 · draft")).text).toContain(
    "Options: no link preview, deleted after 24 h",
  );
  expect((await stored()).settings).toEqual({ window: null });
});

test("hours that another admin set are shown by the clocks of that zone, in Russian as well", async () => {
  const { telegram, owner } = await scene();
  await owner.sends("/settings");
  await owner.sees("Settings");
  await owner.taps("09:00–21:00");
  await owner.sends("/admins");
  await owner.sees("Owners");
  await owner.taps("Add an admin");
  await owner.sees("Who should become an admin?");
  await owner.sends("60");
  await owner.sees("is an admin now");
  const admin = telegram.person({ id: 60, firstName: "Вера", languageCode: "ru", started: true });
  await admin.sends("/settings");
  const { text } = await admin.sees("Настройки");
  expect(text).toContain("Часы отправки новых рассылок: 09:00–21:00 · Europe/Moscow\n");
  expect(text).toContain("Ваш часовой пояс: UTC. Изменить: /timezone");
});

test("hours that can be read in two ways are not taken, and all of them are named", async () => {
  const { owner } = await scene();
  await owner.sends("/settings");
  await owner.sees("Settings");
  await owner.taps("Other hours…");
  await owner.sees("In which hours may new campaigns be sent?");
  await owner.sends("9am-5");
  await owner.sees(
    "“9am-5” can mean more than one range of hours. Type the one you mean:\n· 09:00–05:00\n· 09:00–17:00",
  );
  await owner.sends("9am-5pm");
  await owner.sees("09:00–17:00");
});

test("every example that the question gives can be read, in both languages, and so can the label of the button", () => {
  for (const locale of LOCALES) {
    const t = loadWords()(locale);
    const [, ...lines] = t("settings-hours-ask", { zone: "UTC" }).split("\n");
    const examples = [...lines.slice(0, -1), t("settings-day")];
    const hint = /(9:30–18:00 \S+)\. /.exec(t("settings-hours-unknown", { text: "?" }))?.[1] ?? "";
    expect(examples).toHaveLength(4);
    expect([...examples, hint].filter((example) => readHours(example, "UTC").type !== "hours")).toEqual([]);
  }
});

test("a screen in another language than before does what it shows, and goes on in the new one", async () => {
  const { owner, stored } = await scene();
  await owner.sends("/settings");
  const screen = await owner.sees("Settings");
  await owner.sends("/language ru");
  await owner.sees("Теперь ваш язык");
  expect(await owner.taps("Any time", { on: screen })).toMatchObject({ text: "Сохранено" });
  await owner.sees("Часы отправки новых рассылок: любое время");
  expect((await stored()).settings).toEqual({ window: null });
});
