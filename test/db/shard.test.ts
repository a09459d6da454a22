import { hearOnce, lastRelay, noteRelay, wasHeard } from "../../src/db/heard-updates.ts";
import { Readable } from "node:stream";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ERRORS } from "../../playground/server/faults.ts";
import { importRecipients } from "../../src/audience/import/import-people.ts";
import { countSources } from "../../src/audience/source-counts.ts";
import { listLists, listMemberIds } from "../../src/audience/lists.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { listSegments, savedByName } from "../../src/audience/segment/saved-segments.ts";
import { addCodesTo } from "../../src/campaign/actions/change-codes.ts";
import {
  addToList,
  createList,
  deleteList,
  renameList,
  takeFromList,
} from "../../src/campaign/actions/change-lists.ts";
import {
  deleteSegment,
  renameSegment,
  replaceSegment,
  saveOrReplaceSegment,
  saveSegment,
} from "../../src/campaign/actions/change-segments.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { pauseAll } from "../../src/campaign/engine-moves.ts";
import { listMissed, listPosts } from "../../src/campaign/report/sent-posts.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { reachOfSegment } from "../../src/campaign/segment-reach.ts";
import { systemClock } from "../../src/clock.ts";
import type { Content } from "../../src/content/content.ts";
import { query } from "../../src/db/connect.ts";
import { createKey, findKey, listKeys, noteUse } from "../../src/access/keys.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { noteEvents } from "../../src/webhooks/note-events.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  revokeKeyAndWebhooks,
  rotateSecret,
} from "../../src/webhooks/webhook-actions.ts";
import {
  countGivenUp,
  listDue,
  findReceiver,
  listDueReceivers,
  listMessages,
  noteDelivered,
  noteFailed,
  resendFailed,
  resendMessage,
  sendTestEvent,
} from "../../src/webhooks/webhook-messages.ts";
import { deliveries, pollAnswers, polls, votes } from "../../src/db/schema.ts";
import { askedOf, claim } from "../../src/delivery/claim/claim.ts";
import { createFollowUps } from "../../src/delivery/follow-ups/follow-ups.ts";
import { createLease } from "../../src/delivery/upkeep/lease.ts";
import { rescue } from "../../src/delivery/upkeep/rescuer.ts";
import { createRetention } from "../../src/delivery/upkeep/retention.ts";
import { createSendApi } from "../../src/delivery/outbox/send-post.ts";
import { settle } from "../../src/delivery/settle/settle.ts";
import { blockInInbox, retagFromInbox } from "../../src/inbox/act-on-person.ts";
import {
  beginLeaving,
  counterpart,
  dropOld,
  listUntold,
  listWaiting,
  noteArrived,
  noteNotArrived,
  noteTold,
  putBack,
  rescueLeaving,
  sendAgain,
} from "../../src/inbox/inbox-messages.ts";
import { takeFromGroup, takeFromPerson } from "../../src/inbox/take-messages.ts";
import { moveInbox } from "../../src/inbox/inbox-migration.ts";
import { eraseInboxOf, inboxOfPerson } from "../../src/inbox/inbox-of-person.ts";
import { getGroupInbox, setInbox } from "../../src/inbox/inbox-setting.ts";
import {
  changeThread,
  findByCard,
  findByTopic,
  listPassedOver,
  mayAnswer,
  tellPassedOver,
} from "../../src/inbox/inbox-threads.ts";
import { createLog } from "../../src/log.ts";
import { broadcasts, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { testEvents } from "../support/events.ts";
import { engine, isFinished, postTo, seedChats } from "../support/engine.ts";
import { OWNER, TOKEN, localTelegram } from "../support/herald.ts";
import { FIRST, idOf, scene, shows } from "../support/scene.ts";
import { emptied, range, seedCampaign, seedRunning } from "../support/seed.ts";
import { type Statement, TABLES, ownerColumns, reachesBeyond, statementLog } from "../support/statements.ts";
import { en, inOrder, inState } from "../support/words.ts";

/*
 * On a distributed PostgreSQL a home's tables are spread by home_id, a sender's by bot_id. The campaigns of a home's senders are also numbered, and listed, by home_id. A statement stays on one node
 * when each table in it is held to one of them, and a key can be unique only if it holds that column. See docs/scaling.md.
 */

let log: Statement[];
beforeEach(() => (log = statementLog()));
afterEach(() => vi.restoreAllMocks());

/** The bots of a home lie on several nodes. They are few, and listed every some seconds at most. */
const LISTS_BOTS = /^select [^]+ from "senders" where \("senders"\."home_id" = \$1 /;

/** Each different statement that reached beyond, with the tables in which it did. */
function crossing(): string[] {
  const statements = log.filter(({ text }) => !LISTS_BOTS.test(text));
  const found = statements.map(
    (statement) => [statement.text, reachesBeyond(statement, BOT_ID).join()] as const,
  );
  return [
    ...new Set(found.filter(([, tables]) => tables !== "").map(([text, tables]) => `${tables}: ${text}`)),
  ];
}

/** Tables that were named in statements of this kind. */
function touched(kind: RegExp): Set<string> {
  return new Set(
    log.flatMap(({ text }) =>
      TABLES.filter((table) => new RegExp(`(?:${kind.source})\\s+"?${table}\\b`, "i").test(text)),
    ),
  );
}

const WITH_BUTTONS: Content = {
  kind: "text",
  text: "Do you like it?",
  buttons: [
    [
      { text: "👍", vote: true },
      { text: "👎", vote: true },
      { text: "Details", answer: "Open now" },
    ],
  ],
};

test("no statement of a bot's day reaches beyond it: people, admins, a broadcast, its report, a repeat, the screens", async () => {
  const { telegram, owner, database, herald, people } = await scene(40, { rate: 400 });
  const [first = 0, second = 0] = people;
  telegram.fault({ method: "sendMessage", chat: first }, { error: ERRORS.blocked });
  telegram.fault({ method: "sendMessage", chat: second }, { error: ERRORS.unheardOf });
  const person = telegram.person({ id: FIRST + 5, firstName: "Ann", languageCode: "en" });
  await person.sends("/start");
  await person.sends("/language de");
  await person.blocks();
  await person.unblocks();

  await owner.sends("/admins");
  await owner.sees(en.like("admins-list"));
  await owner.taps(en("admins-add"));
  await owner.sees(en("admins-ask"));
  await owner.sends("7");
  await owner.sees(en.like("admins-added"));
  await owner.sends("/admins");
  await owner.sees(en.like("admins-list", { admins: "7 (7)" }));
  await owner.taps(en("admins-remove", { name: "7" }));
  await owner.sees(en.like("admins-list", { admins: en("admins-none") }));

  await broadcasts(owner, "To all of you.");
  await shows(owner, inState("finished"));
  await owner.taps(en("button-failures"), { on: idOf(owner) });
  await owner.taps(en("button-retry"), { on: idOf(owner) });
  await shows(owner, inOrder(inState("finished"), en.line("card-sent", { count: 39 })));
  await owner.taps(en("button-duplicate"), { on: idOf(owner) });
  const forum = telegram.group({ isForum: true, admins: [owner] });
  await forum.createsTopic(owner, "Offers");
  await owner.sends("/timezone Europe/Berlin");
  await owner.sends("/schedule");
  await owner.sees(en("post-ask"));
  await owner.sends({ photo: true, text: "Again and again." });
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("when-ask"));
  await owner.taps(en("button-repeat"));
  await owner.sends("every day 10:00");
  await owner.sees(en("repeat-next", { count: 5 }));
  const poll = await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const campaign = await seedCampaign(scope, {
      state: "running",
      startedAt: new Date(),
      content: WITH_BUTTONS,
    });
    await isFinished(scope, campaign);
    return campaign;
  });
  for (const label of [/^👍/, /^👎/, "Details", /^👎/, /^👍/]) await person.taps(label);
  await owner.sends(`/campaign ${poll.id}`);
  await shows(
    owner,
    inOrder(
      en.line("card-votes", { buttons: "👍 1 · 👎 0" }),
      en.line("card-taps", { buttons: "Details 1" }),
    ),
    poll.id,
  );
  await broadcasts(owner, { poll: { question: "Lunch?", is_anonymous: false } });
  const card = await owner.sees(/Campaign #\d+ · finished\n“Lunch\?”/);
  const own = person.holds.findLast((message) => message.poll);
  for (const choice of [[0], [], [1]]) if (own) await person.votes(own, choice);
  await until(() =>
    within(database, async ({ db }) => (await db.$count(pollAnswers, eq(pollAnswers.botId, BOT_ID))) === 1),
  );
  await owner.sends(`/results ${/\d+/.exec(card.text ?? "")?.[0]}`);
  await until(() => owner.holds.some(({ document }) => document?.file_name?.endsWith("-answers.csv")));
  for (const screen of ["/campaigns", "/campaigns again", "/calendar", "/settings", "/stats"])
    await owner.sends(screen);
  await owner.sends("/status");
  await owner.sees(/PostgreSQL/);
  await herald.stop();
  await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const retention = createRetention({
      scope,
      clock: {
        ...systemClock,
        now: () => new Date(Date.now() + 100 * 86_400_000),
        sleep: async () => undefined,
      },
      log: createLog("silent"),
      lease: { held: () => true },
      days: 90,
    });
    await retention.sweep();
    await retention.stop();
    for (const table of [deliveries, votes, polls, pollAnswers])
      expect(await db.$count(table, eq(table.botId, BOT_ID))).toBe(0);
    await letProgramsIn(scope);
    await keepListsAndCodes(scope);
    await passOnMessages(scope);
  });

  expect(crossing()).toEqual([]);
  // What was not run cannot cross: every table was read and written.
  expect(touched(/from|update|into/)).toEqual(new Set(TABLES));
  expect(log.length).toBeGreaterThan(200);
});

