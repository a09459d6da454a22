import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { addAdmin } from "../../src/access/admins.ts";
import { homeScope } from "../../src/db/scope.ts";
import { broadcasts, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, running } from "../support/herald.ts";
import { shows, stage, standsAside } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

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
  await admin.sees(en("tell-to-author"));
  await admin.taps(en("settings-tell"));
  await admin.sees(en("tell-ask"));
}

const reportsTo = (admin: Person) =>
  admin.holds.filter(({ text }) => /^(Campaign #1 · finished:|Рассылка № 1 · завершена:)/.test(text ?? ""));

test("Tell… chooses who hears of campaigns, and switches what they hear", async () => {
  const { owner, anna } = await crew();
  await opensTell(owner);
  expect(owner.buttons()).toEqual([
    [`✅ ${en("tell-nobody")}`, en("tell-admins"), en("tell-group")],
    [`✅ ${en("tell-began")}`, `✅ ${en("tell-ended")}`],
    [`✅ ${en("tell-deeds")}`],
    [en("tell-silent")],
    [en("button-back")],
  ]);
  expect(await owner.taps(en("tell-admins"))).toMatchObject({ text: en("settings-saved") });
  await owner.sees(en("tell-to-admins"));
  for (const label of ["What other admins do", "Without a sound", "Begins by itself"])
    await owner.taps(label);
  await until(() => owner.buttons()[1]?.[0] === en("tell-began"));
  expect(owner.buttons()).toEqual([
    [en("tell-nobody"), `✅ ${en("tell-admins")}`, en("tell-group")],
    [en("tell-began"), `✅ ${en("tell-ended")}`],
    [en("tell-deeds")],
    [`✅ ${en("tell-silent")}`],
    [en("button-back")],
  ]);
  await owner.taps(en("button-back"));
  await owner.sees(en.like("settings-timezone"));
  await broadcasts(owner, POST);
  await until(() => reportsTo(anna).length === 1);
  expect(reportsTo(anna)[0]?.text).toContain("Рассылка № 1 · завершена: получили 3 из 3");
  await shows(owner, inState("finished"));
  expect(reportsTo(owner)).toEqual([]);
});

test("a group is chosen with Telegram's picker, or by /here in it, there in a topic, too", async () => {
  const { telegram, owner, anna } = await crew();
  const team = telegram.group({ title: "Team", creator: owner, members: [anna], isForum: true });
  await owner.sees(en.like("chat-can-post", { title: "Team" }));
  await opensTell(owner);
  await owner.taps(en("tell-group"));
  await owner.sees(en("tell-group-ask"));
  await owner.sends("@nobody_there");
  await owner.sees(en("tell-group-none"));
  await owner.sharesChat(1, team);
  await owner.sees(en.like("tell-to-group", { group: "Team" }));
  expect(owner.buttons()[0]).toEqual([en("tell-nobody"), en("tell-admins"), `✅ ${en("tell-group")}`]);

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
  await owner.sees(en.like("chat-can-post", { title: "Team" }));
  await team.limits({ can_send_messages: false });
  await owner.sees(en.like("chat-cannot-post"));
  await owner.sends("/here", { in: team });
  await until(() => owner.holds.filter(({ text }) => text?.includes("I lack the right")).length === 2);
  await owner.sends("/settings");
  await owner.sees(`${en("tell-to-author")}\n`);
});

test("the question for a group is left by a command or a button, and its picker goes", async () => {
  const { owner } = await crew();
  await opensTell(owner);
  await owner.taps(en("tell-group"));
  await owner.sees(en("tell-group-ask"));
  await owner.sends("/settings");
  await owner.sees(en.like("settings-timezone"));
  await owner.sends("hello");
  await owner.sees(en("outside-dialog"));
});
