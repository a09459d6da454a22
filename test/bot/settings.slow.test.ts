import { expect, test } from "vitest";
import { LOCALES, loadWords } from "../../src/bot/ui/words.ts";
import { getSettings } from "../../src/campaign/settings.ts";
import { homeScope, type Scope } from "../../src/db/scope.ts";
import { audit, preferences } from "../../src/db/schema.ts";
import { readHours } from "../../src/schedule/typed/read-hours.ts";
import { composes, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER_ID } from "../support/herald.ts";
import { en } from "../support/words.ts";
import { scene } from "../support/scene.ts";

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** An owner in Moscow, and a bot for which nothing is set. */
async function moscow() {
  const zone = { homeId: BOT_ID, userId: OWNER_ID, timezone: "Europe/Moscow" };
  const prepare = ({ db }: Scope) => db.insert(preferences).values(zone);
  const { telegram, owner, database, herald } = await scene(0, { ownerStays: true, prepare });
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
  const { owner, stored } = await moscow();
  await owner.sends("/settings");
  const { text } = await owner.sees(en("settings-title"));
  expect(text).toBe(
    `${en("settings-title")}\n\n${en("settings-any-time")}\n${en("settings-no-options")}\n${en("categories-none")}\n${en("cap-is-none")}\n${en("tell-to-author")}\n${en("settings-timezone", { zone: "Europe/Moscow" })}`,
  );
  expect(owner.buttons()).toEqual([
    [en("settings-any"), "09:00–21:00"],
    [en("settings-other")],
    [en("settings-to-options")],
    [en("settings-categories"), en("settings-cap")],
    [en("settings-tell")],
    [en("settings-welcome"), en("settings-newcomers")],
  ]);
  expect(await owner.taps("09:00–21:00")).toMatchObject({ text: en("settings-saved") });
  await owner.sees(en("settings-hours", { hours: "09:00–21:00", zone: "Europe/Moscow" }));
  // The same once more is no error.
  expect(await owner.taps("09:00–21:00")).toMatchObject({ text: en("settings-saved") });
  expect(await stored()).toEqual({
    settings: { window: { zone: "Europe/Moscow", from: 540, to: 1260, days: EVERY_DAY } },
    audit: [
      { action: "settings.changed", actorId: OWNER_ID },
      { action: "settings.changed", actorId: OWNER_ID },
    ],
  });
});

test("other hours are typed, by the admin's clock; what is no hours is answered with examples", async () => {
  const { owner, stored } = await moscow();
  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps(en("settings-other"));
  await owner.sees(/In which hours.*Europe\/Moscow/);
  await owner.sends("whenever you like");
  await owner.sees(en.like("settings-hours-unknown", { text: "whenever you like" }));
  await owner.sends({ sticker: true });
  await owner.sees(en.like("settings-hours-unknown", { text: "" }));
  await owner.sends("22:00-06:00 Mon-Fri");
  const answer = await owner.sees(
    en("settings-hours", { hours: "22:00–06:00, Mon–Fri", zone: "Europe/Moscow" }),
  );
  // The answer goes on as the screen before it.
  const on = { on: answer.message_id };
  expect(owner.buttons(answer)[1]).toEqual([en("settings-other")]);
  await owner.taps(en("settings-to-options"), on);
  await owner.taps(en("button-back"), on);
  await owner.sees(en.like("settings-hours", { hours: "22:00–06:00, Mon–Fri" }));
  await owner.taps("09:00–21:00", on);
  await owner.sees(en.like("settings-hours", { hours: "09:00–21:00" }));
  expect((await stored()).settings).toEqual({
    window: { zone: "Europe/Moscow", from: 540, to: 1260, days: EVERY_DAY },
  });
});

test("any time can be tapped and typed", async () => {
  const { owner, stored } = await moscow();
  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps("09:00–21:00");
  await owner.taps(en("settings-any"));
  await owner.sees(en("settings-any-time"));
  await owner.taps("09:00–21:00");
  await owner.taps(en("settings-other"));
  await owner.sees(en.like("settings-hours-ask"));
  await owner.sends("any time");
  await owner.sees(en("settings-any-time"));
  expect((await stored()).settings).toEqual({ window: null });
});

