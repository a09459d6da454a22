import type postgres from "postgres";
import { changePerson, putPerson } from "../src/audience/person-change.ts";
import { eachPersonPage, findRecipient, listRecipients } from "../src/audience/recipient-list.ts";
import { findBotCalled } from "../src/campaign/home-bots.ts";
import { findOwnCampaign } from "../src/campaign/queries.ts";
import { listDeliveries } from "../src/campaign/report/each-delivery.ts";
import { listHistory } from "../src/campaign/report/recipient-history.ts";
import { listCampaigns } from "../src/campaign/search.ts";
import { eraseVotesOf } from "../src/campaign/votes/votes-of-person.ts";
import { systemClock } from "../src/clock.ts";
import { forgetHeard, hearOnce, lastRelay, noteRelay, wasHeard } from "../src/db/heard-updates.ts";
import type { Scope } from "../src/db/scope.ts";
import { leaveHome, surveyLeases, takeFreeLeases } from "../src/delivery/upkeep/held-leases.ts";
import { createLog } from "../src/log.ts";
import { createPurge } from "../src/senders/purge.ts";
import { listSenders } from "../src/senders/sender-store.ts";
import { noteEvents } from "../src/webhooks/note-events.ts";
import {
  type WebhookMessage,
  countGivenUp,
  giveUpOldest,
  listDue,
  listDueReceivers,
  listMessages,
  noteDelivered,
  noteFailed,
  pruneMessages,
} from "../src/webhooks/webhook-messages.ts";
import type { Subject } from "./plans.ts";

/*
 * What programs, webhooks and further bots ask of the large tables: the API's reads, relayed updates, the events that wait
 * for a slow webhook, the leases of a thousand bots, and the deletion of a removed one.
 */

/** What the campaigns of plans.ts are. */
export interface Seeded {
  people: number;
  bot: number;
  /** Three fifths sent. */
  sending: number;
  /** Finished long ago. */
  old: number;
}

const FIRST_SENDER = 2_000_001;
const SENDERS = 1_000;
/** Removed, with a tenth of the people and a campaign to them. */
const REMOVED = FIRST_SENDER + SENDERS;
const NOW = new Date();

/** The events that wait for a slow webhook, and the relayed updates that are remembered, both as parts of the people. */
const [WAITING, HEARD] = [0.2, 0.5];
const [SLOW_HOOK, QUICK_HOOK] = [1, 2];

export async function seedDoors(client: postgres.Sql, { people, bot }: Seeded): Promise<void> {
  await client.unsafe(
    `insert into senders (bot_id, home_id, username) select id, ${bot}, 'bot_' || id
     from generate_series(${FIRST_SENDER}, ${REMOVED - 1}) as id`,
  );
  await client.unsafe(
    `insert into senders (bot_id, home_id, removed_at) values (${REMOVED}, ${bot}, now() - interval '1 day')`,
  );
  await client.unsafe(
    `insert into recipients (bot_id, chat_id, language) select ${REMOVED}, id, 'en' from generate_series(1, ${people / 10}) as id`,
  );
  await client.unsafe(
    `insert into webhooks (home_id, url, events, secret, created_by)
     select ${bot}, 'https://shop.example/' || id, '{recipient.blocked}', 'whsec_', 7 from generate_series(1, 2) as id`,
  );
  await client.unsafe(
    `insert into webhook_messages (home_id, webhook_id, event_id, event, payload, next_at, delivered_at, last_at)
     select ${bot}, hook, 'evt_' || hook || '_' || n, 'recipient.blocked', '{"type":"recipient.blocked","data":{"id":' || n || '}}',
       case when hook = ${SLOW_HOOK} and n > 100 then now() end, case when hook = ${QUICK_HOOK} or n <= 100 then now() end,
       case when hook = ${QUICK_HOOK} or n <= 100 then now() end
     from generate_series(1, 2) as hook, generate_series(1, case when hook = ${SLOW_HOOK} then ${people * WAITING} else 100 end) as n`,
  );
  await client.unsafe(
    `insert into heard_updates (bot_id, subject, update_id, at)
     select ${FIRST_SENDER}, 'person ' || n, n, now() - (case when n % 10 = 0 then interval '2 days' else interval '1 hour' end)
     from generate_series(1, ${people * HEARD}) as n`,
  );
}

const log = createLog("silent");

const sender = (scope: Scope): Scope => ({ ...scope, botId: FIRST_SENDER });

async function first(scope: Scope): Promise<WebhookMessage> {
  const [message] = await listDue(scope, SLOW_HOOK, new Date(NOW.getTime() + 3_600_000), 1);
  if (!message) throw new Error("nothing waits for the webhook");
  return message;
}

