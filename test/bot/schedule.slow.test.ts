import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { setTimezone, timezoneOf } from "../../src/access/preferences.ts";
import { saveSettings } from "../../src/campaign/settings.ts";
import type { Config } from "../../src/config.ts";
import { homeScope } from "../../src/db/scope.ts";
import { cardOf, register, until, within } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { type MovableClock, movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, OWNER_ID, running } from "../support/herald.ts";
import { FIRST, shows, scene, type Scene } from "../support/scene.ts";
import { range } from "../support/seed.ts";
import { en, inOrder, inState } from "../support/words.ts";

/** A Monday. */
const START = "2027-03-01T12:00:00Z";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Options extends Partial<Config> {
  /** The owner's zone; null lets them be asked. */
  zone?: string | null;
  people?: number;
  start?: string;
}

interface Timed extends Pick<Scene, "telegram" | "owner" | "database"> {
  clock: MovableClock;
  /** Starts Herald, again after `stop`. */
  start: () => ReturnType<typeof running>;
  stop: () => Promise<void>;
}

/** A bot with a few people, at noon of a Monday by a clock that the test moves. */
async function monday({ zone = "UTC", people = 3, start = START, ...config }: Options = {}): Promise<Timed> {
  const clock = movableClock();
  clock.jump(Date.parse(start) - Date.now());
  const all = await scene(people, {
    rate: 200,
    config,
    clock,
    prepare: async (scope) => zone !== null && (await setTimezone(scope, OWNER_ID, zone)),
  });
  const { telegram, owner, database } = all;
  let { herald } = all;
  const settings = { database, messagesPerSecond: 200, ...config };
  return {
    telegram,
    owner,
    database,
    clock,
    start: async () => (herald = await running(telegram, settings, { clock })),
    stop: () => herald.stop(),
  };
}

/** From /schedule to the question for the time. */
async function asksTime(admin: Person, post: string): Promise<void> {
  await admin.sends("/schedule");
  await admin.sees(en("post-ask"));
  await admin.sends(post);
  await admin.sees(en.like("audience-ask"));
  await admin.taps(en("audience-continue"));
}

/** From /schedule to the card of the scheduled campaign. */
async function schedules(admin: Person, post: string, time: string, id = 1): Promise<void> {
  await asksTime(admin, post);
  await admin.sees(en("when-ask", { id }));
  await admin.sends(time);
  await admin.sees(en("review-title", { id }));
  await confirms(admin, id);
}

async function confirms(admin: Person, id = 1): Promise<void> {
  await admin.taps(en.opens("button-schedule-for"));
  await admin.sees(en.like("confirm-schedule", { id }));
  await admin.taps(en.opens("button-yes-schedule"));
  await shows(admin, inState("scheduled"), id);
}

const sentTo = (telegram: Telegram, text: string) =>
  [...copiesOf(telegram, text)].filter(([chat]) => chat >= FIRST).map(([, count]) => count);

const textOf = (admin: Person, id = 1) => cardOf(admin, id)?.text ?? "";
const messageOf = (admin: Person, id = 1) => ({ on: cardOf(admin, id)?.message_id ?? 0 });

