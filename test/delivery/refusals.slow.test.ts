import { expect, test } from "vitest";
import { ERRORS, migratedTo, tooManyRequests } from "../../playground/server/faults.ts";
import type { ApiFailure } from "../../playground/wire/refusal.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { RecipientStatus } from "../../src/db/states.ts";
import type { RefusalClass } from "../../src/telegram/outcome.ts";
import { contradictionsIn, deliveriesByChat } from "../support/books.ts";
import { broadcasts, cardOf, recipientStatuses, until, within } from "../support/broadcast.ts";
import { numbersOn } from "../support/counts.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, copiesAmongPeople, idOf, scene, shows, stragglers } from "../support/scene.ts";
import { personOf } from "../support/seed.ts";
import { en, inState } from "../support/words.ts";

/*
 * Each row of the table of Telegram's errors, as Telegram answers them over HTTP: the words as they are, and wrapped
 * as they come for a part of an album.
 */

const POST = "Not everybody can have this.";

function inAlbum({ error_code, description }: ApiFailure): ApiFailure {
  const words = description.replace(/^(Bad Request|Forbidden): /, "");
  return {
    error_code: error_code === 420 ? 420 : 400,
    description: `Bad Request: failed to send message #2 with the error message "${words}"`,
  };
}

const both = (errors: ApiFailure[]) => errors.flatMap((error) => [error, inAlbum(error)]);

/** Once what was in flight is settled, nothing leaves. */
async function standsStill(telegram: Telegram): Promise<void> {
  await stragglers();
  const before = copiesAmongPeople(telegram, POST).length;
  await stragglers();
  expect(copiesAmongPeople(telegram, POST).length).toBe(before);
}

/** What concerns one person, and what becomes of the person. */
const ONE_BY_ONE: { reason: RefusalClass; status: RecipientStatus; errors: ApiFailure[] }[] = [
  { reason: "blocked", status: "blocked", errors: [ERRORS.blocked, ERRORS.blockedToken] },
  {
    reason: "deactivated",
    status: "deactivated",
    errors: [ERRORS.deactivated, ERRORS.deactivatedToken, ERRORS.deletedToken],
  },
  {
    reason: "unreachable",
    status: "unreachable",
    errors: [
      ERRORS.neverStarted,
      ERRORS.chatNotFound,
      ERRORS.peerInvalid,
      ERRORS.userNotFound,
      ERRORS.toBot,
      ERRORS.userIsBot,
    ],
  },
  {
    reason: "personal",
    status: "active",
    errors: [
      ERRORS.voiceRestricted,
      ERRORS.videoRestricted,
      ERRORS.voiceForbidden,
      ERRORS.premiumRequired,
      ERRORS.paymentRequired,
    ],
  },
  {
    reason: "no-rights",
    status: "active",
    errors: [
      ERRORS.noRightsText,
      ERRORS.noRightsPhotos,
      ERRORS.noWriteAccess,
      ERRORS.needAdmin,
      ERRORS.writeForbidden,
      ERRORS.adminRequired,
      ERRORS.mediaForbidden,
    ],
  },
  {
    reason: "topic-closed",
    status: "active",
    errors: [ERRORS.topicClosed, ERRORS.threadNotFound],
  },
  { reason: "other", status: "active", errors: [ERRORS.unheardOf] },
];

/** These come for groups and channels; what becomes of the chat is told where those are. */
const CHAT_LOST = [
  ERRORS.kickedFromGroup,
  ERRORS.kickedFromSupergroup,
  ERRORS.kickedFromChannel,
  ERRORS.notMemberOfSupergroup,
  ERRORS.notMemberOfChannel,
  ERRORS.groupDeleted,
  ERRORS.channelPrivate,
  ERRORS.chatIdInvalid,
];

/** Nothing was sent, and it passes. */
const PASSING = [ERRORS.restarting, ...both([ERRORS.groupSendFailed])];

const CONTENT = [
  ERRORS.textEmpty,
  ERRORS.tooLong,
  ERRORS.captionTooLong,
  ERRORS.cantParse,
  ERRORS.entityInvalid,
  ERRORS.buttonInvalid,
  ERRORS.buttonUrlInvalid,
  ERRORS.markupInvalid,
  ERRORS.wrongFile,
  ERRORS.wrongRemoteFile,
  ERRORS.mediaEmpty,
  ERRORS.pollOptions,
  ERRORS.copyNotFound,
];

const THE_BOT = [ERRORS.unauthorized, ERRORS.notFound, ...both([ERRORS.loggedOut, ERRORS.frozen])];

