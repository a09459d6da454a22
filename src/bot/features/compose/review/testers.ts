import { GrammyError } from "grammy";
import { findPerson, languageOf } from "../../../../audience/recipients.ts";
import { listAdminsOfBots, nameOf, namesOf } from "../../../../access/admins.ts";
import { botsOf } from "../../../../campaign/bundle.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { SenderUnreachable, openPreview, versionsShownBy } from "../../../../campaign/post-preview.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { labelIn } from "../../../ui/viewer.ts";
import { localeFor } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { refusalsOf } from "./preview-post.ts";
import { showToast, showAlert } from "../../../ui/replies.ts";
import { pairs } from "../../../ui/card.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap } from "../dialog/step.ts";

/** All other admins, in the argument of a button. */
const ALL = "all";

/** The admins of the bot other than the one who asks. */
export async function otherAdmins(
  { scope, ownerIds }: BotDeps,
  ctx: HeraldContext,
  campaign: Pick<Campaign, "botId" | "bots">,
): Promise<number[]> {
  return (await listAdminsOfBots(scope, ownerIds, botsOf(campaign))).filter((id) => id !== ctx.from?.id);
}

/** `Send test to…`: a button for each of the other admins. */
export async function askTesters(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  tested: readonly number[] = [],
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const others = await otherAdmins(deps, ctx, campaign);
  const names = await namesOf(deps.scope, others);
  const buttons = others.map((id) => {
    const name = names.get(id) ?? String(id);
    return draftButton(draft, tested.includes(id) ? `✅ ${name}` : name, "tester", String(id));
  });
  const keyboard = [
    ...pairs(buttons),
    ...(others.length > 1 ? [[draftButton(draft, t("testers-all"), "tester", ALL)]] : []),
    [draftButton(draft, t("button-back"), "back")],
  ];
  const id = numberOf(campaign);
  await showCard(ctx, { text: t(others.length > 0 ? "testers-ask" : "testers-none", { id }), keyboard });
  return { draft, expects: "label", keyboard, tested: [...tested] };
}

/** Sends the test to the admin who was tapped, or to all, except those who have got it since the list was opened. */
export async function testerTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { tested = [] } = at;
  // The data of a button comes from outside, and an admin may have been removed since then.
  const chosen = (await otherAdmins(deps, ctx, campaign)).filter(
    (id) => argument === ALL || String(id) === argument,
  );
  const fresh = chosen.filter((id) => !tested.includes(id));
  const names = await namesOf(deps.scope, chosen);
  const named = (ids: number[]) => ids.map((id) => names.get(id) ?? String(id)).join(", ");
  const reached: number[] = [];
  const missed: number[] = [];
  for (const id of fresh) {
    const faults = await sendTo(deps, ctx, campaign, id);
    if (faults === null) missed.push(id);
    else if (faults.length > 0) {
      await showAlert(ctx, faults.join("\n"));
      return askTesters(deps, ctx, draft, [...tested, ...reached]);
    } else reached.push(id);
  }
  if (missed.length > 0) await showAlert(ctx, t("tester-unreachable", { names: named(missed) }));
  else if (fresh.length > 0) await showToast(ctx, t("tester-sent", { names: named(reached) }));
  else if (chosen.length > 0) await showToast(ctx, t("tester-has-it", { names: named(chosen) }));
  return askTesters(deps, ctx, draft, [...tested, ...reached]);
}

/** Shows an admin every version as they would get it, by each bot. Null if no bot can write to them, otherwise the result. */
async function sendTo(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  userId: number,
): Promise<string[] | null> {
  const results: string[][] = [];
  for (const botId of botsOf(campaign)) {
    const faults = await sendBy(deps, ctx, { ...campaign, botId }, userId);
    if (faults !== null) results.push(faults);
  }
  return results.length > 0 ? results.flat() : null;
}

async function sendBy(
  { scope, own, translator, engine, bots }: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  userId: number,
): Promise<string[] | null> {
  const person = await findPerson(own, userId);
  const t = translator(localeFor(await languageOf(own, userId)));
  const viewer = {
    chatId: userId,
    label: labelIn(t),
    leaveLabel: () => t("leave-button"),
    firstName: person?.firstName ?? null,
    lastName: person?.lastName ?? null,
    username: person?.username ?? null,
  };
  const from = await nameOf(scope, ctx.from?.id ?? 0);
  try {
    const preview = await openPreview(scope, { home: ctx.api, bots }, campaign, viewer);
    await preview.api.sendMessage(userId, t("tester-intro", { id: numberOf(campaign), name: from }));
    const shown = [];
    for (const { language } of versionsShownBy(scope, campaign)) shown.push(await preview.show(language));
    engine.covered(userId);
    return refusalsOf(ctx.t, campaign, shown);
  } catch (error) {
    if (error instanceof SenderUnreachable) return null;
    // 400: the chat does not exist; 403: the bot was blocked. Faults of the post itself were caught before.
    if (error instanceof GrammyError && (error.error_code === 400 || error.error_code === 403)) return null;
    throw error;
  }
}

export const testersStep = {
  taps: {
    testers: ({ deps, ctx, draft }: Tap) => askTesters(deps, ctx, draft),
    tester: ({ deps, ctx, at, draft, argument }: Tap) => testerTapped(deps, ctx, at, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof testersStep.taps, "testers"> {}
}
