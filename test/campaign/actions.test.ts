import { eq, ne } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Action,
  type Actor,
  HERALD,
  PERMISSIONS,
  ROLES,
  type Role,
  authorize,
} from "../../src/access/actor.ts";
import { addAdmin, removeAdmin } from "../../src/access/admins.ts";
import { limitAdmin, limitKey } from "../../src/access/bot-limits.ts";
import { createKey, revokeKey } from "../../src/access/keys.ts";
import { KEY_ROLES, type KeyRole } from "../../src/db/states.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { cancel, cancelSeries } from "../../src/campaign/actions/cancel.ts";
import { putStep } from "../../src/campaign/actions/change-newcomers.ts";
import { setWelcome } from "../../src/campaign/actions/set-welcome.ts";
import { putRecipient } from "../../src/campaign/actions/change-recipient.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { discardDraft } from "../../src/campaign/actions/discard-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { editSent } from "../../src/campaign/actions/edit-sent.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { createList } from "../../src/campaign/actions/change-lists.ts";
import { saveSegment } from "../../src/campaign/actions/change-segments.ts";
import { eraseRecipient } from "../../src/campaign/actions/erase-recipient.ts";
import { importList } from "../../src/campaign/actions/import-list.ts";
import { keepMedia, keepMediaFor } from "../../src/campaign/actions/keep-media.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { mend } from "../../src/campaign/actions/mend.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { recordPreview } from "../../src/campaign/actions/record-preview.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { review } from "../../src/campaign/actions/review.ts";
import { saveChange } from "../../src/campaign/actions/save-change.ts";
import { sendOverdue } from "../../src/campaign/actions/send-overdue.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { saveSettings } from "../../src/campaign/settings.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { admins, apiKeys, audit, campaigns, deliveries, recipients } from "../../src/db/schema.ts";
import { renameSender } from "../../src/senders/actions/rename-sender.ts";
import { createWebhook } from "../../src/webhooks/webhook-actions.ts";
import { DomainError } from "../../src/errors.ts";
import { pieces } from "../audience/import-rows.ts";
import { freshScope } from "../support/database.ts";
import {
  ADMIN,
  ADMIN_ID,
  NOW,
  POST,
  emptied,
  ownerActor,
  seedCampaign,
  seedPeople,
  seedSeries,
} from "../support/seed.ts";
import { setInbox } from "../../src/inbox/inbox-setting.ts";
import { sendersParts } from "../support/senders.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(async () => {
  await emptied(scope);
  await seedPeople(scope, [1, 2, 3]);
});

const later = new Date(NOW.getTime() + 3_600_000);
const limits = { now: NOW, typedFrom: 100, mostScheduled: 10 };
const agreed = { count: 3, typedCount: null, startsAt: null };
const rate = { set: 25, now: 25, paid: "off" } as const;

const isPaused = { state: "paused", pauseReason: "admin" } as const;
const halfWay = () => seedCampaign(scope, { ...isPaused, startedAt: NOW });
const changeOf = (id: number) => beginChange(scope, ADMIN, id, `change-${id}`);

