import { listLists } from "../../../../audience/lists.ts";
import { type Audience, type People, EVERYONE, isForChats } from "../../../../audience/segment/audience.ts";
import { commonValues } from "../../../../audience/segment/common-values.ts";
import { listExamples } from "../../../../audience/segment/examples.ts";
import { printLine } from "../../../../audience/segment/print-line.ts";
import { type LineReading, readLine } from "../../../../audience/segment/read-line.ts";
import {
  type Segment,
  MOST_CAMPAIGNS,
  MOST_CONDITIONS,
  allOf,
} from "../../../../audience/segment/segment.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { getDraft, listLatest } from "../../../../campaign/queries.ts";
import { countRecipients } from "../../../../campaign/recipients-of.ts";
import { segmentFindings } from "../../../../campaign/segment-findings.ts";
import { type Scope, scopeOf } from "../../../../db/scope.ts";
import { dayBoundsIn } from "../../../../schedule/day-bounds.ts";
import { describeAudience } from "../../../ui/audience-words.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { draftTap } from "../../../ui/callback-data.ts";
import { type Card, type Keyboard, pairs } from "../../../ui/card.ts";
import { showToast } from "../../../ui/replies.ts";
import { severalBots } from "../../../ui/sending-bots.ts";
import { type Translate, cut } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";
import { findingLines } from "../../../ui/finding-lines.ts";

/* The conditions of an audience: common ones by taps, all of them in one typed line. */

/** Tags, sources, lists and campaigns that are offered. */
const OFFERED = 4;
/** People who are named, so that an admin sees whom the conditions mean. */
const NAMED = 10;
/** The most characters of the line and of its words: a message has 4,096. */
const LONGEST = 1_000;
/** What a tap puts before the line: `-` in Exclude…. */
type Sign = "" | "-";

async function ask(deps: BotDeps, ctx: StepContext, draft: number, sign: Sign): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const card = await filterCard(deps, ctx, campaign, sign);
  await showCard(ctx, card);
  // A typed condition is a line, never a label: labels are compared without the sign before them.
  const labels = card.keyboard.map((row) =>
    row.filter(({ callback_data }) => draftTap.parse(callback_data)?.verb !== "condition"),
  );
  return { draft, expects: "filter", keyboard: labels };
}

async function filterCard(deps: BotDeps, ctx: StepContext, campaign: Campaign, sign: Sign): Promise<Card> {
  const { t, locale } = ctx;
  const people = peopleOf(campaign.audience);
  const now = deps.clock.now();
  const { reachable } = await countRecipients(deps.scope, { ...campaign, audience: people }, now);
  const scope = scopeOf(deps.scope, campaign);
  const names = people.segment && reachable > 0 ? await listExamples(scope, people, now, NAMED) : [];
  const faults = await segmentFindings(deps.scope, { ...campaign, audience: people });
  const chosen = partsOf(people).map((part) => printLine(part, locale));
  const offered = (await offers(scope, campaign.id)).map((part) => `${sign}${printLine(part, locale)}`);
  const draft = campaign.id;
  const line = (text: string) => {
    const isOn = chosen.includes(text);
    return draftButton(
      draft,
      `${isOn ? "✅ " : ""}${text}`,
      "condition",
      `${sign === "" ? "+" : "-"}${text}`,
    );
  };
  // A typed line may have others, which a tap then takes out.
  const others = chosen.filter((text) => text.startsWith("-") === (sign === "-") && !offered.includes(text));
  const buttons = [...others, ...offered].filter((text) => fits(draft, text)).map(line);
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
    [draftButton(draft, t("filter-done"), "audience")],
  ];
  const text = [
    t(sign === "" ? "filter-ask" : "exclude-ask", { id: numberOf(campaign) }),
    "",
    `${cut(describeAudience(t, people), LONGEST, "…")}: ${t("people", { count: reachable })}`,
    ...(people.segment ? [cut(printLine(people.segment, locale), LONGEST, "…")] : []),
    ...(names.length > 0 ? [t("filter-examples", { names: names.join(", ") })] : []),
    ...findingLines(t, campaign.content, faults, await severalBots(deps.scope)),
  ].join("\n");
  return { text, keyboard };
}

