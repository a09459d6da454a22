import { listLists } from "../../../../audience/lists.ts";
import { type People, isForChats } from "../../../../audience/segment/audience.ts";
import { commonValues } from "../../../../audience/segment/common-values.ts";
import { printLine, printSaved } from "../../../../audience/segment/print-line.ts";
import { hasMinus, readLine } from "../../../../audience/segment/read-line.ts";
import { listSegments, savedByName } from "../../../../audience/segment/saved-segments.ts";
import { type Segment, partsOf } from "../../../../audience/segment/segment.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { getDraft, listLatest } from "../../../../campaign/queries.ts";
import { type Scope, scopeOf } from "../../../../db/scope.ts";
import { dayBoundsIn } from "../../../../schedule/day-bounds.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { draftTap } from "../../../ui/callback-data.ts";
import { type Card, type Keyboard, pairs } from "../../../ui/card.ts";
import { refusedLine } from "../../../ui/line-refusal.ts";
import { showToast } from "../../../ui/replies.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";
import {
  conditionLines,
  hasSegment,
  peopleOf,
  saveConditions,
  switchSegment,
  withParts,
} from "./conditions.ts";

/* The conditions of an audience: common ones by taps, all of them in one typed line. */

/** Saved segments, tags, sources, lists and campaigns that are offered. */
const OFFERED = 4;
/** What a tap or a typed line puts before the condition: `-` in Exclude…. */
type Sign = "" | "-";

async function ask(deps: BotDeps, ctx: StepContext, draft: number, sign: Sign): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const card = await filterCard(deps, ctx, campaign, sign);
  await showCard(ctx, card);
  // A typed condition is a line, never a label.
  const labels = card.keyboard.map((row) =>
    row.filter(({ callback_data }) => draftTap.parse(callback_data)?.verb !== "condition"),
  );
  return { draft, expects: sign === "" ? "filter" : "exclude", keyboard: labels };
}

async function filterCard(deps: BotDeps, ctx: StepContext, campaign: Campaign, sign: Sign): Promise<Card> {
  const { t, locale } = ctx;
  const people = peopleOf(campaign.audience);
  const draft = campaign.id;
  const offered = (await offers(scopeOf(deps.scope, campaign), draft, locale)).map(({ line, segment }) => ({
    label: line,
    text: `${sign}${line}`,
    isOn: hasSegment(people, sign === "" ? segment : { not: segment }),
  }));
  // A typed line may have others, which a tap then takes out.
  const others = partsOf(people.segment)
    .filter((part) => isLeftOut(part) === (sign === "-"))
    .map((part) => ({
      label: printLine(isLeftOut(part) ? part.not : part, locale),
      text: printLine(part, locale),
      isOn: true,
    }))
    .filter(({ text }) => !offered.some((one) => one.text === text));
  const buttons = [...others, ...offered].flatMap(({ label, text, isOn }) => {
    const argument = `${sign === "" ? "+" : "-"}${text}`;
    return fits(draft, argument)
      ? [draftButton(draft, `${isOn ? "✅ " : ""}${label}`, "condition", argument)]
      : [];
  });
  const keyboard: Keyboard = [
    ...pairs(buttons),
    [draftButton(draft, t("filter-first"), "firstask"), draftButton(draft, t("filter-chance"), "chanceask")],
    [
      sign === ""
        ? draftButton(draft, t("audience-exclude"), "exclude")
        : draftButton(draft, t("audience-filter"), "filter"),
      ...(people.segment || people.first !== undefined
        ? [draftButton(draft, t("filter-clear"), "unfilter", sign)]
        : []),
    ],
    ...(people.segment ? [[draftButton(draft, t("saved-save-as"), "saveas")]] : []),
    [draftButton(draft, t("filter-done"), "audience")],
  ];
  const text = [
    t(sign === "" ? "filter-ask" : "exclude-ask", { id: numberOf(campaign) }),
    "",
    ...(await conditionLines(deps, ctx, campaign)),
  ].join("\n");
  return { text, keyboard };
}

function isLeftOut(part: Segment): part is Extract<Segment, { not: Segment }> {
  return "not" in part;
}

/** The data of a button holds 64 bytes; what is longer can be typed. */
function fits(draft: number, argument: string): boolean {
  return Buffer.byteLength(`${draftTap.prefix}${draft}:condition:${argument}`) <= 64;
}

/** Conditions that admins often want: first those that they saved. */
async function offers(
  scope: Scope,
  draft: number,
  locale: StepContext["locale"],
): Promise<{ line: string; segment: Segment }[]> {
  const saved = await listSegments(scope);
  return [
    ...saved.slice(0, OFFERED).map(({ name, segment }) => ({ line: printSaved(name, locale), segment })),
    ...(await commonSegments(scope, draft)).map((segment) => ({ line: printLine(segment, locale), segment })),
  ];
}

