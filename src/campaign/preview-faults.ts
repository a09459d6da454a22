import { createHash } from "node:crypto";
import { isForChats } from "../audience/segment/audience.ts";
import { type FileKind, FILE_KINDS, versionsOf } from "../content/content.ts";
import { botsOf } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";

/** Why the preview of a version failed. */
export type PostFault =
  | { type: "refused"; description: string }
  /** Some of the source messages are gone. */
  | { type: "parts"; arrived: number; asked: number }
  | FileFault;

export const WHYS_WITHOUT_FILE = ["too-large", "not-fetched", "not-uploaded", "busy", "other-kind"] as const;

/** The bot that is to send the post could not be brought a file of it. */
export interface FileFault {
  type: "file";
  why: (typeof WHYS_WITHOUT_FILE)[number];
  kind: FileKind;
  /** Empty for files without one. */
  name: string;
  /** What Telegram or the network said; the seconds to wait if it is busy; for another kind, which. */
  detail: string;
}

/** The result of previewing one version; `language` is null for the default one. */
export interface PreviewResult {
  language: string | null;
  fault: PostFault | null;
  /** The bot that showed it; absent if only one is to send the post. */
  bot?: number;
}

type Post = Pick<Campaign, "content" | "audience">;

/**
 * Identifies what a version looks like in a preview: a fault counts only while the version looks the same. Options that
 * are not visible do not matter.
 */
export function appearanceOf({ content, audience }: Post, language: string | null): string {
  const { options = {}, versions = {}, buttonIds: _, retired: __, attributes: ___, ...post } = content;
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

/** Sorts keys, because PostgreSQL does not keep the order of JSON keys. */
function inKeyOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** What `campaigns.preview_faults` holds. */
interface Stored {
  version: 1;
  faults: { language: string | null; appearance: string; fault: PostFault; bot?: number }[];
}

/** The stored form of a preview's results; null if Telegram accepted every version. */
export function storedFaults(post: Post, results: readonly PreviewResult[]): Stored | null {
  const faults = results.flatMap(({ language, fault, bot }) =>
    fault
      ? [{ language, appearance: appearanceOf(post, language), fault, ...(bot !== undefined && { bot }) }]
      : [],
  );
  return faults.length > 0 ? { version: 1, faults } : null;
}

/** The faults of a draft's versions as they look now, with the bots that send it now, according to the last preview. */
export function currentFaults(
  draft: Pick<Campaign, "botId" | "bots" | "content" | "audience" | "previewFaults">,
): { language: string | null; fault: PostFault; bot?: number }[] {
  const present = new Map(
    versionsOf(draft.content).map(({ language }) => [language, appearanceOf(draft, language)]),
  );
  return readFaults(draft.previewFaults)
    .filter(({ language, appearance }) => present.get(language) === appearance)
    .filter(({ bot }) => bot === undefined || botsOf(draft).includes(bot))
    .map(({ language, fault, bot }) => ({ language, fault, ...(bot !== undefined && { bot }) }));
}

/** Anything that another version of Herald wrote in a different form is ignored: the post is simply previewed again. */
function readFaults(stored: unknown): Stored["faults"] {
  if (!isObject(stored) || stored["version"] !== 1 || !Array.isArray(stored["faults"])) return [];
  return stored["faults"].flatMap((one: unknown) => {
    if (!isObject(one)) return [];
    const { language, appearance, bot } = one;
    const fault = readFault(one["fault"]);
    if ((language !== null && typeof language !== "string") || typeof appearance !== "string") return [];
    return fault ? [{ language, appearance, fault, ...(typeof bot === "number" && { bot }) }] : [];
  });
}

function readFault(fault: unknown): PostFault | null {
  if (!isObject(fault)) return null;
  const { type, description, arrived, asked } = fault;
  if (type === "refused" && typeof description === "string") return { type, description };
  if (type === "parts" && typeof arrived === "number" && typeof asked === "number")
    return { type, arrived, asked };
  return type === "file" ? readFileFault(fault) : null;
}

function readFileFault({ why, kind, name, detail }: Record<string, unknown>): FileFault | null {
  const known = WHYS_WITHOUT_FILE.find((one) => one === why);
  const file = FILE_KINDS.find((one) => one === kind);
  if (!known || !file || typeof name !== "string" || typeof detail !== "string") return null;
  return { type: "file", why: known, kind: file, name, detail };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
