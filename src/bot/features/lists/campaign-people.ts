import { Composer } from "grammy";
import { findListByName } from "../../../audience/lists.ts";
import { addGroupToList, createList } from "../../../campaign/actions/change-lists.ts";
import { getWithDetails } from "../../../campaign/queries.ts";
import type { Group } from "../../../campaign/report/people-of-campaign.ts";
import { scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { drawList } from "./list-card.ts";

/** `reached`, `answered`, or the choice itself, in either language. */
const REACHED = /^(?:reached|got|получили|дошло)$/i;
const ANSWERED = /^(?:answered|voted|ответили|голосовали)$/i;

/**
 * `/listof 12 reached`, `/listof 12 answered` or `/listof 12 👍` makes a list of a campaign's people, and adds to it when it is
 * sent again. As a reply to the campaign's card, the number may be left out.
 */
export function campaignPeople(deps: BotDeps): Composer<HeraldContext> {
  const { scope, log } = deps;
  const composer = new Composer<HeraldContext>();
  composer.command("listof", async (ctx) => {
    const asked = readAsked(ctx.match.trim(), ctx.message?.reply_to_message?.text);
    if (!asked) {
      await ctx.reply(ctx.t("lists-of-how"));
      return;
    }
    const { number, group, what } = asked;
    try {
      const of = scopeOf(scope, await getWithDetails(scope, number));
      const name = `#${number} ${what}`.replaceAll(",", " ").slice(0, 64);
      const list = (await findListByName(of, name)) ?? (await createList(of, ctx.actor, name));
      const added = await addGroupToList(of, ctx.actor, list.id, number, group);
      log.info(
        { bot: of.botId, list: list.id, campaign: number, added, by: ctx.from?.id },
        "a campaign's people are put on a list",
      );
      await ctx.reply(ctx.t("lists-of-done", { id: String(number), name: list.name, added }));
      await sendScreen(ctx, (ctx) => drawList(deps, ctx, of, list));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await sayRefusal(ctx, error);
    }
  });
  return composer;
}

interface Asked {
  number: number;
  group: Group;
  /** For the name of the list. */
  what: string;
}

/** Null if it does not say which campaign, or which of its people. */
export function readAsked(typed: string, repliedTo: string | undefined): Asked | null {
  const [, first, rest = ""] = /^#?(\d{1,9})(?:\s+(.*))?$/s.exec(typed) ?? [];
  const ofCard = /#(\d{1,9})\b/.exec(repliedTo ?? "")?.[1];
  const number = first ?? ofCard;
  const what = (first === undefined ? typed : rest).trim();
  if (number === undefined || what === "") return null;
  if (REACHED.test(what)) return { number: Number(number), group: { who: "reached" }, what: "reached" };
  if (ANSWERED.test(what)) return { number: Number(number), group: { who: "answered" }, what: "answered" };
  return { number: Number(number), group: { who: "voted", choice: what }, what };
}
