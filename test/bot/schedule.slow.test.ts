import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { setTimezone, timezoneOf } from "../../src/access/preferences.ts";
import { saveSettings } from "../../src/campaign/settings.ts";
import type { Config } from "../../src/config.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { cardOf, ownerOf, register, until, within } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { type MovableClock, movableClock } from "../support/clock.ts";
import { BOT_ID, emptyLocation } from "../support/database.ts";
import { OWNER, OWNER_ID, localTelegram, running } from "../support/herald.ts";
import { FIRST, shows } from "../support/scene.ts";
import { range } from "../support/seed.ts";

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

interface Scene {
  telegram: Telegram;
  owner: Person;
  database: DatabaseLocation;
  clock: MovableClock;
  /** Starts Herald, again after `stop`. */
  start: () => ReturnType<typeof running>;
  stop: () => Promise<void>;
}

/** A bot with a few people, at noon of a Monday by a clock that the test moves. */
async function scene({
  zone = "UTC",
  people = 3,
  start: at = START,
  ...config
}: Options = {}): Promise<Scene> {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  telegram.people(people, { firstId: FIRST });
  const database = await emptyLocation();
  await register(database, range(FIRST, FIRST + people - 1));
  if (zone !== null) await within(database, ({ db }) => setTimezone(homeScope(db, BOT_ID), OWNER_ID, zone));
  const clock = movableClock();
  clock.jump(Date.parse(at) - Date.now());
  const start = () => running(telegram, { database, messagesPerSecond: 200, ...config }, { clock });
  let herald = await start();
  await owner.sends("/stop");
  await owner.sees("no more messages");
  return {
    telegram,
    owner,
    database,
    clock,
    start: async () => (herald = await start()),
    stop: () => herald.stop(),
  };
}

/** From /schedule to the question for the time. */
async function asksTime(admin: Person, post: string): Promise<void> {
  await admin.sends("/schedule");
  await admin.sees("Send me the post");
  await admin.sends(post);
  await admin.sees("who should receive it?");
  await admin.taps("Continue");
}

/** From /schedule to the card of the scheduled campaign. */
async function schedules(admin: Person, post: string, time: string, id = 1): Promise<void> {
  await asksTime(admin, post);
  await admin.sees(`When should campaign #${id} go out?`);
  await admin.sends(time);
  await admin.sees(`Campaign #${id} · draft`);
  await confirms(admin, id);
}

async function confirms(admin: Person, id = 1): Promise<void> {
  await admin.taps(/^Schedule for/);
  await admin.sees(`Schedule campaign #${id} for`);
  await admin.taps(/^Yes, schedule for/);
  await shows(admin, /· scheduled/, id);
}

const sentTo = (telegram: Telegram, text: string) =>
  [...copiesOf(telegram, text)].filter(([chat]) => chat >= FIRST).map(([, count]) => count);

const textOf = (admin: Person, id = 1) => cardOf(admin, id)?.text ?? "";
const messageOf = (admin: Person, id = 1) => ({ on: cardOf(admin, id)?.message_id ?? 0 });

