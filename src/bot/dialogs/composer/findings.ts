import { listChats } from "../../../audience/chats.ts";
import { isForChats } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { type Finding, check } from "../../../content/check.ts";
import { type Content, versionsOf } from "../../../content/content.ts";
import { placeholdersIn } from "../../../content/personal.ts";
import type { BotDeps } from "../../context.ts";
import { versionName } from "../../summary.ts";
import { type Translate, few } from "../../words.ts";

type Post = Pick<Campaign, "content" | "audience">;

/** What is to be said of a post to its audience before it is sent, errors first. */
export async function findingsOf({ scope }: BotDeps, { content, audience }: Post): Promise<Finding[]> {
  if (!isForChats(audience)) return check(content, { people: true, channels: false, groups: false });
  const chosen = new Set(audience.chats.map(({ chatId }) => chatId));
  const kinds = (await listChats(scope)).flatMap(({ chatId, kind }) => (chosen.has(chatId) ? [kind] : []));
  const [channels, groups] = [kinds.includes("channel"), kinds.includes("group")];
  return check(content, { people: false, channels, groups });
}

/** Whether something has to be changed before the post can be sent. */
export function isFaulty(findings: Finding[]): boolean {
  return findings.some(({ level }) => level === "error");
}

/** The same in words, a line each, saying what to do. With versions each is named. */
export function findingLines(t: Translate, { versions }: Content, findings: Finding[]): string[] {
  const lines = findings.map(({ level, type, language, ...facts }) => {
    const text = t(`check-${type}`, facts);
    const named = versions ? t("in-version", { version: versionName(t, language), text }) : text;
    return `${level === "error" ? "⚠️" : "·"} ${named}`;
  });
  return few(t, lines);
}

/** "Personal: {first_name}", of a post that puts names into its texts. */
export function personalLine(t: Translate, content: Content): string[] {
  // A forward says what its source says.
  if (content.options?.forward) return [];
  const names = versionsOf(content)
    .flatMap(({ version }) => placeholdersIn(version))
    .map(({ name }) => `{${name}}`);
  return names.length > 0 ? [t("review-personal", { names: [...new Set(names)].join(", ") })] : [];
}
