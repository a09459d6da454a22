import { listChats } from "../../../../audience/chats.ts";
import { isForChats } from "../../../../audience/segment/audience.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type Content, type PostOptions, versionsOf } from "../../../../content/content.ts";
import { type PollSwitch, pollSwitchesFor } from "../../../../content/poll-options.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { type Switch, SWITCHES, effectName } from "../../../ui/post-summary.ts";
import { type Translate, firstFew } from "../../../ui/words.ts";
import { toggleData } from "../../../ui/callback-data.ts";
import type { At } from "../dialog/at.ts";
import { showToast } from "../../../ui/replies.ts";
import { pairs } from "../../../ui/card.ts";
import { lifetimeLabel, switchLabel, applySwitch } from "../../../ui/post-options.ts";
import { categoryLabel } from "./choose-category.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";
import { scopeOf } from "../../../../db/scope.ts";

/** The card of options: how the post is sent, and what happens to it afterwards. */
export async function askOptions(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { content, audience } = campaign;
  const { options = {} } = content;
  const forChats = isForChats(audience);
  const forwardable = canForward(content);
  const isWelcome = campaign.welcomeFor !== null;
  const switches = offeredFor(campaign);
  const { effect } = options;
  const playing =
    effect === undefined ? t("option-effect") : `✅ ${t("option-effect")} · ${effectName(t, effect)}`;
  const category = isWelcome ? null : await categoryLabel(deps, t, campaign);
  const codesLabel = campaign.codePool === null ? t("option-codes") : `✅ ${t("option-codes")}`;
  const buttons = [
    ...switches.map((which) =>
      draftButton(
        draft,
        switchLabel(t, options, which),
        "option",
        toggleData(which, options[which] === true),
      ),
    ),
    // Effects play only in private chats.
    ...(forChats ? [] : [draftButton(draft, playing, "effect")]),
    ...(isWelcome ? [] : [draftButton(draft, lifetimeLabel(t, options), "after")]),
    ...(category === null ? [] : [draftButton(draft, category, "category")]),
    // Chats get the post as it is.
    ...(forChats || isWelcome ? [] : [draftButton(draft, codesLabel, "codes")]),
  ];
  const keyboard = [...pairs(buttons), [draftButton(draft, t("button-back"), "back")]];
  const lines = [
    t("options-ask", { id: numberOf(campaign) }),
    t("options-note-silent"),
    t("options-note-protect"),
    t("options-note-noPreview"),
    ...(forwardable ? [t("options-note-forward")] : []),
    ...(isWelcome ? [] : [t(forChats ? "options-note-pin" : "options-note-pin-people")]),
    ...pollNotes(t, content),
    ...(forChats ? [] : [t("options-note-effect")]),
    ...(isWelcome ? [] : [t("options-note-delete")]),
    ...(category === null ? [] : [t("options-note-category")]),
    ...(forChats || isWelcome ? [] : [t("options-note-codes")]),
    ...(forChats ? [t("options-note-comments")] : []),
    ...(await lacking(deps, t, campaign, options)),
  ];
  await showCard(ctx, { text: lines.join("\n"), keyboard });
  return { draft, expects: "label", keyboard };
}

/** Whether the post can be forwarded from the messages that it was taken from. */
function canForward(content: Content): boolean {
  const known = versionsOf(content).every(({ version }) => version.source !== undefined);
  return known || content.options?.forward === true;
}

/** The switches that apply to a post. Nobody pins a welcome later on. */
function offeredFor({ content, welcomeFor }: Pick<Campaign, "content" | "welcomeFor">): Switch[] {
  const applies = {
    silent: true,
    protect: true,
    noPreview: true,
    forward: canForward(content),
    pin: welcomeFor === null,
  };
  return [...SWITCHES.filter((which) => applies[which]), ...pollSwitchesFor(content)];
}

/** Explains the switches of a poll, and why one of them is missing. */
function pollNotes(t: Translate, content: Content): string[] {
  const offered = pollSwitchesFor(content);
  const polls = versionsOf(content).flatMap(({ version }) => (version.kind === "poll" ? [version.poll] : []));
  const isForwarded = content.options?.forward === true;
  const lacks = (which: PollSwitch) => polls.length > 0 && !isForwarded && !offered.includes(which);
  const isQuiz = polls.every(({ type }) => type === "quiz");
  return [
    ...offered.map((which) => t(`options-note-${which}`)),
    ...(lacks("addOptions") && !isQuiz ? [t("options-note-no-addOptions")] : []),
    ...(lacks("hideResults") ? [t("options-note-no-hideResults")] : []),
  ];
}

/** Names the chats where the bot may not do what the options ask for. */
async function lacking(
  deps: BotDeps,
  t: Translate,
  campaign: Pick<Campaign, "botId" | "audience">,
  options: PostOptions,
): Promise<string[]> {
  const { audience } = campaign;
  if (!isForChats(audience)) return [];
  const chosen = new Set(audience.chats.map(({ chatId }) => chatId));
  const chats = (await listChats(scopeOf(deps.scope, campaign))).filter(({ chatId }) => chosen.has(chatId));
  const without = (right: "pin" | "delete") =>
    firstFew(
      t,
      chats.flatMap(({ title, rights }) => (rights[right] ? [] : [title])),
    ).join(", ");
  const noPin = options.pin ? without("pin") : "";
  const noDelete = options.deleteAfterHours === undefined ? "" : without("delete");
  return [
    ...(noPin ? [t("options-cannot-pin", { chats: noPin })] : []),
    ...(noDelete ? [t("options-cannot-delete", { chats: noDelete })] : []),
  ];
}

/** Saves an option when it is tapped. */
export async function toggleOption(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { content } = campaign;
  const options = applySwitch(content.options, offeredFor(campaign), argument);
  if (options) await saveOptions(deps, ctx, campaign, options);
  else await showToast(ctx, ctx.t("screen-outdated"));
  return askOptions(deps, ctx, draft);
}

/** Saves the options of a draft's post. */
export async function saveOptions(
  deps: BotDeps,
  ctx: StepContext,
  campaign: { id: number; revision: number; content: Content },
  options: PostOptions,
): Promise<void> {
  const { options: _, ...content } = campaign.content;
  const some = Object.keys(options).length > 0;
  await editDraft(deps.scope, ctx.actor, campaign, { content: some ? { ...content, options } : content });
}

export const optionsStep = {
  taps: {
    options: ({ deps, ctx, draft }: Tap) => askOptions(deps, ctx, draft),
    option: ({ deps, ctx, draft, argument }: Tap) => toggleOption(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof optionsStep.taps, "options"> {}
}