describe("/schedule", () => {
  test("from the command to the delivered post, as the manual tells it", async () => {
    const { telegram, owner, clock } = await scene({ zone: null });
    await asksTime(owner, "See you tomorrow.");
    await owner.sees("What is your time zone?");
    expect(owner.buttons().flat()).toContain("Moscow");
    await owner.taps("Moscow");
    await owner.sees("When should campaign #1 go out?");
    expect(owner.shows()).toContain("Your clock shows 15:00 (Europe/Moscow).");
    expect(owner.buttons()).toEqual([
      ["In 1 hour", "Today 19:00"],
      ["Tomorrow 10:00", "Repeat…"],
      ["Hours…", "If late…"],
      ["Back"],
    ]);
    await owner.taps("Tomorrow 10:00");
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
    const card = await owner.sees("Campaign #1 · draft");
    expect(card.text).toContain("\nWhen: Tue 2 Mar 2027, 10:00 · Europe/Moscow · in 19 h\n");
    expect(card.text).toMatch(/done by 2 Mar, 10:00$/);
    expect(owner.buttons()).toEqual([
      ["Schedule for Tue 2 Mar 10:00"],
      ["Schedule…", "Send now instead"],
      ["Edit post", "Buttons…"],
      ["Audience…", "Options…"],
      ["Send test to me", "Discard"],
    ]);
    await owner.taps("Schedule for Tue 2 Mar 10:00");
    await owner.sees("Schedule campaign #1 for Tue 2 Mar 2027, 10:00 (Europe/Moscow)? It goes to 3 people.");
    await owner.taps("Yes, schedule for Tue 10:00");
    await shows(owner, /· scheduled/);
    expect(textOf(owner)).toBe(
      [
        "Campaign #1 · scheduled",
        "“See you tomorrow.”",
        "When: Tue 2 Mar 2027, 10:00 · Europe/Moscow · in 19 h",
        "To: All languages → 3 people",
        "By: Olga",
      ].join("\n"),
    );
    expect(owner.buttons(cardOf(owner))).toEqual([
      ["Reschedule", "Edit"],
      ["Pause", "Cancel"],
      ["Show post"],
    ]);
    clock.jump(19 * HOUR - 2 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "See you tomorrow.")).toEqual([]);
    clock.jump(2 * MINUTE);
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "See you tomorrow.")).toEqual([1, 1, 1]);
    expect(textOf(owner)).not.toContain("late");
  });

  test("Schedule… on the card of a broadcast does the same, and Send now instead leads back", async () => {
    const { telegram, owner, clock } = await scene();
    await owner.sends("/broadcast");
    await owner.sends("Later, or now?");
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("When: now");
    await owner.taps("Schedule…");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("in 2 hours");
    await owner.sees("Mon 1 Mar 2027, 14:00 · UTC · in 2 h");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Send now instead");
    await owner.sees("When: now");
    expect(owner.buttons()[0]).toEqual(["Send now", "Schedule…"]);
    await owner.taps("Schedule…");
    await owner.taps("In 1 hour");
    await owner.sees("Campaign #1 · draft");
    await confirms(owner);
    expect(textOf(owner)).toContain("When: Mon 1 Mar 2027, 13:0");
    clock.jump(HOUR + MINUTE);
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "Later, or now?")).toEqual([1, 1, 1]);
  });

  test("from CONFIRM_TYPED_FROM people on the number is typed, and a full calendar refuses", async () => {
    const { owner } = await scene({ confirmTypedFrom: 3, maxScheduled: 1 });
    await asksTime(owner, "To many.");
    await owner.sends("tomorrow 9:00");
    await owner.sees("Campaign #1 · draft");
    await owner.taps(/^Schedule for/);
    await owner.sees("Type the number 3 to schedule it");
    await owner.sends("3");
    await shows(owner, /· scheduled/);
    await asksTime(owner, "One too many.");
    await owner.sends("tomorrow 9:00");
    await owner.sees("Campaign #2 · draft");
    await owner.taps(/^Schedule for/);
    await owner.sees("Type the number 3");
    await owner.sends("3");
    await owner.sees("1 campaign is already scheduled");
    await owner.sends("/campaign 2");
    await owner.sees("Campaign #2 · draft");
  });

  test("five quick taps on Yes schedule it once", async () => {
    const { owner } = await scene();
    await asksTime(owner, "In haste.");
    await owner.taps("Tomorrow 10:00");
    await owner.sees("Campaign #1 · draft");
    await owner.taps(/^Schedule for/);
    await owner.sees("Schedule campaign #1 for");
    const answers = await owner.tapsTimes(/^Yes, schedule for/, 5);
    expect(answers.filter(({ text }) => text?.includes("campaign #1 is scheduled")).length).toBe(4);
    await shows(owner, /· scheduled/);
  });

  test("an admin with a Russian Telegram reads and types times in Russian", async () => {
    const { telegram, clock } = await scene({ ownerIds: [2] });
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
    const { owner } = await scene();
    await asksTime(owner, "When?");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("blue moon");
    await owner.sees("I cannot read “blue moon” as a time.");
    await owner.sends("1 March 2027 9:00");
    await owner.sees("Mon 1 Mar 2027, 09:00 has passed.");
    await owner.sends("1 March 2035 9:00");
    await owner.sees("more than two years ahead");
    await owner.sends("Wednesday");
    await owner.sees("“Wednesday”: at what time?");
    expect(owner.buttons().length).toBeGreaterThan(1);
    // The hour belongs to the day that was asked about, not to today.
    await owner.sends("19:30");
    await owner.sees("Wed 3 Mar 2027, 19:30 · UTC · in 2 d 8 h");
    await owner.sees("Campaign #1 · draft");
  });

  test("is taken on the review card as well: a time, a repeat and hours; anything else is answered as before", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Later.");
    await owner.taps("Tomorrow 10:00");
    await owner.sees("Campaign #1 · draft");
    await owner.sends("tomorrow at half past nine in the evening");
    await owner.sees("Tue 2 Mar 2027, 21:30 · UTC · in 34 h");
    await owner.sees("When: Tue 2 Mar 2027, 21:30");
    await owner.sends("Wednesday");
    await owner.sees("“Wednesday”: at what time?");
    await owner.sends("11");
    await owner.sees("When: Wed 3 Mar 2027, 11:00");
    await owner.sends("tomorrow 3");
    await owner.sees("“tomorrow 3” can mean more than one time.");
    await owner.taps("Tue 2 Mar 15:00");
    await owner.sees("When: Tue 2 Mar 2027, 15:00");
    await owner.sends("1 March 2027 9:00");
    await owner.sees("Mon 1 Mar 2027, 09:00 has passed.");
    await owner.sends("9-18 on weekdays");
    await owner.sees("Hours: 09:00–18:00, Mon–Fri\nTakes");
    // It may be the number of people, typed a step too early.
    for (const text of ["20", "thank you"]) {
      await owner.sends(text);
      await owner.sees("Tap the buttons, or type one of their labels.");
    }
    await owner.sends("каждый понедельник в 10");
    await owner.sees("Repeats: every Monday 10:00 · UTC");
    await owner.taps("Continue");
    await owner.sees("Repeats: every Monday 10:00\nHours: 09:00–18:00, Mon–Fri\nTakes");
  });

  test("on the review card waits for the zone of who has chosen none", async () => {
    const { owner } = await scene({ zone: null });
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("Now or later.");
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("Campaign #1 · draft");
    await owner.sends("завтра в 9");
    await owner.sees("What is your time zone?");
    await owner.taps("Moscow");
    await owner.sees("Tue 2 Mar 2027, 09:00 · Europe/Moscow");
    await owner.sees("When: Tue 2 Mar 2027, 09:00 · Europe/Moscow");
  });

  test("is quoted without halving an emoji, which Telegram would refuse", async () => {
    const { owner } = await scene({ confirmTypedFrom: 3 });
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
    await owner.taps("Back");
    await answers("Repeat…", "a repeat");
    await owner.sends("every Monday");
    await owner.sees("At what time (UTC)?");
    await answers(null, "a time of day");
    await owner.taps("10:00");
    await owner.sees("Repeats: every Monday 10:00");
    await answers("Ends…", "a number of runs");
    await owner.sends("3 runs");
    await owner.sees("3 runs in all");
    await owner.taps("Continue");
    await owner.taps(/^Schedule for/);
    await owner.sees("Type the number 3");
    await owner.sends(`${"x".repeat(39)}🎁🎁`);
    await owner.sees(`“${"x".repeat(39)}🎁” is not 3.`);
    await owner.sends(`/language ${"x".repeat(39)}🎁🎁`);
    await owner.sees(`I do not know the language “${"x".repeat(39)}🎁”.`);
  });

  test("asks back for an hour that may be of the night or of the afternoon; a typed one is of that day", async () => {
    const { owner } = await scene();
    await asksTime(owner, "At three.");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("tomorrow 3");
    await owner.sees("“tomorrow 3” can mean more than one time. Which one?");
    expect(owner.buttons()).toEqual([["Tue 2 Mar 03:00"], ["Tue 2 Mar 15:00"]]);
    await owner.sends("15:30");
    await owner.sees("Tue 2 Mar 2027, 15:30 · UTC");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    await owner.sends("завтра в 3");
    await owner.taps("Tue 2 Mar 15:00");
    await owner.sees("Tue 2 Mar 2027, 15:00 · UTC");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    await owner.sends("today at 3");
    await owner.sees("Mon 1 Mar 2027, 15:00 · UTC");
  });

  test("so does an hour of a repeat", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Every Monday.");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("по понедельникам в 3");
    await owner.sees("“по понедельникам в 3” can mean more than one time.");
    expect(owner.buttons()).toEqual([["03:00", "15:00"]]);
    await owner.taps("15:00");
    await owner.sees("Repeats: every Monday 15:00 · UTC");
    await owner.sends("every day at 4");
    await owner.sees("“every day at 4” can mean more than one time.");
    await owner.sends("16:30");
    await owner.sees("Repeats: every day 16:30 · UTC");
    await owner.sends("every Tuesday");
    await owner.sees("At what time (UTC)?");
    await owner.sends("5");
    await owner.sees("“5” can mean more than one time.");
    await owner.sends("05:00");
    await owner.sees("Repeats: every Tuesday 05:00 · UTC");
    await owner.taps("Ends…");
    await owner.sends("31 November");
    await owner.sees("There is no such date: “31 November”.");
    await owner.sends("yesterday");
    await owner.sees("Sun 28 Feb 2027 has passed.");
  });

  test("without an hour is answered without one, and what does not exist by its name", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Never.");
    await owner.sees("When should campaign #1 go out?");
    for (const [typed, answer] of [
      ["yesterday", "Sun 28 Feb 2027 has passed."],
      ["this morning", "“this morning” has passed."],
      ["1 March 2035", "Thu 1 Mar 2035 is more than two years ahead"],
      ["Feb 30", "There is no such date: “Feb 30”."],
      ["32 декабря в 10", "There is no such date: “32 декабря в 10”."],
      ["at 25:00", "There is no such time: “at 25:00”."],
    ] as const) {
      await owner.sends(typed);
      const said = await owner.sees(answer);
      expect(said.text).not.toContain("Repeat…");
    }
    await owner.sends("tomorrow");
    await owner.sees("“tomorrow”: at what time?");
    await owner.sends("25:00");
    await owner.sees("There is no such time: “tomorrow 25:00”.");
  });

  test("comes twice, or not at all, when the clocks change", async () => {
    const { owner } = await scene({ zone: "Europe/Berlin" });
    await asksTime(owner, "Between the hours.");
    await owner.sends("28.03.2027 02:30");
    await owner.sees("There is no 02:30 that night");
    expect(owner.buttons()).toEqual([["Sun 28 Mar 03:00"]]);
    await owner.sends("31.10.2027 02:30");
    await owner.sees("Sun 31 Oct 2027, 02:30 comes twice");
    expect(owner.buttons()).toEqual([["02:30 UTC+2"], ["02:30 UTC+1"]]);
    await owner.taps("02:30 UTC+1");
    await owner.sees("Campaign #1 · draft");
    expect(owner.shows()).toContain("When: Sun 31 Oct 2027, 02:30 · Europe/Berlin");
  });

  test("another day replaces the one that was asked about; only a time of day is joined with it", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Which day?");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("10.12");
    await owner.sees("“10.12”: at what time?");
    await owner.sends("tomorrow");
    await owner.sees("“tomorrow”: at what time?");
    expect(owner.buttons()[0]).toEqual(["Tue 2 Mar 09:00"]);
    // A time of the day that was asked about, or a day of December: neither is taken without a word.
    await owner.sends("10.12");
    await owner.sees("“10.12” can mean more than one time.");
    expect(owner.buttons().slice(0, 2)).toEqual([["Tue 2 Mar 10:12"], ["Fri 10 Dec 09:00"]]);
    await owner.sends("Wednesday");
    await owner.sees("“Wednesday”: at what time?");
    await owner.sends("evening");
    await owner.sees("“Wednesday evening”: at what time?");
    await owner.sends("in 2 hours");
    await owner.sees("Mon 1 Mar 2027, 14:00 · UTC");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    await owner.sends("Wednesday");
    await owner.sees("“Wednesday”: at what time?");
    await owner.sends("1 March 2027 9:00");
    await owner.sees("Mon 1 Mar 2027, 09:00 has passed.");
    // Wednesday is no longer asked about.
    await owner.sends("19:30");
    await owner.sees("Mon 1 Mar 2027, 19:30 · UTC");
  });

  test("now sends it now; of what is scheduled it is no time", async () => {
    const { owner } = await scene();
    await asksTime(owner, "At once.");
    await owner.sends("in 2 hours");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    await owner.sends("сейчас");
    await owner.sees("When: now");
    expect(owner.buttons()[0]).toEqual(["Send now", "Schedule…"]);
    await owner.taps("Schedule…");
    await owner.sends("in 2 hours");
    await owner.sees("When: Mon 1 Mar 2027, 14:00");
    await confirms(owner);
    await owner.sends("/reschedule 1");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("now");
    await owner.sees("A scheduled campaign needs a time in the future.");
  });

  test("a time that has just passed is not called now", async () => {
    const { owner, clock } = await scene();
    await asksTime(owner, "Just missed.");
    await owner.sends("in 2 hours");
    const card = await owner.sees("Campaign #1 · draft");
    const stamp = card.entities?.find(({ type }) => type === "date_time");
    if (stamp?.type !== "date_time") throw new Error("no time on the card");
    clock.jump((stamp.unix_time ?? 0) * 1000 + 5_000 - clock.now().getTime());
    await owner.sends("/campaign 1");
    await owner.sees(/^When: Mon 1 Mar 2027, 14:0\d · UTC\. This time has passed\.$/m);
    await owner.taps("Schedule…");
    await owner.sees("This time has passed.");
    expect(owner.buttons().at(-1)).toEqual(["Back"]);
  });

  test("a repeat or hours typed for the time are taken as such", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Over and over.");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("blue moon");
    await owner.sees("there is Repeat…, or type “every Monday 10:00”");
    await owner.sends("19:00-06:00");
    await owner.sees("Hours: 19:00–06:00");
    await owner.sees(
      /When should campaign #1 go out\?[^]*\nWhen: Mon 1 Mar 19:00, as soon as its hours begin/,
    );
    expect(owner.buttons().at(-1)).toEqual(["Continue", "Back"]);
    await owner.sends("каждый месяц 31 числа в 10:00");
    const month = await owner.sees("Repeats: on day 31 of every month (or its last day), 10:00 · UTC");
    expect(month.text?.match(/^· /gm)?.length).toBe(5);
    // On this card another one may be typed.
    await owner.sends("0 9 * * 1-5");
    await owner.sees("(0 9 * * 1-5) · UTC");
    await owner.sends("every monday 9");
    await owner.sees("Repeats: every Monday 09:00 · UTC");
    await owner.taps("Continue");
    await owner.sees("Repeats: every Monday 09:00\nHours: 19:00–06:00");
    await owner.taps("Schedule…");
    await owner.sends("* * * * *");
    await owner.sees("more often than every 15 minutes");
    await owner.sends("every tuesday");
    await owner.sees("At what time (UTC)?");
    await owner.sends("8");
    await owner.sees("Repeats: every Tuesday 08:00 · UTC");
    await owner.taps("Back");
    await owner.taps("Weekdays…");
    await owner.sees("On which days?");
    await owner.sends("10:00");
    await owner.sees("I cannot read “10:00” as a repeat.");
    await owner.taps("Mon");
    await owner.taps("Fri");
    await until(() => owner.buttons().flat().includes("✅ Fri"));
    await owner.sends("10:00");
    await owner.sees("Repeats: every Monday and Friday 10:00 · UTC");
  });

  test("an old button whose time has passed says so", async () => {
    const { owner, clock } = await scene();
    await asksTime(owner, "Too slow.");
    await owner.sends("Monday");
    await owner.sees("at what time?");
    clock.jump(30 * DAY);
    const [[label = ""] = []] = owner.buttons();
    expect(await owner.taps(label)).toMatchObject({ text: expect.stringContaining("has passed") as string });
    await owner.sends("tomorrow 9:00");
    await owner.sees("Campaign #1 · draft");
    clock.jump(2 * DAY);
    expect(await owner.taps(/^Schedule for/)).toMatchObject({
      text: expect.stringContaining("has passed") as string,
    });
    await owner.sees("When should campaign #1 go out?");
  });
});

