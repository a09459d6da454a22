import { describe, expect, test } from "vitest";
import type { Group } from "../../playground/people/group.ts";
import { cardOf, dropUpdates, until } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { running } from "../support/herald.ts";
import { type Scene, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const HOUR_MS = 3_600_000;

interface Reviewed extends Scene {
  team: Group;
  clock: ReturnType<typeof movableClock>;
}

/** A post to a group, as far as the review. */
async function reviewed(): Promise<Reviewed> {
  const clock = movableClock();
  const all = await scene(1, { clock });
  const { telegram, owner, herald } = all;
  const team = telegram.group({ title: "Team", creator: owner, type: "group" });
  await until(() => herald.logged.some((line) => line.includes("a chat is noted")));
  await owner.sends("/timezone UTC");
  await owner.sees("UTC");
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Open today.");
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-to-chats"));
  await owner.taps("Team");
  await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
  await owner.taps(en("audience-continue"));
  await owner.sees(en("review-title", { id: 1 }));
  return { ...all, team, clock };
}

/** The group becomes a supergroup, and the bot does not hear of it: Herald was down for longer than Telegram keeps updates. */
async function migratesUnheard({ telegram, herald, team, database, clock }: Reviewed): Promise<Group> {
  await herald.stop();
  const moved = await team.migrates();
  await dropUpdates(telegram);
  await running(telegram, { database }, { clock });
  return moved;
}

async function schedules({ owner }: Reviewed): Promise<void> {
  await owner.taps(en("button-schedule"));
  await owner.sees(en("when-ask", { id: 1 }));
  await owner.sends("in 2 hours");
  await owner.sees(en("review-title", { id: 1 }));
  await owner.taps(en.opens("button-schedule-for"));
  await owner.sees(en.like("confirm-schedule", { id: 1 }));
  await owner.taps(en.opens("button-yes-schedule"));
  await shows(owner, inState("scheduled"));
  await until(() => owner.buttons(cardOf(owner)).flat().includes(en("button-edit")));
}

const arrived = ({ telegram }: Scene, group: Group) =>
  telegram.received(group.id).flatMap(({ text }) => text ?? []);

describe("a group that became a supergroup is the same audience", () => {
  test("while the question whether to send stands", async () => {
    const all = await reviewed();
    const { owner } = all;
    await owner.taps(en("button-send-now"));
    await owner.sees(en("confirm-ask", { id: 1, people: en("audience-chats", { count: 1 }) }));
    const moved = await migratesUnheard(all);
    await owner.taps(en("button-yes-send", { count: 1 }));
    await shows(owner, inState("finished"));
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });

  test("on the review that is drawn first after that", async () => {
    const all = await reviewed();
    const { owner } = all;
    const moved = await migratesUnheard(all);
    await owner.sends("/campaign 1");
    const { text } = await owner.sees(en("review-title", { id: 1 }));
    expect(text).toMatch(
      en.like("review-to", { audience: "Team", people: en("audience-chats", { count: 1 }) }),
    );
    expect(text).not.toMatch(en.like("review-chats-left"));
    await owner.taps(en("button-send-now"));
    await owner.taps(en("button-yes-send", { count: 1 }));
    await shows(owner, inState("finished"));
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });

  test("while a change of a scheduled campaign waits to be saved", async () => {
    const all = await reviewed();
    const { owner, clock } = all;
    await schedules(all);
    await owner.taps(en("button-edit"), { on: cardOf(owner)! });
    await owner.sees(en("change-title", { id: 1 }));
    const moved = await migratesUnheard(all);
    await owner.taps(en("button-save"));
    await shows(owner, inState("scheduled"));
    clock.jump(2 * HOUR_MS);
    await shows(owner, inState("finished"));
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });

  test("while it is asked what becomes of a campaign whose time has passed", async () => {
    const all = await reviewed();
    const { owner, clock } = all;
    await schedules(all);
    await owner.taps(en("button-pause"), { on: cardOf(owner)! });
    await shows(owner, inState("paused"));
    clock.jump(3 * HOUR_MS);
    await owner.sees(en.like("notice-overdue"));
    await owner.sends("/resume 1");
    await owner.sees(en.like("overdue-ask", { people: en("audience-chats", { count: 1 }) }));
    const moved = await migratesUnheard(all);
    await owner.taps(en("button-yes-send", { count: 1 }));
    await shows(owner, inState("finished"));
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });
});
