import { and, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { holdRestored } from "../../src/campaign/hold-restored.ts";
import { inboxMessages, inboxThreads } from "../../src/db/schema.ts";
import { DomainError } from "../../src/errors.ts";
import {
  beginLeaving,
  counterpart,
  dropOld,
  listUntold,
  listWaiting,
  noteArrived,
  putBack,
  rescueLeaving,
  sendAgain,
} from "../../src/inbox/inbox-messages.ts";
import { getInbox, setInbox } from "../../src/inbox/inbox-setting.ts";
import { mayAnswer } from "../../src/inbox/inbox-threads.ts";
import { MOST_AT_ONCE, type Written, takeFromGroup, takeFromPerson } from "../../src/inbox/take-messages.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, ownerActor } from "../support/seed.ts";

const scope = await freshScope();
const { db, botId } = scope;
const ANN = 50;
const GROUP = -100;
const OWNER = ownerActor(1);

beforeEach(() => emptied(scope));

const written = (messageId: number, more: Partial<Written> = {}): Written => ({
  messageId,
  editedAt: 0,
  albumId: null,
  replyTo: null,
  ...more,
});
const album = (...ids: number[]) => ids.map((id) => written(id, { albumId: "a" }));
const takes = (...all: Written[]) => takeFromPerson(scope, ANN, all);
const waiting = async () =>
  (await listWaiting(scope, "in")).map(({ parts }) => parts.map((part) => part.messageId));
const states = async () => {
  const rows = await db.select().from(inboxMessages).orderBy(inboxMessages.id);
  return rows.map(({ messageId, state, untold }) => `${messageId} ${state}${untold ? " untold" : ""}`);
};

describe("a message", () => {
  test("is taken once, and once more for each edit", async () => {
    expect([await takes(written(1)), await takes(written(1))]).toEqual(["taken", "known"]);
    const edited = written(1, { editedAt: 9 });
    expect([await takes(edited), await takes(edited)]).toEqual(["taken", "known"]);
    expect(await takeFromGroup(scope, ANN, GROUP, written(1))).toBe(true);
    expect(await takeFromGroup(scope, ANN, GROUP, written(1))).toBe(false);
  });

  test("waits behind the one before it of the same person; the parts of an album are together", async () => {
    await takes(written(1));
    await takes(...album(2, 3));
    await takes(written(4));
    await takeFromPerson(scope, 51, [written(1)]);
    expect(await waiting()).toEqual([[1], [1]]);
    const [unit] = await listWaiting(scope, "in");
    await beginLeaving(scope, unit!.parts);
    await noteArrived(scope, unit!.parts, GROUP, [10]);
    expect(await waiting()).toEqual([[2, 3], [1]]);
  });

  test("leaves once, whoever tries as well", async () => {
    await takes(...album(2, 3));
    const [unit] = await listWaiting(scope, "in");
    expect([await beginLeaving(scope, unit!.parts), await beginLeaving(scope, unit!.parts)]).toEqual([
      true,
      false,
    ]);
    await putBack(scope, unit!.parts);
    expect(await waiting()).toEqual([[2, 3]]);
  });

  test("that was leaving when the process died is uncertain, and told of once for an album", async () => {
    await takes(...album(2, 3));
    const [unit] = await listWaiting(scope, "in");
    await beginLeaving(scope, unit!.parts);
    await takes(written(4));
    expect(await rescueLeaving(scope)).toBe(2);
    expect(await states()).toEqual(["2 uncertain untold", "3 uncertain", "4 waiting"]);
    const [first] = await listUntold(scope, 10);
    expect(await sendAgain(scope, 51, first!.id)).toBe(false);
    expect(await sendAgain(scope, ANN, first!.id)).toBe(true);
    expect(await sendAgain(scope, ANN, first!.id)).toBe(false);
    expect(await waiting()).toEqual([[2, 3]]);
  });

  test("of which Telegram left out parts stands for no copy, and that is told", async () => {
    await takes(...album(2, 3));
    const [unit] = await listWaiting(scope, "in");
    await beginLeaving(scope, unit!.parts);
    await noteArrived(scope, unit!.parts, GROUP, [10]);
    expect(await states()).toEqual(["2 arrived untold", "3 arrived"]);
    expect(await counterpart(scope, GROUP, 10, ANN)).toBeNull();
  });

  test("that waited when a backup was made is uncertain after a restore: it may have left since", async () => {
    await takes(...album(2, 3));
    await takes(written(4));
    await holdRestored(db, NOW);
    expect(await states()).toEqual(["2 uncertain untold", "3 uncertain", "4 uncertain untold"]);
  });

  test("is forgotten after a time", async () => {
    await takes(written(1));
    await db.update(inboxMessages).set({ at: sql`now() - interval '91 days'` });
    await takes(written(2));
    expect(await dropOld(scope, new Date(Date.now() - 90 * 86_400_000))).toBe(false);
    expect(await states()).toEqual(["2 waiting"]);
  });
});

test("a person has so many messages a minute, an album counts when it begins, and the next minute is free again", async () => {
  for (let id = 1; id < MOST_AT_ONCE; id += 1) expect(await takes(written(id))).toBe("taken");
  expect(await takes(...album(100, 101, 102))).toBe("taken");
  expect(await takes(written(200))).toEqual({ type: "passed-over", first: true });
  expect(await takes(...album(201, 202))).toEqual({ type: "passed-over", first: false });
  const [thread] = await db.select().from(inboxThreads);
  expect(thread?.passedOver).toBe(3);
  await db.update(inboxMessages).set({ at: sql`now() - interval '2 minutes'` });
  // What waits still counts.
  expect(await takes(written(203))).toMatchObject({ type: "passed-over" });
  await db.update(inboxMessages).set({ state: "arrived" });
  expect(await takes(written(204))).toBe("taken");
});

test("a person gets the automatic answer once a day", async () => {
  expect([await mayAnswer(scope, ANN), await mayAnswer(scope, ANN), await mayAnswer(scope, 51)]).toEqual([
    true,
    false,
    true,
  ]);
  await db
    .update(inboxThreads)
    .set({ answeredAt: sql`now() - interval '25 hours'` })
    .where(and(eq(inboxThreads.botId, botId), eq(inboxThreads.chatId, ANN)));
  expect([await mayAnswer(scope, ANN), await mayAnswer(scope, 51)]).toEqual([true, false]);
});

test("what waits is dropped when the inbox is turned off, and waits for the next group when it is changed", async () => {
  await setInbox(scope, OWNER, { mode: "topics", groupId: GROUP, locale: "ru" }, "ru");
  await takes(written(1));
  await setInbox(scope, OWNER, { mode: "replies", groupId: -200, locale: "en" }, "en");
  expect(await waiting()).toEqual([[1]]);
  expect(await getInbox(scope)).toEqual({ mode: "replies", groupId: -200, locale: "en" });
  await setInbox(scope, OWNER, null, "en");
  expect(await waiting()).toEqual([]);
  expect(await getInbox(scope)).toBeNull();
  const stranger = { type: "admin", userId: 9, owner: false } as const;
  await expect(setInbox(scope, stranger, null, "en")).rejects.toBeInstanceOf(DomainError);
});
