import { type Api, GrammyError } from "grammy";
import type { CallbackQuery, Update } from "grammy/types";
import { type Actor, authorize } from "../../access/actor.ts";
import { maskKeys } from "../../access/keys.ts";
import { languageOf, refreshPerson, setOptedOut, setStatus } from "../../audience/recipients.ts";
import { type Repeated, repeat } from "../../background/rounds.ts";
import type { Clock } from "../../clock.ts";
import { forgetHeard, hearOnce, noteRelay, wasHeard } from "../../db/heard-updates.ts";
import { type HomeScope, type Scope, inTransaction, scopeOf } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { rewriteStrings, storable } from "../../storable.ts";
import { noteRoomNews } from "../features/chats/room-news.ts";
import { createAfterTap } from "../features/votes/after-tap.ts";
import { type Ballots, createBallots } from "../features/votes/ballots.ts";
import { createLastTaps } from "../features/votes/last-taps.ts";
import { type FoundTap, type Said, countTap, findTap } from "../features/votes/take-tap.ts";
import type { Gate } from "../updates/turnstile.ts";
import { createAnswerQueue, isTooLate } from "../updates/answer-taps.ts";
import { type Locale, type Translate, localeFor } from "../ui/words.ts";
import {
  type UpdateNews,
  type Wishes,
  newsIn,
  personSubject,
  subjectOf,
  wishSubject,
} from "./update-news.ts";

/** What became of relayed updates, as numbers of them. */
export interface Relayed {
  taken: number;
  /** Heard before, or after a newer one about the same person, chat or poll. */
  known: number;
  /** Taps on buttons that are not of Herald's posts; the other program answers them. */
  foreign: number;
  /** Of kinds that Herald has no use for. */
  ignored: number;
}

/**
 * Takes updates of bots that stand beside another program, which relays them. Herald notes people, blocks, chats and votes,
 * and answers taps on the buttons of its posts. Whatever else people write or tap, the other program answers.
 */
export interface Intake {
  /**
   * Takes updates of one bot; null stands for one that cannot be read. Idempotent for a day, in any order.
   * @throws DomainError `forbidden`
   */
  take(botId: number, actor: Actor, updates: readonly (Update | null)[], wishes: Wishes): Promise<Relayed>;
  /** Forgets old updates. Its end writes the votes in polls that are left. */
  readonly service: Pick<Repeated, "start" | "stop">;
}

/** The calls that Herald makes by itself as a bot that another program answers. */
export type TapApi = Pick<Api, "answerCallbackQuery" | "editMessageReplyMarkup">;

export interface IntakeParts {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  translator: (locale: Locale) => Translate;
  /** As for updates that Herald gets from Telegram. */
  gate: Gate;
  /** Null if the bot's token is not known. */
  apiOf: (botId: number) => Promise<TapApi | null>;
  /** End of a pause that Telegram asked for. */
  quietUntil: (botId: number) => Date | null;
  /** Votes were counted: the campaign's cards follow. */
  touch: (campaignId: number) => void;
  /** Aborts when Herald stops. */
  stop: AbortSignal;
}

const HOUR_MS = 3_600_000;

type Outcome = keyof Relayed;

export function createIntake(parts: IntakeParts): Intake {
  const { scope: home, clock, log, gate } = parts;
  const desks = new Map<number, Desk>();
  const forgetting = repeat({
    clock,
    log,
    everyMs: HOUR_MS,
    complaint: "relayed updates cannot be forgotten, trying later",
    work: async () => ((await forgetHeard(home)) ? 0 : undefined),
  });

  function deskOf(botId: number): Desk {
    const desk = desks.get(botId) ?? createDesk(parts, scopeOf(home, { botId }));
    desks.set(botId, desk);
    return desk;
  }

  return {
    async take(botId, actor, updates, wishes) {
      await authorize(home, actor, { action: "relay-updates", botId });
      const desk = deskOf(botId);
      await noteRelay(desk.own);
      const counts: Relayed = { taken: 0, known: 0, foreign: 0, ignored: 0 };
      const lines = new Map<string, Heard[]>();
      for (const update of updates) {
        if (update) rewriteStrings(update, (text) => maskKeys(storable(text)));
        const news = update && newsIn(update, wishes);
        if (!news) counts.ignored += 1;
        else lines.set(lineOf(news), [...(lines.get(lineOf(news)) ?? []), { update, news }]);
      }
      const work = [...lines.values()].map(async (line) => {
        const inOrder = line.toSorted((a, b) => a.update.update_id - b.update.update_id);
        for (const outcome of await desk.takeLine(inOrder, gate)) counts[outcome] += 1;
      });
      const failed = (await Promise.allSettled(work)).find((one) => one.status === "rejected");
      if (failed) throw failed.reason;
      return counts;
    },
    service: {
      start: forgetting.start,
      async stop() {
        await forgetting.stop();
        await Promise.all([...desks.values()].map(({ ballots }) => ballots.stop()));
      },
    },
  };
}