/** Fills and deletes a list of people, keeps a segment, and gives out personal codes. */
async function keepListsAndCodes(scope: Scope): Promise<void> {
  const list = await createList(scope, OWNER, "Spring fair");
  expect(await addToList(scope, OWNER, list.id, range(FIRST, FIRST + 2))).toBe(3);
  await renameList(scope, OWNER, list.id, "Autumn fair");
  expect(await takeFromList(scope, OWNER, list.id, [FIRST])).toBe(1);
  expect(await listLists(scope)).toMatchObject([{ name: "Autumn fair", members: 2 }]);
  expect((await listMemberIds(scope, list.id, 10)).length).toBe(2);
  await deleteList(scope, OWNER, list.id);

  const saved = await saveSegment(scope, OWNER, "Regulars", { tag: "vip" });
  await saveOrReplaceSegment(scope, OWNER, "regulars", { tag: "regular" });
  await replaceSegment(scope, OWNER, saved.id, { premium: true });
  await renameSegment(scope, OWNER, saved.id, "Premium");
  expect([...(await savedByName(scope))]).toEqual([["premium", { premium: true }]]);
  expect(await listSegments(scope)).toMatchObject([{ id: saved.id, name: "Premium" }]);
  expect(await reachOfSegment(scope, { premium: true }, new Date())).toMatchObject({ findings: [] });
  await deleteSegment(scope, OWNER, saved.id);
  expect(await countSources(scope, new Date(), { most: 1 })).toEqual([]);

  const content: Content = { kind: "text", text: "Your code: {code}", buttons: [] };
  const draft = await createDraft(scope, OWNER, { content, audience: EVERYONE, originKey: "codes" });
  const codes = range(1, 60).map((number) => `CODE-${number}`);
  expect(await addCodesTo(scope, OWNER, draft.id, codes)).toBe(60);
  const { codePool, codeRound } = await getCampaign(scope, draft.id);
  const id = await seedRunning(scope, range(500, 519), { content, codePool, codeRound });
  const asked = askedOf(await getCampaign(scope, id));
  expect((await claim(scope, id, 10, new Date(), 0, asked)).batch.length).toBe(10);
}

