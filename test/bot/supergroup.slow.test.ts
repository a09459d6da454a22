import { describe, expect, test } from "vitest";
import type { Group } from "../../playground/people/group.ts";
import { cardOf, dropUpdates, until } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { running } from "../support/herald.ts";
import { type Scene, scene, shows } from "../support/scene.ts";

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
  await owner.sees("Send me the post");
  await owner.sends("Open today.");
  await owner.sees("who should receive it?");
  await owner.taps("Channels & groups…");
  await owner.taps("Team");
  await owner.sees("Chosen: 1 chat");
  await owner.taps("Continue");
  await owner.sees("Campaign #1 · draft");
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
  await owner.taps("Schedule…");
  await owner.sees("When should campaign #1 go out?");
  await owner.sends("in 2 hours");
  await owner.sees("Campaign #1 · draft");
  await owner.taps(/^Schedule for/);
  await owner.sees("Schedule campaign #1 for");
  await owner.taps(/^Yes, schedule for/);
  await shows(owner, /· scheduled/);
  await until(() => owner.buttons(cardOf(owner)).flat().includes("Edit"));
}

const arrived = ({ telegram }: Scene, group: Group) =>
  telegram.received(group.id).flatMap(({ text }) => text ?? []);

describe("a group that became a supergroup is the same audience", () => {
  test("while the question whether to send stands", async () => {
    const all = await reviewed();
    const { owner } = all;
    await owner.taps("Send now");
    await owner.sees("Send campaign #1 to 1 chat now?");
    const moved = await migratesUnheard(all);
    await owner.taps("Yes, send to 1");
    await shows(owner, /· finished/);
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });

  test("on the review that is drawn first after that", async () => {
    const all = await reviewed();
    const { owner } = all;
    const moved = await migratesUnheard(all);
    await owner.sends("/campaign 1");
    const { text } = await owner.sees("Campaign #1 · draft");
    expect(text).toContain("To: Team → 1 chat");
    expect(text).not.toContain("where I may not post");
    await owner.taps("Send now");
    await owner.taps("Yes, send to 1");
    await shows(owner, /· finished/);
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });

  test("while a change of a scheduled campaign waits to be saved", async () => {
    const all = await reviewed();
    const { owner, clock } = all;
    await schedules(all);
    await owner.taps("Edit", { on: cardOf(owner)! });
    await owner.sees("Campaign #1 · change");
    const moved = await migratesUnheard(all);
    await owner.taps("Save changes");
    await shows(owner, /· scheduled/);
    clock.jump(2 * HOUR_MS);
    await shows(owner, /· finished/);
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });

  test("while it is asked what becomes of a campaign whose time has passed", async () => {
    const all = await reviewed();
    const { owner, clock } = all;
    await schedules(all);
    await owner.taps("Pause", { on: cardOf(owner)! });
    await shows(owner, /· paused/);
    clock.jump(3 * HOUR_MS);
    await owner.sees("It is paused, so it was not sent");
    await owner.sends("/resume 1");
    await owner.sees("Send it to 1 chat now?");
    const moved = await migratesUnheard(all);
    await owner.taps("Yes, send to 1");
    await shows(owner, /· finished/);
    expect(arrived(all, moved)).toEqual(["Open today."]);
  });
});