export function doorSubjects({ people, bot, sending, old }: Seeded): Subject[] {
  return [
    {
      name: "findOwnCampaign",
      hot: true,
      most: 20,
      cost: "one row",
      run: (scope) => findOwnCampaign(scope, sending),
    },
    {
      name: "relay: hearOnce, a person who was heard before",
      hot: true,
      most: 30,
      cost: "one row",
      run: (scope) => hearOnce(sender(scope), "person 77", 1_000_000_000),
    },
    {
      name: "relay: hearOnce, somebody new",
      hot: true,
      most: 30,
      cost: "one row",
      run: (scope) => hearOnce(sender(scope), "person new", 1),
    },
    {
      name: "relay: wasHeard, noteRelay and lastRelay",
      hot: true,
      most: 60,
      cost: "a row for each",
      async run(scope) {
        await wasHeard(sender(scope), "poll 77", 1);
        await noteRelay(sender(scope));
        await lastRelay(sender(scope));
      },
    },
    {
      name: "relay: forgetHeard, a batch of 2,000",
      hot: false,
      most: 0.5 * people,
      cost: "the updates that are remembered, once an hour",
      run: (scope) => forgetHeard(scope),
    },
    {
      name: "webhooks: noteEvents, 500 people for two",
      hot: true,
      most: 20 * 1_000,
      cost: "the events",
      run: (scope) =>
        noteEvents(
          scope,
          "recipient.blocked",
          Array.from({ length: 500 }, (_, id) => ({ id, bot })),
        ),
    },
    {
      name: "webhooks: listDueReceivers",
      hot: true,
      most: 1_000,
      cost: "the webhooks. Until a vacuum, also what is dead in front of their index",
      run: (scope) => listDueReceivers(scope, new Date()),
    },
    {
      name: "webhooks: listDue, 40",
      hot: true,
      most: 200,
      cost: "the batch, however many wait",
      run: (scope) => listDue(scope, SLOW_HOOK, new Date(), 40),
    },
    {
      name: "webhooks: noteDelivered and noteFailed",
      hot: true,
      most: 500,
      cost: "two rows each",
      async run(scope) {
        const message = await first(scope);
        await noteFailed(scope, message, { at: NOW, status: 500, fault: null }, NOW);
        await noteDelivered(scope, message, { at: NOW, status: 204, fault: null });
      },
    },
    {
      name: "webhooks: pruneMessages",
      hot: true,
      most: 500,
      cost: "what is done, however many wait",
      run: (scope) => pruneMessages(scope, SLOW_HOOK),
    },
    {
      name: "webhooks: giveUpOldest, of a million that nobody waited too long",
      hot: false,
      most: 0.5 * people,
      cost: "those that wait, every ten minutes while a webhook cannot keep up",
      run: (scope) => giveUpOldest(scope, SLOW_HOOK, { before: new Date(0), most: 1_000_000 }),
    },
    {
      name: "webhooks: listMessages and countGivenUp",
      hot: false,
      most: 0.5 * people,
      cost: "those that wait, when somebody looks at a webhook",
      async run(scope) {
        await listMessages(scope, SLOW_HOOK);
        await countGivenUp(scope);
      },
    },
    {
      name: `leases: take, survey and give back those of ${SENDERS} bots`,
      hot: true,
      most: 100 * SENDERS,
      cost: "the bots of the home, in one statement every 2.5 s",
      async run(scope) {
        const ids = Array.from({ length: SENDERS }, (_, index) => FIRST_SENDER + index);
        await takeFreeLeases(scope, "plans", ids);
        await surveyLeases(scope, "plans", null);
        await leaveHome(scope, "plans");
      },
    },
    {
      name: "senders: findBotCalled and listSenders",
      hot: false,
      most: 2_000,
      cost: "the bots of the home",
      async run(scope) {
        await findBotCalled(scope, `@bot_${FIRST_SENDER + 7}`);
        await listSenders(scope);
      },
    },
    {
      name: "purge of a removed bot: two batches of 2,000",
      hot: true,
      most: 20 * 4_000,
      cost: "the batch",
      run: purgeTwice,
    },
    {
      name: "API: listRecipients, a page in the middle",
      hot: false,
      most: 200,
      cost: "the page",
      run: (scope) => listRecipients(scope, {}, 100, people / 2),
    },
    {
      name: "API: listRecipients, a page of those who have blocked the bot",
      hot: false,
      most: 6_000,
      cost: "the page, and everybody between those on it",
      run: (scope) => listRecipients(scope, { standing: "blocked" }, 100, people / 2),
    },
    {
      name: "API: listRecipients, a page of a language",
      hot: false,
      most: 1_000,
      cost: "the page, and everybody between those on it",
      run: (scope) => listRecipients(scope, { language: "de" }, 100, people / 2),
    },
    {
      name: "API: export, 2,000 people",
      hot: false,
      most: 2_500,
      cost: "the people",
      run: (scope) => eachPersonPage(scope).next(),
    },
    {
      name: "API: findRecipient, putPerson and changePerson",
      hot: true,
      most: 120,
      cost: "one row each",
      async run(scope) {
        await findRecipient(scope, 77);
        await putPerson(scope, people * 5 + 1, { firstName: "Ada" });
        await changePerson(scope, 78, { firstName: "Ada" });
      },
    },
    {
      name: "API: listDeliveries, a page",
      hot: false,
      most: 500,
      cost: "the page",
      run: (scope) => listDeliveries(scope, old, { after: people / 2 }, 100),
    },
    {
      name: "API: listDeliveries, a page of those that failed",
      hot: false,
      most: 1_000,
      cost: "ranges of 5,000 deliveries until the page is full",
      run: (scope) => listDeliveries(scope, old, { after: people / 2, states: ["failed"] }, 100),
    },
    {
      name: "API: listHistory of a person",
      hot: false,
      most: 1_000,
      cost: "20 steps for each campaign",
      run: (scope) => listHistory(scope, 77, 25),
    },
    {
      name: "API: eraseVotesOf a person",
      hot: false,
      most: 100,
      cost: "the campaigns",
      run: (scope) => eraseVotesOf(scope, 77),
    },
    {
      name: "API: listCampaigns, a page by words",
      hot: false,
      most: 100,
      cost: "the campaigns until the page is full",
      run: (scope) => listCampaigns(scope, { words: "post" }, 25),
    },
  ];
}

/** It asks once for each batch, and for each table. */
async function purgeTwice(scope: Scope): Promise<void> {
  const { db, homeId, nudges } = scope;
  let batches = 0;
  const purge = createPurge({
    home: { db, homeId, ...(nudges && { nudges }) },
    clock: {
      ...systemClock,
      sleep: async () => void (batches += 1),
    },
    log,
    mayRun: () => batches < 2,
  });
  await purge.sweep();
  await purge.stop();
}
