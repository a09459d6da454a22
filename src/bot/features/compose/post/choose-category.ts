import { isForChats } from "../../../../audience/segment/audience.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { type Campaign, canBeMended } from "../../../../campaign/campaign.ts";
import { currentCategories } from "../../../../campaign/category.ts";
import { findCampaign, getDraft } from "../../../../campaign/queries.ts";
import { findCategory, getSettings } from "../../../../campaign/settings.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { pairs } from "../../../ui/card.ts";
import { showToast } from "../../../ui/replies.ts";
import type { Translate } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";

/** In the argument of a button: no category. */
const NONE = "none";

/**
 * The label of `Category…` among the options, with the category; null where there is nothing to choose: for groups and
 * channels, without categories, and once the audience is frozen.
 */
export async function categoryLabel(deps: BotDeps, t: Translate, draft: Campaign): Promise<string | null> {
  const { categories } = await getSettings(deps.scope);
  const chosen = await findCategory(deps.scope, draft.category);
  const isNone = currentCategories(categories).length === 0 && !chosen;
  const changed = draft.changes === null ? null : await findCampaign(deps.scope, draft.changes);
  if (isNone || isForChats(draft.audience) || (changed && canBeMended(changed))) return null;
  return chosen ? `✅ ${t("option-category")} · ${chosen.name}` : t("option-category");
}

/** `Category…`: without an argument, asks for one. */
async function chooseCategory({ deps, ctx, draft, argument }: Tap): Promise<At> {
  if (argument === "") return askCategory(deps, ctx, draft);
  const { categories } = await getSettings(deps.scope);
  const chosen = currentCategories(categories).find(({ id }) => String(id) === argument);
  if (!chosen && argument !== NONE) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return askCategory(deps, ctx, draft);
  }
  await editDraft(deps.scope, ctx.actor, await getDraft(deps.scope, draft), { category: chosen?.id ?? null });
  return ctx.goTo("options", draft);
}

async function askCategory(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { categories } = await getSettings(deps.scope);
  const buttons = currentCategories(categories).map(({ id, name }) =>
    draftButton(draft, mark(id === campaign.category, name), "category", String(id)),
  );
  const none = draftButton(draft, mark(campaign.category === null, t("category-none")), "category", NONE);
  const keyboard = [...pairs(buttons), [none, draftButton(draft, t("button-back"), "options")]];
  await showCard(ctx, { text: t("category-ask", { id: numberOf(campaign) }), keyboard });
  return { draft, expects: "label", keyboard };
}

function mark(isChosen: boolean, text: string): string {
  return isChosen ? `✅ ${text}` : text;
}

export const categoryStep = { taps: { category: chooseCategory } };

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof categoryStep.taps, "category"> {}
}
