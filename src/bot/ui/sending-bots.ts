import type { HomeScope } from "../../db/scope.ts";
import { listSenders } from "../../senders/sender-store.ts";
import type { BotDeps, HeraldContext } from "./bot-context.ts";
import { type Translate, cut, firstFew } from "./words.ts";

/** A bot that posts, as admins see it. */
export interface SendingBot {
  botId: number;
  /** "@shop_bot", or its name while its username is not known. */
  name: string;
}

const LONGEST_NAME = 32;

/** The bots of a home, its own first. */
export async function allBots(home: HomeScope): Promise<SendingBot[]> {
  return (await listSenders(home)).map(({ botId, name, username }) => ({
    botId,
    name: username === null ? cut(name, LONGEST_NAME, "…") : `@${username}`,
  }));
}

/** The bots that Herald answers: for the others, another program does. */
export async function answeredBots(home: HomeScope): Promise<SendingBot[]> {
  const answered = new Set(
    (await listSenders(home)).flatMap(({ botId, handling }) => (handling === "answers" ? [botId] : [])),
  );
  return (await allBots(home)).filter(({ botId }) => answered.has(botId));
}

/** The bots of a home that has several. Empty if there is only one: then nothing has to say which. */
export async function severalBots(home: HomeScope): Promise<SendingBot[]> {
  const bots = await allBots(home);
  return bots.length > 1 ? bots : [];
}

/** The name of a campaign's bot among `bots`; null if there is only one. */
export function nameOfBot(bots: readonly SendingBot[], botId: number): string | null {
  return bots.length === 0 ? null : (bots.find((bot) => bot.botId === botId)?.name ?? String(botId));
}

/** The bot that was typed, by username or id; undefined if there is no such bot. */
export function botIn(bots: readonly SendingBot[], typed: string): SendingBot | undefined {
  const wanted = typed.toLowerCase();
  return bots.find(({ botId, name }) => name.toLowerCase() === wanted || String(botId) === wanted);
}

/**
 * The bot that a command names, such as `/stats @shop_bot`; undefined for all. Null if there is no such bot, and the admin
 * has been told which there are.
 */
export async function typedBot(
  { scope }: Pick<BotDeps, "scope">,
  ctx: HeraldContext,
  typed: string,
): Promise<SendingBot | null | undefined> {
  const wanted = typed.trim();
  const bots = await severalBots(scope);
  if (wanted === "" || bots.length === 0) return undefined;
  const bot = botIn(bots, wanted);
  if (bot) return bot;
  const names = firstFew(
    ctx.t,
    bots.map(({ name }) => name),
  ).join(", ");
  await ctx.reply(ctx.t("from-unknown", { text: cut(wanted, LONGEST_NAME, "…"), bots: names }));
  return null;
}

/** Whose figures a screen shows, and how to see those of one bot alone. Nothing if there is only one. */
export function botLines(
  t: Translate,
  bots: readonly SendingBot[],
  bot: number | undefined,
  command: string,
): string[] {
  const name = bot === undefined ? null : nameOfBot(bots, bot);
  if (name !== null) return [t("card-from", { bot: name })];
  const example = bots.at(-1)?.name;
  return example === undefined ? [] : [t("from-all", { command: `${command} ${example}` })];
}

/** Bots on one page of a choice, in pairs. */
const ON_A_PAGE = 20;

/** On which page of the choice a bot is; undefined if there is no such bot. */
export function placeOfBot(bots: readonly SendingBot[], botId: string): { page: number } | undefined {
  const index = bots.findIndex((bot) => String(bot.botId) === botId);
  return index === -1 ? undefined : { page: Math.floor(index / ON_A_PAGE) };
}

/** One page of the bots to choose from, and the pages next to it; null where there is none. */
export function pageOfBots(bots: readonly SendingBot[], wanted: number) {
  const last = Math.max(0, Math.ceil(bots.length / ON_A_PAGE) - 1);
  const page = Math.min(Math.max(wanted, 0), last);
  return {
    shown: bots.slice(page * ON_A_PAGE, (page + 1) * ON_A_PAGE),
    page,
    before: page > 0 ? page - 1 : null,
    after: page < last ? page + 1 : null,
  };
}