/** Everything that the inbox does with a person, from their first message until they are forgotten. */
async function passOnMessages(scope: Scope): Promise<void> {
  const [person, group] = [FIRST, -100];
  const inbox = { mode: "topics", groupId: group, locale: "en" } as const;
  await setInbox(scope, OWNER, inbox, "en");
  expect(await getGroupInbox(scope)).toEqual(inbox);
  const written = { messageId: 7, editedAt: 0, albumId: "a", replyTo: null };
  expect(await takeFromPerson(scope, person, [written, { ...written, messageId: 8 }])).toBe("taken");
  expect(await takeFromPerson(scope, person, [written])).toBe("known");
  expect(await mayAnswer(scope, person)).toBe(true);
  await changeThread(scope, person, { groupId: group, threadId: 3, cardId: 4, passedOver: 2 });
  expect([await findByTopic(scope, group, 3), await findByCard(scope, group, 4)]).toMatchObject([
    { chatId: person },
    { chatId: person },
  ]);
  const [unit] = await listWaiting(scope, "in");
  if (!unit) throw new Error("an album waits");
  expect(await beginLeaving(scope, unit.parts)).toBe(true);
  expect(await rescueLeaving(scope)).toBe(2);
  const untold = await listUntold(scope, 10);
  expect(untold).toMatchObject([{ messageId: 7, state: "uncertain" }]);
  for (const one of untold) await noteTold(scope, one);
  expect(await sendAgain(scope, person, unit.parts[0]?.id ?? 0)).toBe(true);
  await beginLeaving(scope, unit.parts);
  await putBack(scope, unit.parts);
  await beginLeaving(scope, unit.parts);
  await noteArrived(scope, unit.parts, group, [70, 80]);
  expect(await counterpart(scope, group, 80, person)).toBe(8);
  expect(await counterpart(scope, person, 7, group)).toBe(70);
  expect(await takeFromGroup(scope, person, group, { ...written, messageId: 90 })).toBe(true);
  await noteNotArrived(
    scope,
    (await listWaiting(scope, "out")).flatMap(({ parts }) => parts),
    "refused",
    "no",
  );
  expect(await listPassedOver(scope, 10)).toMatchObject([{ passedOver: 2 }]);
  await tellPassedOver(scope, person, 2);
  await blockInInbox(scope, OWNER, person, true);
  expect(await takeFromPerson(scope, person, [{ ...written, messageId: 9 }])).toBe("blocked");
  await retagFromInbox(scope, OWNER, person, { addedTags: ["vip"], removedTags: [] });
  await moveInbox(scope, group, -200);
  expect(await inboxOfPerson(scope, person)).toMatchObject({ blocked: true, messages: { in: 2, out: 1 } });
  expect(await dropOld(scope, new Date(0))).toBe(false);
  await setInbox(scope, OWNER, null, "en");
  expect(await eraseInboxOf(scope, person)).toBe(true);
}