describe("/schedule", () => {
  test("from the command to the delivered post, as the manual tells it", async () => {
    const { telegram, owner, clock } = await monday({ zone: null });
    await asksTime(owner, "See you tomorrow.");
    await owner.sees(en("zone-ask"));
    expect(owner.buttons().flat()).toContain("Moscow");
    await owner.taps("Moscow");
    await owner.sees(en("when-ask", { id: 1 }));
    expect(owner.shows()).toMatch(en.like("when-clock", { time: "15:00", zone: "Europe/Moscow" }));
    expect(owner.buttons()).toEqual([
      [en("button-in-hour"), en("button-today")],
      [en("button-tomorrow"), en("button-repeat")],
      [en("button-hours"), en("button-late")],
      [en("button-back")],
    ]);
    await owner.taps(en("button-tomorrow"));
    const echo = owner.holds.find(({ text }) => text?.startsWith("Tue 2 Mar 2027, 10:00"));
    expect(echo?.text).toBe("Tue 2 Mar 2027, 10:00 · Europe/Moscow · in 19 h");
    expect(echo?.entities).toEqual([
      {
        type: "date_time",
        offset: 0,
        length: "Tue 2 Mar 2027, 10:00".length,
        unix_time: Date.parse("2027-03-02T07:00:00Z") / 1000,
        date_time_format: "",
      },
    ]);
    const card = await owner.sees(en("review-title", { id: 1 }));
    expect(card.text).toContain(
      `\n${en("plan-when", { time: "Tue 2 Mar 2027, 10:00 · Europe/Moscow · in 19 h" })}\n`,
    );
    expect(card.text).toMatch(en.closes("review-takes", { time: "2 Mar, 10:00" }));
    expect(owner.buttons()).toEqual([
      [en("button-schedule-for", { time: "Tue 2 Mar 10:00" })],
      [en("button-schedule"), en("button-now-instead")],
      [en("button-edit-post"), en("button-buttons")],
      [en("button-audience"), en("button-options")],
      [en("button-test"), en("button-discard")],
    ]);
    await owner.taps(en("button-schedule-for", { time: "Tue 2 Mar 10:00" }));
    await owner.sees(
      en("confirm-schedule", {
        id: 1,
        time: "Tue 2 Mar 2027, 10:00 (Europe/Moscow)",
        people: en("people", { count: 3 }),
      }),
    );
    await owner.taps(en("button-yes-schedule", { time: "Tue 10:00" }));
    await shows(owner, inState("scheduled"));
    expect(textOf(owner)).toBe(
      [
        en("card-title", { id: 1, state: en("state-scheduled") }),
        "“See you tomorrow.”",
        en("plan-when", { time: "Tue 2 Mar 2027, 10:00 · Europe/Moscow · in 19 h" }),
        "To: All languages → 3 people",
        en("card-author", { name: "Olga" }),
      ].join("\n"),
    );
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-reschedule"), en("button-edit")],
      [en("button-pause"), en("button-cancel")],
      [en("button-show-post")],
    ]);
    clock.jump(19 * HOUR - 2 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "See you tomorrow.")).toEqual([]);
    clock.jump(2 * MINUTE);
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "See you tomorrow.")).toEqual([1, 1, 1]);
    expect(textOf(owner)).not.toContain("late");
  });

  test("Schedule… on the card of a broadcast does the same, and Send now instead leads back", async () => {
    const { telegram, owner, clock } = await monday();
    await owner.sends("/broadcast");
    await owner.sends("Later, or now?");
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en("plan-when", { time: en("plan-now") }));
    await owner.taps(en("button-schedule"));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("in 2 hours");
    await owner.sees("Mon 1 Mar 2027, 14:00 · UTC · in 2 h");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-now-instead"));
    await owner.sees(en("plan-when", { time: en("plan-now") }));
    expect(owner.buttons()[0]).toEqual([en("button-send-now"), en("button-schedule")]);
    await owner.taps(en("button-schedule"));
    await owner.taps(en("button-in-hour"));
    await owner.sees(en("review-title", { id: 1 }));
    await confirms(owner);
    expect(textOf(owner)).toContain(en("plan-when", { time: "Mon 1 Mar 2027, 13:0" }));
    clock.jump(HOUR + MINUTE);
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "Later, or now?")).toEqual([1, 1, 1]);
  });

  test("from CONFIRM_TYPED_FROM people on the number is typed, and a full calendar refuses", async () => {
    const { owner } = await monday({ confirmTypedFrom: 3, maxScheduled: 1 });
    await asksTime(owner, "To many.");
    await owner.sends("tomorrow 9:00");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(en.like("confirm-schedule-type", { number: 3 }));
    await owner.sends("3");
    await shows(owner, inState("scheduled"));
    await asksTime(owner, "One too many.");
    await owner.sends("tomorrow 9:00");
    await owner.sees(en("review-title", { id: 2 }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(en.like("confirm-schedule-type", { number: 3 }));
    await owner.sends("3");
    await owner.sees(en.like("error-too-many", { count: 1 }));
    await owner.sends("/campaign 2");
    await owner.sees(en("review-title", { id: 2 }));
  });

  test("five quick taps on Yes schedule it once", async () => {
    const { owner } = await monday();
    await asksTime(owner, "In haste.");
    await owner.taps(en("button-tomorrow"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(en.like("confirm-schedule", { id: 1 }));
    const answers = await owner.tapsTimes(en.opens("button-yes-schedule"), 5);
    expect(
      answers.filter(({ text }) =>
        en.like("error-conflict", { id: 1, state: en("state-scheduled") }).test(text ?? ""),
      ).length,
    ).toBe(4);
    await shows(owner, inState("scheduled"));
  });

  test("an admin with a Russian Telegram reads and types times in Russian", async () => {
    const { telegram, clock } = await monday({ ownerIds: [2] });
    const owner = telegram.person({ id: 2, firstName: "Оля", languageCode: "ru" });
    await owner.sends("/schedule");
    await owner.sees("Пришлите пост");
    await owner.sends("Доброе утро!");
    await owner.sees("кому отправить?");
    await owner.taps("Продолжить");
    await owner.sees("В каком вы часовом поясе?");
    await owner.sends("москва");
    await owner.sees("Когда отправить рассылку № 1?");
    await owner.sends("завтра в 9 утра");
    await owner.sees("Вт 2 марта 2027, 09:00 · Europe/Moscow · через 18 ч");
    await owner.sees("Рассылка № 1 · черновик");
    await owner.taps("Запланировать на Вт 2 мар. 09:00");
    await owner.sees("Запланировать рассылку № 1 на Вт 2 марта 2027, 09:00 (Europe/Moscow)?");
    await owner.taps("Да, запланировать на Вт 09:00");
    const card = () => owner.holds.findLast(({ text }) => text?.startsWith("Рассылка № 1 · ")) ?? {};
    await until(() => JSON.stringify(card()).includes("запланирована"));
    clock.jump(19 * HOUR);
    await until(() => JSON.stringify(card()).includes("завершена"));
  });
});

describe("what was typed for the time", () => {
  test("is answered when it is not one clear time ahead, and nothing is lost", async () => {
    const { owner } = await monday();
    await asksTime(owner, "When?");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("blue moon");
    await owner.sees(en.like("when-unknown", { text: "blue moon" }));
    await owner.sends("1 March 2027 9:00");
    await owner.sees(en("when-past", { time: "Mon 1 Mar 2027, 09:00" }));
    await owner.sends("1 March 2035 9:00");
    await owner.sees(en.like("when-too-far"));
    await owner.sends("Wednesday");
    await owner.sees(en.like("when-which-hour", { text: "Wednesday" }));
    expect(owner.buttons().length).toBeGreaterThan(1);
    // The hour belongs to the day that was asked about, not to today.
    await owner.sends("19:30");
    await owner.sees("Wed 3 Mar 2027, 19:30 · UTC · in 2 d 8 h");
    await owner.sees(en("review-title", { id: 1 }));
  });

  test("is taken on the review card as well: a time, a repeat and hours; anything else is answered as before", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Later.");
    await owner.taps(en("button-tomorrow"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.sends("tomorrow at half past nine in the evening");
    await owner.sees("Tue 2 Mar 2027, 21:30 · UTC · in 34 h");
    await owner.sees(en("plan-when", { time: "Tue 2 Mar 2027, 21:30" }));
    await owner.sends("Wednesday");
    await owner.sees(en.like("when-which-hour", { text: "Wednesday" }));
    await owner.sends("11");
    await owner.sees(en("plan-when", { time: "Wed 3 Mar 2027, 11:00" }));
    await owner.sends("tomorrow 3");
    await owner.sees(en.like("when-ambiguous", { text: "tomorrow 3" }));
    await owner.taps("Tue 2 Mar 15:00");
    await owner.sees(en("plan-when", { time: "Tue 2 Mar 2027, 15:00" }));
    await owner.sends("1 March 2027 9:00");
    await owner.sees(en("when-past", { time: "Mon 1 Mar 2027, 09:00" }));
    await owner.sends("9-18 on weekdays");
    await owner.sees("Hours: 09:00–18:00, Mon–Fri\nTakes");
    // It may be the number of people, typed a step too early.
    for (const text of ["20", "thank you"]) {
      await owner.sends(text);
      await owner.sees(en("audience-typed"));
    }
    await owner.sends("каждый понедельник в 10");
    await owner.sees(en("repeat-echo", { repeats: "every Monday 10:00", zone: "UTC" }));
    await owner.taps(en("audience-continue"));
    await owner.sees("Repeats: every Monday 10:00\nHours: 09:00–18:00, Mon–Fri\nTakes");
  });

  test("on the review card waits for the zone of who has chosen none", async () => {
    const { owner } = await monday({ zone: null });
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("Now or later.");
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.sends("завтра в 9");
    await owner.sees(en("zone-ask"));
    await owner.taps("Moscow");
    await owner.sees("Tue 2 Mar 2027, 09:00 · Europe/Moscow");
    await owner.sees(en("plan-when", { time: "Tue 2 Mar 2027, 09:00 · Europe/Moscow" }));
  });

  test("is quoted without halving an emoji, which Telegram would refuse", async () => {
    const { owner } = await monday({ confirmTypedFrom: 3 });
    const typed = `${"x".repeat(59)}🎁🎁`;
    const quoted = `“${"x".repeat(59)}🎁”`;
    await asksTime(owner, "Odd.");
    const answers = async (tapped: string | null, words: string) => {
      if (tapped) await owner.taps(tapped);
      await owner.sends(typed);
      await owner.sees(`I cannot read ${quoted} as ${words}`);
    };
    await answers(null, "a time.");
    await answers("Hours…", "hours");
    await owner.taps(en("button-back"));
    await answers("Repeat…", "a repeat");
    await owner.sends("every Monday");
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await answers(null, "a time of day");
    await owner.taps("10:00");
    await owner.sees(en("plan-repeats", { repeats: "every Monday 10:00" }));
    await answers("Ends…", "a number of runs");
    await owner.sends("3 runs");
    await owner.sees(en("repeats-runs", { count: 3 }));
    await owner.taps(en("audience-continue"));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(en.like("confirm-schedule-type", { number: 3 }));
    await owner.sends(`${"x".repeat(39)}🎁🎁`);
    await owner.sees(en.like("confirm-wrong", { text: `${"x".repeat(39)}🎁`, number: 3 }));
    await owner.sends(`/language ${"x".repeat(39)}🎁🎁`);
    await owner.sees(en.like("language-unknown", { text: `${"x".repeat(39)}🎁` }));
  });

  test("asks back for an hour that may be of the night or of the afternoon; a typed one is of that day", async () => {
    const { owner } = await monday();
    await asksTime(owner, "At three.");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("tomorrow 3");
    await owner.sees(en("when-ambiguous", { text: "tomorrow 3" }));
    expect(owner.buttons()).toEqual([["Tue 2 Mar 03:00"], ["Tue 2 Mar 15:00"]]);
    await owner.sends("15:30");
    await owner.sees("Tue 2 Mar 2027, 15:30 · UTC");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sends("завтра в 3");
    await owner.taps("Tue 2 Mar 15:00");
    await owner.sees("Tue 2 Mar 2027, 15:00 · UTC");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sends("today at 3");
    await owner.sees("Mon 1 Mar 2027, 15:00 · UTC");
  });

  test("so does an hour of a repeat", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Every Monday.");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("по понедельникам в 3");
    await owner.sees(en.like("when-ambiguous", { text: "по понедельникам в 3" }));
    expect(owner.buttons()).toEqual([["03:00", "15:00"]]);
    await owner.taps("15:00");
    await owner.sees(en("repeat-echo", { repeats: "every Monday 15:00", zone: "UTC" }));
    await owner.sends("every day at 4");
    await owner.sees(en.like("when-ambiguous", { text: "every day at 4" }));
    await owner.sends("16:30");
    await owner.sees(en("repeat-echo", { repeats: "every day 16:30", zone: "UTC" }));
    await owner.sends("every Tuesday");
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.sends("5");
    await owner.sees(en.like("when-ambiguous", { text: "5" }));
    await owner.sends("05:00");
    await owner.sees(en("repeat-echo", { repeats: "every Tuesday 05:00", zone: "UTC" }));
    await owner.taps(en("button-ends"));
    await owner.sends("31 November");
    await owner.sees(en("when-no-date", { text: "31 November" }));
    await owner.sends("yesterday");
    await owner.sees(en("when-past-day", { day: "Sun 28 Feb 2027" }));
  });

  test("without an hour is answered without one, and what does not exist by its name", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Never.");
    await owner.sees(en("when-ask", { id: 1 }));
    for (const [typed, answer] of [
      ["yesterday", en("when-past-day", { day: "Sun 28 Feb 2027" })],
      ["this morning", "“this morning” has passed."],
      ["1 March 2035", "Thu 1 Mar 2035 is more than two years ahead"],
      ["Feb 30", "There is no such date: “Feb 30”."],
      ["32 декабря в 10", "There is no such date: “32 декабря в 10”."],
      ["at 25:00", "There is no such time: “at 25:00”."],
    ] as const) {
      await owner.sends(typed);
      const said = await owner.sees(answer);
      expect(said.text).not.toContain(en("button-repeat"));
    }
    await owner.sends("tomorrow");
    await owner.sees(en.like("when-which-hour", { text: "tomorrow" }));
    await owner.sends("25:00");
    await owner.sees(en("when-no-time", { text: "tomorrow 25:00" }));
  });

  test("comes twice, or not at all, when the clocks change", async () => {
    const { owner } = await monday({ zone: "Europe/Berlin" });
    await asksTime(owner, "Between the hours.");
    await owner.sends("28.03.2027 02:30");
    await owner.sees(en.like("when-gap", { time: "02:30" }));
    expect(owner.buttons()).toEqual([["Sun 28 Mar 03:00"]]);
    await owner.sends("31.10.2027 02:30");
    await owner.sees(en.like("when-twice", { time: "Sun 31 Oct 2027, 02:30" }));
    expect(owner.buttons()).toEqual([["02:30 UTC+2"], ["02:30 UTC+1"]]);
    await owner.taps("02:30 UTC+1");
    await owner.sees(en("review-title", { id: 1 }));
    expect(owner.shows()).toContain(en("plan-when", { time: "Sun 31 Oct 2027, 02:30 · Europe/Berlin" }));
  });

  test("another day replaces the one that was asked about; only a time of day is joined with it", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Which day?");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("10.12");
    await owner.sees(en.like("when-which-hour", { text: "10.12" }));
    await owner.sends("tomorrow");
    await owner.sees(en.like("when-which-hour", { text: "tomorrow" }));
    expect(owner.buttons()[0]).toEqual(["Tue 2 Mar 09:00"]);
    // A time of the day that was asked about, or a day of December: neither is taken without a word.
    await owner.sends("10.12");
    await owner.sees(en.like("when-ambiguous", { text: "10.12" }));
    expect(owner.buttons().slice(0, 2)).toEqual([["Tue 2 Mar 10:12"], ["Fri 10 Dec 09:00"]]);
    await owner.sends("Wednesday");
    await owner.sees(en.like("when-which-hour", { text: "Wednesday" }));
    await owner.sends("evening");
    await owner.sees(en.like("when-which-hour", { text: "Wednesday evening" }));
    await owner.sends("in 2 hours");
    await owner.sees("Mon 1 Mar 2027, 14:00 · UTC");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sends("Wednesday");
    await owner.sees(en.like("when-which-hour", { text: "Wednesday" }));
    await owner.sends("1 March 2027 9:00");
    await owner.sees(en("when-past", { time: "Mon 1 Mar 2027, 09:00" }));
    // Wednesday is no longer asked about.
    await owner.sends("19:30");
    await owner.sees("Mon 1 Mar 2027, 19:30 · UTC");
  });

  test("now sends it now; of what is scheduled it is no time", async () => {
    const { owner } = await monday();
    await asksTime(owner, "At once.");
    await owner.sends("in 2 hours");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sends("сейчас");
    await owner.sees(en("plan-when", { time: en("plan-now") }));
    expect(owner.buttons()[0]).toEqual([en("button-send-now"), en("button-schedule")]);
    await owner.taps(en("button-schedule"));
    await owner.sends("in 2 hours");
    await owner.sees(en("plan-when", { time: "Mon 1 Mar 2027, 14:00" }));
    await confirms(owner);
    await owner.sends("/reschedule 1");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("now");
    await owner.sees(en("error-needs-time"));
  });

  test("a time that has just passed is not called now", async () => {
    const { owner, clock } = await monday();
    await asksTime(owner, "Just missed.");
    await owner.sends("in 2 hours");
    const card = await owner.sees(en("review-title", { id: 1 }));
    const stamp = card.entities?.find(({ type }) => type === "date_time");
    if (stamp?.type !== "date_time") throw new Error("no time on the card");
    clock.jump((stamp.unix_time ?? 0) * 1000 + 5_000 - clock.now().getTime());
    await owner.sends("/campaign 1");
    await owner.sees(/^When: Mon 1 Mar 2027, 14:0\d · UTC\. This time has passed\.$/m);
    await owner.taps(en("button-schedule"));
    await owner.sees(en.like("plan-when-past"));
    expect(owner.buttons().at(-1)).toEqual([en("button-back")]);
  });

  test("a repeat or hours typed for the time are taken as such", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Over and over.");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("blue moon");
    await owner.sees(en.like("when-unknown"));
    await owner.sends("19:00-06:00");
    await owner.sees(en("plan-hours", { hours: "19:00–06:00" }));
    await owner.sees(
      /When should campaign #1 go out\?[^]*\nWhen: Mon 1 Mar 19:00, as soon as its hours begin/,
    );
    expect(owner.buttons().at(-1)).toEqual([en("audience-continue"), en("button-back")]);
    await owner.sends("каждый месяц 31 числа в 10:00");
    const month = await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-dated", { days: en("days-monthly-end", { day: 31, step: 1 }), time: "10:00" }),
        zone: "UTC",
      }),
    );
    expect(month.text?.match(/^· /gm)?.length).toBe(5);
    // On this card another one may be typed.
    await owner.sends("0 9 * * 1-5");
    await owner.sees("(0 9 * * 1-5) · UTC");
    await owner.sends("every monday 9");
    await owner.sees(en("repeat-echo", { repeats: "every Monday 09:00", zone: "UTC" }));
    await owner.taps(en("audience-continue"));
    await owner.sees(
      `${en("plan-repeats", { repeats: "every Monday 09:00" })}\n${en("plan-hours", { hours: "19:00–06:00" })}`,
    );
    await owner.taps(en("button-schedule"));
    await owner.sends("* * * * *");
    await owner.sees(en("repeat-too-often"));
    await owner.sends("every tuesday");
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.sends("8");
    await owner.sees(en("repeat-echo", { repeats: "every Tuesday 08:00", zone: "UTC" }));
    await owner.taps(en("button-back"));
    await owner.taps(en("button-weekdays"));
    await owner.sees(en("repeat-which-days"));
    await owner.sends("10:00");
    await owner.sees(en("repeat-unknown", { text: "10:00" }));
    await owner.taps("Mon");
    await owner.taps("Fri");
    await until(() => owner.buttons().flat().includes("✅ Fri"));
    await owner.sends("10:00");
    await owner.sees(en("repeat-echo", { repeats: "every Monday and Friday 10:00", zone: "UTC" }));
  });

  test("an old button whose time has passed says so", async () => {
    const { owner, clock } = await monday();
    await asksTime(owner, "Too slow.");
    await owner.sends("Monday");
    await owner.sees(en.like("when-which-hour"));
    clock.jump(30 * DAY);
    const [[label = ""] = []] = owner.buttons();
    expect(await owner.taps(label)).toMatchObject({ text: expect.stringContaining("has passed") as string });
    await owner.sends("tomorrow 9:00");
    await owner.sees(en("review-title", { id: 1 }));
    clock.jump(2 * DAY);
    expect(await owner.taps(en.opens("button-schedule-for"))).toMatchObject({
      text: expect.stringContaining("has passed") as string,
    });
    await owner.sees(en("when-ask", { id: 1 }));
  });
});

