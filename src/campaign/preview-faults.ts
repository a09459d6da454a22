import { createHash } from "node:crypto";
import { isForChats } from "../audience/segment.ts";
import { versionsOf } from "../content/content.ts";
import type { Campaign } from "./campaign.ts";

/** Why Telegram did not show a version of a post as it should. */
export type PostFault =
  | { type: "refused"; description: string }
  /** Of so many source messages some are gone. */
  | { type: "parts"; arrived: number; asked: number };

/** What came of showing one version; `language` is null for the default one. */
export interface PreviewResult {
  language: string | null;
  fault: PostFault | null;
}

type Post = Pick<Campaign, "content" | "audience">;

/**
 * Identifies what a version looks like in a preview: a fault counts only as long as the version looks the same. Those
 * options of its post that cannot be seen do not matter.
 */
export function appearanceOf({ content, audience }: Post, language: string | null): string {
  const { options = {}, versions = {}, buttonIds: _, retired: __, ...post } = content;
  const { noPreview, effect, forward } = options;
  const version = language === null ? post : versions[language];
  const seen = {
    buttons: content.buttons,
    ...version,
    noPreview,
    effect,
    forward,
    forChats: isForChats(audience),
  };
  return createHash("sha256").update(JSON.stringify(seen, inKeyOrder)).digest("base64url");
}

/** PostgreSQL keeps the keys of JSON in an order of its own. */
function inKeyOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** What `campaigns.preview_faults` holds. */
interface Stored {
  version: 1;
  faults: { language: string | null; appearance: string; fault: PostFault }[];
}

/** The results of a preview as they are stored; null when Telegram took every version. */
export function storedFaults(post: Post, results: readonly PreviewResult[]): Stored | null {
  const faults = results.flatMap(({ language, fault }) =>
    fault ? [{ language, appearance: appearanceOf(post, language), fault }] : [],
  );
  return faults.length > 0 ? { version: 1, faults } : null;
}

/** What Telegram has against the versions of a draft as they look now, by its last preview. */
export function currentFaults(
  draft: Pick<Campaign, "content" | "audience" | "previewFaults">,
): { language: string | null; fault: PostFault }[] {
  const present = new Map(
    versionsOf(draft.content).map(({ language }) => [language, appearanceOf(draft, language)]),
  );
  return readFaults(draft.previewFaults)
    .filter(({ language, appearance }) => present.get(language) === appearance)
    .map(({ language, fault }) => ({ language, fault }));
}

/** Nothing that another version of Herald wrote in another form is believed: the post is simply shown once more. */
function readFaults(stored: unknown): Stored["faults"] {
  if (!isObject(stored) || stored["version"] !== 1 || !Array.isArray(stored["faults"])) return [];
  return stored["faults"].flatMap((one: unknown) => {
    if (!isObject(one)) return [];
    const { language, appearance } = one;
    const fault = readFault(one["fault"]);
    if ((language !== null && typeof language !== "string") || typeof appearance !== "string") return [];
    return fault ? [{ language, appearance, fault }] : [];
  });
}

function readFault(fault: unknown): PostFault | null {
  if (!isObject(fault)) return null;
  const { type, description, arrived, asked } = fault;
  if (type === "refused" && typeof description === "string") return { type, description };
  if (type === "parts" && typeof arrived === "number" && typeof asked === "number")
    return { type, arrived, asked };
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