/** A Bot API server that nobody reaches, and a file of nothing: only the role matters. */
const nowhere = { token: "1:x", options: { apiRoot: "http://127.0.0.1:1" } };
const PHOTO = { kind: "photo", fileId: "p", uniqueId: "u" } as const;
async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Each action on something that it can be done to, so that only the role can forbid it. */
const ACTIONS: Record<Action, (as: Actor) => Promise<() => Promise<unknown>>> = {
  review: async (as) => {
    const { id } = await seedCampaign(scope);
    return () => review(scope, as, id, { ...limits, rateOf: () => rate });
  },
  "create-draft": async (as) => () =>
    createDraft(scope, as, { content: POST, audience: EVERYONE, originKey: "k" }),
  "edit-draft": async (as) => {
    const draft = await seedCampaign(scope);
    return () => editDraft(scope, as, draft, { startsAt: later });
  },
  "discard-draft": async (as) => {
    const { id } = await seedCampaign(scope);
    return () => discardDraft(scope, as, id);
  },
  "record-preview": async (as) => {
    const draft = await seedCampaign(scope);
    return () => recordPreview(scope, as, draft, []);
  },
  duplicate: async (as) => {
    const { id } = await seedCampaign(scope, { state: "finished" });
    return () => duplicate(scope, as, id, "k");
  },
  "keep-media": async (as) => () =>
    keepMedia(scope, as, nowhere, 1, { kind: "photo", name: "a.png", source: () => nothing() }),
  "keep-media-for": async (as) => () =>
    keepMediaFor(scope, as, nowhere, 1, { kind: "photo", name: "a.png", source: () => nothing() }, PHOTO),
  "begin-change": async (as) => {
    const { id } = await seedCampaign(scope, { state: "scheduled", startsAt: later });
    return () => beginChange(scope, as, id, "k");
  },
  "save-change": async (as) => {
    const { id } = await seedCampaign(scope, { state: "scheduled", startsAt: later });
    const draft = await changeOf(id);
    return () => saveChange(scope, as, draft, { ...agreed, startsAt: later }, limits);
  },
  mend: async (as) => {
    const draft = await changeOf((await halfWay()).id);
    return () => mend(scope, as, draft);
  },
  "edit-sent": async (as) => {
    const { id } = await seedCampaign(scope, { state: "finished", startedAt: NOW, total: 1, sent: 1 });
    const draft = await changeOf(id);
    return () => editSent(scope, as, draft);
  },
  launch: async (as) => {
    const draft = await seedCampaign(scope);
    return () => launch(scope, as, draft, agreed, limits);
  },
  "send-overdue": async (as) => {
    const overdue = await seedCampaign(scope, { ...isPaused, startsAt: NOW });
    return () => sendOverdue(scope, as, overdue, agreed, limits);
  },
  pause: async (as) => {
    const { id } = await seedCampaign(scope, { state: "running" });
    return () => pause(scope, as, id);
  },
  resume: async (as) => {
    const { id } = await halfWay();
    return () => resume(scope, as, id, NOW);
  },
  cancel: async (as) => {
    const { id } = await seedCampaign(scope, { state: "running" });
    return () => cancel(scope, as, id, NOW);
  },
  retry: async (as) => {
    const { id } = await seedCampaign(scope, { state: "finished", total: 1, failed: 1, frozenAt: NOW });
    await scope.db
      .insert(deliveries)
      .values({ botId: scope.botId, campaignId: id, seq: 1, chatId: 1, state: "failed", reason: "other" });
    return () => retry(scope, as, id, "failed");
  },
  "change-newcomers": async (as) => {
    const step = { after: { in: "hours", count: 2 }, since: "" } as const;
    const draft = await seedCampaign(scope, { step });
    return () => putStep(scope, as, draft, NOW);
  },
  "set-welcome": async (as) => {
    const draft = await seedCampaign(scope, { welcomeFor: "" });
    return () => setWelcome(scope, as, draft);
  },
  "set-inbox": async (as) => () =>
    setInbox(scope, as, { mode: "answer", answer: { text: "Thank you." } }, "en"),
  "change-recipient": async (as) => () => putRecipient(scope, as, 4, { firstName: "Ada" }),
  "erase-recipient": async (as) => () => eraseRecipient(scope, as, 1),
  "change-list": async (as) => () => createList(scope, as, "Fair"),
  "change-segment": async (as) => () => saveSegment(scope, as, "Regulars", { tag: "vip" }),
  "import-recipients": async (as) => () => importList(scope, as, pieces("chat_id\n4\n")),
  "change-settings": async (as) => () => saveSettings(scope, as, { options: { silent: true } }),
  // The rest is of the door: bot/beside/intake.ts.
  "relay-updates": async (as) => () => authorize(scope, as, { action: "relay-updates", botId: scope.botId }),
  "add-admin": async (as) => () => addAdmin(scope, as, { userId: 60, name: "Ada" }),
  "remove-admin": async (as) => {
    await addAdmin(scope, ADMIN, { userId: 60, name: "Ada" });
    return () => removeAdmin(scope, as, 60);
  },
  "limit-admin": async (as) => {
    await addAdmin(scope, ADMIN, { userId: 60, name: "Ada" });
    return () => limitAdmin(scope, as, 60, { botId: scope.botId, may: true });
  },
  "manage-webhooks": async (as) => () =>
    createWebhook(scope, as, { url: "https://shop.example", events: ["campaign.finished"] }),
  "manage-senders": async (as) => () =>
    renameSender(sendersParts(scope, { apiRoot: "http://127.0.0.1:1" }), as, scope.homeId, "Shop"),
  "create-key": async (as) => () => createKey(scope, as, NEW_KEY),
  "limit-key": async (as) => {
    const { key } = await createKey(scope, ADMIN, NEW_KEY);
    return () => limitKey(scope, as, key.id, { botId: scope.botId, may: true });
  },
  "revoke-key": async (as) => {
    const { key } = await createKey(scope, ADMIN, NEW_KEY);
    return () => revokeKey(scope, as, key.id);
  },
};

const NEW_KEY = { name: "Shop", role: "send", expiresAt: null } as const;

const LISTED = 50;