describe("zones", () => {
  test("/timezone shows the zone and changes it: by a button, a city, or what the clock shows", async () => {
    const { owner, database, stop } = await monday({ zone: null });
    await owner.sends("/timezone");
    await owner.sees(en("zone-now", { zone: "UTC", time: "12:00" }));
    await owner.taps("Berlin");
    await owner.sees(en("zone-now", { zone: "Berlin (Europe/Berlin)", time: "13:00" }));
    await owner.sends("/timezone");
    await owner.sees(en("zone-ask"));
    await owner.sends("nowhere at all");
    await owner.sees(en("zone-unknown"));
    await owner.sends("15:00");
    await owner.sees(en("zone-which"));
    expect(
      owner
        .buttons()
        .flat()
        .every((label) => label.endsWith("· 15:00")),
    ).toBe(true);
    await owner.taps(/^Moscow/);
    await owner.sees("Europe/Moscow");
    await owner.sends("/timezone Tokyo");
    await owner.sees(en("zone-now", { zone: "Tokyo (Asia/Tokyo)", time: "21:00" }));
    await stop();
    expect(await within(database, ({ db }) => timezoneOf(homeScope(db, BOT_ID), OWNER_ID))).toBe(
      "Asia/Tokyo",
    );
  });

  test("asked for the zone, a time that needs none is taken at once, and the zone stays open", async () => {
    const { owner } = await monday({ zone: null });
    await asksTime(owner, "In a minute.");
    await owner.sees(en("zone-ask"));
    await owner.sends("in 1 minute");
    await owner.sees("Mon 1 Mar 2027, 12:01 · UTC · in 1 min");
    await owner.sees(en("review-title", { id: 1 }));
    expect(owner.buttons()[0]).toEqual([en("button-schedule-for", { time: "Mon 1 Mar 12:01" })]);
    await owner.taps(en("button-schedule"));
    await owner.sees(en("zone-ask"));
  });

  test("asked for the zone, another time is kept, and read by the clock of the zone", async () => {
    const { telegram } = await monday({ zone: null, ownerIds: [OWNER_ID, 2] });
    const owner = telegram.person({ id: 2, firstName: "Оля", languageCode: "ru" });
    await owner.sends("/schedule");
    await owner.sees("Пришлите пост");
    await owner.sends("До завтра!");
    await owner.sees("кому отправить?");
    await owner.taps("Продолжить");
    await owner.sees("В каком вы часовом поясе?");
    await owner.sends("завтра в 9 утра");
    await owner.sees(
      "Сначала мне нужен ваш часовой пояс: нажмите город или напишите свой. «завтра в 9 утра» я",
    );
    await owner.sends("Мсква");
    await owner.sees("Такого места я не знаю.");
    await owner.sends({ sticker: true });
    await owner.sees("Такого места я не знаю.");
    await owner.sends("москва");
    await owner.sees("Вт 2 марта 2027, 09:00 · Europe/Moscow · через 18 ч");
    await owner.sees("Рассылка № 1 · черновик");
  });

  test.each([
    ["tomorrow 10:00", "Tue 2 Mar 2027, 10:00 · Europe/Moscow", "Campaign #1 · draft"],
    ["tomorrow", "When should campaign #1 go out?", "“tomorrow”: at what time?"],
    ["every Monday 10:00", "Repeats: every Monday 10:00 · Europe/Moscow", "Repeats"],
    ["09:00–18:00 Mon–Fri", "Hours: 09:00–18:00, Mon–Fri", "When should campaign #1 go out?"],
    ["yesterday 10:00", "When should campaign #1 go out?", "Sun 28 Feb 2027, 10:00 has passed."],
  ])("“%s” is kept until a zone is tapped", async (typed, echo, next) => {
    const { owner } = await monday({ zone: null });
    await asksTime(owner, "Mine.");
    const asked = await owner.sees(en("zone-ask"));
    await owner.sends(typed);
    await owner.sees(en.like("zone-first", { text: typed }));
    await owner.taps("Moscow", { on: asked });
    await owner.sees(echo);
    await owner.sees(next);
  });

  test("from the question for the zone, Back leads to the review", async () => {
    const { owner } = await monday({ zone: null });
    await asksTime(owner, "Mine.");
    await owner.sees(en("zone-ask"));
    expect(owner.buttons().at(-1)).toEqual([en("button-back")]);
    await owner.taps(en("button-back"));
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    const asked = await owner.sees(en("zone-ask"));
    await owner.taps(en("button-back"));
    const card = await owner.sees(en("review-title", { id: 1 }));
    expect(card.message_id).toBe(asked.message_id);
  });

  test("two admins see the same campaign each by their own clock", async () => {
    const { telegram, owner, database } = await monday({ zone: "Europe/Moscow", ownerIds: [OWNER_ID, 2] });
    await within(database, ({ db }) => setTimezone(homeScope(db, BOT_ID), 2, "America/New_York"));
    const other = telegram.person({ id: 2, firstName: "Otto", languageCode: "en", started: true });
    await schedules(owner, "For both.", "tomorrow 10:00");
    await other.sends("/campaign 1");
    await shows(other, inOrder(inState("scheduled"), en.line("plan-when")));
    expect(textOf(owner)).toContain(en("plan-when", { time: "Tue 2 Mar 2027, 10:00 · Europe/Moscow" }));
    expect(textOf(other)).toContain(en("plan-when", { time: "Tue 2 Mar 2027, 02:00 · America/New_York" }));
  });
});

