import type { Limit } from "../../access/actor.ts";
import type { LimitChange } from "../../access/bot-limits.ts";
import type { Button } from "./screens.ts";
import { type SendingBot, pageOfBots } from "./sending-bots.ts";
import { type Translate, firstFew } from "./words.ts";
import { pairs } from "./card.ts";

/* Which bots an admin or a key may use: in words, and as buttons of a screen. */

/** A tap on one of the buttons: whose bots, which page of them is shown, and what it changes, if anything. */
export interface LimitTap {
  id: number;
  page: number;
  change: LimitChange | null;
}

/** `bots.7.0`, `bots.7.0.all`, `bots.7.0.4242.on`. It names the state after the tap, so that a second one changes nothing. */
export function limitTapData({ id, page, change }: LimitTap): string {
  const changed =
    change === null ? [] : change === "all" ? [change] : [change.botId, change.may ? "on" : "off"];
  return ["bots", id, page, ...changed].join(".");
}

/** Null for anything else. */
export function readLimitTap(what: string): LimitTap | null {
  const [matched, id, page, all, bot, may] =
    /^bots\.(\d{1,15})\.(\d{1,4})(?:\.(?:(all)|(\d{1,15})\.(on|off)))?$/.exec(what) ?? [];
  if (matched === undefined) return null;
  const one = bot === undefined ? null : { botId: Number(bot), may: may === "on" };
  return { id: Number(id), page: Number(page), change: all ? "all" : one };
}

/** "all bots, also those that are added later", "only @shop_bot and @news_bot", "no bot". */
export function limitWords(t: Translate, limit: Limit, bots: readonly SendingBot[]): string {
  if (limit === null) return t("limit-all");
  const names = bots.filter(({ botId }) => limit.includes(botId)).map(({ name }) => name);
  return names.length === 0 ? t("limit-none") : t("limit-some", { bots: firstFew(t, names).join(", ") });
}

/** A switch for all bots, and one for each. */
export function limitRows(
  t: Translate,
  { id, page: wanted, limit }: { id: number; page: number; limit: Limit },
  bots: readonly SendingBot[],
): Button[][] {
  const { shown, page, before, after } = pageOfBots(bots, wanted);
  const turn = (to: number | null, key: string): Button[] =>
    to === null ? [] : [{ text: t(key), what: limitTapData({ id, page: to, change: null }) }];
  const button = (isOn: boolean, text: string, change: LimitChange): Button => ({
    text: isOn ? `✅ ${text}` : text,
    what: limitTapData({ id, page, change }),
  });
  return [
    [button(limit === null, t("limit-all-button"), "all")],
    ...pairs(
      shown.map(({ botId, name }) => {
        const may = limit?.includes(botId) ?? false;
        return button(may, name, { botId, may: !may });
      }),
    ),
    [...turn(before, "chats-previous"), ...turn(after, "chats-next")],
  ];
}