/** The data of a button holds 64 bytes; what is longer can be typed. */
function fits(draft: number, line: string): boolean {
  return Buffer.byteLength(`${draftTap.prefix}${draft}:condition:+${line}`) <= 64;
}

/** Conditions that admins often want. */
async function offers(scope: Scope, draft: number): Promise<Segment[]> {
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
  const reading = readLine(argument.slice(1), dayBoundsIn(ctx.timezone));
  const campaign = await getDraft(deps.scope, draft);
  const people = peopleOf(campaign.audience);
  if (reading.type !== "read") {
    await showToast(ctx, ctx.t("screen-outdated"));
    return ask(deps, ctx, draft, sign);
  }
  const line = printLine(reading.segment, "en");
  const parts = partsOf(people);
  const rest = parts.filter((part) => printLine(part, "en") !== line);
  const next = rest.length < parts.length ? rest : [...parts, reading.segment];
  await save(deps, ctx, campaign, withSegment(people, next.length > 0 ? allOf(next) : null));
  return ask(deps, ctx, draft, sign);
}

/** Takes a typed line in place of all conditions, or says what of it is not understood. */
async function takeLine(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { draft } = at;
  if (draft === null) return at;
  const reading = readLine(ctx.message?.text ?? "", dayBoundsIn(ctx.timezone));
  if (reading.type !== "read") {
    await ctx.reply(refusalOf(ctx.t, reading, ctx.locale));
    return at;
  }
  const campaign = await getDraft(deps.scope, draft);
  await save(deps, ctx, campaign, withSegment(peopleOf(campaign.audience), reading.segment));
  return ask(deps, ctx, draft, "");
}

function refusalOf(
  t: Translate,
  reading: Exclude<LineReading, { type: "read" }>,
  locale: StepContext["locale"],
): string {
  if (reading.type === "empty") return t("filter-empty");
  if (reading.type === "too-long")
    return t("filter-too-long", { conditions: MOST_CONDITIONS, campaigns: MOST_CAMPAIGNS });
  const { understood, faults } = reading;
  return [
    ...faults.map(({ part, why }) => t("filter-unread", { part, why: t(`filter-why-${why}`) })),
    ...(understood ? [t("filter-understood", { line: printLine(understood, locale) })] : []),
    t("filter-again"),
  ].join("\n");
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
    await save(deps, ctx, campaign, { ...people, first });
    return ask(deps, ctx, draft, "");
  }
  const reading = readLine(`chance:${typed}`, dayBoundsIn(ctx.timezone));
  if (reading.type !== "read") return again(ctx, at, "filter-chance-ask");
  const others = partsOf(people).filter((part) => !("chance" in part));
  await save(deps, ctx, campaign, withSegment(people, allOf([...others, reading.segment])));
  return ask(deps, ctx, draft, "");
}

async function again(ctx: StepContext, at: At, key: string): Promise<At> {
  await ctx.reply(ctx.t(key));
  return at;
}

async function clear({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { first: _, ...people } = withSegment(peopleOf(campaign.audience), null);
  await save(deps, ctx, campaign, people);
  return ask(deps, ctx, draft, argument === "-" ? "-" : "");
}

async function save(deps: BotDeps, ctx: StepContext, campaign: Campaign, audience: People): Promise<void> {
  await editDraft(deps.scope, ctx.actor, campaign, { audience });
}

function withSegment(before: People, segment: Segment | null): People {
  const { segment: _, ...people } = before;
  return segment ? { ...people, segment } : people;
}

/** Conditions are of people: with chats, or nobody, chosen so far, they choose among everyone. */
function peopleOf(audience: Audience): People {
  if (isForChats(audience)) return EVERYONE;
  const isNobody = audience.languages.length === 0 && audience.othersThan === undefined;
  return isNobody ? { ...audience, languages: "all" } : audience;
}

function partsOf({ segment }: People): Segment[] {
  if (!segment) return [];
  return "all" in segment ? segment.all : [segment];
}

export const filterStep = {
  takes: { filter: takeLine, first: takeShare, chance: takeShare },
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