/** Everything that is done with keys, webhooks and relays. */
async function letProgramsIn(scope: Scope): Promise<void> {
  const now = new Date();
  const { key, secret } = await createKey(scope, OWNER, { name: "Shop", role: "send", expiresAt: null });
  await noteUse(scope, key, "127.0.0.1", now);
  expect([await listKeys(scope), await findKey(scope, secret, now)]).toMatchObject([[{ name: "Shop" }], {}]);
  const program = { type: "key", ...key } as const;
  const { webhook } = await createWebhook(scope, program, {
    url: "https://shop.example",
    events: ["recipient.left"],
  });
  const { id } = webhook;
  await noteEvents(scope, "recipient.left", [
    { id: 1, bot: 1 },
    { id: 2, bot: 1 },
  ]);
  const later = new Date(Date.now() + 1_000);
  expect(await listDueReceivers(scope, later)).toEqual([id]);
  expect(await findReceiver(scope, id, now)).toMatchObject({ id, keyEnd: null });
  const [first, second] = await listDue(scope, id, later, 10);
  if (!first || !second) throw new Error("two are due");
  await noteDelivered(scope, first, { at: now, status: 204, fault: null });
  await noteFailed(scope, second, { at: now, status: null, fault: "timeout" }, null);
  expect([(await listMessages(scope, id)).length, (await countGivenUp(scope)).get(id)]).toEqual([2, 1]);
  expect(await resendFailed(scope, program, id)).toBe(1);
  expect(await resendMessage(scope, program, id, first.eventId)).toBe(true);
  await sendTestEvent(scope, program, id);
  await changeWebhook(scope, program, id, { events: ["recipient.joined"], enabled: true });
  await rotateSecret(scope, program, id, now);
  await revokeKeyAndWebhooks(scope, OWNER, key.id);
  expect(await listWebhooks(scope)).toMatchObject([{ disabledWhy: "key-revoked" }]);
  await deleteWebhook(scope, OWNER, id);
  await noteRelay(scope);
  expect(await lastRelay(scope)).not.toBeNull();
  expect([await hearOnce(scope, "person 1", 7), await wasHeard(scope, "person 1", 7)]).toEqual([true, true]);
}

