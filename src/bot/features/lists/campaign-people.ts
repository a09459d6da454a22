import { createHash } from "node:crypto";
import { Composer } from "grammy";
import { type List, findListByName } from "../../../audience/lists.ts";
import { TAG_LIMIT } from "../../../audience/tags.ts";
import { addGroupToList, createList } from "../../../campaign/actions/change-lists.ts";
import { getWithDetails } from "../../../campaign/queries.ts";
import { type Group, hasGroups } from "../../../campaign/report/people-of-campaign.ts";
import { listTaps } from "../../../campaign/votes/button-votes.ts";
import { hasAnswers, listPollTotals } from "../../../campaign/votes/poll-votes.ts";
import { type Scope, scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { type Drawn, type Tapped, sendScreen } from "../../ui/screens.ts";
import { cut } from "../../ui/words.ts";
import { LISTS, drawList } from "./list-card.ts";

/** `reached`, `answered`, or the choice itself, in either language. */
const REACHED = /^(?:reached|got|получили|дошло)$/i;
const ANSWERED = /^(?:answered|voted|ответили|голосовали)$/i;

/** A button that makes a list of a campaign's people: those whom it reached, those who answered, or those of one choice. */
const GROUP_TAP = /^of\.(\d{1,9})\.(?:(reached|answered)|c([\w-]{8}))$/;

/** Choices that have a button; any other can be typed. */
const MOST_CHOICES = 40;

/**
 * `/listof 12 reached`, `/listof 12 answered` or `/listof 12 👍` makes a list of a campaign's people, and adds to it when it is
 * sent again; `/listof 12` offers these as buttons. As a reply to the campaign's card, the number may be left out.
 */
export function campaignPeople(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.command("listof", async (ctx) => {
    const asked = readAsked(ctx.match.trim(), ctx.message?.reply_to_message?.text);
    if (!asked) {
      await ctx.reply(ctx.t("lists-of-how"));
      return;
    }
    const { number, group } = asked;
    try {
      if (!group) {
        await sendScreen(ctx, (ctx) => drawGroups(deps, ctx, number));
        return;
      }
      const { of, list, added } = await listGroup(deps, ctx, number, group);
      await ctx.reply(ctx.t("lists-of-done", { id: String(number), name: list.name, added }));
      await sendScreen(ctx, (ctx) => drawList(deps, ctx, of, list));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await sayRefusal(ctx, error);
    }
  });
  return composer;
}

/** Makes the list of a button. Null if the button is another one. @throws DomainError */
export async function tapGroup(deps: BotDeps, ctx: HeraldContext, what: string): Promise<Tapped | null> {
  const [, id, who, choice] = GROUP_TAP.exec(what) ?? [];
  if (id === undefined) return null;
  const number = Number(id);
  const group = choice === undefined ? groupNamed(who) : await choiceOf(deps, number, choice);
  if (!group) return { outdated: (ctx) => drawGroups(deps, ctx, number) };
  const { of, list, added } = await listGroup(deps, ctx, number, group);
  return {
    draw: (ctx) => drawList(deps, ctx, of, list),
    said: cut(ctx.t("lists-of-done", { id, name: list.name, added }), 200, "…"),
  };
}

/** Which people of a campaign can be put on a list. @throws DomainError `not-found`, `details-gone`, `conflict` */
export async function drawGroups(
  { scope }: BotDeps,
  { t, locale }: HeraldContext,
  number: number,
): Promise<Drawn> {
  const campaign = await getWithDetails(scope, number);
  if (!hasGroups(campaign)) throw new DomainError("conflict", { id: number, state: campaign.state });
  const choices = await choicesOf(scopeOf(scope, campaign), number);
  const format = new Intl.NumberFormat(locale);
  const counted = (label: string, count: number) => `${cut(label, 50, "…")} · ${format.format(count)}`;
  return {
    screen: LISTS,
    text: [
      t("lists-of-ask", { id: String(number) }),
      ...(choices.length > MOST_CHOICES ? [t("lists-of-more", { id: String(number) })] : []),
    ].join("\n"),
    rows: [
      [{ text: counted(t("lists-of-reached"), campaign.sent), what: `of.${number}.reached` }],
      ...(choices.length > 0 ? [[{ text: t("lists-of-answered"), what: `of.${number}.answered` }]] : []),
      ...choices
        .slice(0, MOST_CHOICES)
        .map(({ choice, count }) => [
          { text: counted(choice, count), what: `of.${number}.c${markOf(choice)}` },
        ]),
    ],
  };
}

/** What people voted for under a post and in its public polls, the most frequent first. */
async function choicesOf(of: Scope, number: number): Promise<{ choice: string; count: number }[]> {
  const counts = new Map((await listTaps(of, number)).votes);
  if (await hasAnswers(of, number))
    for (const { what, option, count } of await listPollTotals(of, number))
      if (what === "option") counts.set(option, (counts.get(option) ?? 0) + count);
  return [...counts]
    .map(([choice, count]) => ({ choice, count }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
}

function groupNamed(who: string | undefined): Group {
  return who === "answered" ? { who: "answered" } : { who: "reached" };
}

async function choiceOf({ scope }: BotDeps, number: number, mark: string): Promise<Group | null> {
  const choices = await choicesOf(scopeOf(scope, await getWithDetails(scope, number)), number);
  const found = choices.find(({ choice }) => markOf(choice) === mark);
  return found ? { who: "voted", choice: found.choice } : null;
}

/** Callback data has no room for the text of a choice, and a position would mean another one once more people have voted. */
function markOf(choice: string): string {
  return createHash("sha256").update(choice).digest("base64url").slice(0, 8);
}

/** Puts people of a campaign on the list that is named after them. */
async function listGroup(
  { scope, log }: BotDeps,
  ctx: HeraldContext,
  number: number,
  group: Group,
): Promise<{ of: Scope; list: List; added: number }> {
  const of = scopeOf(scope, await getWithDetails(scope, number));
  const what = group.who === "voted" ? group.choice : group.who;
  const name = [...`#${number} ${what}`.replaceAll(",", " ")].slice(0, TAG_LIMIT).join("");
  const list = (await findListByName(of, name)) ?? (await createList(of, ctx.actor, name));
  const added = await addGroupToList(of, ctx.actor, list.id, number, group);
  log.info(
    { bot: of.botId, list: list.id, campaign: number, added, by: ctx.from?.id },
    "a campaign's people are put on a list",
  );
  return { of, list, added };
}

interface Asked {
  number: number;
  /** Null if it is not said. */
  group: Group | null;
}

/** Null if it does not say which campaign. */
export function readAsked(typed: string, repliedTo: string | undefined): Asked | null {
  const [, first, rest = ""] = /^#?(\d{1,9})(?:\s+(.*))?$/s.exec(typed) ?? [];
  const ofCard = /#(\d{1,9})\b/.exec(repliedTo ?? "")?.[1];
  const number = first ?? ofCard;
  const what = (first === undefined ? typed : rest).trim();
  if (number === undefined) return null;
  return { number: Number(number), group: groupOf(what) };
}

function groupOf(what: string): Group | null {
  if (what === "") return null;
  if (REACHED.test(what)) return { who: "reached" };
  return ANSWERED.test(what) ? { who: "answered" } : { who: "voted", choice: what };
}
