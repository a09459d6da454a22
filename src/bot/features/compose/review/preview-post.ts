import { createLRU } from "lru.min";
import { recordPreview } from "../../../../campaign/actions/record-preview.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { withHomeFiles } from "../../../../campaign/own-files.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { type PostFault, type PreviewResult, appearanceOf } from "../../../../campaign/preview-faults.ts";
import { type Shown, showVersion, versionsToShow } from "../../../../campaign/show-post.ts";
import { viewerOf } from "../../../ui/viewer.ts";
import { versionName } from "../../../ui/post-summary.ts";
import { type Translate, firstFew } from "../../../ui/words.ts";

/** The result of showing the versions of a post to an admin. */
export type Preview = Shown[];

/** Up to this many versions, including the default one, are all shown at each review. */
const SHOWN_EACH_TIME = 4;

/**
 * Sends the post to the admin with the calls that a campaign makes: the default version, then each other one below its
 * name. If there are many versions, `briefly` leaves out those that were shown before and have not changed, because
 * Telegram takes one message per second in a chat.
 */
export async function preview(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  briefly = false,
): Promise<Preview> {
  const shown: Preview = [];
  // The review says which versions lack their source.
  const versions = versionsToShow(campaign);
  const isBrief = briefly && versions.length > SHOWN_EACH_TIME;
  const post = await withHomeFiles(deps.scope, campaign);
  for (const { language } of versions) {
    const before = isBrief && language !== null ? lastShown(deps, ctx, campaign, language) : null;
    const now = before ?? (await showVersion(ctx.api, viewerOf(ctx), post, language));
    remember(deps, ctx, campaign, now);
    shown.push(now);
  }
  await recordPreview(deps.scope, ctx.actor, campaign, shown);
  return shown;
}

/** Why Telegram refuses a post, one line per fault, naming the version if there are several. Empty if it accepts it. */
export function refusalsOf(
  t: Translate,
  { content }: Pick<Campaign, "content">,
  results: readonly PreviewResult[],
): string[] {
  const lines = results.flatMap(({ language, fault }) => {
    if (fault === null) return [];
    const text = faultLine(t, fault);
    return content.versions ? [t("in-version", { version: versionName(t, language), text })] : [text];
  });
  return firstFew(t, lines);
}

function faultLine(t: Translate, fault: PostFault): string {
  const { type, ...values } = fault;
  return t(type === "parts" ? "review-parts" : "review-refused", values);
}

/**
 * What was last shown of each version of each draft in each chat, and what it looked like. After a restart, it is shown
 * once more; Telegram's objections are stored with the draft.
 */
const createMemory = () => createLRU<string, { seen: string; shown: Shown }>({ max: MOST_REMEMBERED });
const memories = new WeakMap<BotDeps, ReturnType<typeof createMemory>>();

/** How many versions of drafts are remembered; older ones are shown once more. */
const MOST_REMEMBERED = 200;

function remember(deps: BotDeps, ctx: HeraldContext, campaign: Campaign, shown: Shown): void {
  const memory = memories.get(deps) ?? createMemory();
  memories.set(deps, memory);
  const seen = appearanceOf(campaign, shown.language);
  memory.set(keyOf(ctx, campaign, shown.language), { seen, shown });
}

/** The result of showing the post as it is now; null if it looked different, or was not shown since the last start. */
export function lastPreview(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Preview | null {
  const wanted = versionsToShow(campaign);
  const shown = wanted.flatMap(({ language }) => lastShown(deps, ctx, campaign, language) ?? []);
  return shown.length === wanted.length ? shown : null;
}

function lastShown(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  language: string | null,
): Shown | null {
  const last = memories.get(deps)?.get(keyOf(ctx, campaign, language));
  return last?.seen === appearanceOf(campaign, language) ? last.shown : null;
}

function keyOf(ctx: HeraldContext, { id }: Campaign, language: string | null): string {
  return `${ctx.chat?.id}:${id}:${language ?? ""}`;
}