describe("repeats", () => {
  test("every day: five runs are shown, each goes out as a campaign of its own, one is cancelled, then all", async () => {
    const { telegram, owner, clock } = await monday();
    await asksTime(owner, "Good morning.");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.taps(en("button-repeat"));
    await owner.sees(en("repeat-ask", { id: 1 }));
    await owner.taps(en("button-daily"));
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.sends("10:30");
    const echo = await owner.sees(en("repeat-echo", { repeats: "every day 10:30", zone: "UTC" }));
    expect(echo.text?.split("\n").slice(2)).toEqual([
      en("repeat-next", { count: 5 }),
      "· Tue 2 Mar 2027, 10:30",
      "· Wed 3 Mar 2027, 10:30",
      "· Thu 4 Mar 2027, 10:30",
      "· Fri 5 Mar 2027, 10:30",
      "· Sat 6 Mar 2027, 10:30",
    ]);
    await owner.taps(en("audience-continue"));
    await owner.sees(`${en("plan-repeats", { repeats: "every day 10:30" })}\n`);
    await confirms(owner);
    expect(textOf(owner)).toContain(
      en("plan-run", { run: 1, repeats: "every day 10:30", next: "Wed 3 Mar 10:30" }),
    );
    for (const run of [1, 2, 3]) {
      clock.jump(DAY);
      await until(() => sentTo(telegram, "Good morning.").every((count) => count === run));
      await owner.sends(`/campaign ${run}`);
      await shows(owner, new RegExp(`· finished[^]*Run ${run} of the series, every day 10:30; next`), run);
    }
    expect(sentTo(telegram, "Good morning.")).toEqual([3, 3, 3]);

    await owner.sends("/cancel 4");
    await owner.sees(en.like("ask-cancel-run", { next: "Sat 6 Mar 10:30" }));
    expect(await owner.taps(en("button-only-run"))).toMatchObject({
      text: en("done-cancelled-run", { id: 5, time: "Sat 6 Mar 2027, 10:30" }),
    });
    await shows(owner, inState("cancelled"), 4);
    await owner.sends("/cancel 5");
    await owner.sees(en.like("ask-cancel-run", { id: 5 }));
    await owner.taps(en("button-back"));
    await shows(owner, inState("scheduled"), 5);
    await owner.taps(en("button-cancel"), messageOf(owner, 5));
    await owner.sees(en.like("ask-cancel-run", { id: 5 }));
    expect(await owner.taps(en("button-whole-series"))).toMatchObject({ text: en("done-series-cancelled") });
    await shows(owner, inState("cancelled"), 5);
    clock.jump(7 * DAY);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "Good morning.")).toEqual([3, 3, 3]);
    await owner.sends("/campaign 6");
    await owner.sees(en.like("error-not-found", { id: 6 }));
  });

  test("weekdays are toggled, days of the month explained, cron put into words, and an end is set", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Again and again.");
    await owner.taps(en("button-repeat"));
    await owner.taps(en("button-weekdays"));
    await owner.sees(en("repeat-which-days"));
    await owner.taps("Mon");
    await owner.taps("Fri");
    await until(() => owner.buttons().flat().includes("✅ Fri"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.taps("10:00");
    await owner.sees(en("repeat-echo", { repeats: "every Monday and Friday 10:00", zone: "UTC" }));
    await owner.taps(en("button-back"));
    await owner.sends("every Monday");
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.sends("9");
    await owner.sees(en("plan-repeats", { repeats: "every Monday 09:00" }));
    await owner.taps(en("button-back"));
    await owner.taps(en("button-monthly"));
    await owner.sees(en("repeat-which-day"));
    await owner.sends("31");
    await owner.sees(en.like("repeat-which-hour"));
    await owner.taps("12:00");
    const month = await owner.sees(en("repeat-short-months", { day: 31 }));
    expect(month.text).toContain("· Fri 30 Apr 2027, 12:00");
    await owner.taps(en("button-back"));
    await owner.sends("*/5 * * * *");
    await owner.sees(en("repeat-too-often"));
    await owner.sends("0 9 * * 1-5");
    await owner.sees(en("repeat-echo", { repeats: "every weekday 09:00 (0 9 * * 1-5)", zone: "UTC" }));
    await owner.taps(en("button-ends"));
    await owner.sees(en.like("ends-ask"));
    await owner.sends("3 runs");
    const ends = await owner.sees(en("repeats-runs", { count: 3 }));
    expect(ends.text).toContain(en("repeat-next", { count: 3 }));
    await owner.taps(en("button-ends"));
    await owner.sends("4 March");
    const date = await owner.sees(en("repeats-until", { date: "4 Mar 2027" }));
    expect(date.text?.split("\n").at(-1)).toBe("· Thu 4 Mar 2027, 09:00");
    await owner.taps(en("button-ends"));
    await owner.sends("whenever");
    await owner.sees(en.like("ends-unknown"));
    await owner.taps(en("button-never"));
    await owner.sees(en("repeat-next", { count: 5 }));
  });

  test("a cron expression without simple words is shown with its runs, and its draft opens again and again", async () => {
    const { owner } = await monday();
    await asksTime(owner, "On every Friday the 13th.");
    await owner.sends("0 9 13 * +FRI");
    const echo = await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-cron", { expression: "0 9 13 * +FRI", runs: "none" }),
        zone: "UTC",
      }),
    );
    expect(echo.text).toContain("· Fri 13 Aug 2027, 09:00");
    await owner.taps(en("button-back"));
    await owner.sees(
      en("repeat-chosen", {
        repeats: en("repeats-cron", { expression: "0 9 13 * +FRI: Fri 13 Aug 09:00", runs: "none" }),
      }),
    );
    await owner.sends("/cancel");
    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-drafts") }));
    await owner.taps(/^#1/);
    await owner.sees(en("review-title", { id: 1 }));
    await owner.sees(
      en("plan-repeats", {
        repeats: en("repeats-cron", { expression: "0 9 13 * +FRI: Fri 13 Aug 09:00", runs: "none" }),
      }),
    );
    await owner.taps(en("button-schedule"));
    await owner.sends("0 9 * * *,1");
    await owner.sees(en("repeat-echo", { repeats: "every day 09:00 (0 9 * * *,1)", zone: "UTC" }));
  });

  test("every other day and every 2 weeks, tapped or typed, count from the first run", async () => {
    const { owner, clock } = await monday();
    await asksTime(owner, "Now and then.");
    await owner.taps(en("button-repeat"));
    await owner.taps(en("button-other-days"));
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.sends("half past six");
    await owner.sees(en.like("when-ambiguous", { text: "half past six" }));
    await owner.taps("18:30");
    const days = await owner.sees(en("repeat-echo", { repeats: "every other day 18:30", zone: "UTC" }));
    expect(days.text).toContain("· Mon 1 Mar 2027, 18:30\n· Wed 3 Mar 2027, 18:30\n· Fri 5 Mar 2027, 18:30");
    await owner.taps(en("button-back"));
    await owner.taps(en("button-two-weeks"));
    await owner.sees(en("repeat-which-days"));
    await owner.taps("Mon");
    await owner.taps("Thu");
    await until(() => owner.buttons().flat().includes("✅ Thu"));
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.taps("10:00");
    const weeks = await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-at", {
          days: en("days-weeks", { step: 2, days: "Monday and Thursday" }),
          time: "10:00",
        }),
        zone: "UTC",
      }),
    );
    // This Monday's 10:00 has passed, so that the first run is on Thursday.
    expect(weeks.text).toContain(
      "· Thu 4 Mar 2027, 10:00\n· Mon 15 Mar 2027, 10:00\n· Thu 18 Mar 2027, 10:00",
    );
    await owner.sends("каждые две недели по вторникам в полдесятого утра");
    const typed = await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-at", { days: en("days-weeks", { step: 2, days: "Tuesday" }), time: "09:30" }),
        zone: "UTC",
      }),
    );
    expect(typed.text).toContain("· Tue 2 Mar 2027, 09:30\n· Tue 16 Mar 2027, 09:30");
    // A day later an end is set: the runs stay where they were.
    clock.jump(DAY);
    await owner.taps(en("button-ends"));
    await owner.sends("3 runs");
    const ended = await owner.sees(en("repeats-runs", { count: 3 }));
    expect(ended.text?.split("\n").slice(-3)).toEqual([
      "· Tue 16 Mar 2027, 09:30",
      "· Tue 30 Mar 2027, 09:30",
      "· Tue 13 Apr 2027, 09:30",
    ]);
  });

  test("what a typed repeat leaves open is asked for, and the rest of it is kept", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Open questions.");
    await owner.sends("every 2 weeks at 10");
    await owner.sees(en("repeat-which-days"));
    await owner.taps("Fri");
    await until(() => owner.buttons().flat().includes("✅ Fri"));
    await owner.taps(en("audience-continue"));
    await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-at", { days: en("days-weeks", { step: 2, days: "Friday" }), time: "10:00" }),
        zone: "UTC",
      }),
    );
    await owner.sends("monthly at 9");
    await owner.sees(en("repeat-which-day"));
    await owner.sends("15");
    await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-dated", { days: en("days-monthly", { day: 15, step: 1 }), time: "09:00" }),
        zone: "UTC",
      }),
    );
    await owner.sends("every second Monday at 10");
    await owner.sees(en.like("when-ambiguous", { text: "every second Monday at 10" }));
    await owner.taps("on the second Monday of every month, 10:00");
    const second = await owner.sees(
      en.like("repeat-echo", {
        repeats: en("repeats-dated", {
          days: en("days-nth", { nth: "second", weekday: "Monday" }),
          time: "10:00 (0 10 * * 1#2)",
        }),
      }),
    );
    expect(second.text).toContain("· Mon 8 Mar 2027, 10:00\n· Mon 12 Apr 2027, 10:00");
    await owner.sends("каждый второй понедельник");
    await owner.sees(en.like("when-ambiguous", { text: "каждый второй понедельник" }));
    await owner.taps("every 2 weeks on Monday");
    await owner.sees(en.like("repeat-which-hour", { zone: "UTC" }));
    await owner.sends("7 утра");
    await owner.sees(
      en("repeat-echo", {
        repeats: en("repeats-at", { days: en("days-weeks", { step: 2, days: "Monday" }), time: "07:00" }),
        zone: "UTC",
      }),
    );
    await owner.sends("mondays at midnight");
    await owner.sees(en.like("when-ambiguous", { text: "mondays at midnight" }));
    await owner.taps("every Tuesday 00:00");
    await owner.sees(en("repeat-echo", { repeats: "every Tuesday 00:00", zone: "UTC" }));
    await owner.sends("every day at 25:00");
    await owner.sees(en.like("when-no-time"));
    await owner.sends("every 5 minutes");
    await owner.sees(en("repeat-too-often"));
  });

  test("a single time drops the repeat, and says so", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Once after all.");
    await owner.sends("every day at 10:00");
    await owner.sees(en("repeat-next", { count: 5 }));
    await owner.taps(en("audience-continue"));
    await owner.sees(en("plan-repeats", { repeats: "every day 10:00" }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(/^Schedule campaign #1 for [^\n]*\? It goes to 3 people\.\nRepeats: every day 10:00$/);
    await owner.taps(en("button-back"));
    await owner.taps(en("button-schedule"));
    await owner.sees(
      "\n\nWhen: Tue 2 Mar 2027, 10:00 · UTC · in 22 h\nRepeats: every day 10:00\n\nYour clock shows",
    );
    expect(owner.buttons().at(-1)).toEqual([en("audience-continue"), en("button-back")]);
    await owner.taps(en("button-tomorrow"));
    const echo = owner.holds.findLast(({ text }) => text?.startsWith("Tue 2 Mar 2027, 10:00"));
    expect(echo?.text?.split("\n").slice(1)).toEqual([en("when-repeat-dropped")]);
    expect((await owner.sees(en("review-title", { id: 1 }))).text).not.toMatch(en.like("plan-repeats"));
    await owner.taps(en("button-schedule"));
    await owner.sends("every day at 10:00");
    await owner.taps(en("audience-continue"));
    await owner.taps(en("button-schedule"));
    await owner.sends("tomorrow 11:00");
    await owner.sees(`Tue 2 Mar 2027, 11:00 · UTC · in 23 h\n${en("when-repeat-dropped")}`);
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sends("tomorrow 12:00");
    const once = await owner.sees("Tue 2 Mar 2027, 12:00 · UTC");
    expect(once.text).not.toContain(en("when-repeat-dropped"));
  });

  test("a forged button changes nothing", async () => {
    const { owner, telegram } = await monday();
    await asksTime(owner, "Mine.");
    await owner.sees(en.like("when-ask", { id: 1 }));
    const forged = [
      "rule:w99@600",
      "rule:d@9999",
      "at:1",
      "at:99999999999999",
      "window:0-0",
      "late:never",
      "zone:Mars/Base",
      "runs:-1",
      "until:x",
      "preset:never",
      "days:abc",
      "save:1.1.0.series",
      "yes:3.1.4102444800",
    ];
    for (const data of forged) {
      const card = owner.holds.findLast(({ reply_markup }) => reply_markup);
      const button = card?.reply_markup?.inline_keyboard[0]?.[0];
      if (!card || !button || !("callback_data" in button)) throw new Error("no button");
      button.callback_data = `d:1:${data}`;
      await owner.taps(button.text, { on: card.message_id });
    }
    expect(sentTo(telegram, "Mine.")).toEqual([]);
    await owner.sends("/campaign 1");
    await owner.sees(en("plan-when", { time: en("plan-now") }));
  });
});

