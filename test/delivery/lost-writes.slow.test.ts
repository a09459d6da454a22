import { beforeAll, beforeEach, expect, test } from "vitest";
import { ERRORS } from "../../playground/wire/telegram-errors.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { Actor } from "../../src/access/actor.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { openDatabase } from "../../src/db/open/open-database.ts";
import { followUps } from "../../src/db/schema.ts";
import { claim } from "../../src/delivery/claim/claim.ts";
import { broadcasts, cardOf, until } from "../support/broadcast.ts";
import { freshScope } from "../support/database.ts";
import { type TestEngine, engine, isFinished } from "../support/engine.ts";
import { localTelegram } from "../support/herald.ts";
import { rewindable } from "../support/rewind.ts";
import { FIRST, copiesAmongPeople, scene, stragglers } from "../support/scene.ts";
import {
  ADMIN,
  countersOf,
  deliveriesOf,
  emptied,
  personOf,
  range,
  seedPeople,
  seedRunning,
} from "../support/seed.ts";
import { en, inState } from "../support/words.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const TEXT = "Whatever the database forgets.";
const PEOPLE = 300;

interface Broadcast {
  telegram: Telegram;
  engine: TestEngine;
  id: number;
  /** Copies that people have. */
  copies(): number;
}

/** A campaign to 300 people that is confirmed and not started yet. */
async function broadcast(content: Partial<Content> = {}): Promise<Broadcast> {
  const telegram = await localTelegram({ limits: "none" });
  telegram.latency = 30;
  telegram.people(PEOPLE, { firstId: FIRST });
  await seedPeople(scope, range(FIRST, FIRST + PEOPLE - 1));
  const { id } = await confirmed(content);
  const running = await engine(scope, telegram);
  const copies = () => copiesAmongPeople(telegram, TEXT).reduce((sum, [, count]) => sum + count, 0);
  return { telegram, engine: running, id, copies };
}

async function confirmed(content: Partial<Content> = {}, originKey = "broadcast"): Promise<Campaign> {
  const draft = await createDraft(scope, ADMIN, {
    content: { kind: "text", text: TEXT, buttons: [], ...content } as Content,
    audience: EVERYONE,
    originKey,
  });
  return confirmDraft(scope, ADMIN, draft, new Date());
}

/** Everybody has it once and stands as sent, and the counters are those of the deliveries. */
async function everybodyOnce({ telegram, id }: Broadcast): Promise<void> {
  await isFinished(scope, { id }, 30_000);
  const copies = copiesAmongPeople(telegram, TEXT);
  expect(copies.filter(([, count]) => count !== 1)).toEqual([]);
  expect(copies).toHaveLength(PEOPLE);
  expect(await countersOf(scope, id)).toEqual({ total: PEOPLE, sent: PEOPLE });
  const rows = await deliveriesOf(scope, id);
  expect(rows.filter(({ state, messageId }) => state !== "sent" || messageId === null)).toEqual([]);
}

test("a database that goes back again and again sends nobody a post twice, and nobody is uncertain", async () => {
  const one = await broadcast();
  for (const [from, to] of [
    [20, 80],
    [100, 110],
    [150, 240],
  ] as const) {
    await until(() => one.copies() >= from);
    const goBack = await rewindable(scope);
    await until(() => one.copies() >= to);
    await goBack();
  }
  await everybodyOnce(one);
});

test("nor does it when it goes back to before the start of the campaign and the freeze of its audience", async () => {
  const one = await broadcast();
  await one.engine.dispatcher.stop(); // before its first look
  const goBack = await rewindable(scope);
  one.engine = await engine(scope, one.telegram);
  await until(() => one.copies() >= 100);
  // Somebody who comes first in the new freeze moves all others by a place.
  await goBack();
  await seedPeople(scope, [FIRST - 1], { status: "blocked" });
  await everybodyOnce(one);
});

test("nor does it when the campaign had ended", async () => {
  const one = await broadcast();
  await until(() => one.copies() >= 150);
  const goBack = await rewindable(scope);
  await isFinished(scope, one);
  await goBack();
  await everybodyOnce(one);
});

test("nor does it when only the stop notices the last loss", async () => {
  const one = await broadcast();
  await until(() => one.copies() >= 50);
  const goBack = await rewindable(scope);
  await until(() => one.copies() >= 150);
  const stopped = one.engine.dispatcher.stop();
  await goBack();
  await stopped;
  one.engine = await engine(scope, one.telegram); // knows nothing of it
  await everybodyOnce(one);
});