/** News that has to stay in order, and waits for each other. */
function lineOf(news: UpdateNews): string {
  if (news.type === "tap") return personSubject(news.query.from.id);
  return subjectOf(news, 0);
}

/** An update, and what it says. */
interface Heard {
  update: Update;
  news: UpdateNews;
}

/** Where the updates of one bot are taken. */
interface Desk {
  own: Scope;
  ballots: Ballots;
  /** Takes updates that belong into one line, the oldest first. */
  takeLine(line: readonly Heard[], gate: Gate): Promise<Outcome[]>;
}

function createDesk({ clock, log, translator, apiOf, ...parts }: IntakeParts, own: Scope): Desk {
  const { botId } = own;
  const { stop } = parts;
  const engine = {
    touch: parts.touch,
    status: () => ({ quietUntil: parts.quietUntil(botId) }),
  };
  const deps = { own, clock, log, engine, stop };
  const ballots = createBallots(deps);
  const lastTaps = createLastTaps(clock);
  const leave = createAnswerQueue(deps);
  const follow = createAfterTap(deps, {
    async editMessageReplyMarkup(...call) {
      const api = await apiOf(botId);
      return api ? api.editMessageReplyMarkup(...call) : true;
    },
  });

  async function noteNews(tx: Scope, update: Update, news: UpdateNews): Promise<boolean> {
    const id = update.update_id;
    const isNew = await hearOnce(tx, subjectOf(news, id), id);
    if (news.type === "person") {
      if (isNew) await refreshPerson(tx, news.person, news.start);
      const isWish = news.wish !== null && (await hearOnce(tx, wishSubject(news.person.id), id));
      if (isWish) await setOptedOut(tx, news.person.id, news.wish === "leave");
      return isNew || isWish;
    }
    if (isNew && news.type === "standing")
      await setStatus(tx, news.personId, news.isBlocked ? "blocked" : "active");
    if (isNew && news.type === "room") await noteRoomNews(tx, log, news.news);
    return isNew;
  }

  /** Null if the tap was heard before. */
  async function count(tx: Scope, update: Update, query: CallbackQuery, found: FoundTap) {
    if (!(await hearOnce(tx, `tap ${update.update_id}`, update.update_id))) return null;
    const stored = query.message?.chat.type === "private" ? await languageOf(tx, query.from.id) : null;
    return countTap(tx, found, query.from.id, translator(localeFor(stored ?? query.from.language_code)));
  }

  async function takeTap(update: Update, query: CallbackQuery): Promise<Outcome> {
    const { from, data = "" } = query;
    const found = await findTap(own, query, false);
    if (!found) return "foreign";
    const before = lastTaps.saidTo(from.id, data);
    if (before) {
      const isNew = await hearOnce(own, `tap ${update.update_id}`, update.update_id);
      if (isNew) answer(query, before);
      return isNew ? "taken" : "known";
    }
    const result = await inTransaction(own, (tx) => count(tx, update, query, found));
    if (!result) return "known";
    if (result.isCounted) follow(found);
    lastTaps.note(from.id, data, result.said);
    answer(query, result.said);
    return "taken";
  }

  /** Nothing waits for it, since thousands may tap at once. */
  function answer({ id }: CallbackQuery, said: Said): void {
    leave(async () => {
      const api = await apiOf(botId);
      if (!api) throw new Error(`the token of bot ${botId} is not known`);
      await api.answerCallbackQuery(id, said).catch((error: unknown) => {
        if (!(error instanceof GrammyError) || !isTooLate(error.description)) throw error;
      });
    });
  }

  async function take({ update, news }: Heard): Promise<Outcome> {
    if (news.type !== "tap")
      return (await inTransaction(own, (tx) => noteNews(tx, update, news))) ? "taken" : "known";
    const { person, query } = news;
    if (person)
      await inTransaction(own, (tx) =>
        noteNews(tx, update, { type: "person", person, wish: null, start: null }),
      );
    return takeTap(update, query);
  }

  async function hear({ update, news }: Heard): Promise<Outcome> {
    const subject = subjectOf(news, update.update_id);
    if (await wasHeard(own, subject, update.update_id)) return "known";
    await ballots.hear(update);
    return (await hearOnce(own, subject, update.update_id)) ? "taken" : "known";
  }

  return {
    own,
    ballots,
    async takeLine(line, gate) {
      const newest = line.at(-1);
      // Votes in polls are gathered before they are written, so they need no turn; of a poll, the newest results count.
      if (newest?.news.type === "poll" || newest?.news.type === "poll-answer")
        return [...line.slice(1).map(() => "known" as const), await hear(newest)];
      const outcomes: Outcome[] = [];
      for (const heard of line) outcomes.push(await gate(take, heard));
      return outcomes;
    },
  };
}
