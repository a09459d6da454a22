import { describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { GroupFacts } from "../../playground/people/group.ts";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { addAdmin, removeAdmin } from "../../src/access/admins.ts";
import { type Tell, groupOf } from "../../src/campaign/news/news-settings.ts";
import { getSettings, setTell, tellOf } from "../../src/campaign/settings.ts";
import type { Config } from "../../src/config.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { broadcasts, cardOf, composes, until, within } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, OWNER_ID, running } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { FIRST, shows, stage, standsAside, toPeople } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const POST = "Our autumn menu is here.";
const HOUR_MS = 3_600_000;

const inBot = <T>(location: DatabaseLocation, work: (scope: Parameters<typeof setTell>[0]) => Promise<T>) =>
  within(location, ({ db }) => work(homeScope(db, BOT_ID)));

interface Options {
  people?: number;
  tell?: Partial<Tell>;
  config?: Partial<Config>;
  /** How many of Herald's seconds pass in one. */
  speed?: number;
}

/** A bot with an owner, Olga, and another admin, Anna, who reads Russian; neither is on its list. */
async function crew({ people = 3, tell, config, speed = 1 }: Options = {}) {
  const { telegram, owner, database } = await stage(people);
  await inBot(database, async (scope) => {
    await addAdmin(scope, OWNER, { userId: 7, name: "Anna" });
    if (tell) await setTell(scope, OWNER, tell);
  });
  const anna = telegram.person({ id: 7, firstName: "Anna", languageCode: "en", started: true });
  const clock = movableClock(speed);
  const settings = { database, messagesPerSecond: 100, ...config };
  const herald = await running(telegram, settings, { clock });
  for (const admin of [owner, anna]) await standsAside(admin);
  const again = () => running(telegram, settings, { clock });
  return { telegram, owner, anna, database, clock, herald, again };
}

/** From /broadcast to a campaign that waits for its time, in two hours. */
async function schedules(admin: Person, id = 1, when = "in 2 hours"): Promise<void> {
  await admin.sends("/timezone UTC");
  await admin.sees("UTC");
  await composes(admin, POST);
  await admin.taps(en("button-schedule"));
  await admin.sees(en.like("when-ask"));
  await admin.sends(when);
  if (when.startsWith("every")) {
    await admin.sees(en.like("repeat-next", { count: 5 }));
    await admin.taps(en("audience-continue"));
  }
  await admin.sees(en.like("review-title"));
  await admin.taps(en.opens("button-schedule-for"));
  await admin.taps(en.opens("button-yes-schedule"));
  await shows(admin, inState("scheduled"), id);
}

const saidTo = (admin: Person, words: string | RegExp) =>
  admin.holds.filter(
    ({ from, text = "" }) =>
      from?.is_bot === true && (typeof words === "string" ? text.includes(words) : words.test(text)),
  );

/** It is told once, and stays so. */
async function toldOnce(admin: Person, words: string | RegExp): Promise<void> {
  await until(() => saidTo(admin, words).length > 0);
  await settled();
  expect(saidTo(admin, words)).toHaveLength(1);
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 500));

const DONE = new RegExp(`^${en("told-ended", { id: 1, sent: 3, total: 3, duration: String.raw`\d+ s` })}\n`);

