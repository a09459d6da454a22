import { isDeepStrictEqual } from "node:util";
import { GrammyError } from "grammy";
import { isForChats } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { type Content, type Version, versionsOf } from "../../../content/content.ts";
import { perform, render, weightOf } from "../../../content/render.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { versionName } from "../../summary.ts";
import { type Translate, cut, few, languageName } from "../../words.ts";

/** What came of showing a post to an admin. */
export type Preview = Shown[];

/** What came of showing one version of it. */
interface Shown {
  language: string | null;
  /** Why it cannot be sent, in words. */
  refusal: string | null;
  /** Custom emoji that arrived as plain ones: Telegram lets only some bots use them. */
  lostEmoji: number;
  /** The same before the text of buttons. */
  lostIcons: number;
}

/** So many versions, with the default one, are shown at each review. */
const SHOWN_EACH_TIME = 4;

/**
 * Sends the post to the admin with the calls that a campaign makes: the default version, then each under its name.
 * Groups and channels get no other than the default one, and no names. Of many versions, `briefly` leaves out those that
 * stand above already, as they were: Telegram takes a message a second in a chat.
 */
export async function preview(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  briefly = false,
): Promise<Preview> {
  const shown: Preview = [];
  const versions = versionsOf(campaign.content);
  const isBrief = briefly && versions.length > SHOWN_EACH_TIME;
  for (const { language, version } of isForChats(campaign.audience) ? versions.slice(0, 1) : versions) {
    // check() says that its source is missing.
    if (needsSource(campaign.content, version) && !version.source) continue;
    const before = isBrief && language !== null ? lastShown(deps, ctx, campaign, language) : null;
    const now = before ?? (await show(ctx, campaign, language));
    remember(deps, ctx, campaign, now);
    shown.push(now);
  }
  return shown;
}

async function show(ctx: HeraldContext, campaign: Campaign, language: string | null): Promise<Shown> {
  const shown: Shown = { language, refusal: null, lostEmoji: 0, lostIcons: 0 };
  if (language !== null) await ctx.reply(ctx.t("version-label", { language: languageName(language) }));
  try {
    await send(ctx, campaign, shown);
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    shown.refusal = ctx.t("review-refused", { description: cut(error.description, BRIEF, "…") });
  }
  return shown;
}

async function send(ctx: HeraldContext, { id, content, audience }: Campaign, shown: Shown): Promise<void> {
  const { from } = ctx;
  const person = isForChats(audience)
    ? null
    : {
        language: shown.language,
        firstName: from?.first_name ?? null,
        lastName: from?.last_name ?? null,
        username: from?.username ?? null,
      };
  for (const call of render(content, { chatId: ctx.chat?.id ?? 0, campaignId: id, seq: 0, person })) {
    const made = await perform(ctx.api.raw, call);
    const [arrived, asked] = [made.length, weightOf(call)];
    // Of an album that is forwarded, Telegram leaves out without a word what is deleted.
    if (arrived < asked) shown.refusal = ctx.t("review-parts", { arrived, asked });
    // A copy comes back as a number only: nothing can be said of it.
    if (call.method === "copyMessage") continue;
    shown.lostEmoji += Math.max(0, count(call.payload, "custom_emoji_id") - count(made, "custom_emoji_id"));
    shown.lostIcons += Math.max(0, count(call.payload, ICON) - count(made, ICON));
  }
}

/** Telegram repeats addresses of any length; all versions have to go into one card. */
const BRIEF = 150;

const ICON = "icon_custom_emoji_id";

/** How often a field stands anywhere in a call or in what came of it: entities are in texts, captions, polls … */
function count(value: unknown, field: string): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + (name === field ? 1 : count(inner, field)),
    0,
  );
}

/** Why a post cannot be sent as it is, a line each; with versions each is named. None when Telegram takes it. */
export function refusalsOf(t: Translate, { content }: Pick<Campaign, "content">, shown: Preview): string[] {
  const lines = shown.flatMap(({ language, refusal }) => {
    if (refusal === null) return [];
    return content.versions
      ? [t("in-version", { version: versionName(t, language), text: refusal })]
      : [refusal];
  });
  return few(t, lines);
}

/** What was shown last in each chat of each version of each draft, and what it looked like then. */
type Memory = Map<string, { seen: unknown; shown: Shown }>;
const memories = new WeakMap<BotDeps, Memory>();

/** Versions of drafts that are worked on at a time; an older one is shown once more. */
const MOST_REMEMBERED = 200;

function remember(deps: BotDeps, ctx: HeraldContext, campaign: Campaign, shown: Shown): void {
  const memory: Memory = memories.get(deps) ?? new Map();
  memories.set(deps, memory);
  const key = keyOf(ctx, campaign, shown.language);
  memory.delete(key);
  memory.set(key, { seen: visible(campaign, shown.language), shown });
  const [oldest] = memory.keys();
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest);
}

/** What came of showing the post as it is now; null when it looked different, or was not shown since the last start. */
export function lastPreview(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Preview | null {
  const versions = versionsOf(campaign.content);
  const wanted = (isForChats(campaign.audience) ? versions.slice(0, 1) : versions).filter(
    ({ version }) => version.source || !needsSource(campaign.content, version),
  );
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
  return last && isDeepStrictEqual(last.seen, visible(campaign, language)) ? last.shown : null;
}

function keyOf(ctx: HeraldContext, { id }: Campaign, language: string | null): string {
  return `${ctx.chat?.id}:${id}:${language ?? ""}`;
}

/** A version with those options of its post that can be seen in a preview. */
function visible({ content, audience }: Campaign, language: string | null): unknown {
  const { options = {}, versions = {}, ...post } = content;
  const { noPreview, effect, forward } = options;
  const own = language === null ? post : versions[language];
  return { buttons: content.buttons, ...own, noPreview, effect, forward, forChats: isForChats(audience) };
}

function needsSource({ options }: Content, { kind }: Version): boolean {
  return kind === "copy" || options?.forward === true;
}
