import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { addAdmin } from "../../src/access/admins.ts";
import { homeScope } from "../../src/db/scope.ts";
import { broadcasts, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, running } from "../support/herald.ts";
import { shows, stage, standsAside } from "../support/scene.ts";

const POST = "For the team, too.";

/** A bot with an owner, Olga, and another admin, Anna. */
async function crew() {
  const { telegram, owner, database } = await stage(3);
  await within(database, ({ db }) => addAdmin(homeScope(db, BOT_ID), OWNER, { userId: 7, name: "Anna" }));
  const anna = telegram.person({ id: 7, firstName: "Anna", languageCode: "ru", started: true });
  await running(telegram, { database });
  await standsAside(owner);
  await anna.sends("/stop");
  await anna.sees("больше не будет");
  return { telegram, owner, anna };
}

async function opensTell(admin: Person): Promise<void> {
  await admin.sends("/settings");
  await admin.sees("Messages about a campaign: to its author");
  await admin.taps("Tell…");
  await admin.sees("The author is told when");
}

const reportsTo = (admin: Person) =>
  admin.holds.filter(({ text }) => /^(Campaign #1 · finished:|Рассылка № 1 · завершена:)/.test(text ?? ""));

test("Tell… chooses who hears of campaigns, and switches what they hear", async () => {
  const { owner, anna } = await crew();
  await opensTell(owner);
  expect(owner.buttons()).toEqual([
    ["✅ Author only", "All admins", "A group…"],
    ["✅ Begins by itself", "✅ Ends"],
    ["✅ What other admins do"],
    ["Without a sound"],
    ["Back"],
  ]);
  expect(await owner.taps("All admins")).toMatchObject({ text: "Saved" });
  await owner.sees("Messages about a campaign: to its author and all admins");
  for (const label of ["What other admins do", "Without a sound", "Begins by itself"])
    await owner.taps(label);
  await until(() => owner.buttons()[1]?.[0] === "Begins by itself");
  expect(owner.buttons()).toEqual([
    ["Author only", "✅ All admins", "A group…"],
    ["Begins by itself", "✅ Ends"],
    ["What other admins do"],
    ["✅ Without a sound"],
    ["Back"],
  ]);
  await owner.taps("Back");
  await owner.sees("Your time zone");
  await broadcasts(owner, POST);
  await until(() => reportsTo(anna).length === 1);
  expect(reportsTo(anna)[0]?.text).toContain("Рассылка № 1 · завершена: получили 3 из 3");
  await shows(owner, /· finished/);
  expect(reportsTo(owner)).toEqual([]);
});

test("a group is chosen with Telegram's picker, or by /here in it, there in a topic, too", async () => {
  const { telegram, owner, anna } = await crew();
  const team = telegram.group({ title: "Team", creator: owner, members: [anna], isForum: true });
  await owner.sees("I can post to “Team” now");
  await opensTell(owner);
  await owner.taps("A group…");
  await owner.sees("Which group should hear of campaigns?");
  await owner.sends("@nobody_there");
  await owner.sees("I am not in such a group");
  await owner.sharesChat(1, team);
  await owner.sees("to its author and the group Team");
  expect(owner.buttons()[0]).toEqual(["Author only", "All admins", "✅ A group…"]);

  const stranger = telegram.person({ id: 9, firstName: "Max", languageCode: "en", started: true });
  await team.admits(stranger);
  const topic = await team.createsTopic(owner, "Reports");
  await stranger.sends("/here", { in: team, topic });
  await anna.sends("/here", { in: team, topic });
  const said = () => telegram.received(team.id).map(({ text, message_thread_id: thread }) => [text, thread]);
  await until(() => said().length === 1);
  expect(said()).toEqual([["Теперь буду сообщать о рассылках здесь.", topic.message_thread_id]]);
  await broadcasts(owner, POST);
  await until(() => said().length === 2);
  expect(said()[1]).toEqual([
    expect.stringMatching(/^Рассылка № 1 · завершена: получили 3 из 3/),
    topic.message_thread_id,
  ]);
});

test("/here where the bot may not write changes nothing, and that is said in private", async () => {
  const { telegram, owner } = await crew();
  const team = telegram.group({ title: "Team", creator: owner });
  await owner.sees("I can post to “Team” now");
  await team.limits({ can_send_messages: false });
  await owner.sees("I lack the right to post there");
  await owner.sends("/here", { in: team });
  await until(() => owner.holds.filter(({ text }) => text?.includes("I lack the right")).length === 2);
  await owner.sends("/settings");
  await owner.sees("Messages about a campaign: to its author\n");
});

test("the question for a group is left by a command or a button, and its picker goes", async () => {
  const { owner } = await crew();
  await opensTell(owner);
  await owner.taps("A group…");
  await owner.sees("Which group should hear of campaigns?");
  await owner.sends("/settings");
  await owner.sees("Your time zone");
  await owner.sends("hello");
  await owner.sees("begin with /broadcast");
});
