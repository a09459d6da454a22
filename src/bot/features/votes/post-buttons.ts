import { type Api, Composer } from "grammy";
import { limitedTo } from "../../../db/scope.ts";
import { postButtonTap } from "../../ui/callback-data.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { createAfterTap } from "./after-tap.ts";
import { createLastTaps } from "./last-taps.ts";
import { type Said, countTap, findTap } from "./take-tap.ts";

export function isPostTap(data: string | undefined): boolean {
  return data?.startsWith(postButtonTap.prefix) ?? false;
}

/** The buttons below posts that answer to Herald: votes and answers. Anyone who sees the post may tap them. */
export function postButtons(
  deps: CrowdDeps,
  api: Pick<Api, "editMessageReplyMarkup">,
): Composer<HeraldContext> {
  const { own, clock } = deps;
  const lastTaps = createLastTaps(clock);
  const follow = createAfterTap(deps, api);

  async function answer({ callbackQuery, isAdmin, limit, t }: HeraldContext): Promise<Said> {
    const found = callbackQuery && (await findTap(limitedTo(own, limit), callbackQuery, isAdmin));
    if (!found) return { text: t("post-button-gone") };
    const { said, isCounted } = await countTap(own, found, callbackQuery.from.id, t);
    if (isCounted) follow(found);
    return said;
  }

  const composer = new Composer<HeraldContext>();
  composer.on("callback_query:data").filter(
    (ctx) => isPostTap(ctx.callbackQuery.data),
    async (ctx) => {
      const { from, data } = ctx.callbackQuery;
      const said = lastTaps.saidTo(from.id, data) ?? (await answer(ctx));
      try {
        await ctx.answerCallbackQuery(said);
      } finally {
        lastTaps.note(from.id, data, said);
      }
    },
  );
  return composer;
}