describe("a scheduled campaign", () => {
  test("is paused past its time and goes out only once that is confirmed", async () => {
    const { telegram, owner, clock } = await monday();
    await schedules(owner, "Hold it.", "in 2 hours");
    expect(await owner.taps(en("button-pause"), messageOf(owner))).toMatchObject({ text: en("done-paused") });
    await shows(owner, inState("paused"));
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-resume"), en("button-reschedule")],
      [en("button-edit"), en("button-cancel")],
      [en("button-show-post")],
    ]);
    clock.jump(30 * HOUR);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "Hold it.")).toEqual([]);
    await owner.sends("/resume 1");
    await owner.sees(en.like("overdue-ask", { people: en("people", { count: 3 }) }));
    expect(sentTo(telegram, "Hold it.")).toEqual([]);
    await owner.taps(en("button-yes-send", { count: 3 }));
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "Hold it.")).toEqual([1, 1, 1]);
    expect(textOf(owner)).toMatch(
      en.like("card-late", { duration: en.like("duration-hours", { hours: 28 }) }),
    );
  });

  test("is changed whole: post and time; until it is saved it stays as it was", async () => {
    const { telegram, owner, clock } = await monday();
    await schedules(owner, "Old words.", "in 2 hours");
    await owner.taps(en("button-edit"), messageOf(owner));
    const review = await owner.sees(en("change-title", { id: 1 }));
    expect(review.text).toMatch(en.like("change-note", { id: 1 }));
    expect(owner.buttons()[0]).toEqual([en("button-save")]);
    await owner.taps(en("button-edit-post"));
    await owner.sends("New words.");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.sends("/campaign 1");
    await owner.sees(en("card-title", { id: 1, state: en("state-scheduled") }));
    await owner.sends("/reschedule 1");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("in 3 hours");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-save"));
    await shows(
      owner,
      inOrder(inState("scheduled"), en.line("plan-when", { time: "Mon 1 Mar 2027, 15:00" })),
    );
    clock.jump(2 * HOUR + 10 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "Old words.")).toEqual([]);
    clock.jump(HOUR);
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "New words.")).toEqual([1, 1, 1]);
    expect(sentTo(telegram, "Old words.")).toEqual([]);
  });

  test("a change is refused whole when it has started meanwhile, and its draft is kept", async () => {
    const { telegram, owner, clock } = await monday();
    await schedules(owner, "As it was.", "in 2 hours");
    await owner.sends("/edit 1");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-edit-post"));
    await owner.sends("Too late.");
    await owner.sees(
      en("review-post", { post: en("post-summary", { kind: en("kind-text"), characters: 9, buttons: 0 }) }),
    );
    const change = owner.holds.findLast(({ text }) => text?.startsWith(en("change-title", { id: 1 })));
    clock.jump(2 * HOUR + MINUTE);
    await until(() => sentTo(telegram, "As it was.").length === 3);
    await owner.taps(en("button-save"), { on: change?.message_id ?? 0 });
    await owner.sees(en.like("change-too-late", { id: 1 }));
    expect(owner.buttons()[0]).toEqual([en("button-own-draft")]);
    expect(sentTo(telegram, "Too late.")).toEqual([]);
    await owner.taps(en("button-own-draft"));
    await owner.sees(en("review-title", { id: 3 }));
    expect(sentTo(telegram, "As it was.")).toEqual([1, 1, 1]);
  });

  test("a change to many more people than were agreed to is confirmed by typing their number", async () => {
    const { telegram, owner, database, stop, start, clock } = await monday({ confirmTypedFrom: 5 });
    await schedules(owner, "To a few.", "in 2 hours");
    await stop();
    await register(database, range(FIRST + 100, FIRST + 109));
    await start();
    await owner.sends("/edit 1");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-save"));
    await owner.sees(en.like("change-type", { people: en("people", { count: 13 }), number: 13 }));
    await owner.sends("12");
    await owner.sees(en.like("confirm-wrong", { text: "12", number: 13 }));
    const old = cardOf(owner)?.message_id;
    await owner.sends("13");
    await until(() => (cardOf(owner)?.message_id ?? 0) > (old ?? 0));
    await shows(owner, inOrder(inState("scheduled"), en.line("plan-when")));
    // The card from before the change no longer tells of the old time.
    const replaced = () => owner.holds.find(({ message_id }) => message_id === old);
    await until(() => replaced()?.text === en("card-elsewhere", { id: 1, where: "below" }));
    expect(owner.buttons(replaced())).toEqual([]);
    expect(textOf(owner)).toContain("→ 13 people");
    clock.jump(2 * HOUR + MINUTE);
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "To a few.").length).toBe(3);
  });

  test("a change that is discarded leaves it alone, and two taps on Edit open one draft", async () => {
    const { owner } = await monday();
    await schedules(owner, "Stays.", "in 2 hours");
    await owner.tapsTimes(en("button-edit"), 2, messageOf(owner));
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-discard-change"));
    await owner.sees(en("ask-discard-change", { id: 1 }));
    await owner.taps(en("button-back"));
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-discard-change"));
    await owner.taps(en("button-yes-discard-change"));
    await owner.sees(en.like("change-dropped", { id: 1 }));
    await owner.sends("/campaign 2");
    await owner.sees(en.like("error-not-found", { id: 2 }));
    await owner.sends("/campaign 3");
    await owner.sees(en.like("error-not-found", { id: 3 }));
    await owner.sends("/campaign 1");
    await owner.sees(en("card-title", { id: 1, state: en("state-scheduled") }));
  });

  test("of a series a change is for one run, or for all that follow", async () => {
    const { telegram, owner, clock } = await monday();
    await asksTime(owner, "First words.");
    await owner.taps(en("button-repeat"));
    await owner.sends("every day at 10:00");
    await owner.sees(en("repeat-next", { count: 5 }));
    await owner.taps(en("audience-continue"));
    await owner.sees(en("review-title", { id: 1 }));
    await confirms(owner);
    const changes = async (id: number, text: string, reach: string) => {
      await owner.sends(`/edit ${id}`);
      await owner.sees(en("change-title", { id }));
      await owner.taps(en("button-edit-post"));
      await owner.sends(text);
      await owner.sees(en("change-title", { id }));
      await owner.taps(en("button-save"));
      await owner.sees(en.like("change-reach"));
      await owner.taps(reach);
      await shows(owner, inState("scheduled"), id);
    };
    await changes(1, "Only once.", en("button-only-run"));
    clock.jump(DAY);
    await until(() => sentTo(telegram, "Only once.").length === 3);
    await until(async () => {
      await owner.sends("/campaign 3");
      return inState("scheduled").test((await owner.sees(en.like("card-title", { id: 3 }))).text ?? "");
    });
    await changes(3, "From now on.", en("button-later-runs"));
    clock.jump(DAY);
    await until(
      () =>
        sentTo(telegram, "From now on.").every((count) => count === 1) &&
        sentTo(telegram, "From now on.").length === 3,
    );
    clock.jump(DAY);
    await until(() => sentTo(telegram, "From now on.").every((count) => count === 2));
    expect(sentTo(telegram, "First words.")).toEqual([]);
    expect(sentTo(telegram, "Only once.")).toEqual([1, 1, 1]);
  });
});

