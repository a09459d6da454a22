import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { createDraft } from "../../src/campaign/lifecycle.ts";
import { EVERYONE } from "../../src/audience/segment.ts";
import { campaigns, deliveries } from "../../src/db/schema.ts";
import { broadcasts, cardOf, ownerOf, register, until, within } from "../support/broadcast.ts";
import { BOT_ID, emptyLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram, running } from "../support/herald.ts";

async function scene(drafts = 0, rate = 50) {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  telegram.people(100, { firstId: 100_000 });
  const database = await emptyLocation();
  await register(
    database,
    Array.from({ length: 100 }, (_, index) => 100_000 + index),
  );
  await within(database, async ({ db }) => {
    for (let index = 1; index <= drafts; index += 1)
      await createDraft(
        { db, botId: BOT_ID },
        {
          content: { kind: "text", text: `Draft ${index}`, buttons: [] },
          audience: EVERYONE,
          createdBy: OWNER_ID,
          originKey: `test:${index}`,
        },
      );
  });
  const herald = await running(telegram, { database, messagesPerSecond: rate });
  return { telegram, owner, database, herald };
}

test("/campaigns pages through what there is, the newest first", async () => {
  const { owner } = await scene(10);
  await owner.sends("/campaigns");
  await owner.sees("Campaigns · Drafts");
  expect(owner.buttons()[0]).toEqual(["Running", "Scheduled", "• Drafts 10", "Done"]);
  expect(owner.buttons()[1]).toEqual(["#10 · draft · Draft 10"]);
  await owner.taps("Older ›");
  await until(() => owner.buttons().length === 4);
  expect(owner.buttons().slice(1)).toEqual([["#2 · draft · Draft 2"], ["#1 · draft · Draft 1"], ["‹ Newer"]]);
  await owner.taps("‹ Newer");
  await until(() => owner.buttons().at(-1)?.[0] === "Older ›");
  await owner.taps("Done");
  await owner.sees("Nothing here");
});

test("a list from before a restart, or from before a change, redraws itself instead of doing something else", async () => {
  const { telegram, owner, database, herald } = await scene(3);
  await owner.sends("/campaigns");
  await owner.sees("Campaigns · Drafts");
  await herald.stop();
  await running(telegram, { database });
  expect(await owner.taps(/^#3/)).toMatchObject({ text: "This list was old; here is the new one." });
  await owner.sees("Campaigns · Running");
});

test("Cancel asks once; Back goes on, Yes ends it, and what was sent stays sent", async () => {
  const { telegram, owner } = await scene(0, 10);
  await broadcasts(owner, "Cut short.");
  await owner.sees("sending");
  await owner.taps("Cancel");
  await owner.sees(/End campaign #1 for good\? \d+ people have not been written to yet/);
  await owner.taps("Back");
  await owner.sees("Campaign #1 · sending");
  await owner.sends("/cancel 1");
  await owner.sees("End campaign #1 for good?");
  expect(await owner.taps("Yes, cancel")).toMatchObject({ text: "Cancelled" });
  await owner.sees("Campaign #1 · cancelled");
  expect(cardOf(owner)?.text).toContain("Cancelled by an admin");
  await new Promise((resolve) => setTimeout(resolve, 500));
  const sent = telegram.counts((message) => message.text === "Cut short.").size;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(telegram.counts((message) => message.text === "Cut short.").size).toBe(sent);
  await owner.sends("/resume 1");
  await owner.sees("Not possible now: campaign #1 is cancelled");
});

test("Duplicate makes a draft with the same post and audience", async () => {
  const { owner } = await scene();
  await broadcasts(owner, "Once more.");
  await until(() => cardOf(owner)?.text?.includes("finished") ?? false);
  expect(await owner.taps("Duplicate")).toMatchObject({ text: "Duplicated as draft #2" });
  await owner.sees("Campaign #2 · draft");
  await owner.sends("/duplicate 1");
  await owner.sees("Campaign #3 · draft");
});

test("once the deliveries are dropped, the card keeps its totals, and old buttons and commands say why they do nothing", async () => {
  const { telegram, owner, database, herald } = await scene();
  await telegram.person({ id: 100_000 }).blocks();
  await telegram.person({ id: 100_001 }).deactivates();
  await broadcasts(owner, "Long ago.");
  await until(() => cardOf(owner)?.text?.includes("finished") ?? false);
  expect(owner.buttons(cardOf(owner)).flat()).toContain("Failures (CSV)");
  await herald.stop();
  await within(database, async ({ db }) => {
    await db.update(campaigns).set({
      detailsDroppedAt: sql`${campaigns.finishedAt} + interval '90 days 20 minutes'`,
      droppedTo: campaigns.total,
    });
    await db.delete(deliveries);
  });
  await running(telegram, { database });
  const gone =
    "Campaign #1: the delivery details were kept for 90 days; only the totals are left: /campaign 1";
  expect(await owner.taps("Failures (CSV)")).toMatchObject({ text: gone });
  const card = await owner.sees("The delivery details were kept for 90 days; only these totals are left.");
  expect(card.text).toContain("Sent 99");
  expect(owner.buttons(card)).toEqual([["Duplicate"]]);
  for (const command of ["/retry 1", "/failures 1"]) {
    await owner.sends(command);
    await owner.sees(gone);
  }
  await owner.sends("/duplicate 1");
  await owner.sees("Campaign #2 · draft");
});

test.each([
  ["/pause", "Add the campaign’s number: /pause 12"],
  ["/campaign", "Add the campaign’s number: /campaign 12"],
  ["/campaign twelve", "Add the campaign’s number"],
  ["/campaign 99", "There is no campaign #99"],
  ["/pause 99", "There is no campaign #99"],
  ["/resume 1", "campaign #1 is draft"],
])("%s is answered with what to do", async (command, answer) => {
  const { owner } = await scene(1);
  await owner.sends(command);
  await owner.sees(answer);
});

test("two campaigns at once both advance, and the small one is not stuck behind the large one", async () => {
  const { telegram, owner } = await scene(0, 20);
  await broadcasts(owner, "The large one.");
  await owner.sees("sending");
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  await telegram.person({ id: 100_000 }).sends("/language de");
  await until(() => telegram.received(100_000).some((message) => message.text?.includes("Deutsch")));
  await owner.sends("The small one.");
  await owner.sees("who should receive it?");
  await owner.taps(/^Deutsch/);
  await owner.taps("Continue");
  await owner.sees("#2 · draft");
  await owner.taps("Send now");
  await owner.taps("Yes, send to 1");
  await until(() => cardOf(owner, 2)?.text?.includes("finished") ?? false, 5_000);
  expect(cardOf(owner, 1)?.text).toContain("sending");
});
