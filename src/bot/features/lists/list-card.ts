import { nameOf } from "../../../access/admins.ts";
import { type List, countMembers } from "../../../audience/lists.ts";
import type { Scope } from "../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import type { Drawn } from "../../ui/screens.ts";
import { nameOfBot, severalBots } from "../../ui/sending-bots.ts";
import { readerOf } from "../../ui/times.ts";
import { moment } from "../../ui/words.ts";

export const LISTS = "lists";
export const BACK = "back";

/** One list, and what can be done with it. */
export async function drawList(deps: BotDeps, ctx: HeraldContext, of: Scope, list: List): Promise<Drawn> {
  const { t } = ctx;
  const { now, timezone, locale } = readerOf(deps, ctx);
  const bot = nameOfBot(await severalBots(deps.scope), of.botId);
  const at = `${of.botId}.${list.id}`;
  return {
    screen: LISTS,
    text: [
      t("lists-one", { id: String(list.id), name: list.name, count: await countMembers(of, list.id) }),
      ...(bot === null ? [] : [t("card-from", { bot })]),
      t("lists-made", {
        name: await nameOf(deps.scope, list.createdBy),
        time: moment(list.createdAt, now, timezone, locale),
      }),
    ].join("\n"),
    rows: [
      [{ text: t("lists-fill"), what: `fill.${at}` }],
      [
        { text: t("lists-rename"), what: `rename.${at}` },
        { text: t("lists-delete"), what: `delete.${at}` },
      ],
      [{ text: t("button-back"), what: BACK }],
    ],
  };
}