/** Scheduled, missed by so many hours while Herald did not run, and found. */
async function missed(policy: string | null, hours: number): Promise<Timed> {
  const all = await monday();
  const { owner, clock, start, stop } = all;
  await asksTime(owner, "Late post.");
  await owner.sees(en("when-ask", { id: 1 }));
  if (policy !== null) {
    await owner.taps(en("button-late"));
    await owner.sees(en.like("late-ask", { hours: 24 }));
    await owner.taps(policy);
    await owner.sees(en("when-ask", { id: 1 }));
  }
  await owner.sends("in 2 hours");
  await owner.sees(en("review-title", { id: 1 }));
  await confirms(owner);
  await stop();
  clock.jump((2 + hours) * HOUR);
  await start();
  return all;
}

describe("found late, after Herald did not run", () => {
  test("within the limit it is sent, and the report says how late", async () => {
    const { telegram, owner } = await missed(null, 3);
    await shows(owner, inState("finished"));
    expect(textOf(owner)).toMatch(
      en.like("card-late", { duration: en.like("duration-hours", { hours: 3 }) }),
    );
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });

  test("later, its author is asked: Send now", async () => {
    const { telegram, owner } = await missed(null, 30);
    await owner.sees(en.like("notice-late"));
    expect(owner.buttons()).toEqual([
      [en("button-send-now"), en("button-reschedule")],
      [en("button-edit"), en("button-drop")],
      [en("button-show-post")],
    ]);
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("overdue-ask", { people: en("people", { count: 3 }) }));
    expect(sentTo(telegram, "Late post.")).toEqual([]);
    await owner.taps(en("button-yes-send", { count: 3 }));
    await shows(owner, inState("finished"));
    expect(textOf(owner)).toMatch(
      en.like("card-late", { duration: en.like("duration-hours", { hours: 30 }) }),
    );
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });

  test("Drop asks once and ends it", async () => {
    const { telegram, owner } = await missed(null, 30);
    await owner.sees(en.like("notice-late"));
    // The card that was asked for gives way to the question, once that is tapped.
    const asked = owner.holds.at(-1)?.message_id ?? 0;
    await owner.sends("/campaign 1");
    await shows(owner, inState("paused"));
    const card = cardOf(owner)?.message_id;
    await owner.taps(en("button-drop"), { on: asked });
    await owner.sees(en("ask-drop", { id: 1 }));
    await until(() =>
      owner.holds.some(
        ({ message_id, text }) =>
          message_id === card && text === en("card-elsewhere", { id: 1, where: "above" }),
      ),
    );
    await owner.taps(en("button-yes-drop"), { on: asked });
    await shows(owner, inState("cancelled"));
    expect(textOf(owner)).toContain(en("card-cancelled-before"));
    expect(sentTo(telegram, "Late post.")).toEqual([]);
  });

  test("Reschedule gives it another time", async () => {
    const { telegram, owner, clock } = await missed(null, 30);
    await owner.sees(en.like("notice-late"));
    await owner.taps(en("button-reschedule"));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("in 1 hour");
    const change = await owner.sees(en("change-title", { id: 1 }));
    expect(change.text).toMatch(en.like("change-note-paused", { id: 1 }));
    await owner.taps(en("button-save"));
    await shows(owner, inState("scheduled"));
    clock.jump(HOUR + MINUTE);
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });

  test("let expire, it is not sent, and the card says why", async () => {
    const { telegram, owner } = await missed(en("button-late-expire"), 30);
    await owner.sees(en.like("notice-expired"));
    await shows(owner, inState("expired"));
    expect(textOf(owner)).toMatch(en.like("card-expired", { hours: 24 }));
    expect(owner.buttons(cardOf(owner))).toEqual([[en("button-show-post"), en("button-duplicate")]]);
    expect(sentTo(telegram, "Late post.")).toEqual([]);
  });

  test("sent anyway, however late, and it says how late", async () => {
    const { telegram, owner } = await missed(en("button-late-send"), 300);
    await shows(owner, inState("finished"));
    expect(textOf(owner)).toMatch(
      en.like("card-late", { duration: en("duration-days", { days: 12, hours: 12 }) }),
    );
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });
});