test("/cancel and another command leave the question, and what is typed then sets nothing", async () => {
  const { owner, stored } = await moscow();
  for (const [command, answer] of [
    ["/cancel", "Cancelled"],
    ["/status", "Herald"],
  ] as const) {
    await owner.sends("/settings");
    await owner.sees(en("settings-title"));
    await owner.taps(en("settings-other"));
    await owner.sees(en.like("settings-hours-ask"));
    await owner.sends(command);
    await owner.sees(answer);
    await owner.sends("10-18");
    await owner.sees(en("outside-dialog"));
  }
  expect((await stored()).settings).toEqual({ window: null });
});

test("options of new posts are set by taps, taken over by the next post, and its own stay its own", async () => {
  const { owner, stored } = await moscow();
  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps(en("settings-to-options"));
  await owner.sees(en("settings-no-options"));
  expect(owner.buttons()).toEqual([
    [en("option-silent"), en("option-protect")],
    [en("option-noPreview"), en("option-pin")],
    [en("option-delete")],
    [en("button-back")],
  ]);
  for (const label of ["Silent", "Pin", "No link preview"])
    expect(await owner.taps(label)).toMatchObject({ text: en("settings-saved") });
  await owner.taps(`✅ ${en("option-pin")}`);
  await owner.taps(en("option-delete"));
  await owner.taps("24 h");
  await owner.sees(en("settings-options", { options: "silent, no link preview, deleted after 24 h" }));
  expect(owner.buttons()[2]).toEqual([`✅ ${en("option-delete")} · 24 h`]);
  await owner.taps(en("button-back"));
  expect((await owner.sees(en("settings-title"))).text).toMatch(
    en.like("settings-options", { options: "silent, no link preview, deleted" }),
  );

  await composes(owner, "Open today.");
  expect((await owner.sees(en.like("review-title"))).text).toContain(
    en("review-options", { options: "silent, no link preview, deleted after 24 h" }),
  );
  await owner.taps(en("button-options"));
  await owner.taps(`✅ ${en("option-silent")}`);
  await owner.sends("/settings");
  expect((await owner.sees(en("settings-title"))).text).toMatch(
    en.like("settings-options", { options: "silent, no link preview, deleted" }),
  );
  await owner.taps(en("settings-to-options"));
  await owner.sees(en("settings-options-ask"));
  for (const label of ["✅ Silent", "✅ No link preview"]) await owner.taps(label);
  await owner.taps(`✅ ${en("option-delete")} · 24 h`);
  await owner.taps(en("option-never"));
  await owner.sees(en("settings-no-options"));
  await owner.sends("/campaign 1");
  expect((await owner.sees(en("review-title", { id: 1 }))).text).toContain(
    en("review-options", { options: "no link preview, deleted after 24 h" }),
  );
  expect((await stored()).settings).toEqual({ window: null });
});

test("hours that another admin set are shown by the clocks of that zone, in Russian as well", async () => {
  const { telegram, owner } = await moscow();
  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps("09:00–21:00");
  await owner.sends("/admins");
  await owner.sees(en.like("admins-list"));
  await owner.taps(en("admins-add"));
  await owner.sees(en("admins-ask"));
  await owner.sends("60");
  await owner.sees(en.like("admins-added"));
  const admin = telegram.person({ id: 60, firstName: "Вера", languageCode: "ru", started: true });
  await admin.sends("/settings");
  const { text } = await admin.sees("Настройки");
  expect(text).toContain("Часы отправки новых рассылок: 09:00–21:00 · Europe/Moscow\n");
  expect(text).toContain("Ваш часовой пояс: UTC. Изменить: /timezone");
});

test("hours that can be read in two ways are not taken, and all of them are named", async () => {
  const { owner } = await moscow();
  await owner.sends("/settings");
  await owner.sees(en("settings-title"));
  await owner.taps(en("settings-other"));
  await owner.sees(en.like("settings-hours-ask"));
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
  const { owner, stored } = await moscow();
  await owner.sends("/settings");
  const screen = await owner.sees(en("settings-title"));
  await owner.sends("/language ru");
  await owner.sees("Теперь ваш язык");
  expect(await owner.taps(en("settings-any"), { on: screen })).toMatchObject({ text: "Сохранено" });
  await owner.sees("Часы отправки новых рассылок: любое время");
  expect((await stored()).settings).toEqual({ window: null });
});