describe("zones", () => {
  test("/timezone shows the zone and changes it: by a button, a city, or what the clock shows", async () => {
    const { owner, database, stop } = await scene({ zone: null });
    await owner.sends("/timezone");
    await owner.sees("Your time zone: UTC. It is 12:00 there.");
    await owner.taps("Berlin");
    await owner.sees("Your time zone: Berlin (Europe/Berlin). It is 13:00 there.");
    await owner.sends("/timezone");
    await owner.sees("What is your time zone?");
    await owner.sends("nowhere at all");
    await owner.sees("I do not know that place");
    await owner.sends("15:00");
    await owner.sees("Which of these is yours?");
    expect(
      owner
        .buttons()
        .flat()
        .every((label) => label.endsWith("· 15:00")),
    ).toBe(true);
    await owner.taps(/^Moscow/);
    await owner.sees("Europe/Moscow");
    await owner.sends("/timezone Tokyo");
    await owner.sees("Your time zone: Tokyo (Asia/Tokyo). It is 21:00 there.");
    await stop();
    expect(await within(database, ({ db }) => timezoneOf(homeScope(db, BOT_ID), OWNER_ID))).toBe(
      "Asia/Tokyo",
    );
  });

  test("asked for the zone, a time that needs none is taken at once, and the zone stays open", async () => {
    const { owner } = await scene({ zone: null });
    await asksTime(owner, "In a minute.");
    await owner.sees("What is your time zone?");
    await owner.sends("in 1 minute");
    await owner.sees("Mon 1 Mar 2027, 12:01 · UTC · in 1 min");
    await owner.sees("Campaign #1 · draft");
    expect(owner.buttons()[0]).toEqual(["Schedule for Mon 1 Mar 12:01"]);
    await owner.taps("Schedule…");
    await owner.sees("What is your time zone?");
  });

  test("asked for the zone, another time is kept, and read by the clock of the zone", async () => {
    const { telegram } = await scene({ zone: null, ownerIds: [OWNER_ID, 2] });
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
    const { owner } = await scene({ zone: null });
    await asksTime(owner, "Mine.");
    const asked = await owner.sees("What is your time zone?");
    await owner.sends(typed);
    await owner.sees(`I have noted “${typed}”, so you need not type it again.`);
    await owner.taps("Moscow", { on: asked });
    await owner.sees(echo);
    await owner.sees(next);
  });

  test("from the question for the zone, Back leads to the review", async () => {
    const { owner } = await scene({ zone: null });
    await asksTime(owner, "Mine.");
    await owner.sees("What is your time zone?");
    expect(owner.buttons().at(-1)).toEqual(["Back"]);
    await owner.taps("Back");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    const asked = await owner.sees("What is your time zone?");
    await owner.taps("Back");
    const card = await owner.sees("Campaign #1 · draft");
    expect(card.message_id).toBe(asked.message_id);
  });

  test("two admins see the same campaign each by their own clock", async () => {
    const { telegram, owner, database } = await scene({ zone: "Europe/Moscow", ownerIds: [OWNER_ID, 2] });
    await within(database, ({ db }) => setTimezone(homeScope(db, BOT_ID), 2, "America/New_York"));
    const other = telegram.person({ id: 2, firstName: "Otto", languageCode: "en", started: true });
    await schedules(owner, "For both.", "tomorrow 10:00");
    await other.sends("/campaign 1");
    await shows(other, /scheduled\n“.*\nWhen/);
    expect(textOf(owner)).toContain("When: Tue 2 Mar 2027, 10:00 · Europe/Moscow");
    expect(textOf(other)).toContain("When: Tue 2 Mar 2027, 02:00 · America/New_York");
  });
});

