import { sequentialize } from "@grammyjs/runner";
import { type Api, type BotError, type Context, Composer } from "grammy";
import { peopleCommands } from "../features/people/people.ts";
import { isPostTap, postButtons } from "../features/votes/post-buttons.ts";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";
import { gatherAlbums } from "../updates/albums.ts";
import { answerTaps } from "../updates/answer-taps.ts";
import { type Answers, answersInTurn } from "../updates/answers.ts";
import { boundBacklog } from "../updates/backlog.ts";
import { hideSecrets } from "../updates/hide-secrets.ts";
import { identify } from "../updates/identify.ts";
import { turnstile } from "../updates/turnstile.ts";

/**
 * What every bot that Herald answers does with an update first: it bounds what a crowd can take up, identifies the person,
 * and handles their votes, taps, /start, /stop and /language. What it does not handle, it passes on. Groups and channels
 * follow in features/chats/chat-updates.ts.
 */
export function crowd(
  deps: CrowdDeps,
  api: Pick<Api, "editMessageReplyMarkup">,
  answers: Answers,
): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.use(hideSecrets(deps));
  // Before everything that waits or asks the database: votes need no answer, and come as fast as a crowd votes.
  composer.on(["poll", "poll_answer"], (ctx) => deps.ballots.hear(ctx.update));
  composer.use(boundBacklog(deps));
  composer.use(gatherAlbums(deps));
  composer.use(sequentialize((ctx) => chatKey(ctx)));
  composer.use(turnstile(deps));
  composer.use(answersInTurn(answers));
  composer.use(answerTaps(deps));
  composer.use(identify(deps));
  composer.use(postButtons(deps, api));
  composer.use(peopleCommands(deps));
  return composer;
}

/**
 * One update of a chat at a time, so that dialogs and quick taps keep their order. Below a post in a channel, thousands may
 * vote at once, and each person waits only for their own taps.
 */
function chatKey(ctx: Context): string | undefined {
  const isVote = isPostTap(ctx.callbackQuery?.data);
  return ((isVote ? undefined : ctx.chat?.id) ?? ctx.from?.id)?.toString();
}

/** Logs an update that could not be handled, and tells the person in whose private chat that happened. */
export function reportFailure(deps: Pick<CrowdDeps, "log" | "translator">) {
  return async ({ ctx, error }: BotError<HeraldContext>): Promise<void> => {
    deps.log.error({ err: error, update: ctx.update.update_id }, "an update could not be handled");
    if (ctx.chat?.type !== "private" || ctx.myChatMember) return;
    const key = /replay/i.test(String(error)) ? "dialog-broken" : "error-internal";
    // ctx.t is missing if the database failed before the language was known.
    const t = ctx.t ?? deps.translator("en");
    await ctx
      .answer(() => ctx.reply(t(key)))
      .catch((failure: unknown) => deps.log.warn({ err: failure }, "nor be answered"));
  };
}