describe("the end of a campaign", () => {
  test("that went out by itself is told to its author in one message, with the report and the card's buttons", async () => {
    const { owner, anna, clock } = await crew();
    await schedules(owner);
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(owner, DONE);
    const [report] = saidTo(owner, DONE);
    expect(report?.text?.split("\n").slice(1)).toEqual([
      `“${POST}”`,
      expect.stringMatching(/^\w{3} \d+ \w{3}, .* · by Olga · All languages$/),
      `${en("card-sent", { count: 3 })} · ${en("card-blocked", { count: 0 })} · ${en("card-failed", { count: 0 })}`,
    ]);
    expect(owner.buttons(report)).toEqual([
      [en("button-show-post"), en("button-duplicate")],
      [en("button-people")],
      [en("button-edit-sent")],
    ]);
    // It has taken the place of the card.
    expect(saidTo(owner, en.opens("card-title", { id: 1 }))).toEqual([report]);
    expect(saidTo(anna, "#1")).toEqual([]);
  });

  test("is not told to whoever has just sent it, and looks at its card", async () => {
    const { owner } = await crew();
    await broadcasts(owner, POST);
    await shows(owner, inState("finished"));
    await settled();
    expect(saidTo(owner, en.like("told-ended"))).toEqual([]);
  });

  test("is told when it took longer than anybody looks at a card", async () => {
    const { owner } = await crew({ people: 80, config: { messagesPerSecond: 1 }, speed: 8 });
    await broadcasts(owner, POST);
    await until(
      () =>
        saidTo(owner, en.opens("told-ended", { id: 1, sent: 80, total: 80, duration: "1 min" })).length === 1,
      40_000,
    );
    await shows(owner, inState("finished"));
  });

  test("that another admin ended is told with who did it, to the author only once", async () => {
    const { telegram, owner, anna } = await crew({ people: 100, config: { messagesPerSecond: 10 } });
    await broadcasts(owner, POST);
    await until(() => copiesOf(telegram, POST).size > 5);
    await anna.sends("/cancel 1");
    await anna.sees(en.like("ask-cancel", { id: 1 }));
    await anna.taps(en("button-yes-cancel"));
    await toldOnce(owner, /^🛑 Anna has cancelled campaign #1: \d+ of 100 were reached\.\n“Our autumn/);
    await shows(owner, en.like("deed-cancelled", { name: "Anna" }));
    expect(saidTo(anna, "🛑")).toEqual([]);
  });

  test("is told in the language and the zone of each admin", async () => {
    const { owner, anna, clock } = await crew({ tell: { besides: "admins" } });
    await anna.speaks("ru");
    await anna.sends("/timezone Asia/Tokyo");
    await anna.sees("Asia/Tokyo");
    await schedules(owner);
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(owner, DONE);
    await toldOnce(anna, /^Рассылка № 1 · завершена: получили 3 из 3, заняло \d+ с\n/);
    const time = new Date(clock.now().getTime() + 9 * HOUR_MS).toISOString().slice(11, 13);
    expect(saidTo(anna, "· завершена: ")[0]?.text).toMatch(new RegExp(`, ${time}:\\d\\d · автор: Olga · `));
  });

  test("of an author who has blocked the bot, or is no admin any more, is told to the owners", async () => {
    const { telegram, owner, anna, database, clock, herald, again } = await crew();
    await schedules(anna);
    await anna.blocks();
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(owner, DONE);
    await anna.unblocks();
    await schedules(anna, 2);
    await herald.stop();
    await inBot(database, (scope) => removeAdmin(scope, OWNER, 7));
    clock.jump(3 * HOUR_MS);
    await again();
    await toldOnce(owner, en.opens("told-ended", { id: 2 }));
    expect(saidTo(anna, en.like("told-ended"))).toEqual([]);
    expect(copiesOf(telegram, POST).get(FIRST)).toBe(2);
  });

  test("with a chat that was missed is one message, which names it", async () => {
    const { telegram, owner, anna } = await crew({ tell: { besides: "admins" } });
    const news = telegram.channel({ title: "News", creator: owner });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends(POST);
    await owner.sees(en.like("audience-ask"));
    await owner.taps(en("audience-to-chats"));
    await owner.taps("News");
    await owner.taps(en("audience-continue"));
    await owner.sees(en.like("review-title"));
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask", { id: 1 }));
    // Not even the author, who looks at the card, may miss that.
    telegram.fault({ method: "sendMessage", chat: news.id }, { error: ERRORS.needAdmin });
    await owner.taps(en.opens("button-yes-send"));
    const told =
      /^Campaign #1 · finished: 0 of 1 reached in 1 s\n⚠️ Campaign #1 did not reach one chat:\n– News: /;
    await toldOnce(owner, told);
    await toldOnce(anna, told);
  });

  test("is told by the process after one that was killed before it could, and never twice", async () => {
    for (const [die, times] of [
      ["before", 1],
      ["committed", 0],
    ] as const) {
      const { telegram, owner, database } = await stage(3);
      const first = spawnHerald(environment(telegram, database), { sabotaged: true });
      await isUp(first);
      await standsAside(owner);
      await schedules(owner);
      await first.sabotage({ die, statement: 'update "news" set "told"' });
      await first.sabotage({ setClockBy: 2 * HOUR_MS });
      await first.exited;
      expect(copiesOf(telegram, POST).get(FIRST + 2)).toBe(1);
      expect(saidTo(owner, en.like("told-ended"))).toEqual([]);
      const second = spawnHerald(environment(telegram, database));
      await isUp(second);
      await shows(owner, inState("finished"));
      await settled();
      await settled();
      expect(saidTo(owner, DONE)).toHaveLength(times);
      await second.kill9();
    }
  });

  test("waits while Telegram cannot be reached or asks for silence, and is told then", async () => {
    const { telegram, owner, clock } = await crew();
    await schedules(owner);
    const isReport = { method: "sendMessage", chat: OWNER_ID };
    telegram.fault(isReport, { error: tooManyRequests(40) });
    clock.jump(2 * HOUR_MS + 1_000);
    await shows(owner, inState("finished"));
    await settled();
    expect(saidTo(owner, DONE)).toEqual([]);
    clock.advance(41_000);
    await until(() => {
      clock.advance(1_000);
      return saidTo(owner, DONE).length > 0;
    });
    await toldOnce(owner, DONE);
  });
});

describe("a campaign that begins by itself", () => {
  test("is told by its card, sent anew; one that is over at once is told by its report alone", async () => {
    const { telegram, owner, clock } = await crew({ people: 100, config: { messagesPerSecond: 5 } });
    await schedules(owner);
    const before = cardOf(owner)!.message_id;
    clock.jump(2 * HOUR_MS + 1_000);
    await shows(owner, inState("running"));
    expect(cardOf(owner)?.message_id).toBe(before);
    clock.advance(11_000);
    await until(() => cardOf(owner)!.message_id > before);
    await until(() => saidTo(owner, en.opens("card-title", { id: 1 })).length === 1);
    expect(owner.buttons(owner.holds.at(-1))).toEqual([
      [en("button-pause"), en("button-cancel")],
      [en("button-edit-sent")],
    ]);
    const calls = telegram.calls.filter(
      ({ method, chatId }) => method === "sendMessage" && chatId === OWNER_ID,
    );
    expect(calls.at(-1)?.options).toBeUndefined();
    await owner.taps(en("button-pause"));
    await shows(owner, inState("paused"));
  });

  test("without a sound, or not at all, as was chosen", async () => {
    const { telegram, owner, anna, clock } = await crew({
      tell: { began: false, silent: true, besides: "admins" },
    });
    const sent = (id: number) =>
      telegram.calls.filter(({ method, chatId }) => method === "sendMessage" && chatId === id);
    await schedules(owner);
    const before = [sent(OWNER_ID).length, sent(7).length];
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(owner, DONE);
    await toldOnce(anna, DONE);
    clock.advance(20_000);
    await settled();
    expect([sent(OWNER_ID).length, sent(7).length]).toEqual(before.map((count) => count + 1));
    for (const id of [OWNER_ID, 7]) expect(sent(id).at(-1)?.options).toEqual({ disable_notification: true });
  });

  test("of a series each run is told", async () => {
    const { owner, clock } = await crew();
    await schedules(owner, 1, "every day at 9:00");
    clock.jump(24 * HOUR_MS);
    await until(() => saidTo(owner, en.like("told-ended", { id: 1, sent: 3, total: 3 })).length === 1);
    clock.jump(24 * HOUR_MS);
    await until(() => saidTo(owner, en.like("told-ended", { id: 2, sent: 3, total: 3 })).length === 1);
  });
});

describe("what another admin does", () => {
  test("is told to the author with their name: pause, edit, resume, another time, cancel; their own deeds are not", async () => {
    const { owner, anna } = await crew();
    await schedules(owner);
    await anna.sends("/pause 1");
    await toldOnce(owner, `${en("told-paused", { name: "Anna", id: 1 })}\n“${POST}”`);
    // The card, which can be steered, goes below.
    expect(owner.buttons(saidTo(owner, "⏸ Anna")[0])).toEqual([]);
    await until(
      () =>
        owner.holds.at(-1)?.text?.startsWith(en("card-title", { id: 1, state: en("state-paused") })) === true,
    );
    expect(owner.buttons(owner.holds.at(-1))).toEqual([
      [en("button-resume"), en("button-reschedule")],
      [en("button-edit"), en("button-cancel")],
      [en("button-show-post")],
    ]);
    await anna.sends("/resume 1");
    await toldOnce(owner, en("told-resumed", { name: "Anna", id: 1 }));
    await anna.sends("/timezone UTC");
    await anna.sees("UTC");
    await anna.sends("/reschedule 1");
    await anna.sees(en.like("when-ask", { id: 1 }));
    await anna.sends("in 3 hours");
    await until(() => anna.buttons().flat().includes(en("button-save")));
    await anna.taps(en("button-save"));
    await toldOnce(owner, en("told-changed", { name: "Anna", id: 1 }));
    await owner.sends("/pause 1");
    await shows(owner, inState("paused"));
    await owner.sends("/resume 1");
    await shows(owner, inState("scheduled"));
    await anna.sends("/cancel 1");
    await anna.sees(en.like("ask-cancel-scheduled", { id: 1 }));
    await anna.taps(en("button-yes-cancel"));
    await toldOnce(owner, en("told-cancelled-before", { name: "Anna", id: 1 }));
    await settled();
    expect(saidTo(owner, /Olga has|by Olga has/)).toEqual([]);
    expect(saidTo(anna, / has /)).toEqual([]);
  });

  test("a draft that another admin schedules, and a retry", async () => {
    const { telegram, owner, anna, clock } = await crew();
    await composes(owner, POST);
    telegram.fault(
      { ...toPeople, times: 1 },
      { error: { error_code: 400, description: "Bad Request: odd" } },
    );
    await anna.sends("/campaign 1");
    await anna.sees(en.like("review-title"));
    await anna.taps(en("button-send-now"));
    await anna.taps(en.opens("button-yes-send"));
    await toldOnce(owner, en("told-sent", { name: "Anna", id: 1 }));
    await toldOnce(owner, en.opens("told-ended", { id: 1, sent: 2, total: 3 }));
    clock.advance(1_000);
    await shows(anna, inState("finished"));
    await anna.taps(en("button-retry"));
    await toldOnce(owner, en("told-retried", { name: "Anna", id: 1 }));
    await until(() => saidTo(owner, en.opens("told-ended", { id: 1, sent: 3, total: 3 })).length === 1);
  });

  test("is not told if that was switched off; an end still is", async () => {
    const { owner, anna, clock } = await crew({ tell: { deeds: false } });
    await schedules(owner);
    await anna.sends("/pause 1");
    await shows(owner, en.like("deed-paused", { name: "Anna" }));
    await anna.sends("/resume 1");
    await shows(owner, inState("scheduled"));
    clock.jump(2 * HOUR_MS + 61_000);
    await until(() => saidTo(owner, en.like("told-ended")).length === 1);
    expect(saidTo(owner, "Anna has")).toEqual([]);
  });
});

/** A crew and their group, in which the bot is to report. */
async function withGroup(facts: GroupFacts = {}) {
  const all = await crew();
  const team = all.telegram.group({ title: "Team", creator: all.owner, ...facts });
  await all.owner.sees(en.like("chat-can-post", { title: "Team" }));
  await all.herald.stop();
  await inBot(all.database, (scope) => setTell(scope, OWNER, { besides: { chatId: team.id, by: OWNER_ID } }));
  await all.again();
  return { ...all, team };
}
const reports = (telegram: Telegram, id: number) =>
  telegram.received(id).map(({ text, reply_markup }) => [text?.split("\n")[0], reply_markup]);

describe("a group that is told", () => {
  test("gets the report without buttons, besides the author; also of what the author has just sent", async () => {
    const { telegram, owner, clock, team } = await withGroup();
    await broadcasts(owner, POST);
    await until(() => reports(telegram, team.id).length === 1);
    expect(reports(telegram, team.id)).toEqual([
      [
        expect.stringMatching(
          new RegExp(`^${en("told-ended", { id: 1, sent: 3, total: 3, duration: String.raw`\d+ s` })}$`),
        ),
        undefined,
      ],
    ]);
    await schedules(owner, 2);
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(owner, en.opens("told-ended", { id: 2 }));
    await until(() => reports(telegram, team.id).length === 2);
  });

  test("that the bot was removed from is told no more: the author is, and the owners hear why, once", async () => {
    const { telegram, owner, anna, clock, team } = await withGroup();
    await team.kicks();
    await schedules(anna);
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(anna, DONE);
    await toldOnce(owner, en.like("told-group-lost", { group: "Team", id: 1 }));
    await schedules(anna, 2);
    clock.jump(2 * HOUR_MS + 1_000);
    await toldOnce(anna, en.opens("told-ended", { id: 2 }));
    expect(saidTo(owner, en.like("told-group-lost"))).toHaveLength(1);
    expect(reports(telegram, team.id)).toEqual([]);
  });

  test("is followed when it becomes a supergroup", async () => {
    const { telegram, owner, database, clock, team } = await withGroup({ type: "group" });
    const moved = await team.migrates();
    // The owner's message is another chat's update, and would not wait for this one.
    await until(() =>
      inBot(database, async (scope) => groupOf(tellOf(await getSettings(scope)))?.chatId === moved.id),
    );
    await owner.sends("/settings");
    await owner.sees("to its author and the group Team\n");
    await schedules(owner);
    clock.jump(2 * HOUR_MS + 1_000);
    await until(() => {
      clock.advance(1_000);
      return reports(telegram, moved.id).length === 1;
    });
    expect(saidTo(owner, en.like("told-group-lost"))).toEqual([]);
  });
});