describe("repeats", () => {
  test("every day: five runs are shown, each goes out as a campaign of its own, one is cancelled, then all", async () => {
    const { telegram, owner, clock } = await scene();
    await asksTime(owner, "Good morning.");
    await owner.sees("When should campaign #1 go out?");
    await owner.taps("Repeat…");
    await owner.sees("How often should campaign #1 go out?");
    await owner.taps("Every day");
    await owner.sees("At what time (UTC)?");
    await owner.sends("10:30");
    const echo = await owner.sees("Repeats: every day 10:30 · UTC");
    expect(echo.text?.split("\n").slice(2)).toEqual([
      "The next 5 runs:",
      "· Tue 2 Mar 2027, 10:30",
      "· Wed 3 Mar 2027, 10:30",
      "· Thu 4 Mar 2027, 10:30",
      "· Fri 5 Mar 2027, 10:30",
      "· Sat 6 Mar 2027, 10:30",
    ]);
    await owner.taps("Continue");
    await owner.sees("Repeats: every day 10:30\n");
    await confirms(owner);
    expect(textOf(owner)).toContain("Run 1 of the series, every day 10:30; next Wed 3 Mar 10:30");
    for (const run of [1, 2, 3]) {
      clock.jump(DAY);
      await until(() => sentTo(telegram, "Good morning.").every((count) => count === run));
      await owner.sends(`/campaign ${run}`);
      await shows(owner, new RegExp(`· finished[^]*Run ${run} of the series, every day 10:30; next`), run);
    }
    expect(sentTo(telegram, "Good morning.")).toEqual([3, 3, 3]);

    await owner.sends("/cancel 4");
    await owner.sees("It is a run of a series; the next one is Sat 6 Mar 10:30.");
    expect(await owner.taps("Only this run")).toMatchObject({
      text: "Cancelled. The next run is #5: Sat 6 Mar 2027, 10:30",
    });
    await shows(owner, /· cancelled/, 4);
    await owner.sends("/cancel 5");
    await owner.sees("Cancel campaign #5?");
    await owner.taps("Back");
    await shows(owner, /· scheduled/, 5);
    await owner.taps("Cancel", messageOf(owner, 5));
    await owner.sees("Cancel campaign #5?");
    expect(await owner.taps("The whole series")).toMatchObject({ text: "The whole series is cancelled" });
    await shows(owner, /· cancelled/, 5);
    clock.jump(7 * DAY);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "Good morning.")).toEqual([3, 3, 3]);
    await owner.sends("/campaign 6");
    await owner.sees("There is no campaign #6");
  });

  test("weekdays are toggled, days of the month explained, cron put into words, and an end is set", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Again and again.");
    await owner.taps("Repeat…");
    await owner.taps("Weekdays…");
    await owner.sees("On which days?");
    await owner.taps("Mon");
    await owner.taps("Fri");
    await until(() => owner.buttons().flat().includes("✅ Fri"));
    await owner.taps("Continue");
    await owner.sees("At what time (UTC)?");
    await owner.taps("10:00");
    await owner.sees("Repeats: every Monday and Friday 10:00 · UTC");
    await owner.taps("Back");
    await owner.sends("every Monday");
    await owner.sees("At what time (UTC)?");
    await owner.sends("9");
    await owner.sees("Repeats: every Monday 09:00");
    await owner.taps("Back");
    await owner.taps("Monthly…");
    await owner.sees("On which day of the month?");
    await owner.sends("31");
    await owner.sees("At what time");
    await owner.taps("12:00");
    const month = await owner.sees("In months without a day 31 it goes out on the last day.");
    expect(month.text).toContain("· Fri 30 Apr 2027, 12:00");
    await owner.taps("Back");
    await owner.sends("*/5 * * * *");
    await owner.sees("more often than every 15 minutes");
    await owner.sends("0 9 * * 1-5");
    await owner.sees("Repeats: every weekday 09:00 (0 9 * * 1-5) · UTC");
    await owner.taps("Ends…");
    await owner.sees("When does it end?");
    await owner.sends("3 runs");
    const ends = await owner.sees("3 runs in all");
    expect(ends.text).toContain("The next 3 runs:");
    await owner.taps("Ends…");
    await owner.sends("4 March");
    const date = await owner.sees("until 4 Mar 2027");
    expect(date.text?.split("\n").at(-1)).toBe("· Thu 4 Mar 2027, 09:00");
    await owner.taps("Ends…");
    await owner.sends("whenever");
    await owner.sees("as a number of runs or a date");
    await owner.taps("Never");
    await owner.sees("The next 5 runs:");
  });

  test("a cron expression without simple words is shown with its runs, and its draft opens again and again", async () => {
    const { owner } = await scene();
    await asksTime(owner, "On every Friday the 13th.");
    await owner.sends("0 9 13 * +FRI");
    const echo = await owner.sees("Repeats: by the cron expression 0 9 13 * +FRI · UTC");
    expect(echo.text).toContain("· Fri 13 Aug 2027, 09:00");
    await owner.taps("Back");
    await owner.sees("Chosen: by the cron expression 0 9 13 * +FRI: Fri 13 Aug 09:00");
    await owner.sends("/cancel");
    await owner.sends("/campaigns");
    await owner.sees("Campaigns · Drafts");
    await owner.taps(/^#1/);
    await owner.sees("Campaign #1 · draft");
    await owner.sees("Repeats: by the cron expression 0 9 13 * +FRI: Fri 13 Aug 09:00");
    await owner.taps("Schedule…");
    await owner.sends("0 9 * * *,1");
    await owner.sees("Repeats: every day 09:00 (0 9 * * *,1) · UTC");
  });

  test("every other day and every 2 weeks, tapped or typed, count from the first run", async () => {
    const { owner, clock } = await scene();
    await asksTime(owner, "Now and then.");
    await owner.taps("Repeat…");
    await owner.taps("Every other day");
    await owner.sees("At what time (UTC)?");
    await owner.sends("half past six");
    await owner.sees("“half past six” can mean more than one time.");
    await owner.taps("18:30");
    const days = await owner.sees("Repeats: every other day 18:30 · UTC");
    expect(days.text).toContain("· Mon 1 Mar 2027, 18:30\n· Wed 3 Mar 2027, 18:30\n· Fri 5 Mar 2027, 18:30");
    await owner.taps("Back");
    await owner.taps("Every 2 weeks…");
    await owner.sees("On which days?");
    await owner.taps("Mon");
    await owner.taps("Thu");
    await until(() => owner.buttons().flat().includes("✅ Thu"));
    await owner.taps("Continue");
    await owner.sees("At what time (UTC)?");
    await owner.taps("10:00");
    const weeks = await owner.sees("Repeats: every 2 weeks on Monday and Thursday 10:00 · UTC");
    // This Monday's 10:00 has passed, so that the first run is on Thursday.
    expect(weeks.text).toContain(
      "· Thu 4 Mar 2027, 10:00\n· Mon 15 Mar 2027, 10:00\n· Thu 18 Mar 2027, 10:00",
    );
    await owner.sends("каждые две недели по вторникам в полдесятого утра");
    const typed = await owner.sees("Repeats: every 2 weeks on Tuesday 09:30 · UTC");
    expect(typed.text).toContain("· Tue 2 Mar 2027, 09:30\n· Tue 16 Mar 2027, 09:30");
    // A day later an end is set: the runs stay where they were.
    clock.jump(DAY);
    await owner.taps("Ends…");
    await owner.sends("3 runs");
    const ended = await owner.sees("3 runs in all");
    expect(ended.text?.split("\n").slice(-3)).toEqual([
      "· Tue 16 Mar 2027, 09:30",
      "· Tue 30 Mar 2027, 09:30",
      "· Tue 13 Apr 2027, 09:30",
    ]);
  });

  test("what a typed repeat leaves open is asked for, and the rest of it is kept", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Open questions.");
    await owner.sends("every 2 weeks at 10");
    await owner.sees("On which days?");
    await owner.taps("Fri");
    await until(() => owner.buttons().flat().includes("✅ Fri"));
    await owner.taps("Continue");
    await owner.sees("Repeats: every 2 weeks on Friday 10:00 · UTC");
    await owner.sends("monthly at 9");
    await owner.sees("On which day of the month?");
    await owner.sends("15");
    await owner.sees("Repeats: on day 15 of every month, 09:00 · UTC");
    await owner.sends("every second Monday at 10");
    await owner.sees("“every second Monday at 10” can mean more than one time.");
    await owner.taps("on the second Monday of every month, 10:00");
    const second = await owner.sees("Repeats: on the second Monday of every month, 10:00");
    expect(second.text).toContain("· Mon 8 Mar 2027, 10:00\n· Mon 12 Apr 2027, 10:00");
    await owner.sends("каждый второй понедельник");
    await owner.sees("“каждый второй понедельник” can mean more than one time.");
    await owner.taps("every 2 weeks on Monday");
    await owner.sees("At what time (UTC)?");
    await owner.sends("7 утра");
    await owner.sees("Repeats: every 2 weeks on Monday 07:00 · UTC");
    await owner.sends("mondays at midnight");
    await owner.sees("“mondays at midnight” can mean more than one time.");
    await owner.taps("every Tuesday 00:00");
    await owner.sees("Repeats: every Tuesday 00:00 · UTC");
    await owner.sends("every day at 25:00");
    await owner.sees("There is no such time");
    await owner.sends("every 5 minutes");
    await owner.sees("more often than every 15 minutes");
  });

  test("a single time drops the repeat, and says so", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Once after all.");
    await owner.sends("every day at 10:00");
    await owner.sees("The next 5 runs:");
    await owner.taps("Continue");
    await owner.sees("Repeats: every day 10:00");
    await owner.taps(/^Schedule for/);
    await owner.sees(/^Schedule campaign #1 for [^\n]*\? It goes to 3 people\.\nRepeats: every day 10:00$/);
    await owner.taps("Back");
    await owner.taps("Schedule…");
    await owner.sees(
      "\n\nWhen: Tue 2 Mar 2027, 10:00 · UTC · in 22 h\nRepeats: every day 10:00\n\nYour clock shows",
    );
    expect(owner.buttons().at(-1)).toEqual(["Continue", "Back"]);
    await owner.taps("Tomorrow 10:00");
    const echo = owner.holds.findLast(({ text }) => text?.startsWith("Tue 2 Mar 2027, 10:00"));
    expect(echo?.text?.split("\n").slice(1)).toEqual(["The repeat is dropped: it goes out once."]);
    expect((await owner.sees("Campaign #1 · draft")).text).not.toContain("Repeats:");
    await owner.taps("Schedule…");
    await owner.sends("every day at 10:00");
    await owner.taps("Continue");
    await owner.taps("Schedule…");
    await owner.sends("tomorrow 11:00");
    await owner.sees("Tue 2 Mar 2027, 11:00 · UTC · in 23 h\nThe repeat is dropped: it goes out once.");
    await owner.sees("Campaign #1 · draft");
    await owner.taps("Schedule…");
    await owner.sends("tomorrow 12:00");
    const once = await owner.sees("Tue 2 Mar 2027, 12:00 · UTC");
    expect(once.text).not.toContain("The repeat is dropped");
  });

  test("a forged button changes nothing", async () => {
    const { owner, telegram } = await scene();
    await asksTime(owner, "Mine.");
    await owner.sees("When should campaign #1");
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
    await owner.sees("When: now");
  });
});