test("blocked recipients and follow-ups are written again as they were", async () => {
  const one = await broadcast({ options: { pin: true, deleteAfterHours: 1 } });
  const blockers = range(FIRST + 100, FIRST + 119);
  one.telegram.fault(
    { method: "sendMessage", chat: (id) => blockers.includes(id), times: Infinity },
    { error: ERRORS.blocked },
  );
  const goBack = await rewindable(scope);
  await until(async () => (await getCampaign(scope, one.id)).blocked === blockers.length);
  await goBack();
  await isFinished(scope, one, 30_000);
  expect(await countersOf(scope, one.id)).toEqual({ total: PEOPLE, sent: PEOPLE - 20, blocked: 20 });
  expect(copiesAmongPeople(one.telegram, TEXT).filter(([, count]) => count !== 1)).toEqual([]);
  for (const id of blockers) expect((await personOf(scope, id))?.status).toBe("blocked");
  const noted = await scope.db.select().from(followUps);
  expect(noted.filter(({ what }) => what === "delete")).toHaveLength(PEOPLE - 20);
});

test.each([
  ["paused", pause],
  ["cancelled", (scope: Scope, actor: Actor, id: number) => cancel(scope, actor, id, new Date())],
] as const)("a campaign that was %s stays stopped when that is lost", async (_, stop) => {
  const one = await broadcast();
  await until(() => one.copies() >= 50);
  const goBack = await rewindable(scope);
  await stop(scope, ADMIN, one.id);
  one.engine.dispatcher.poke();
  await stragglers();
  const copies = one.copies();
  await goBack();
  one.engine.dispatcher.poke();
  await until(() => one.engine.paused.length > 0);
  expect(await getCampaign(scope, one.id)).toMatchObject({ state: "paused", pauseReason: "admin" });
  await stragglers();
  expect(one.copies()).toBe(copies);
  await resume(scope, ADMIN, one.id);
  one.engine.dispatcher.poke();
  await everybodyOnce(one);
});

test("a campaign that took the number of a lost one is sent to everyone", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.people(PEOPLE, { firstId: FIRST });
  await seedPeople(scope, range(FIRST, FIRST + PEOPLE - 1));
  const goBack = await rewindable(scope);
  const running = await engine(scope, telegram);
  const { id } = await confirmed({}, "lost");
  running.dispatcher.poke();
  await until(() => copiesAmongPeople(telegram, TEXT).length >= 100);
  await goBack();
  const other = "Another post";
  expect(await confirmed({ text: other }, "new")).toMatchObject({ id });
  running.dispatcher.poke();
  await isFinished(scope, { id }, 30_000);
  expect(copiesAmongPeople(telegram, other)).toHaveLength(PEOPLE);
  expect(await countersOf(scope, id)).toEqual({ total: PEOPLE, sent: PEOPLE });
});

test("deliveries that an earlier process left in flight stay uncertain when their rescue is lost", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.people(PEOPLE, { firstId: FIRST });
  const id = await seedRunning(scope, range(FIRST, FIRST + PEOPLE - 1), {
    content: { kind: "text", text: TEXT, buttons: [] },
  });
  const goBack = await rewindable(scope);
  await claim(scope, id, 10, new Date());
  await engine(scope, telegram);
  await until(() => copiesAmongPeople(telegram, TEXT).length >= 100);
  await goBack();
  await isFinished(scope, { id }, 30_000);
  expect(await countersOf(scope, id)).toEqual({ total: PEOPLE, sent: PEOPLE - 10, uncertain: 10 });
  expect(copiesAmongPeople(telegram, TEXT)).toEqual(
    range(FIRST + 10, FIRST + PEOPLE - 1).map((chat) => [chat, 1]),
  );
});

test("owners are told, once", async () => {
  const { telegram, owner, database, herald } = await scene(100, { rate: 50 });
  const { db, close } = await openDatabase(database);
  await broadcasts(owner, TEXT);
  await until(() => copiesAmongPeople(telegram, TEXT).length >= 20);
  const goBack = await rewindable({ db });
  await until(() => copiesAmongPeople(telegram, TEXT).length >= 60);
  await goBack();
  await owner.sees(en.like("database-went-back"));
  await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 30_000);
  const news = owner.holds.filter(({ text }) => en.like("database-went-back").test(text ?? ""));
  expect(news).toHaveLength(1);
  expect(copiesAmongPeople(telegram, TEXT).filter(([, count]) => count !== 1)).toEqual([]);
  expect(herald.logged.join()).toContain("the database has lost its newest writes");
  await close();
});