async function keyActor(role: KeyRole): Promise<Extract<Actor, { type: "key" }>> {
  const { key } = await createKey(scope, ADMIN, { name: "CI", role, expiresAt: null });
  return { type: "key", id: key.id, name: key.name };
}

async function actorAs(role: Role): Promise<Actor> {
  switch (role) {
    case "owner":
      return ADMIN;
    case "admin":
      await addAdmin(scope, ADMIN, { userId: LISTED, name: "Boris" });
      return { type: "admin", userId: LISTED, owner: false };
    case "herald":
      return HERALD;
    default:
      return keyActor(role);
  }
}

/** Everything that an action could have left behind. */
async function traces() {
  const noted = await scope.db.select().from(audit);
  const rows = await scope.db.select().from(campaigns).orderBy(campaigns.id);
  return {
    noted: noted.length,
    campaigns: rows.map(({ id, state, revision }) => [id, state, revision]),
    people: (await scope.db.select({ id: recipients.chatId }).from(recipients)).length,
  };
}

async function attempt(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "done";
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code;
  }
}

describe.each(Object.entries(ACTIONS))("%s", (name, prepare) => {
  test.each(ROLES)("by the role %s", async (role) => {
    const act = await prepare(await actorAs(role));
    const before = await traces();
    const isAllowed = (PERMISSIONS[name as Action] as readonly Role[]).includes(role);
    expect(await attempt(act)).toBe(isAllowed ? "done" : "forbidden");
    expect(isAllowed ? before : await traces()).toEqual(before);
  });

  test("by somebody who is not an admin, or was removed a moment ago", async () => {
    const stranger = await prepare({ type: "admin", userId: 99, owner: false });
    const removed = await prepare(await actorAs("admin"));
    await removeAdmin(scope, ADMIN, LISTED);
    const before = await traces();
    expect([await attempt(stranger), await attempt(removed)]).toEqual(["forbidden", "forbidden"]);
    expect(await traces()).toEqual(before);
  });
});

/** What is done to the home, whichever bots somebody may use. */
const OF_THE_HOME: readonly Action[] = [
  "keep-media",
  "change-settings",
  "add-admin",
  "limit-admin",
  "remove-admin",
  "manage-webhooks",
  "manage-senders",
  "create-key",
  "limit-key",
  "revoke-key",
];

const ANOTHER_BOT = 999;

/** Everybody who can be limited, limited to these bots. */
async function limitedTo(bots: readonly number[]): Promise<[Role, Actor][]> {
  const admin = await actorAs("admin");
  await scope.db
    .update(admins)
    .set({ bots: [...bots] })
    .where(eq(admins.userId, LISTED));
  const all: [Role, Actor][] = [["admin", admin]];
  for (const role of KEY_ROLES) {
    const key = await keyActor(role);
    await scope.db
      .update(apiKeys)
      .set({ bots: [...bots] })
      .where(eq(apiKeys.id, key.id));
    all.push([role, key]);
  }
  return all;
}

describe.each(Object.entries(ACTIONS))("%s by somebody who is limited", (name, prepare) => {
  const may = (role: Role) => (PERMISSIONS[name as Action] as readonly Role[]).includes(role);
  const isOfHome = OF_THE_HOME.includes(name as Action);

  test.each([[[ANOTHER_BOT]], [[]]])("to other bots, %j", async (bots) => {
    for (const [role, actor] of await limitedTo(bots)) {
      const act = await prepare(actor);
      const before = await traces();
      const expected =
        !may(role) || name === "change-settings" ? "forbidden" : isOfHome ? "done" : "bot-unknown";
      expect([role, await attempt(act)]).toEqual([role, expected]);
      expect(expected === "done" ? before : await traces()).toEqual(before);
    }
  });

  test("to its bot", async () => {
    for (const index of ["admin", ...KEY_ROLES].keys()) {
      await emptied(scope);
      await seedPeople(scope, [1, 2, 3]);
      const [role, actor] = (await limitedTo([ANOTHER_BOT, scope.botId]))[index] ?? ["herald", HERALD];
      const act = await prepare(actor);
      const expected = may(role) && name !== "change-settings" ? "done" : "forbidden";
      expect([role, await attempt(act)]).toEqual([role, expected]);
    }
  });
});

test("the first bot that somebody is given limits to it; an old button that takes one away leaves all", async () => {
  await actorAs("admin");
  const bot = (botId: number, may: boolean) => limitAdmin(scope, ADMIN, LISTED, { botId, may });
  expect(await bot(scope.botId, false)).toEqual({ limit: null });
  expect(await bot(scope.botId, true)).toEqual({ limit: [scope.botId] });
  expect(await attempt(() => bot(ANOTHER_BOT, true))).toBe("bot-unknown");
  expect(await bot(scope.botId, true)).toEqual({ limit: [scope.botId] });
  expect(await bot(scope.botId, false)).toEqual({ limit: [] });
  expect(await limitAdmin(scope, ADMIN, LISTED, "all")).toEqual({ limit: null });
});