describe("a scheduled campaign", () => {
  test("is paused past its time and goes out only once that is confirmed", async () => {
    const { telegram, owner, clock } = await scene();
    await schedules(owner, "Hold it.", "in 2 hours");
    expect(await owner.taps("Pause", messageOf(owner))).toMatchObject({ text: "Paused" });
    await shows(owner, /· paused/);
    expect(owner.buttons(cardOf(owner))).toEqual([
      ["Resume", "Reschedule"],
      ["Edit", "Cancel"],
      ["Show post"],
    ]);
    clock.jump(30 * HOUR);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "Hold it.")).toEqual([]);
    await owner.sends("/resume 1");
    await owner.sees("Send it to 3 people now?");
    expect(sentTo(telegram, "Hold it.")).toEqual([]);
    await owner.taps("Yes, send to 3");
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "Hold it.")).toEqual([1, 1, 1]);
    expect(textOf(owner)).toContain("Started 28 h");
  });

  test("is changed whole: post and time; until it is saved it stays as it was", async () => {
    const { telegram, owner, clock } = await scene();
    await schedules(owner, "Old words.", "in 2 hours");
    await owner.taps("Edit", messageOf(owner));
    const review = await owner.sees("Campaign #1 · change");
    expect(review.text).toContain("Until you save, #1 stays as it is");
    expect(owner.buttons()[0]).toEqual(["Save changes"]);
    await owner.taps("Edit post");
    await owner.sends("New words.");
    await owner.sees("Campaign #1 · change");
    await owner.sends("/campaign 1");
    await owner.sees("Campaign #1 · scheduled");
    await owner.sends("/reschedule 1");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("in 3 hours");
    await owner.sees("Campaign #1 · change");
    await owner.taps("Save changes");
    await shows(owner, /· scheduled\n“.*\nWhen: Mon 1 Mar 2027, 15:00/);
    clock.jump(2 * HOUR + 10 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "Old words.")).toEqual([]);
    clock.jump(HOUR);
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "New words.")).toEqual([1, 1, 1]);
    expect(sentTo(telegram, "Old words.")).toEqual([]);
  });

  test("a change is refused whole when it has started meanwhile, and its draft is kept", async () => {
    const { telegram, owner, clock } = await scene();
    await schedules(owner, "As it was.", "in 2 hours");
    await owner.sends("/edit 1");
    await owner.sees("Campaign #1 · change");
    await owner.taps("Edit post");
    await owner.sends("Too late.");
    await owner.sees("Post: text, 9 characters");
    const change = owner.holds.findLast(({ text }) => text?.startsWith("Campaign #1 · change"));
    clock.jump(2 * HOUR + MINUTE);
    await until(() => sentTo(telegram, "As it was.").length === 3);
    await owner.taps("Save changes", { on: change?.message_id ?? 0 });
    await owner.sees(/This can no longer be saved: campaign #1 is (sending|finished)\. Nothing was changed/);
    expect(owner.buttons()[0]).toEqual(["Make it a draft of its own"]);
    expect(sentTo(telegram, "Too late.")).toEqual([]);
    await owner.taps("Make it a draft of its own");
    await owner.sees("Campaign #3 · draft");
    expect(sentTo(telegram, "As it was.")).toEqual([1, 1, 1]);
  });

  test("a change to many more people than were agreed to is confirmed by typing their number", async () => {
    const { telegram, owner, database, stop, start, clock } = await scene({ confirmTypedFrom: 5 });
    await schedules(owner, "To a few.", "in 2 hours");
    await stop();
    await register(database, range(FIRST + 100, FIRST + 109));
    await start();
    await owner.sends("/edit 1");
    await owner.sees("Campaign #1 · change");
    await owner.taps("Save changes");
    await owner.sees("It goes to 13 people now. Type the number 13");
    await owner.sends("12");
    await owner.sees("“12” is not 13");
    const old = cardOf(owner)?.message_id;
    await owner.sends("13");
    await until(() => (cardOf(owner)?.message_id ?? 0) > (old ?? 0));
    await shows(owner, /· scheduled\n“.*\nWhen/);
    // The card from before the change no longer tells of the old time.
    const replaced = () => owner.holds.find(({ message_id }) => message_id === old);
    await until(() => replaced()?.text === "Campaign #1: its card is below.");
    expect(owner.buttons(replaced())).toEqual([]);
    expect(textOf(owner)).toContain("→ 13 people");
    clock.jump(2 * HOUR + MINUTE);
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "To a few.").length).toBe(3);
  });

  test("a change that is discarded leaves it alone, and two taps on Edit open one draft", async () => {
    const { owner } = await scene();
    await schedules(owner, "Stays.", "in 2 hours");
    await owner.tapsTimes("Edit", 2, messageOf(owner));
    await owner.sees("Campaign #1 · change");
    await owner.taps("Discard changes");
    await owner.sees("Discard the changes to campaign #1? The campaign itself stays as it is.");
    await owner.taps("Back");
    await owner.sees("Campaign #1 · change");
    await owner.taps("Discard changes");
    await owner.taps("Yes, discard");
    await owner.sees("The change is dropped. Campaign #1 stays as it is");
    await owner.sends("/campaign 2");
    await owner.sees("There is no campaign #2");
    await owner.sends("/campaign 3");
    await owner.sees("There is no campaign #3");
    await owner.sends("/campaign 1");
    await owner.sees("Campaign #1 · scheduled");
  });

  test("of a series a change is for one run, or for all that follow", async () => {
    const { telegram, owner, clock } = await scene();
    await asksTime(owner, "First words.");
    await owner.taps("Repeat…");
    await owner.sends("every day at 10:00");
    await owner.sees("The next 5 runs:");
    await owner.taps("Continue");
    await owner.sees("Campaign #1 · draft");
    await confirms(owner);
    const changes = async (id: number, text: string, reach: string) => {
      await owner.sends(`/edit ${id}`);
      await owner.sees(`Campaign #${id} · change`);
      await owner.taps("Edit post");
      await owner.sends(text);
      await owner.sees(`Campaign #${id} · change`);
      await owner.taps("Save changes");
      await owner.sees("What is the change for?");
      await owner.taps(reach);
      await shows(owner, /· scheduled/, id);
    };
    await changes(1, "Only once.", "Only this run");
    clock.jump(DAY);
    await until(() => sentTo(telegram, "Only once.").length === 3);
    await until(async () => {
      await owner.sends("/campaign 3");
      return /scheduled/.test((await owner.sees("Campaign #3 ·")).text ?? "");
    });
    await changes(3, "From now on.", "This and all later runs");
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
async function missed(policy: string | null, hours: number): Promise<Scene> {
  const all = await scene();
  const { owner, clock, start, stop } = all;
  await asksTime(owner, "Late post.");
  await owner.sees("When should campaign #1 go out?");
  if (policy !== null) {
    await owner.taps("If late…");
    await owner.sees("What if that is more than 24 h late?");
    await owner.taps(policy);
    await owner.sees("When should campaign #1 go out?");
  }
  await owner.sends("in 2 hours");
  await owner.sees("Campaign #1 · draft");
  await confirms(owner);
  await stop();
  clock.jump((2 + hours) * HOUR);
  await start();
  return all;
}

describe("found late, after Herald did not run", () => {
  test("within the limit it is sent, and the report says how late", async () => {
    const { telegram, owner } = await missed(null, 3);
    await shows(owner, /· finished/);
    expect(textOf(owner)).toContain("Started 3 h");
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });

  test("later, its author is asked: Send now", async () => {
    const { telegram, owner } = await missed(null, 30);
    await owner.sees("Send it now, at another time, or not at all?");
    expect(owner.buttons()).toEqual([["Send now", "Reschedule"], ["Edit", "Drop"], ["Show post"]]);
    await owner.taps("Send now");
    await owner.sees("was not sent. Send it to 3 people now?");
    expect(sentTo(telegram, "Late post.")).toEqual([]);
    await owner.taps("Yes, send to 3");
    await shows(owner, /· finished/);
    expect(textOf(owner)).toContain("Started 30 h");
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });

  test("Drop asks once and ends it", async () => {
    const { telegram, owner } = await missed(null, 30);
    await owner.sees("Send it now");
    // The card that was asked for gives way to the question, once that is tapped.
    const asked = owner.holds.at(-1)?.message_id ?? 0;
    await owner.sends("/campaign 1");
    await shows(owner, /· paused/);
    const card = cardOf(owner)?.message_id;
    await owner.taps("Drop", { on: asked });
    await owner.sees("Drop campaign #1? It will not be sent.");
    await until(() =>
      owner.holds.some(
        ({ message_id, text }) => message_id === card && text === "Campaign #1: its card is above.",
      ),
    );
    await owner.taps("Yes, drop", { on: asked });
    await shows(owner, /· cancelled/);
    expect(textOf(owner)).toContain("It had not started: nobody was messaged.");
    expect(sentTo(telegram, "Late post.")).toEqual([]);
  });

  test("Reschedule gives it another time", async () => {
    const { telegram, owner, clock } = await missed(null, 30);
    await owner.sees("Send it now");
    await owner.taps("Reschedule");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("in 1 hour");
    const change = await owner.sees("Campaign #1 · change");
    expect(change.text).toContain("Until you save, #1 stays as it is: paused.");
    await owner.taps("Save changes");
    await shows(owner, /· scheduled/);
    clock.jump(HOUR + MINUTE);
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });

  test("let expire, it is not sent, and the card says why", async () => {
    const { telegram, owner } = await missed("Let it expire", 30);
    await owner.sees("has expired and was not sent");
    await shows(owner, /· expired/);
    expect(textOf(owner)).toContain("More than 24 h late, it expired, as chosen.");
    expect(owner.buttons(cardOf(owner))).toEqual([["Show post", "Duplicate"]]);
    expect(sentTo(telegram, "Late post.")).toEqual([]);
  });

  test("sent anyway, however late, and it says how late", async () => {
    const { telegram, owner } = await missed("Send anyway", 300);
    await shows(owner, /· finished/);
    expect(textOf(owner)).toContain("Started 12 d 12 h");
    expect(sentTo(telegram, "Late post.")).toEqual([1, 1, 1]);
  });
});

describe("hours", () => {
  test("a campaign stops when they end, its card waits for the next opening, and then it goes on", async () => {
    const { telegram, owner, clock } = await scene({
      people: 60,
      messagesPerSecond: 10,
      start: "2027-03-01T20:59:56Z",
    });
    await asksTime(owner, "In time.");
    await owner.taps("Hours…");
    await owner.sees("In which hours may campaign #1 be sent?");
    await owner.sends("nonsense");
    await owner.sees("I cannot read “nonsense” as hours");
    await owner.sends("09:00-22:00");
    await owner.sees("Hours: 09:00–22:00");
    await owner.sees("When should campaign #1 go out?");
    await owner.taps("Back");
    await owner.sees("Hours: 09:00–22:00");
    clock.jump(HOUR - (clock.now().getTime() % HOUR) - 3_000 + (clock.now().getUTCHours() === 20 ? HOUR : 0));
    await owner.taps("Send now");
    await owner.sees("Send campaign #1 to 60 people now?");
    await owner.taps(/^Yes/);
    await shows(owner, /Waits for its hours, continues Tue 2 Mar 09:00/);
    const before = sentTo(telegram, "In time.").length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(60);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sentTo(telegram, "In time.").length).toBe(before);
    clock.jump(11 * HOUR);
    await shows(owner, /· finished/);
    expect(sentTo(telegram, "In time.")).toEqual(Array(60).fill(1));
  });

  test("closed ones say when sending begins: on the button, and in the question", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Not at noon.");
    await owner.taps("If late…");
    await owner.taps("Let it expire");
    await owner.sees("When: now\nIf late (more than 24 h): let it expire");
    await owner.taps("Hours…");
    await owner.sends("19:00-22:00");
    await owner.sees("Hours: 19:00–22:00\nIf late (more than 24 h): let it expire\n\nYour clock shows");
    await owner.taps("Continue");
    await owner.sees("Campaign #1 · draft");
    expect(owner.shows()).toContain("When: Mon 1 Mar 19:00, as soon as its hours begin\n");
    expect(owner.buttons()[0]).toEqual(["Send now · begins Mon 1 Mar 19:00", "Schedule…"]);
    await owner.sends("send now");
    await owner.sees(
      "Send campaign #1 to 3 people?\nSending begins Mon 1 Mar 19:00, in its hours: 19:00–22:00",
    );
    await owner.taps("Back");
    await owner.taps("Schedule…");
    await owner.sends("tomorrow 10:00");
    await owner.sees("Campaign #1 · draft");
    await owner.taps(/^Schedule for/);
    await owner.sees(
      "(UTC)? It goes to 3 people.\nSending begins Tue 2 Mar 19:00, in its hours: 19:00–22:00",
    );
  });

  test("that can be read in two ways are asked about", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Nine to five.");
    await owner.taps("Hours…");
    await owner.sends("9-5 mon-fri");
    await owner.sees("“9-5 mon-fri” can mean more than one range of hours. Which one?");
    expect(owner.buttons()).toEqual([
      ["09:00–05:00, Mon–Fri"],
      ["09:00–17:00, Mon–Fri"],
      ["21:00–05:00, Mon–Fri"],
    ]);
    await owner.taps("09:00–17:00, Mon–Fri");
    await owner.sees("When should campaign #1 go out?");
    await owner.sees("Hours: 09:00–17:00, Mon–Fri");
    await owner.sends("с 10 утра до полвосьмого вечера");
    await owner.sees("Hours: 10:00–19:30\n\nYour clock");
    await owner.sends("9:00-18:75");
    await owner.sees("There is no such time: “9:00-18:75”.");
  });

  test("and what becomes of a late one are chosen at the step for the time", async () => {
    const { owner } = await scene();
    await asksTime(owner, "Choices.");
    await owner.taps("If late…");
    await owner.sees("What if that is more than 24 h late?");
    expect(owner.buttons()).toEqual([["Send anyway"], ["✅ Ask me"], ["Let it expire"], ["Back"]]);
    await owner.sends("let it expire");
    await owner.sees("When should campaign #1 go out?");
    await owner.taps("Hours…");
    await owner.taps("09:00–21:00");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("tomorrow 10:00");
    await owner.sees("Hours: 09:00–21:00\nIf late (more than 24 h): let it expire");
  });

  test("those of the settings hold for every new draft, and can be lifted", async () => {
    const { owner, database } = await scene();
    await within(database, ({ db }) =>
      saveSettings(homeScope(db, BOT_ID), OWNER, {
        window: { zone: "Europe/Berlin", from: 540, to: 1080, days: [1, 2, 3, 4, 5] },
      }),
    );
    await asksTime(owner, "By the settings.");
    await owner.sends("Saturday 12:00");
    await owner.sees("This is outside its hours: sending begins Mon 8 Mar 08:00.");
    await owner.sees("Hours: 09:00–18:00, Mon–Fri (Europe/Berlin)");
    await owner.taps("Schedule…");
    await owner.taps("Hours…");
    await owner.taps("Any time");
    await owner.sees("When should campaign #1 go out?");
    await owner.taps("Back");
    const card = await owner.sees("Campaign #1 · draft");
    expect(card.text).not.toContain("Hours:");
  });
});