test("nor does an import, a lease, a rescue, a supergroup, a token that was revoked", async () => {
  const scope = await freshScope();
  await emptied(scope);
  log.length = 0;
  await importRecipients(scope, Readable.from([Buffer.from("chat_id,language\n1,en\n2,ru\n")]));
  const lease = createLease({
    scope,
    clock: systemClock,
    log: createLog("silent"),
    holder: "this one",
    exclusive: false,
    events: testEvents(),
  });
  await lease.acquire();
  await lease.release();
  const campaign = await seedRunning(scope, range(10, 20));
  const { batch } = await claim(scope, campaign, 6, new Date());
  const outcomes = [
    { type: "migrated", toChatId: -100 },
    { type: "deferred", waitMs: 1000, description: "Too Many Requests" },
    { type: "refused", class: "unauthorized", description: "Unauthorized" },
    { type: "refused", class: "content", description: "Bad Request" },
    { type: "uncertain", description: "cut" },
  ] as const;
  await settle(
    scope,
    outcomes.flatMap((outcome, index) => (batch[index] ? [{ delivery: batch[index], outcome }] : [])),
    new Date(),
  );
  await rescue(scope, []);
  await seedCampaign(scope, { state: "running" });
  await pauseAll(scope, "unauthorized", "Unauthorized");
  expect(crossing()).toEqual([]);
  expect(touched(/update/)).toEqual(
    new Set([
      "senders",
      "recipients",
      "chats",
      "topics",
      "campaigns",
      "deliveries",
      "inboxes",
      "inbox_threads",
      "inbox_messages",
    ]),
  );
});

test("nor does a campaign to groups, what is done with its posts later, a group that moves, a lost one", async () => {
  const scope = await freshScope();
  await emptied(scope);
  const telegram = await localTelegram({ limits: "none" });
  const [group, lost, moving] = [
    telegram.group({ bot: "administrator" }),
    telegram.group(),
    telegram.group({ id: -60, type: "group" }),
  ];
  await seedChats(scope, [group, lost, moving]);
  await lost.kicks();
  await moving.migrates();
  const { dispatcher } = await engine(scope, telegram);
  const post = await postTo(scope, [group, lost, moving], { pin: true, deleteAfterHours: 1 });
  log.length = 0;
  dispatcher.poke();
  await isFinished(scope, post);
  expect(await listPosts(scope, post.id, 10)).toHaveLength(2);
  expect(await listMissed(scope, post.id)).toHaveLength(1);
  const followUps = createFollowUps({
    calmMs: 1_000,
    scope,
    clock: { ...systemClock, now: () => new Date(Date.now() + 2 * 3_600_000) },
    log: createLog("silent"),
    api: createSendApi(TOKEN, telegram.apiRoot),
    lease: { held: () => true },
    rate: 100,
    events: testEvents(),
  });
  telegram.fault({ method: "deleteMessage" }, { error: ERRORS.internal });
  await followUps.doAllDue();
  await followUps.stop();
  expect(crossing()).toEqual([]);
  expect(touched(/update|into|from/)).toEqual(
    new Set([
      "recipients",
      "inboxes",
      "inbox_threads",
      "inbox_messages",
      "homes",
      "chats",
      "topics",
      "campaigns",
      "series",
      "deliveries",
      "follow_ups",
      "audit",
      "news",
      "webhooks",
      "webhook_messages",
    ]),
  );
});

