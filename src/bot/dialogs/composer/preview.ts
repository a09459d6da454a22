import { isDeepStrictEqual } from "node:util";
import { GrammyError } from "grammy";
import { isForChats } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { type Content, type Version, versionsOf } from "../../../content/content.ts";
import { perform, render, weightOf } from "../../../content/render.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { versionName } from "../../summary.ts";
import { type Translate, languageName } from "../../words.ts";

/** What came of showing a post to an admin. */
export interface Preview {
  /** The versions that Telegram refuses, and what it says. */
  refusals: { language: string | null; description: string }[];
  /** Custom emoji that arrived as plain ones: Telegram lets only some bots use them. */
  lostEmoji: number;
  /** The same before the text of buttons. */
  lostIcons: number;
}

/**
 * Sends the post to the admin with the calls that a campaign makes: the default version, then each under its name.
 * Groups and channels get no other than the default one, and no names.
 */
export async function preview(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Promise<Preview> {
  const result: Preview = { refusals: [], lostEmoji: 0, lostIcons: 0 };
  const versions = versionsOf(campaign.content);
  for (const { language, version } of isForChats(campaign.audience) ? versions.slice(0, 1) : versions) {
    // check() says that its source is missing.
    if (needsSource(campaign.content, version) && !version.source) continue;
    if (language !== null) await ctx.reply(ctx.t("version-label", { language: languageName(language) }));
    try {
      await show(ctx, campaign, language, result);
    } catch (error) {
      if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
      result.refusals.push({ language, description: error.description });
    }
  }
  remember(deps, ctx, campaign, result);
  return result;
}

async function show(
  ctx: HeraldContext,
  { id, content, audience }: Campaign,
  language: string | null,
  result: Preview,
): Promise<void> {
  const { from } = ctx;
  const person = isForChats(audience)
    ? null
    : {
        language,
        firstName: from?.first_name ?? null,
        lastName: from?.last_name ?? null,
        username: from?.username ?? null,
      };
  for (const call of render(content, { chatId: ctx.chat?.id ?? 0, campaignId: id, seq: 0, person })) {
    const made = await perform(ctx.api.raw, call);
    const [arrived, asked] = [made.length, weightOf(call)];
    // Of an album that is forwarded, Telegram leaves out without a word what is deleted.
    if (arrived < asked)
      result.refusals.push({ language, description: ctx.t("review-parts", { arrived, asked }) });
    // A copy comes back as a number only: nothing can be said of it.
    if (call.method === "copyMessage") continue;
    result.lostEmoji += Math.max(0, count(call.payload, "custom_emoji_id") - count(made, "custom_emoji_id"));
    result.lostIcons += Math.max(0, count(call.payload, ICON) - count(made, ICON));
  }
}

const ICON = "icon_custom_emoji_id";

/** How often a field stands anywhere in a call or in what came of it: entities are in texts, captions, polls … */
function count(value: unknown, field: string): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + (name === field ? 1 : count(inner, field)),
    0,
  );
}

/** Why a post cannot be sent as it is; with versions each is named. Null when Telegram takes it. */
export function refusalOf(t: Translate, { content }: Campaign, { refusals }: Preview): string | null {
  if (refusals.length === 0) return null;
  return refusals
    .map(({ language, description }) =>
      content.versions
        ? t("in-version", { version: versionName(t, language), text: description })
        : description,
    )
    .join("\n");
}

/** What was shown last in each chat of each draft, so that the way back to its card needs no other preview. */
type Memory = Map<string, { seen: unknown; result: Preview }>;
const memories = new WeakMap<BotDeps, Memory>();

/** Drafts that are worked on at a time; of an older one the post is shown once more. */
const MOST_REMEMBERED = 100;

function remember(deps: BotDeps, ctx: HeraldContext, campaign: Campaign, result: Preview): void {
  const memory: Memory = memories.get(deps) ?? new Map();
  memories.set(deps, memory);
  const key = keyOf(ctx, campaign);
  memory.delete(key);
  memory.set(key, { seen: visible(campaign), result });
  const [oldest] = memory.keys();
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest);
}

/** What came of showing the post as it is now; null when it looked different, or was not shown since the last start. */
export function lastPreview(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Preview | null {
  const last = memories.get(deps)?.get(keyOf(ctx, campaign));
  return last && isDeepStrictEqual(last.seen, visible(campaign)) ? last.result : null;
}

function keyOf(ctx: HeraldContext, { id }: Campaign): string {
  return `${ctx.chat?.id}:${id}`;
}

/** A post with those of its options that can be seen in a preview. */
function visible({ content, audience }: Campaign): unknown {
  const { options = {}, ...post } = content;
  const { noPreview, effect, forward } = options;
  return { ...post, noPreview, effect, forward, forChats: isForChats(audience) };
}

function needsSource({ options }: Content, { kind }: Version): boolean {
  return kind === "copy" || options?.forward === true;
}
