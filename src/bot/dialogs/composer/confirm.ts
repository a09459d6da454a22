import { countAudience, isForChats } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { confirm } from "../../../campaign/lifecycle.ts";
import { hasMoved } from "../../../campaign/agreement.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { schedule, startOf } from "../../../campaign/scheduling.ts";
import { waitsUntil } from "../../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { questionLines } from "../../plan.ts";
import { type Reader, epoch, fullTime, readerOf } from "../../times.ts";
import { cut } from "../../words.ts";
import { movedWord, reachOf, sayFaults } from "./chats.ts";
import {
  type Agreement,
  type At,
  CLOSED,
  agreementData,
  draftButton,
  readAgreement,
  say,
  showCard,
} from "./dialog.ts";
import { placeHere, showLiveCard } from "./live.ts";
import { isSendable, review, reviewAgain } from "./review.ts";
import { askWhen } from "./when.ts";

/** Step 5: asks once more, with the time and the number of people; a large one has to be typed. */
export async function askConfirmation(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  before?: number,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  // A change is saved, not sent, whatever an old button says.
  if (campaign.changes !== null) return review(deps, ctx, draft);
  if (!(await isSendable(deps, ctx, campaign))) return review(deps, ctx, draft);
  const { audience, revision } = campaign;
  const reader = readerOf(deps, ctx);
  const start = startOf(campaign, reader.now);
  if (start && start < reader.now) return askAnotherTime(deps, ctx, draft, start, reader);
  const { reachable: count } = await countAudience(deps.scope, audience);
  if (count === 0) {
    await say(ctx, t(isForChats(audience) ? "chats-none-usable" : "audience-nobody"));
    return { draft, expects: "label", keyboard: [] };
  }
  const agreement: Agreement = { count, revision, startsAt: start ? epoch(start) : 0 };
  const typed = count >= deps.confirmTypedFrom;
  const values = {
    id: String(draft),
    people: reachOf(t, audience, { reachable: count }),
    number: String(count),
    time: start ? `${fullTime(start, reader)} (${reader.timezone})` : "",
  };
  const opens = waitsUntil(campaign.window, reader.now);
  const question = start
    ? t(typed ? "confirm-schedule-type" : "confirm-schedule", values)
    : opens // said below the question: it is not sent now
      ? t(typed ? "confirm-waits-type" : "confirm-waits", values)
      : t(typed ? "confirm-type" : "confirm-ask", values);
  const agree = t(start ? "button-yes-schedule" : "button-yes-send", { count });
  const yes = draftButton(draft, agree, "yes", agreementData(agreement));
  const keyboard = [...(typed ? [] : [[yes]]), [draftButton(draft, t("button-back"), "back")]];
  const moved = before === undefined ? [] : [t(movedWord(audience), { before, after: count })];
  const asked = [question, ...questionLines(campaign, start, reader)].join("\n");
  await showCard(ctx, { text: [...moved, asked].join("\n\n"), keyboard });
  return { draft, expects: typed ? "number" : "label", keyboard, agreement };
}

/** The time that was chosen has passed meanwhile. */
async function askAnotherTime(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  start: Date,
  reader: Reader,
): Promise<At> {
  await say(ctx, ctx.t("when-past", { time: fullTime(start, reader) }));
  return askWhen(deps, ctx, draft);
}

/** `Yes` was tapped; its button carries what the admin agreed to. */
export async function confirmTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  return confirmed(deps, ctx, draft, readAgreement(argument));
}

/** The number may be typed as people write numbers: 4812, 4,812 or 4 812. It agrees to what `agreed` then does. */
export async function confirmTyped(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  agreed = confirmed,
): Promise<At> {
  if (at.draft === null || !at.agreement) return at;
  const text = ctx.message?.text ?? "";
  const number = String(at.agreement.count);
  if (text.replace(/[\s,.'’]/g, "") !== number) {
    await ctx.reply(ctx.t("confirm-wrong", { text: cut(text, 40), number }));
    return at;
  }
  return agreed(deps, ctx, at.draft, at.agreement);
}

/** The campaign starts as it was agreed to: the same post and time, the same choice, and nearly the same number of people. */
async function confirmed(deps: BotDeps, ctx: HeraldContext, draft: number, agreed: Agreement): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { audience, revision } = campaign;
  const reader = readerOf(deps, ctx);
  const { now } = reader;
  const start = startOf(campaign, now);
  const startsAt = start ? epoch(start) : 0;
  if (campaign.changes !== null || revision !== agreed.revision || startsAt !== (agreed.startsAt || 0)) {
    await ctx.reply(ctx.t("confirm-changed", { id: String(draft) }));
    return review(deps, ctx, draft);
  }
  // Before the count, which a lost right changes, too: what is wrong is named.
  if (await sayFaults(deps, ctx, audience)) return reviewAgain(deps, ctx, draft);
  const { reachable } = await countAudience(deps.scope, audience);
  if (hasMoved(reachable, agreed.count)) return askConfirmation(deps, ctx, draft, agreed.count);
  // A large audience is never sent to by a tap, whatever an old button says.
  if (ctx.callbackQuery && reachable >= deps.confirmTypedFrom) return askConfirmation(deps, ctx, draft);

  // The question becomes the card. First, so that killed in between, the next start draws it; a draft's is not drawn.
  if (ctx.callbackQuery) await placeHere(deps, ctx, draft);
  await startAsAgreed(deps, ctx, campaign, start, reachable, now);
  deps.log.info({ campaign: draft, by: ctx.from?.id, startsAt: start }, "campaign confirmed");
  deps.engine.poke();
  await showLiveCard(deps, ctx, draft, start ? "confirm-scheduled" : "confirm-started");
  return CLOSED;
}

async function startAsAgreed(
  { scope, maxScheduled }: BotDeps,
  ctx: HeraldContext,
  draft: Campaign,
  startsAt: Date | null,
  agreedCount: number,
  now: Date,
): Promise<void> {
  const by = ctx.from?.id ?? 0;
  if (startsAt) await schedule(scope, draft, { startsAt, agreedCount, now, mostScheduled: maxScheduled }, by);
  else await confirm(scope, draft, now, by, agreedCount);
}
