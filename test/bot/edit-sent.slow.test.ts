import { expect, test } from "vitest";
import { ERRORS } from "../../playground/server/faults.ts";
import { cardOf, composes, until } from "../support/broadcast.ts";
import { FIRST, idOf, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

/** Two people have a post with a vote and an answer under it. */
async function sent() {
  const all = await scene(2);
  const { telegram, owner, people } = all;
  const [ann, bob] = people.map((id) => telegram.person({ id, firstName: "P", languageCode: "en" }));
  if (!ann || !bob) throw new Error("nobody is there");
  await composes(owner, "With a tpyo.");
  await owner.taps(en("button-buttons"));
  await owner.sees(en("buttons-ask"));
  await owner.sends("👍 | 👎\n? Hours - From 9 to 6");
  await owner.sees(en.opens("card-title", { id: 1 }));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"));
  return { ...all, ann, bob };
}

test("what was sent is edited by taps: previewed, confirmed, and its old and new buttons work", async () => {
  const { telegram, owner, ann, bob } = await sent();
  await until(() => ann.buttons().length > 0 && bob.buttons().length > 0);
  await owner.taps(en("button-edit-sent"), { on: idOf(owner) });
  await owner.sees(en.like("change-note-sent"));
  await owner.taps(en("button-edit-post"));
  await owner.sends("Without a typo.");
  await owner.sees(en.like("change-note-sent"));
  await owner.taps(en.opens("button-edit-everywhere"));
  await owner.sees(en.opens("ask-edit-sent"));
  // Nothing is edited before it is confirmed.
  expect(telegram.messages(FIRST).at(-1)?.text).toBe("With a tpyo.");
  await owner.taps(en.opens("button-yes-edit-sent"));
  await until(() =>
    [FIRST, FIRST + 1].every((id) => telegram.messages(id).at(-1)?.text === "Without a typo."),
  );
  await shows(owner, new RegExp(en("card-edit-finished")));
  expect(cardOf(owner)?.text).toMatch(en.like("card-edit-have"));
  expect((await ann.taps(/^👍/)).text).toContain(en("vote-counted", { choice: "👍" }));
  expect((await bob.taps("Hours")).text).toBe("From 9 to 6");
  // Whoever got a message did not get another.
  expect(
    [FIRST, FIRST + 1].map(
      (id) => telegram.messages(id).filter(({ text }) => text === "Without a typo.").length,
    ),
  ).toEqual([1, 1]);
});

test("the edit can be paused, resumed and stopped, by buttons and typed", async () => {
  const { telegram, owner } = await sent();
  telegram.fault(
    { method: "editMessageText", chat: (id) => id >= FIRST, times: Infinity },
    { error: ERRORS.mediaEmpty },
  );
  await owner.sends("/edit 1");
  await owner.sees(en.like("change-note-sent"));
  await owner.taps(en("button-edit-post"));
  await owner.sends("Refused.");
  await owner.sees(en.like("change-note-sent"));
  await owner.taps(en.opens("button-edit-everywhere"));
  await owner.taps(en.opens("button-yes-edit-sent"));
  await shows(owner, en.like("card-edit-why-content"));
  await owner.sends("/stop_edit 1");
  await shows(owner, new RegExp(en("card-edit-stopped")));
  await owner.sends("/resume_edit 1");
  await owner.sees(en("error-no-edit"));
});

test("a dice says before anything is asked that it cannot be edited", async () => {
  const { owner } = await scene(1);
  await composes(owner, { dice: true });
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"));
  await owner.sends("/edit 1");
  await owner.sees(en("error-not-editable", { why: en("edit-obstacle-kind-fixed") }));
});
