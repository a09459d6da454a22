import { type Api, Composer } from "grammy";
import { postButtonTap } from "../../ui/callback-data.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { hearOnce } from "../../../db/heard-updates.ts";
import { type Scope, inTransaction, limitedTo } from "../../../db/scope.ts";
import { createAfterTap } from "./after-tap.ts";
import { createLastTaps } from "./last-taps.ts";
import { type Said, type TapResult, countTap, findTap } from "./take-tap.ts";

export function isPostTap(data: string | undefined): boolean {
  return data?.startsWith(postButtonTap.prefix) ?? false;
}

/** The buttons below posts that answer to Herald: votes and answers. Anyone who sees the post may tap them. */
export function postButtons(
  deps: CrowdDeps,
  api: Pick<Api, "editMessageReplyMarkup">,
): Composer<HeraldContext> {
  const { own, clock, byWebhook } = deps;
  const lastTaps = createLastTaps(clock);
  const follow = createAfterTap(deps, api);

  /** Null if there is nothing to say. */
  async function answer(ctx: HeraldContext): Promise<Said | null> {
    const { callbackQuery, isAdmin, limit, t } = ctx;
    const found = callbackQuery && (await findTap(limitedTo(own, limit), callbackQuery, isAdmin));
    if (!found) return { text: t("post-button-gone") };
    const count = async (tx: Scope) => countTap(tx, found, callbackQuery.from.id, t);
    const result = byWebhook ? await once(ctx.update.update_id, count) : await count(own);
    if (result?.isCounted) follow(found);
    return result?.said ?? null;
  }

  /** A tap that was in work when Herald was killed comes again, and a second one would take a vote back. Null if it has. */
  function once(updateId: number, count: (tx: Scope) => Promise<TapResult>): Promise<TapResult | null> {
    return inTransaction(own, async (tx) =>
      (await hearOnce(tx, `tap ${updateId}`, updateId)) ? count(tx) : null,
    );
  }

  const composer = new Composer<HeraldContext>();
  composer.on("callback_query:data").filter(
    (ctx) => isPostTap(ctx.callbackQuery.data),
    async (ctx) => {
      const { from, data } = ctx.callbackQuery;
      const said = lastTaps.saidTo(from.id, data) ?? (await answer(ctx));
      if (!said) return;
      try {
        await ctx.answerCallbackQuery(said);
      } finally {
        lastTaps.note(from.id, data, said);
      }
    },
  );
  return composer;
}
