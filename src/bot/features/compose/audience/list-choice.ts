import { findList, listLists } from "../../../../audience/lists.ts";
import type { People } from "../../../../audience/segment/audience.ts";
import { type Segment, anyOf, partsOf } from "../../../../audience/segment/segment.ts";
import { shownName } from "../../../../audience/shown-name.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { scopeOf } from "../../../../db/scope.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { readToggle, toggleData } from "../../../ui/callback-data.ts";
import { pairs } from "../../../ui/card.ts";
import { showToast } from "../../../ui/replies.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";
import { conditionLines, peopleOf, saveConditions, withParts } from "./conditions.ts";

/* Lists of people as toggles: people on any of the chosen ones. */

/** Telegram draws at most 100 buttons. The others can be typed in Filter…. */
const MOST_SHOWN = 60;

async function askLists(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const chosen = chosenLists(peopleOf(campaign.audience));
  const lists = await listLists(scopeOf(deps.scope, campaign));
  const number = new Intl.NumberFormat(ctx.locale);
  const buttons = lists.slice(0, MOST_SHOWN).map(({ id, name, members }) => {
    const isOn = chosen.has(keyOf(name));
    const text = `${isOn ? "✅ " : ""}${name} · ${number.format(members)}`;
    return draftButton(draft, text, "uselist", toggleData(String(id), isOn));
  });
  const keyboard = [...pairs(buttons), [draftButton(draft, t("filter-done"), "audience")]];
  const text = [
    t(lists.length > 0 ? "lists-choose" : "lists-choose-none", { id: numberOf(campaign) }),
    ...(lists.length > MOST_SHOWN ? [t("lists-choose-more", { count: lists.length - MOST_SHOWN })] : []),
    "",
    ...(await conditionLines(deps, ctx, campaign)),
  ].join("\n");
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
}

async function switchList({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { what = "", on = false } = readToggle(argument) ?? {};
  const list = /^\d{1,15}$/.test(what) ? await findList(scopeOf(deps.scope, campaign), Number(what)) : null;
  const people = peopleOf(campaign.audience);
  const key = list && keyOf(list.name);
  if (key === null || on === chosenLists(people).has(key)) await showToast(ctx, ctx.t("screen-outdated"));
  else await saveConditions(deps, ctx, campaign, on ? withList(people, key) : withoutList(people, key));
  return askLists(deps, ctx, draft);
}

function keyOf(name: string): string {
  return shownName(name)?.key ?? name;
}

/** The lists that a condition is about, if it is about nothing else: on one of them. */
function listsOf(part: Segment): string[] | null {
  const choices = "any" in part ? part.any : [part];
  const lists = choices.flatMap((choice) => ("list" in choice ? [choice.list] : []));
  return lists.length === choices.length ? lists : null;
}

function chosenLists({ segment }: People): Set<string> {
  return new Set(partsOf(segment).flatMap((part) => listsOf(part) ?? []));
}

/** Beside the lists that are chosen, because nobody means people who are on all of them. Whoever does can type it. */
function withList(people: People, list: string): People {
  const parts = partsOf(people.segment);
  const place = parts.findIndex((part) => listsOf(part) !== null);
  if (place === -1) return withParts(people, [...parts, { list }]);
  return withParts(
    people,
    parts.map((part, index) => (index === place ? anyOf([part, { list }]) : part)),
  );
}

function withoutList(people: People, list: string): People {
  return withParts(
    people,
    partsOf(people.segment).flatMap((part) => {
      const lists = listsOf(part);
      if (!lists?.includes(list)) return [part];
      const rest = lists.filter((one) => one !== list).map((one) => ({ list: one }));
      return rest.length > 0 ? [anyOf(rest)] : [];
    }),
  );
}

export const listsStep = {
  taps: {
    lists: ({ deps, ctx, draft }: Tap) => askLists(deps, ctx, draft),
    uselist: switchList,
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof listsStep.taps, "lists"> {}
}
