import { beforeAll, beforeEach, expect, test } from "vitest";
import { setOptedOut } from "../../src/audience/recipients.ts";
import { createDrawings } from "../../src/bot/notices/drawings.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import { countUnfrozen } from "../../src/campaign/unfrozen.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { progressOf } from "../../src/campaign/progress.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { systemClock } from "../../src/clock.ts";
import type { Scope } from "../../src/db/scope.ts";
import type { EngineStatus } from "../../src/bot/ui/bot-context.ts";
import type { CardView } from "../../src/db/states.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, ADMIN_ID, NOW, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

/** A campaign to 100 people, of whom the first `frozen` are gathered. */
async function gathered(frozen: number): Promise<number> {
  await seedPeople(scope, range(1, 100));
  const { id } = await seedCampaign(scope, { state: "running", startsAt: NOW, startedAt: NOW });
  await freezeChunk(scope, id, frozen);
  return id;
}

async function shown(id: number, view: CardView = "card"): Promise<string> {
  const status = { quietUntil: null, speedOf: () => null } as unknown as EngineStatus;
  const drawings = createDrawings({
    scope,
    clock: systemClock,
    translator: loadWords(),
    timezone: "UTC",
    lateLimitHours: 24,
    status: () => status,
  });
  return (await drawings.card(await getCampaign(scope, id), ADMIN_ID, view)).text;
}

test("cancelled while people are gathered, a campaign counts all of them as not messaged, once and for all", async () => {
  const id = await gathered(10);
  await setOptedOut(scope, 99, true);
  await cancel(scope, ADMIN, id, NOW);
  const campaign = await getCampaign(scope, id);
  expect(progressOf(campaign)).toMatchObject({ total: 99, left: 99, sent: 0 });
  expect(campaign.total).toBe(10); // its deliveries
  await seedPeople(scope, range(101, 105));
  expect(await shown(id)).toContain("99 people were not messaged");
});

test("the question whether to cancel it, and the card of a pause, name all who are left", async () => {
  const id = await gathered(10);
  expect(await shown(id)).toContain("Left 10\nStill gathering people; the total will grow.");
  expect(await shown(id, "ask-cancel")).toContain("100 people have not been messaged yet.");
  await pause(scope, ADMIN, id);
  expect(await shown(id)).toContain("Left 100");
});

test("once everybody is gathered there is nobody to count; chats are gathered all at once", async () => {
  const id = await gathered(100);
  expect(await countUnfrozen(scope, await getCampaign(scope, id))).toBe(0);
  await freezeChunk(scope, id, 100);
  await seedPeople(scope, [101]);
  expect(await countUnfrozen(scope, await getCampaign(scope, id))).toBe(0);
  const chats = [{ chatId: -1 }, { chatId: -1 }, { chatId: -2, threadId: 3 }, { chatId: -2 }];
  const posted = await seedCampaign(scope, { state: "running", startedAt: NOW, audience: { chats } });
  expect(await countUnfrozen(scope, posted)).toBe(3);
  const waiting = await seedCampaign(scope, { state: "scheduled", startsAt: NOW });
  expect(await countUnfrozen(scope, waiting)).toBe(0);
});
