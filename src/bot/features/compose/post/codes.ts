import { addCodesTo, releaseCodesOf, removeCodes } from "../../../../campaign/actions/change-codes.ts";
import { type CodesRead, readCodes } from "../../../../campaign/code-file.ts";
import { LONGEST_CODE, MOST_CODES, readPattern } from "../../../../campaign/code-pattern.ts";
import { countPool } from "../../../../campaign/code-pool.ts";
import { asksForCode } from "../../../../campaign/give-codes.ts";
import { findCampaign, getDraft } from "../../../../campaign/queries.ts";
import { DomainError } from "../../../../errors.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { sayRefusal } from "../../../ui/refusal.ts";
import { type Translate, firstFew } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, numberOf, originalOf } from "../dialog/draft-button.ts";
import { sendCard, showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";

/** `Codes…`: how many there are, and how to add some. */
async function askCodes(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  show: typeof showCard | typeof sendCard = showCard,
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const pool = await countPool(deps.scope, campaign.codePool);
  const keyboard = [
    ...(pool && pool.withheld > 0 ? [[draftButton(draft, t("button-release-codes"), "codesfree")]] : []),
    ...(pool ? [[draftButton(draft, t("button-no-codes"), "uncode")]] : []),
    [draftButton(draft, t("button-back"), "options"), draftButton(draft, t("button-to-review"), "review")],
  ];
  const lines = [
    t("codes-of", { id: numberOf(campaign) }),
    t("codes-count", { all: pool?.all ?? 0, free: pool?.free ?? 0 }),
    ...(pool && pool.withheld > 0 ? [t("codes-withheld", { count: pool.withheld })] : []),
    ...(pool && !asksForCode(campaign) ? [t("check-codes-unused")] : []),
    "",
    t("codes-ask"),
    ...(campaign.recurrence ? [t("codes-note-repeat")] : []),
  ];
  await show(ctx, { text: lines.join("\n"), keyboard });
  return { draft, expects: "codes", keyboard };
}

/** Takes a file with a code on each line, or a pattern and how many codes are to be made by it. */
async function takeCodes(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { draft } = at;
  if (draft === null) return at;
  const { document, text = "" } = ctx.message ?? {};
  const drawn = readPattern(text);
  try {
    if (document) await takeFile(deps, ctx, draft, document.file_id);
    else if (drawn) {
      const count = await addCodesTo(deps.scope, ctx.actor, draft, drawn);
      await ctx.reply([ctx.t("codes-made", { count }), ...(await thenResume(deps, ctx, draft))].join("\n"));
    } else {
      await ctx.reply(ctx.t("codes-wrong"));
      return at;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    if (error.code === "code-pattern-unfit") return at;
  }
  return askCodes(deps, ctx, draft, sendCard);
}

async function takeFile(deps: BotDeps, ctx: StepContext, draft: number, fileId: string): Promise<void> {
  const { t } = ctx;
  const fetched = await deps.bots.files.use(fileId, async ({ source }) =>
    typeof source === "function" ? { type: "read" as const, text: await textOf(source()) } : null,
  );
  if (fetched?.type !== "read") return void (await ctx.reply(t("codes-unreadable")));
  const read = readCodes(fetched.text);
  const added = await addCodesTo(deps.scope, ctx.actor, draft, read.codes);
  const lines = [
    t("codes-added", { count: added }),
    ...leftOut(t, read, added),
    ...(await thenResume(deps, ctx, draft)),
  ];
  await ctx.reply(lines.join("\n"));
}

/** The campaign of this draft may be waiting for codes. */
async function thenResume({ scope }: BotDeps, { t }: StepContext, draft: number): Promise<string[]> {
  const original = originalOf(await getDraft(scope, draft));
  const campaign = original === null ? null : await findCampaign(scope, original);
  return campaign?.state === "paused" && campaign.pauseReason === "codes"
    ? [t("codes-then-resume", { id: String(campaign.id) })]
    : [];
}

async function textOf(bytes: AsyncIterable<Uint8Array | string>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(typeof piece === "string" ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces).toString("utf8");
}

/** What of a file was not taken, by line. */
function leftOut(t: Translate, { codes, tooLong, repeated, cut }: CodesRead, added: number): string[] {
  const known = codes.length - added;
  const lines = (numbers: number[]) => firstFew(t, numbers.map(String)).join(", ");
  return [
    ...(tooLong.length > 0
      ? [t("codes-too-long", { count: tooLong.length, lines: lines(tooLong), limit: LONGEST_CODE })]
      : []),
    ...(repeated.length > 0 ? [t("codes-repeated", { count: repeated.length, lines: lines(repeated) })] : []),
    ...(known > 0 ? [t("codes-known", { count: known })] : []),
    ...(cut ? [t("codes-cut", { most: MOST_CODES })] : []),
  ];
}

export const codesStep = {
  takes: { codes: takeCodes },
  taps: {
    codes: ({ deps, ctx, draft }: Tap) => askCodes(deps, ctx, draft),
    codesfree: async ({ deps, ctx, draft }: Tap) => {
      await releaseCodesOf(deps.scope, ctx.actor, draft);
      return askCodes(deps, ctx, draft);
    },
    uncode: async ({ deps, ctx, draft }: Tap) => {
      await removeCodes(deps.scope, ctx.actor, draft);
      return askCodes(deps, ctx, draft);
    },
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof codesStep.takes, "codes"> {}
  interface Verbs extends NamesOf<typeof codesStep.taps, "codes"> {}
}
