import type { Api } from "grammy";
import { isForChats } from "../audience/segment/audience.ts";
import { type Content, type Version, cut, versionsOf } from "../content/content.ts";
import { type Attributes, Unfillable } from "../content/personal.ts";
import { render } from "../content/render.ts";
import { perform, refusedWith, unreachableWith, weightOf } from "../telegram/api-call.ts";
import type { Campaign } from "./campaign.ts";
import type { LeaveLabel } from "./leave-button.ts";
import type { PreviewResult } from "./preview-faults.ts";

/* Shows posts to admins, by the same calls that a campaign makes. */

/** An admin to whom a post is shown, in their chat with the bot. */
export interface Viewer {
  chatId: number;
  /** What stands above the version in a language. */
  label: (language: string) => string;
  leaveLabel: LeaveLabel;
  firstName: string | null;
  lastName: string | null;
  username: string | null;
  /** Those that the post asks for; known-attributes.ts. */
  attributes?: Attributes;
}

/** The result of showing one version of a post. */
export interface Shown extends PreviewResult {
  /** Custom emoji that arrived as plain ones, because Telegram lets only some bots use them. */
  lostEmoji: number;
  /** The same for icons of buttons. */
  lostIcons: number;
}

/**
 * The versions of a post that its audience can get, except those whose source is unknown. Groups and channels get only the
 * default one.
 */
export function versionsToShow({ content, audience }: Pick<Campaign, "content" | "audience">) {
  const versions = versionsOf(content);
  return (isForChats(audience) ? versions.slice(0, 1) : versions).filter(
    ({ version }) => version.source || !needsSource(content, version),
  );
}

/** A post that is copied or forwarded cannot be shown without its source. */
export function needsSource({ options }: Content, { kind }: Version): boolean {
  return kind === "copy" || options?.forward === true;
}

/** Sends one version of a post to an admin, below its name if it has one. @throws GrammyError unless it is the post's fault */
export async function showVersion(
  api: Api,
  viewer: Viewer,
  campaign: Campaign,
  language: string | null,
): Promise<Shown> {
  const shown: Shown = { language, fault: null, lostEmoji: 0, lostIcons: 0 };
  const { chatId, label } = viewer;
  if (language !== null) await api.sendMessage(chatId, label(language));
  try {
    await send(api, viewer, campaign, shown);
  } catch (error) {
    const refusal = error instanceof Unfillable ? error.message : refusedWith(error, 400);
    // Telegram may say with a 400, too, that it does not know the chat.
    if (refusal === null || unreachableWith(error) !== null) throw error;
    shown.fault = { type: "refused", description: cut(refusal, BRIEF, "…") };
  }
  return shown;
}

/** In characters. Telegram's error quotes addresses of any length, and all versions have to fit into one card. */
const BRIEF = 150;

async function send(
  api: Api,
  { chatId, firstName, lastName, username, attributes = {} }: Viewer,
  { id, content, audience, leaveLabel }: Campaign,
  shown: Shown,
): Promise<void> {
  const person = isForChats(audience)
    ? null
    : { language: shown.language, firstName, lastName, username, attributes };
  const leave = leaveLabel && { leave: leaveLabel(shown.language) };
  for (const call of render(content, { chatId, campaignId: id, seq: 0, person, ...leave })) {
    const made = await perform(api.raw, call);
    const [arrived, asked] = [made.length, weightOf(call)];
    // When Telegram forwards an album, it silently leaves out parts that have been deleted.
    if (arrived < asked) shown.fault = { type: "parts", arrived, asked };
    // For a copy, Telegram returns only a message id, which says nothing about emoji.
    if (call.method === "copyMessage") continue;
    shown.lostEmoji += Math.max(0, count(call.payload, "custom_emoji_id") - count(made, "custom_emoji_id"));
    shown.lostIcons += Math.max(0, count(call.payload, ICON) - count(made, ICON));
  }
}

const ICON = "icon_custom_emoji_id";

/** How often a field occurs anywhere in a call or its result, because entities are in texts, captions, polls and more. */
function count(value: unknown, field: string): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + (name === field ? 1 : count(inner, field)),
    0,
  );
}
