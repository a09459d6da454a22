import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { addAdmin } from "../../src/access/admins.ts";
import { homeScope } from "../../src/db/scope.ts";
import { cardOf, composes, until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, running } from "../support/herald.ts";
import { type Scene, copiesAmongPeople, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const HOUR_MS = 3_600_000;
const POST = "Held back.";

interface Held extends Scene {
  clock: ReturnType<typeof movableClock>;
}

/** A campaign to 3 people, due in two hours, that its author has paused. */
async function held(confirmTypedFrom = 1_000, when = "in 2 hours"): Promise<Held> {
  const clock = movableClock();
  const all = await scene(3, { clock, config: { confirmTypedFrom } });
  const { owner } = all;
  await owner.sends("/timezone UTC");
  await owner.sees("UTC");
  await composes(owner, POST);
  await owner.taps(en("button-schedule"));
  await owner.sees(en("when-ask", { id: 1 }));
  await owner.sends(when);
  if (when.startsWith("every")) {
    await owner.sees(en.like("repeat-next", { count: 5 }));
    await owner.taps(en("audience-continue"));
  }
  await owner.sees(en("review-title", { id: 1 }));
  await owner.taps(en.opens("button-schedule-for"));
  await owner.sees(en.like("confirm-schedule", { id: 1 }));
  if (confirmTypedFrom > 3) await owner.taps(en.opens("button-yes-schedule"));
  else await owner.sends("3");
  await pauses(owner);
  return { ...all, clock };
}

async function pauses(owner: Person): Promise<void> {
  await until(() => owner.buttons(cardOf(owner)).flat().includes(en("button-pause")));
  await owner.taps(en("button-pause"), { on: cardOf(owner)! });
  await shows(owner, inState("paused"));
}

const ASKED = "Campaign #1 was due";
const sent = ({ telegram }: Scene) => copiesAmongPeople(telegram, POST).length;

/** What was tapped or typed sends nothing: some looks of the launcher later nobody has the post. */
async function sendsNothing(all: Held): Promise<void> {
  all.clock.advance(10_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(sent(all)).toBe(0);
}

/** The message that asks, with its buttons. */
const questionOf = (owner: Person) =>
  owner.holds.findLast(({ text }) => text?.includes("was not sent. Send it to"))!;

describe("a campaign whose time passes while it is paused", () => {
  test("says so on its card and to its author, and Resume asks before anything is sent", async () => {
    const all = await held();
    const { owner, clock } = all;
    clock.jump(3 * HOUR_MS);
    const notice = await owner.sees(en.like("notice-overdue"));
    await shows(owner, en.like("paused-overdue"));
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-send-now"), en("button-reschedule")],
      [en("button-edit"), en("button-drop")],
      [en("button-show-post")],
    ]);
    for (const asks of [
      () => owner.sends("/resume 1"),
      () => owner.taps(en("button-send-now"), { on: cardOf(owner)! }),
      () => owner.taps(en("button-send-now"), { on: notice }),
    ]) {
      await asks();
      expect((await owner.sees(ASKED)).text).toMatch(
        en.like("overdue-ask", { people: en("people", { count: 3 }) }),
      );
      await sendsNothing(all);
    }
    const question = questionOf(owner);
    expect(owner.buttons(question)).toEqual([
      [en("button-yes-send", { count: 3 })],
      [en("button-reschedule"), en("button-drop")],
      [en("button-back")],
    ]);
    await owner.taps(en("button-back"), { on: question });
    await shows(owner, inState("paused"));
    await sendsNothing(all);
    await owner.sends("/resume 1");
    await owner.sees(ASKED);
    expect(await owner.taps(en("button-yes-send", { count: 3 }))).toMatchObject({ text: en("done-sending") });
    await shows(owner, inState("finished"));
    expect(cardOf(owner)?.text).toMatch(/Started 1 h .* late/);
    expect(sent(all)).toBe(3);
    // A second tap on what was asked before does not send it again.
    const again = await owner.taps(en("button-yes-send", { count: 3 }), { on: question }).catch(() => null);
    expect(again?.text ?? "").not.toContain(en("done-sending"));
    expect(copiesAmongPeople(all.telegram, POST).map(([, copies]) => copies)).toEqual([1, 1, 1]);
  });

  test("asks at once when Resume is tapped on a card that does not know yet", async () => {
    const all = await held();
    const { owner, clock } = all;
    expect(owner.buttons(cardOf(owner))[0]).toEqual([en("button-resume"), en("button-reschedule")]);
    clock.jump(3 * HOUR_MS);
    await owner.taps(/^(Resume|Send now)$/, { on: cardOf(owner)! });
    await owner.sees(ASKED);
    await sendsNothing(all);
  });

  test("is sent to many only when their number is typed, be it after a restart", async () => {
    const all = await held(3);
    const { telegram, owner, clock, database, herald } = all;
    clock.jump(3 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("overdue-type", { number: 3 }));
    expect(owner.buttons().flat()).not.toContain(en("button-yes-send", { count: 3 }));
    await owner.sends("4");
    await owner.sees(en.like("overdue-wrong", { text: "4", number: 3 }));
    await owner.sends("yes, send to 3");
    await owner.sees(en.like("overdue-wrong", { number: 3 }));
    await sendsNothing(all);
    await herald.stop();
    await running(telegram, { database, confirmTypedFrom: 3 }, { clock });
    await owner.sends("3");
    await shows(owner, inState("finished"));
    expect(sent(all)).toBe(3);
  });

  test("is not sent by a number that is typed for something else", async () => {
    const all = await held(3);
    const { owner, clock } = all;
    clock.jump(3 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    for (const turns of [() => owner.taps(en("button-back")), () => owner.sends("/cancel")]) {
      await owner.sends("/resume 1");
      await owner.sees(en.like("overdue-type", { number: 3 }));
      await turns();
      await shows(owner, inState("paused"));
      await owner.sends("3");
      await owner.sees("/broadcast");
      await sendsNothing(all);
    }
  });

  test("is told of when Herald is back, if its time came while it did not run", async () => {
    const all = await held();
    const { telegram, owner, clock, database, herald } = all;
    await herald.stop();
    clock.jump(40 * HOUR_MS);
    await running(telegram, { database }, { clock });
    await owner.sees(en.like("notice-overdue"));
    await shows(owner, en.like("paused-overdue"));
    await sendsNothing(all);
  });

  test("goes at another time, or not at all", async () => {
    const all = await held();
    const { owner, clock } = all;
    clock.jump(3 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.sends("/resume 1");
    await owner.sees(ASKED);
    await owner.taps(en("button-reschedule"));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("in 1 hour");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-save"));
    await pauses(owner);
    clock.jump(2 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.sends("/resume 1");
    await owner.sees(ASKED);
    await owner.taps(en("button-drop"));
    await owner.sees(en("ask-drop", { id: 1 }));
    await owner.taps(en("button-yes-drop"));
    await shows(owner, inState("cancelled"));
    await sendsNothing(all);
  });

  test("is told to its author when another admin has paused it, who may decide, too", async () => {
    const all = await held();
    const { telegram, owner, clock, database } = all;
    await within(database, ({ db }) => addAdmin(homeScope(db, BOT_ID), OWNER, { userId: 2, name: "Boris" }));
    const boris = telegram.person({ id: 2, firstName: "Борис", languageCode: "ru", started: true });
    await boris.sends("/campaign 1");
    await until(() => boris.holds.some(({ text }) => text?.includes("№ 1") ?? false));
    clock.jump(3 * HOUR_MS);
    await Promise.all([owner.sees(en.like("notice-overdue")), boris.sees("но она на паузе и не отправлена")]);
    await boris.sends("/resume 1");
    await boris.sees(/Отправить её сейчас\? Это \d человека/);
    await boris.taps(/^Да/);
    await until(() => sent(all) >= 3);
  });

  test("is asked about anew when it or its audience has changed since", async () => {
    const all = await held();
    const { telegram, owner, clock } = all;
    clock.jump(3 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.sends("/resume 1");
    const first = await owner.sees(ASKED);
    const vera = telegram.person({ id: 500, firstName: "Vera", languageCode: "en", started: true });
    await vera.sends("/start");
    await vera.sees("Vera");
    await owner.taps(en("button-yes-send", { count: 3 }), { on: first });
    const second = await owner.sees(en.like("confirm-moved", { before: 3, after: 4 }));
    await sendsNothing(all);
    await owner.taps(en("button-edit"), { on: cardOf(owner)! });
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-schedule"));
    await owner.sees(en.like("when-ask"));
    await owner.sends("in 1 hour");
    await owner.sees(en("change-title", { id: 1 }));
    await owner.taps(en("button-save"));
    await pauses(owner);
    clock.jump(2 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.taps(en("button-yes-send", { count: 4 }), { on: second });
    await owner.sees(en.like("overdue-changed"));
    await sendsNothing(all);
  });

  test("with a run of a series the next one waits for the decision", async () => {
    const all = await held(1_000, "every day at 10:00");
    const { owner, clock } = all;
    clock.jump(48 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.sends("/campaign 2");
    await owner.sees(en.like("error-not-found", { id: 2 }));
    await owner.sends("/resume 1");
    await owner.sees(ASKED);
    await owner.taps(en("button-yes-send", { count: 3 }));
    await shows(owner, inState("finished"));
    expect(sent(all)).toBe(3);
    await owner.sends("/campaign 2");
    await shows(owner, inState("scheduled"), 2);
  });
});
