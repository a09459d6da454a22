import { createLRU } from "lru.min";
import { recordPreview } from "../../../../campaign/actions/record-preview.ts";
import { botsOf } from "../../../../campaign/bundle.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { SenderUnreachable, openPreview, versionsShownBy } from "../../../../campaign/post-preview.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { type PostFault, type PreviewResult, appearanceOf } from "../../../../campaign/preview-faults.ts";
import type { Shown } from "../../../../campaign/show-post.ts";
import { DomainError } from "../../../../errors.ts";
import { type SendingBot, nameOfBot } from "../../../ui/sending-bots.ts";
import { viewerOf } from "../../../ui/viewer.ts";
import { versionName } from "../../../ui/post-summary.ts";
import { type Translate, firstFew } from "../../../ui/words.ts";

/** The result of showing the versions of a post to an admin, by one of the bots that are to send it. */
export interface Preview {
  botId: number;
  shown: (Shown & PreviewResult)[];
  /** The bot in whose chat they are, without @; null for this one. */
  username: string | null;
  /** That bot cannot write to the admin, so that nothing was shown. */
  isUnreachable?: true;
  /** Why that bot cannot send at all, where others are to send the post as well. */
  trouble?: DomainError;
}

/** Up to this many versions, including the default one, are all shown at each review. */
const SHOWN_EACH_TIME = 4;

/** Sends the post to the admin by each of its bots, and keeps with the draft what Telegram says of it. */
export async function preview(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  briefly = false,
): Promise<Preview[]> {
  const previews: Preview[] = [];
  for (const botId of botsOf(campaign))
    previews.push(await previewBy(deps, ctx, { ...campaign, botId }, briefly));
  const all = previews.flatMap(({ shown }) => shown);
  if (previews.some(({ isUnreachable, trouble }) => !isUnreachable && !trouble))
    await recordPreview(deps.scope, ctx.actor, campaign, all);
  return previews;
}

/**
 * Sends the post to the admin with the calls that a campaign makes: the default version, then each other one below its
 * name. If there are many versions, `briefly` leaves out those that were shown before and have not changed, because
 * Telegram takes one message per second in a chat.
 */
async function previewBy(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  briefly: boolean,
): Promise<Preview> {
  const { botId } = campaign;
  const by = campaign.bots && { bot: botId };
  // The review says which versions lack their source.
  const versions = versionsShownBy(deps.scope, campaign);
  const isBrief = briefly && versions.length > SHOWN_EACH_TIME;
  const bots = { home: ctx.api, bots: deps.bots };
  try {
    const post = await openPreview(deps.scope, bots, campaign, viewerOf(ctx));
    const shown: Preview["shown"] = [];
    for (const { language } of versions) {
      const before = isBrief && language !== null ? lastShown(deps, ctx, campaign, language) : null;
      const now = before ?? (await post.show(language));
      remember(deps, ctx, campaign, now, post.username);
      shown.push({ ...now, ...by });
    }
    return { botId, shown, username: post.username };
  } catch (error) {
    if (error instanceof SenderUnreachable)
      return { botId, shown: [], username: error.username, isUnreachable: true };
    // The others can send it, and the admin can take this one out.
    if (by && error instanceof DomainError) return { botId, shown: [], username: null, trouble: error };
    throw error;
  }
}

/**
 * Why Telegram refuses a post, one line per fault, naming the version if there are several, and the bot. Empty if it accepts
 * it.
 */
export function refusalsOf(
  t: Translate,
  { content }: Pick<Campaign, "content">,
  results: readonly PreviewResult[],
  bots: readonly SendingBot[] = [],
): string[] {
  const lines = results.flatMap(({ language, fault, bot }) => {
    if (fault === null) return [];
    const text = faultLine(t, fault);
    const version = content.versions ? t("in-version", { version: versionName(t, language), text }) : text;
    return [bot === undefined ? version : t("of-bot", { bot: nameOfBot(bots, bot) ?? "", text: version })];
  });
  return firstFew(t, lines);
}

function faultLine(t: Translate, fault: PostFault): string {
  switch (fault.type) {
    case "parts":
      return t("review-parts", { arrived: fault.arrived, asked: fault.asked });
    case "refused":
      return t("review-refused", { description: fault.description });
    case "file": {
      const { why, kind, name, detail } = fault;
      const file = name === "" ? t(`kind-${kind}`) : `${t(`kind-${kind}`)} “${name}”`;
      return t(`review-file-${why}`, { file, detail });
    }
  }
}

/** What was last shown of a version, what it looked like, and by which bot. */
interface Seen {
  appearance: string;
  shown: Shown;
  username: string | null;
}

/**
 * What was last shown of each version of each draft in each chat. After a restart, it is shown once more; Telegram's
 * objections are stored with the draft.
 */
const createMemory = () => createLRU<string, Seen>({ max: MOST_REMEMBERED });
const memories = new WeakMap<BotDeps, ReturnType<typeof createMemory>>();

/** How many versions of drafts are remembered; older ones are shown once more. */
const MOST_REMEMBERED = 200;

function remember(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  shown: Shown,
  username: string | null,
): void {
  const memory = memories.get(deps) ?? createMemory();
  memories.set(deps, memory);
  const appearance = appearanceOf(campaign, shown.language);
  memory.set(keyOf(ctx, campaign, shown.language), { appearance, shown, username });
}

/** The result of showing the post as it is now; null if it looked different, or was not shown since the last start. */
export function lastPreview(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Preview[] | null {
  const previews = botsOf(campaign).flatMap(
    (botId) => lastPreviewBy(deps, ctx, { ...campaign, botId }) ?? [],
  );
  return previews.length === botsOf(campaign).length ? previews : null;
}

function lastPreviewBy(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Preview | null {
  const wanted = versionsShownBy(deps.scope, campaign);
  const seen = wanted.flatMap(({ language }) => lastSeen(deps, ctx, campaign, language) ?? []);
  if (seen.length !== wanted.length) return null;
  const by = campaign.bots && { bot: campaign.botId };
  return {
    botId: campaign.botId,
    shown: seen.map(({ shown }) => ({ ...shown, ...by })),
    username: seen[0]?.username ?? null,
  };
}

function lastShown(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  language: string | null,
): Shown | null {
  return lastSeen(deps, ctx, campaign, language)?.shown ?? null;
}

function lastSeen(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  language: string | null,
): Seen | null {
  const last = memories.get(deps)?.get(keyOf(ctx, campaign, language));
  return last?.appearance === appearanceOf(campaign, language) ? last : null;
}

/** A draft that is given to another bot has to be shown by that bot. */
function keyOf(ctx: HeraldContext, { id, botId }: Campaign, language: string | null): string {
  return `${ctx.chat?.id}:${botId}:${id}:${language ?? ""}`;
}