test(
  "every refusal for one person, alone or for part of an album: the delivery has its reason, and others get the post",
  { timeout: 60_000 },
  async () => {
    // So many people that the refusals are no pattern that would pause the campaign.
    const { telegram, owner, database, herald, people } = await scene(500, { rate: 500 });
    const EVERY = 6;
    let next = FIRST;
    const struck = (error: ApiFailure): number => {
      next += EVERY;
      telegram.fault({ method: "sendMessage", chat: next }, { error });
      return next;
    };
    const refused = ONE_BY_ONE.flatMap(({ reason, status, errors }) =>
      both(errors).map((error) => ({ chat: struck(error), error, reason, status })),
    );
    const lost = both(CHAT_LOST).map((error) => ({ chat: struck(error), error }));
    const passing = PASSING.map((error) => ({ chat: struck(error), error }));
    const waited = struck(tooManyRequests(1));
    const [movedTo] = [900_001];
    telegram.person({ id: movedTo, started: true });
    const moved = struck(migratedTo(movedTo));
    expect(next).toBeLessThan(people.at(-1) ?? 0);

    await broadcasts(owner, POST);
    await shows(owner, inState("finished"), 1, 40_000);
    const numbers = numbersOn(cardOf(owner)?.text ?? "");
    expect(numbers).toMatchObject({ total: 500, blocked: 4, uncertain: 0, skipped: 0, left: 0 });
    expect(numbers?.failed).toBe(refused.length - 4 + lost.length);
    await herald.stop();

    expect(await contradictionsIn(database, telegram)).toEqual([]);
    const byChat = await deliveriesByChat(database, 1);
    const written = refused.map(({ chat, error }) => {
      const { state, reason, description } = byChat.get(chat) ?? {};
      return { words: error.description, state, reason, description };
    });
    expect(written).toEqual(
      refused.map(({ error: { description }, reason }) => ({
        words: description,
        state: "failed",
        reason,
        description,
      })),
    );
    const statuses = await within(database, ({ db }) =>
      Promise.all(refused.map(({ chat }) => personOf(homeScope(db, BOT_ID), chat))),
    );
    expect(
      statuses.map((person, index) => `${refused[index]?.error.description}: ${person?.status}`),
    ).toEqual(refused.map(({ error, status }) => `${error.description}: ${status}`));
    const outcomes = (rows: { chat: number; error: ApiFailure }[]) =>
      rows.map(({ chat, error }) => {
        const { state, reason, attempts } = byChat.get(chat) ?? {};
        return { words: error.description, state, reason, attempts };
      });
    expect(outcomes(lost)).toEqual(
      lost.map(({ error }) => ({
        words: error.description,
        state: "failed",
        reason: "chat-lost",
        attempts: 1,
      })),
    );
    expect(outcomes(passing)).toEqual(
      passing.map(({ error }) => ({ words: error.description, state: "sent", reason: null, attempts: 2 })),
    );
    expect(byChat.get(waited)).toMatchObject({ state: "sent", attempts: 1 });
    expect(byChat.get(moved)).toBeUndefined();
    expect(byChat.get(movedTo)).toMatchObject({ state: "sent" });
  },
);

test(
  "every refusal of the post, alone or for part of an album: the campaign pauses with Telegram's error, nobody is marked, and Resume continues",
  { timeout: 120_000 },
  async () => {
    const rows = both(CONTENT);
    // Far enough from each other that no two refusals are in flight together.
    const APART = 25;
    const { telegram, owner, database, herald, people } = await scene(rows.length * APART + APART, {
      rate: 40,
    });
    for (const [index, error] of rows.entries())
      telegram.fault({ method: "sendMessage", chat: FIRST + (index + 1) * APART }, { error });
    await broadcasts(owner, POST);
    for (const { description } of rows) {
      await until(() => {
        const text = cardOf(owner)?.text ?? "";
        return (
          inState("paused").test(text) && text.includes(en("paused-said", { description: `${description}.` }))
        );
      });
      await owner.taps(en("button-resume"), { on: idOf(owner) });
    }
    await shows(owner, inState("finished"), 1, 20_000);
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({
      sent: people.length,
      failed: 0,
      uncertain: 0,
    });
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    expect(await recipientStatuses(database)).toEqual({ active: people.length + 1 });
  },
);

test(
  "every refusal of the bot itself, alone or for part of an album: all campaigns pause, nobody is marked, and it is no attempt",
  { timeout: 90_000 },
  async () => {
    // So many that an admin has resumed both before the first of them gets to the next.
    const APART = 30;
    const { telegram, owner, database, herald, people } = await scene(400, { rate: 50 });
    for (const [index, error] of THE_BOT.entries())
      telegram.fault({ method: "sendMessage", chat: FIRST + (index + 1) * APART }, { error });
    await broadcasts(owner, { photo: true, caption: "Sent at the same time." });
    await broadcasts(owner, POST);
    for (const [index, { description }] of THE_BOT.entries()) {
      const told = `It said: ${description}. Put a valid BOT_TOKEN`;
      for (const id of [1, 2])
        await until(() => {
          const text = cardOf(owner, id)?.text ?? "";
          return inState("paused").test(text) && text.includes(told);
        });
      if (index === 0) await standsStill(telegram);
      for (const id of [1, 2])
        await owner.taps(en("button-resume"), { on: idOf(owner, en.opens("card-title", { id })) });
    }
    for (const id of [1, 2]) {
      await shows(owner, inState("finished"), id, 30_000);
      expect(numbersOn(cardOf(owner, id)?.text ?? "")).toMatchObject({ sent: 400, failed: 0, uncertain: 0 });
    }
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    expect([...(await deliveriesByChat(database, 2)).values()].every(({ attempts }) => attempts === 1)).toBe(
      true,
    );
    expect(await recipientStatuses(database)).toEqual({ active: 401 });
  },
);