describe("a key", () => {
  test("that is revoked or expired may do nothing more", async () => {
    const revoked = await keyActor("send");
    await revokeKey(scope, ADMIN, revoked.id);
    const expired = await keyActor("send");
    await scope.db
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where(eq(apiKeys.id, expired.id));
    const draft = { content: POST, audience: EVERYONE, originKey: "k" };
    for (const key of [revoked, expired])
      expect(await attempt(() => createDraft(scope, key, draft))).toBe("forbidden");
  });

  test("that is revoked during an import ends it after the batch", async () => {
    const key = await keyActor("write");
    async function* list() {
      yield Buffer.from("chat_id\n");
      for (let from = 1_000_000; from < 1_080_000; from += 10_000) {
        yield Buffer.from(Array.from({ length: 10_000 }, (_, index) => `${from + index}\n`).join(""));
        if ((await traces()).people > 3) await revokeKey(scope, ADMIN, key.id);
      }
    }
    expect(await attempt(() => importList(scope, key, list()))).toBe("forbidden");
    const imported = (await traces()).people - 3;
    expect(imported).toBeGreaterThan(0);
    expect(imported % 2_000).toBe(0);
  });
});

/** What the process that sends is told meanwhile. */
async function nudgesOf(act: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const quiet = scope;
  scope = {
    ...scope,
    nudges: { send: async (_, botId, what) => void (what === "campaigns" && sent.push(`${botId} ${what}`)) },
  };
  try {
    await attempt(act);
  } finally {
    scope = quiet;
  }
  return sent;
}

describe("the process that sends", () => {
  const MOVES: readonly Action[] = [
    "save-change",
    "edit-sent",
    "launch",
    "send-overdue",
    "pause",
    "resume",
    "cancel",
    "retry",
  ];

  test.each(Object.keys(ACTIONS) as Action[])(
    "is nudged once by %s if that moves a campaign",
    async (name) => {
      const act = await ACTIONS[name](ADMIN);
      const once = [`${scope.botId} campaigns`];
      expect(await nudgesOf(act)).toEqual(MOVES.includes(name) ? once : []);
    },
  );

  test("is nudged once when all runs of a series are cancelled, and not when nothing moves", async () => {
    const run = {
      seriesId: 1,
      recurrence: { zone: "UTC", rule: { every: "day", hour: 9, minute: 0 } },
    } as const;
    await seedSeries(scope, { recurrence: run.recurrence, lastAt: NOW, made: 2 });
    const { id } = await seedCampaign(scope, { ...run, run: 1, state: "running" });
    await seedCampaign(scope, { ...run, run: 2, state: "scheduled", startsAt: later });
    const end = () => cancelSeries(scope, ADMIN, id, NOW);
    expect(await nudgesOf(end)).toEqual([`${scope.botId} campaigns`]);
    expect(await nudgesOf(() => pause(scope, ADMIN, id))).toEqual([]);
  });
});

describe("roles", () => {
  test("each key role may do all that the one below it may", () => {
    const allowed = KEY_ROLES.map((role) =>
      Object.entries(PERMISSIONS)
        .filter(([, roles]) => (roles as readonly Role[]).includes(role))
        .map(([name]) => name),
    );
    const [read = [], write = [], send = []] = allowed;
    expect(write).toEqual(expect.arrayContaining(read));
    expect(send).toEqual(expect.arrayContaining(write));
  });

  test("the whole series is cancelled by those who may cancel", async () => {
    const { id } = await seedCampaign(scope, { state: "running" });
    const reader = await keyActor("read");
    expect(await attempt(() => cancelSeries(scope, reader, id, NOW))).toBe("forbidden");
    expect((await getCampaign(scope, id)).state).toBe("running");
  });

  test("the audit names who acted: a user by their id, Herald by 0, a key by its id below 0", async () => {
    await saveSettings(scope, ownerActor(ADMIN_ID), { options: {} });
    await saveSettings(scope, HERALD, { options: {} });
    const key = await keyActor("send");
    const { id } = await createDraft(scope, key, { content: POST, audience: EVERYONE, originKey: "k" });
    const rows = await scope.db.select().from(audit).where(ne(audit.action, "key.created")).orderBy(audit.id);
    expect(rows.map(({ actorId }) => actorId)).toEqual([ADMIN_ID, 0, -key.id]);
    expect((await getCampaign(scope, id)).createdBy).toBe(-key.id);
  });
});