describe("hours", () => {
  test("a campaign stops when they end, its card waits for the next opening, and then it goes on", async () => {
    const { telegram, owner, clock } = await monday({
      people: 60,
      messagesPerSecond: 10,
      start: "2027-03-01T20:59:56Z",
    });
    await asksTime(owner, "In time.");
    await owner.taps(en("button-hours"));
    await owner.sees(en.like("hours-ask", { id: 1 }));
    await owner.sends("nonsense");
    await owner.sees(en.like("hours-unknown", { text: "nonsense" }));
    await owner.sends("09:00-22:00");
    await owner.sees(en("plan-hours", { hours: "09:00–22:00" }));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.taps(en("button-back"));
    await owner.sees(en("plan-hours", { hours: "09:00–22:00" }));
    clock.jump(HOUR - (clock.now().getTime() % HOUR) - 3_000 + (clock.now().getUTCHours() === 20 ? HOUR : 0));
    await owner.taps(en("button-send-now"));
    await owner.sees(en("confirm-ask", { id: 1, people: en("people", { count: 60 }) }));
    await owner.taps(/^Yes/);
    await shows(owner, en.like("card-waits", { opens: "Tue 2 Mar 09:00" }));
    const before = sentTo(telegram, "In time.").length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(60);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "In time.").length).toBe(before);
    clock.jump(11 * HOUR);
    await shows(owner, inState("finished"));
    expect(sentTo(telegram, "In time.")).toEqual(Array(60).fill(1));
  });

  test("closed ones say when sending begins: on the button, and in the question", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Not at noon.");
    await owner.taps(en("button-late"));
    await owner.taps(en("button-late-expire"));
    await owner.sees(
      `${en("plan-when", { time: en("plan-now") })}\n${en("plan-late", { hours: 24, policy: en("late-is-expire") })}`,
    );
    await owner.taps(en("button-hours"));
    await owner.sends("19:00-22:00");
    await owner.sees("Hours: 19:00–22:00\nIf late (more than 24 h): let it expire\n\nYour clock shows");
    await owner.taps(en("audience-continue"));
    await owner.sees(en("review-title", { id: 1 }));
    expect(owner.shows()).toContain(`${en("plan-when-opens", { opens: "Mon 1 Mar 19:00" })}\n`);
    expect(owner.buttons()[0]).toEqual([
      en("button-send-waits", { opens: "Mon 1 Mar 19:00" }),
      en("button-schedule"),
    ]);
    await owner.sends("send now");
    await owner.sees(
      `${en("confirm-waits", { id: 1, people: en("people", { count: 3 }) })}\n${en("plan-begins", { opens: "Mon 1 Mar 19:00", hours: "19:00–22:00" })}`,
    );
    await owner.taps(en("button-back"));
    await owner.taps(en("button-schedule"));
    await owner.sends("tomorrow 10:00");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(
      "(UTC)? It goes to 3 people.\nSending begins Tue 2 Mar 19:00, in its hours: 19:00–22:00",
    );
  });

  test("that can be read in two ways are asked about", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Nine to five.");
    await owner.taps(en("button-hours"));
    await owner.sends("9-5 mon-fri");
    await owner.sees(en("hours-ambiguous", { text: "9-5 mon-fri" }));
    expect(owner.buttons()).toEqual([
      ["09:00–05:00, Mon–Fri"],
      ["09:00–17:00, Mon–Fri"],
      ["21:00–05:00, Mon–Fri"],
    ]);
    await owner.taps("09:00–17:00, Mon–Fri");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sees(en("plan-hours", { hours: "09:00–17:00, Mon–Fri" }));
    await owner.sends("с 10 утра до полвосьмого вечера");
    await owner.sees("Hours: 10:00–19:30\n\nYour clock");
    await owner.sends("9:00-18:75");
    await owner.sees(en("when-no-time", { text: "9:00-18:75" }));
  });

  test("and what becomes of a late one are chosen at the step for the time", async () => {
    const { owner } = await monday();
    await asksTime(owner, "Choices.");
    await owner.taps(en("button-late"));
    await owner.sees(en.like("late-ask", { hours: 24 }));
    expect(owner.buttons()).toEqual([
      [en("button-late-send")],
      [`✅ ${en("button-late-ask")}`],
      [en("button-late-expire")],
      [en("button-back")],
    ]);
    await owner.sends("let it expire");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.taps(en("button-hours"));
    await owner.taps("09:00–21:00");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("tomorrow 10:00");
    await owner.sees(
      `${en("plan-hours", { hours: "09:00–21:00" })}\n${en("plan-late", { hours: 24, policy: en("late-is-expire") })}`,
    );
  });

  test("those of the settings hold for every new draft, and can be lifted", async () => {
    const { owner, database } = await monday();
    await within(database, ({ db }) =>
      saveSettings(homeScope(db, BOT_ID), OWNER, {
        window: { zone: "Europe/Berlin", from: 540, to: 1080, days: [1, 2, 3, 4, 5] },
      }),
    );
    await asksTime(owner, "By the settings.");
    await owner.sends("Saturday 12:00");
    await owner.sees(en("when-outside", { opens: "Mon 8 Mar 08:00" }));
    await owner.sees(en("plan-hours", { hours: "09:00–18:00, Mon–Fri (Europe/Berlin)" }));
    await owner.taps(en("button-schedule"));
    await owner.taps(en("button-hours"));
    await owner.taps(en("button-any-time"));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.taps(en("button-back"));
    const card = await owner.sees(en("review-title", { id: 1 }));
    expect(card.text).not.toMatch(en.like("plan-hours"));
  });
});