async function commonSegments(scope: Scope, draft: number): Promise<Segment[]> {
  const { tags, sources } = await commonValues(scope, OFFERED);
  const lists = await listLists(scope);
  const sent = await listLatest(scope, OFFERED);
  return [
    ...tags.map((tag) => ({ tag })),
    { seen: { ago: "<", hours: 7 * 24 } },
    { seen: { ago: "<", hours: 30 * 24 } },
    { joined: { ago: "<", hours: 7 * 24 } },
    { joined: { ago: "<", hours: 30 * 24 } },
    ...sources.map((source) => ({ source })),
    ...lists.slice(0, OFFERED).map(({ name }) => ({ list: name.toLowerCase() })),
    ...sent
      .filter(({ id, audience }) => id !== draft && !isForChats(audience))
      .flatMap(({ id, content }) => [
        { got: id },
        ...(content.kind === "poll" && !content.poll.is_anonymous ? [{ answered: { campaign: id } }] : []),
      ]),
  ];
}

/** Adds the condition of a button, or takes it out. Its data comes from outside, and is read as if it had been typed. */
async function tapCondition({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const sign: Sign = argument.startsWith("-") ? "-" : "";
  const campaign = await getDraft(deps.scope, draft);
  const reading = await readFor(deps, ctx, campaign, argument.slice(1));
  const people = peopleOf(campaign.audience);
  if (reading.type === "read") {
    const { segment } = reading;
    await saveConditions(deps, ctx, campaign, switchSegment(people, segment, !hasSegment(people, segment)));
  } else await showToast(ctx, ctx.t("screen-outdated"));
  return ask(deps, ctx, draft, sign);
}

/** Adds the conditions of a typed line, or says what of it is not understood. */
async function takeFilter(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  return takeLine(deps, ctx, at, "");
}

/** Leaves out people who meet a typed line as well. A minus could mean either of two opposites there. */
async function takeExclude(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  if (!hasMinus(ctx.message?.text ?? "")) return takeLine(deps, ctx, at, "-");
  await ctx.reply(ctx.t("exclude-minus"));
  return at;
}

async function takeLine(deps: BotDeps, ctx: StepContext, at: At, sign: Sign): Promise<At> {
  const { draft } = at;
  if (draft === null) return at;
  const campaign = await getDraft(deps.scope, draft);
  const reading = await readFor(deps, ctx, campaign, ctx.message?.text ?? "");
  if (reading.type !== "read") {
    await ctx.reply(refusedLine(ctx.t, reading, ctx.locale));
    return at;
  }
  const { segment } = reading;
  const opposite = isLeftOut(segment) ? segment.not : { not: segment };
  const typed = sign === "-" ? opposite : segment;
  await saveConditions(deps, ctx, campaign, switchSegment(peopleOf(campaign.audience), typed, true));
  return ask(deps, ctx, draft, sign);
}

/** Reads a line, which may name saved segments of the draft's bot. */
async function readFor(deps: BotDeps, { timezone }: StepContext, campaign: Campaign, line: string) {
  return readLine(line, dayBoundsIn(timezone), await savedByName(scopeOf(deps.scope, campaign)));
}

/** Asks for the number of people, or the share of them. */
async function askShare(ctx: StepContext, draft: number, expects: "first" | "chance"): Promise<At> {
  const keyboard = [[draftButton(draft, ctx.t("button-back"), "filter")]];
  await showCard(ctx, { text: ctx.t(`filter-${expects}-ask`), keyboard });
  return { draft, expects, keyboard };
}

async function takeShare(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { draft } = at;
  if (draft === null) return at;
  const campaign = await getDraft(deps.scope, draft);
  const people = peopleOf(campaign.audience);
  const typed = (ctx.message?.text ?? "").replaceAll(/[\s%]/g, "");
  if (at.expects === "first") {
    const first = /^\d{1,3}(?:[,.]?\d{3})*$|^\d{1,9}$/.test(typed)
      ? Number(typed.replaceAll(/[,.]/g, ""))
      : 0;
    if (first < 1) return again(ctx, at, "filter-first-ask");
    await saveConditions(deps, ctx, campaign, { ...people, first });
    return ask(deps, ctx, draft, "");
  }
  const reading = readLine(`chance:${typed}`, dayBoundsIn(ctx.timezone));
  if (reading.type !== "read") return again(ctx, at, "filter-chance-ask");
  const others = partsOf(people.segment).filter((part) => !("chance" in part));
  await saveConditions(deps, ctx, campaign, withParts(people, [...others, reading.segment]));
  return ask(deps, ctx, draft, "");
}

async function again(ctx: StepContext, at: At, key: string): Promise<At> {
  await ctx.reply(ctx.t(key));
  return at;
}

async function clear({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { first: _, ...people }: People = withParts(peopleOf(campaign.audience), []);
  await saveConditions(deps, ctx, campaign, people);
  return ask(deps, ctx, draft, argument === "-" ? "-" : "");
}

export const filterStep = {
  takes: { filter: takeFilter, exclude: takeExclude, first: takeShare, chance: takeShare },
  taps: {
    filter: ({ deps, ctx, draft }: Tap) => ask(deps, ctx, draft, ""),
    exclude: ({ deps, ctx, draft }: Tap) => ask(deps, ctx, draft, "-"),
    condition: tapCondition,
    unfilter: clear,
    firstask: ({ ctx, draft }: Tap) => askShare(ctx, draft, "first"),
    chanceask: ({ ctx, draft }: Tap) => askShare(ctx, draft, "chance"),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof filterStep.takes, "filter"> {}
  interface Verbs extends NamesOf<typeof filterStep.taps, "filter"> {}
}