test("every primary key and every unique index begins with its table's owner, and no key refers to another table", async () => {
  const { db } = await freshScope();
  const keys = await query<{ name: string; table: string; first: string }>(
    db,
    sql`select c.relname as name, i.indrelid::regclass::text as table, a.attname as first
        from pg_index i join pg_class c on c.oid = i.indexrelid
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where c.relnamespace = 'public'::regnamespace and i.indisunique`,
  );
  expect(keys.length).toBeGreaterThanOrEqual(TABLES.length);
  expect(keys.filter(({ table, first }) => !ownerColumns(table).includes(first))).toEqual([]);
  expect(await query(db, sql`select conname from pg_constraint where contype = 'f'`)).toEqual([]);
});

const look = (text: string, ...params: unknown[]) => reachesBeyond({ text, params }, BOT_ID);

describe("the look at a statement", () => {
  test.each([
    ["no bot at all", "select count(*) from deliveries where campaign_id = $1", [BOT_ID]],
    ["another bot", "select * from campaigns where bot_id = $1", [BOT_ID + 1]],
    ["a home's table held by a sender", "select 1 from cards where bot_id = $1", [BOT_ID]],
    [
      "a home's table joined with a sender's",
      "select 1 from cards k join campaigns c on c.bot_id = k.home_id and c.id = k.campaign_id where k.home_id = $1",
      [BOT_ID],
    ],
    ["a range of bots", "delete from votes where bot_id >= $1", [BOT_ID]],
    ["one of two conditions", "delete from cards where home_id = $1 or final", [BOT_ID]],
    [
      "one of two conditions, in parentheses",
      "delete from cards where (home_id = $1 or final) and chat_id = 1",
      [BOT_ID],
    ],
    ["what it is not", "delete from cards where not (home_id = $1)", [BOT_ID]],
    [
      "a join by half of the key",
      "select 1 from deliveries d join recipients r on r.chat_id = d.chat_id where d.bot_id = $1",
      [BOT_ID],
    ],
    [
      "a condition that could be either table's",
      "select 1 from deliveries d join recipients r on r.chat_id = d.chat_id where bot_id = $1",
      [BOT_ID],
    ],
    [
      "a statement inside of one",
      "update campaigns set sent = 0 where bot_id = $1 and exists (select from deliveries where campaign_id = 1)",
      [BOT_ID],
    ],
    [
      "a statement in WITH",
      "with gone as (delete from deliveries where campaign_id = $2) select 1 from senders where bot_id = $1",
      [BOT_ID, 1],
    ],
    ["an insert for another", "insert into homes (home_id) values ($1)", [BOT_ID + 1]],
    [
      "an insert of several",
      'insert into "cards" ("home_id", "chat_id") values ($1, $2), ($3, $4)',
      [BOT_ID, 1, 9, 2],
    ],
    [
      "an insert of whatever is there",
      "insert into cards (home_id, chat_id) select home_id, $1 from homes where home_id = $1",
      [BOT_ID],
    ],
  ])("finds %s", (_, text, params) => {
    expect(look(text, ...params)).not.toEqual([]);
  });

  test("lets pass what is held to one bot", () => {
    expect(
      look(
        'select "id" from "campaigns" where ("campaigns"."bot_id" = $1 and "campaigns"."id" = $2)',
        BOT_ID,
        1,
      ),
    ).toEqual([]);
    expect(
      look(
        `update deliveries d set state = 'pending' where d.bot_id = $1 and exists (select from recipients r
         where r.bot_id = d.bot_id and r.chat_id = d.chat_id) returning d.seq`,
        BOT_ID,
      ),
    ).toEqual([]);
    expect(
      look(
        "insert into senders (bot_id, lease_holder) values ($1, $2) on conflict (bot_id) do update set bot_id = 1",
        BOT_ID,
        "a",
      ),
    ).toEqual([]);
    expect(look("select 1")).toEqual([]);
  });
});