describe("to a channel", () => {
  test("from /schedule to the post and its link; once the bot has lost its rights, it is told, and Retry works later", async () => {
    const { telegram, owner, clock } = await scene();
    const news = telegram.channel({ title: "News", username: "news", creator: owner });
    await owner.sees("I can post to “News” now");
    const toNews = async (text: string, id: number) => {
      await owner.sends("/schedule");
      await owner.sees("Send me the post");
      await owner.sends(text);
      await owner.sees("who should receive it?");
      await owner.taps("Channels & groups…");
      await owner.taps("News");
      await owner.taps("Continue");
      await owner.sees("When should campaign");
      await owner.sends("tomorrow 10:00");
      await owner.sees(`Campaign #${id} · draft`);
      await confirms(owner, id);
    };
    const posts = () => telegram.received(news.id).map(({ text }) => text);

    await toNews("Out in time.", 1);
    expect(posts()).toEqual([]);
    clock.jump(DAY);
    await shows(owner, /· finished/);
    expect(posts()).toEqual(["Out in time."]);
    const number = telegram.received(news.id)[0]?.message_id;
    expect(textOf(owner)).toContain(`· News: https://t.me/news/${number}`);

    await toNews("Not allowed.", 2);
    await news.limits({ can_post_messages: false });
    clock.jump(DAY);
    await owner.sees("Campaign #2 did not reach one chat:");
    await news.limits({ can_post_messages: true });
    await owner.sees("I can post to “News” now.");
    await owner.sends("/campaign 2");
    // The new card takes the place of the one before, whose buttons go.
    await until(() => owner.buttons(cardOf(owner, 2)).flat().includes("Retry failed"));
    await owner.taps("Retry failed", messageOf(owner, 2));
    await until(() => posts().includes("Not allowed."));
    expect(posts()).toEqual(["Out in time.", "Not allowed."]);
  });
});

describe("an hour before", () => {
  test.each([
    ["that moved by more than 5 % its author is reminded, once", 4, 1],
    ["that hardly moved nobody is", 0, 0],
  ])("of a large audience %s", async (_, more, reminders) => {
    const { owner, telegram, clock, stop, start, database } = await scene({
      people: 60,
      confirmTypedFrom: 50,
    });
    await asksTime(owner, "To many.");
    await owner.sees("When should campaign #1 go out?");
    await owner.sends("tomorrow 12:00");
    await owner.sees("Campaign #1 · draft");
    await owner.taps(/^Schedule for/);
    await owner.sees("Type the number");
    await owner.sends("60");
    await shows(owner, /· scheduled/);
    await stop();
    await register(database, range(FIRST + 100, FIRST + 99 + more));
    clock.jump(23 * HOUR + MINUTE);
    await start();
    const told = () => owner.holds.filter(({ text }) => text?.startsWith("⏰ Campaign #1 ")).length;
    if (reminders > 0) await until(() => told() > 0);
    else await until(() => telegram.calls.some(({ method }) => method === "getUpdates"));
    await stop();
    await start();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(told()).toBe(reminders);
  });
});
