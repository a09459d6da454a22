import {
  type SavedSegment,
  findSegment,
  findSegmentByName,
  listSegments,
} from "../../../../audience/segment/saved-segments.ts";
import { replaceSegment, saveSegment } from "../../../../campaign/actions/change-segments.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type Scope, scopeOf } from "../../../../db/scope.ts";
import { DomainError, type ErrorCode } from "../../../../errors.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { readToggle, toggleData } from "../../../ui/callback-data.ts";
import { pairs } from "../../../ui/card.ts";
import { refusalText } from "../../../ui/refusal.ts";
import { showToast } from "../../../ui/replies.ts";
import { describeSegment } from "../../../ui/segment-words.ts";
import { cut } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";
import { conditionLines, hasSegment, peopleOf, saveConditions, switchSegment } from "./conditions.ts";

/* Saved segments: the draft takes a copy of one, or its conditions are saved as one. */

/** Telegram draws at most 100 buttons. The others can be typed in Filter…. */
const MOST_SHOWN = 60;
/** The most of conditions in words. */
const LONGEST = 1_000;

async function askSaved(deps: BotDeps, ctx: StepContext, draft: number, first: string[] = []): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const people = peopleOf(campaign.audience);
  const saved = await listSegments(scopeOf(deps.scope, campaign));
  const buttons = saved.slice(0, MOST_SHOWN).map(({ id, name, segment }) => {
    const isOn = hasSegment(people, segment);
    return draftButton(draft, `${isOn ? "✅ " : ""}${name}`, "usesaved", toggleData(String(id), isOn));
  });
  const keyboard = [
    ...pairs(buttons),
    ...(people.segment ? [[draftButton(draft, t("saved-save-as"), "saveas")]] : []),
    [draftButton(draft, t("filter-done"), "audience")],
  ];
  const text = [
    ...first,
    t(saved.length > 0 ? "saved-ask" : "saved-ask-none", { id: numberOf(campaign) }),
    ...(saved.length > MOST_SHOWN ? [t("saved-more", { count: saved.length - MOST_SHOWN })] : []),
    "",
    ...(await conditionLines(deps, ctx, campaign)),
  ].join("\n");
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
}

/** Adds a copy of the saved conditions to those of the draft, or takes them out. */
async function switchSaved({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { what = "", on = false } = readToggle(argument) ?? {};
  const saved = await savedWith(scopeOf(deps.scope, campaign), what);
  const people = peopleOf(campaign.audience);
  if (!saved || on === hasSegment(people, saved.segment)) await showToast(ctx, ctx.t("screen-outdated"));
  else await saveConditions(deps, ctx, campaign, switchSegment(people, saved.segment, on));
  return askSaved(deps, ctx, draft);
}

async function askName({ deps, ctx, draft }: Tap): Promise<At> {
  const { segment } = peopleOf((await getDraft(deps.scope, draft)).audience);
  if (!segment) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return askSaved(deps, ctx, draft);
  }
  const keyboard = [[draftButton(draft, ctx.t("button-back"), "saved")]];
  const conditions = cut(describeSegment(ctx.t, segment), LONGEST, "…");
  await showCard(ctx, { text: ctx.t("saved-ask-name", { conditions }), keyboard });
  return { draft, expects: "segmentname", keyboard };
}

/** Saves the conditions under the typed name; if it is taken, asks whether to replace what has it. */
async function takeName(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { draft } = at;
  if (draft === null) return at;
  const name = ctx.message?.text?.trim() ?? "";
  const campaign = await getDraft(deps.scope, draft);
  const scope = scopeOf(deps.scope, campaign);
  const { segment } = peopleOf(campaign.audience);
  if (!segment) return askSaved(deps, ctx, draft);
  const taken = await findSegmentByName(scope, name);
  if (taken) return askToReplace(ctx, draft, taken);
  try {
    const saved = await saveSegment(scope, ctx.actor, name, segment);
    return await askSaved(deps, ctx, draft, [ctx.t("saved-done", { name: saved.name })]);
  } catch (error) {
    if (!(error instanceof DomainError) || !TRY_AGAIN.has(error.code)) throw error;
    await ctx.reply(refusalText(ctx.t, error));
    return at;
  }
}

/** Refusals after which another name can be typed. */
const TRY_AGAIN: ReadonlySet<ErrorCode> = new Set([
  "segment-name-unfit",
  "segment-name-taken",
  "too-many-segments",
]);

async function askToReplace(
  ctx: StepContext,
  draft: number,
  { id, name, segment }: SavedSegment,
): Promise<At> {
  const keyboard = [
    [draftButton(draft, ctx.t("saved-replace"), "resave", String(id))],
    [draftButton(draft, ctx.t("button-back"), "saved")],
  ];
  const conditions = cut(describeSegment(ctx.t, segment), LONGEST, "…");
  await showCard(ctx, { text: ctx.t("saved-ask-replace", { name, conditions }), keyboard });
  return { draft, expects: "segmentname", keyboard };
}

async function replace({ deps, ctx, draft, argument }: Tap): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const scope = scopeOf(deps.scope, campaign);
  const { segment } = peopleOf(campaign.audience);
  const before = await savedWith(scope, argument);
  if (!segment || !before) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return askSaved(deps, ctx, draft);
  }
  const { name } = await replaceSegment(scope, ctx.actor, before.id, segment);
  return askSaved(deps, ctx, draft, [ctx.t("saved-done", { name })]);
}

/** By its id in the data of a button, which comes from outside. */
async function savedWith(scope: Scope, id: string): Promise<SavedSegment | null> {
  return /^\d{1,15}$/.test(id) ? findSegment(scope, Number(id)) : null;
}

export const savedStep = {
  takes: { segmentname: takeName },
  taps: {
    saved: ({ deps, ctx, draft }: Tap) => askSaved(deps, ctx, draft),
    usesaved: switchSaved,
    saveas: askName,
    resave: replace,
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof savedStep.takes, "saved"> {}
  interface Verbs extends NamesOf<typeof savedStep.taps, "saved"> {}
}