const tries = (
  draft: Parameters<typeof launch>[2],
  change: Partial<Parameters<typeof launch>[3]>,
  typedFrom = 100,
) => attempt(() => launch(scope, ADMIN, draft, { ...agreed, ...change }, { ...limits, typedFrom }));

const launches = async (id: number) =>
  attempt(async () => launch(scope, ADMIN, await getCampaign(scope, id), agreed, limits));

describe("a launch", () => {
  test("is refused when the number of recipients moved, and when nobody is left", async () => {
    const draft = await seedCampaign(scope);
    expect(await tries(draft, { count: 5 })).toBe("count-moved");
    expect(await tries(draft, { count: NaN })).toBe("count-moved");
    const nobody = await seedCampaign(scope, { audience: { languages: [] } });
    expect(await tries(nobody, { count: 0 })).toBe("no-audience");
    expect(await tries(draft, {})).toBe("done");
  });

  test("to many takes their number, typed as it was shown", async () => {
    const draft = await seedCampaign(scope);
    expect(await tries(draft, {}, 3)).toBe("count-not-typed");
    expect(await tries(draft, { typedCount: 4 }, 3)).toBe("count-not-typed");
    expect(await tries(draft, { typedCount: 3 }, 3)).toBe("done");
  });

  test("is refused at another revision, at another time, and of a change", async () => {
    const draft = await seedCampaign(scope, { startsAt: later });
    expect(await tries({ ...draft, revision: 9 }, { startsAt: later })).toBe("changed");
    expect(await tries(draft, {})).toBe("changed");
    const change = await changeOf((await seedCampaign(scope, { state: "scheduled", startsAt: later })).id);
    expect(await tries(change, { startsAt: later })).toBe("changed");
    expect(await tries(draft, { startsAt: later })).toBe("done");
  });
});

describe("a post that Telegram refused in its last preview", () => {
  const refused = { language: null, fault: { type: "refused", description: "Bad Request" } } as const;
  const taken = { language: null, fault: null };

  test("is not launched until it looks different", async () => {
    const draft = await seedCampaign(scope);
    await recordPreview(scope, ADMIN, draft, [refused]);
    expect(await launches(draft.id)).toBe("unsendable");
    const shown = await review(scope, ADMIN, draft.id, { ...limits, rateOf: () => rate });
    expect(shown).toMatchObject({ sendable: false, faults: [refused] });
    const other: Content = { kind: "text", text: "New", buttons: [] };
    // Nobody sees in a preview whether it makes a sound.
    const silent: Content = { ...POST, options: { silent: true } };
    await editDraft(scope, ADMIN, draft, { content: silent });
    expect(await launches(draft.id)).toBe("unsendable");
    await editDraft(scope, ADMIN, await getCampaign(scope, draft.id), { content: other });
    expect(await launches(draft.id)).toBe("done");
  });

  test("is launched once a later preview went through", async () => {
    const draft = await seedCampaign(scope);
    await recordPreview(scope, ADMIN, draft, [refused]);
    await recordPreview(scope, ADMIN, draft, [taken]);
    expect(await launches(draft.id)).toBe("done");
  });

  test("does not count for a version that is gone", async () => {
    const content = { ...POST, versions: { de: POST } };
    const draft = await seedCampaign(scope, { content });
    await recordPreview(scope, ADMIN, draft, [taken, { ...refused, language: "de" }]);
    expect(await launches(draft.id)).toBe("unsendable");
    await editDraft(scope, ADMIN, draft, { content: POST });
    expect(await launches(draft.id)).toBe("done");
  });

  test("is not saved into a campaign, be it scheduled or paused half-way", async () => {
    const scheduled = await seedCampaign(scope, { state: "scheduled", startsAt: later });
    const [change, mending] = [await changeOf(scheduled.id), await changeOf((await halfWay()).id)];
    for (const draft of [change, mending]) await recordPreview(scope, ADMIN, draft, [refused]);
    const saves = () => saveChange(scope, ADMIN, change, { ...agreed, startsAt: later }, limits);
    expect(await attempt(saves)).toBe("unsendable");
    expect(await attempt(() => mend(scope, ADMIN, mending))).toBe("unsendable");
  });

  test("in a form that this version does not know is shown once more", async () => {
    const draft = await seedCampaign(scope);
    await scope.db
      .update(campaigns)
      .set({ previewFaults: { version: 9 } })
      .where(eq(campaigns.id, draft.id));
    expect(await launches(draft.id)).toBe("done");
  });
});