describe("to a channel", () => {
  test("from /schedule to the post and its link; once the bot has lost its rights, it is told, and Retry works later", async () => {
    const { telegram, owner, clock } = await monday();
    const news = telegram.channel({ title: "News", username: "news", creator: owner });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    const toNews = async (text: string, id: number) => {
      await owner.sends("/schedule");
      await owner.sees(en("post-ask"));
      await owner.sends(text);
      await owner.sees(en.like("audience-ask"));
      await owner.taps(en("audience-to-chats"));
      await owner.taps("News");
      await owner.taps(en("audience-continue"));
      await owner.sees(en.like("when-ask"));
      await owner.sends("tomorrow 10:00");
      await owner.sees(en("review-title", { id }));
      await confirms(owner, id);
    };
    const posts = () => telegram.received(news.id).map(({ text }) => text);

    await toNews("Out in time.", 1);
    expect(posts()).toEqual([]);
    clock.jump(DAY);
    await shows(owner, inState("finished"));
    expect(posts()).toEqual(["Out in time."]);
    const number = telegram.received(news.id)[0]?.message_id;
    expect(textOf(owner)).toContain(`· News: https://t.me/news/${number}`);

    await toNews("Not allowed.", 2);
    await news.limits({ can_post_messages: false });
    clock.jump(DAY);
    await owner.sees(en.like("notice-chats-lost", { id: 2 }));
    await news.limits({ can_post_messages: true });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await owner.sends("/campaign 2");
    // The new card takes the place of the one before, whose buttons go.
    await until(() => owner.buttons(cardOf(owner, 2)).flat().includes(en("button-retry")));
    await owner.taps(en("button-retry"), messageOf(owner, 2));
    await until(() => posts().includes("Not allowed."));
    expect(posts()).toEqual(["Out in time.", "Not allowed."]);
  });
});

describe("an hour before", () => {
  test.each([
    ["that moved by more than 5 % its author is reminded, once", 4, 1],
    ["that hardly moved nobody is", 0, 0],
  ])("of a large audience %s", async (_, more, reminders) => {
    const { owner, telegram, clock, stop, start, database } = await monday({
      people: 60,
      confirmTypedFrom: 50,
    });
    await asksTime(owner, "To many.");
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("tomorrow 12:00");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.sees(en.like("confirm-schedule-type"));
    await owner.sends("60");
    await shows(owner, inState("scheduled"));
    await stop();
    await register(database, range(FIRST + 100, FIRST + 99 + more));
    clock.jump(23 * HOUR + MINUTE);
    await start();
    const told = () =>
      owner.holds.filter(({ text }) => en.opens("notice-moved", { id: 1 }).test(text ?? "")).length;
    if (reminders > 0) await until(() => told() > 0);
    else await until(() => telegram.calls.some(({ method }) => method === "getUpdates"));
    await stop();
    await start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(told()).toBe(reminders);
  });
});
