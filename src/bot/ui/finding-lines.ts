import type { Finding } from "../../content/check.ts";
import { type Content, buttonsOf, versionsOf } from "../../content/content.ts";
import { personalParts, placeholdersIn } from "../../content/personal-parts.ts";
import { type SendingBot, nameOfBot } from "./sending-bots.ts";
import { versionName } from "./post-summary.ts";
import { type Translate, cut, firstFew } from "./words.ts";

/** The most of one finding: the choices of a poll in all versions may be long. */
const LONGEST = 600;

/** The findings about a post and what to do about each, one per line, naming the version and the bot if there are several. */
export function findingLines(
  t: Translate,
  { versions }: Content,
  findings: Finding[],
  bots: readonly SendingBot[] = [],
): string[] {
  const lines = findings.map(({ level, type, language, bot, ...facts }) => {
    const text = cut(t(`check-${type}`, facts), LONGEST, "…");
    // An audience is not that of a version.
    const named =
      versions && !type.startsWith("segment-")
        ? t("in-version", { version: versionName(t, language), text })
        : text;
    const whole = bot === undefined ? named : t("of-bot", { bot: nameOfBot(bots, bot) ?? "", text: named });
    return `${level === "error" ? "⚠️" : "·"} ${whole}`;
  });
  return firstFew(t, lines);
}

/** "Personal: {first_name}, {city}", for a post that reads differently from one person to another. */
export function personalLine(t: Translate, content: Content, attributes: readonly string[]): string[] {
  // A forwarded post has the text of its source.
  if (content.options?.forward) return [];
  const known = new Set(attributes);
  const names = versionsOf(content)
    .flatMap(({ version }) => placeholdersIn(personalParts(version, buttonsOf(content, version)), known))
    .map(({ name }) => `{${name}}`);
  return names.length > 0 ? [t("review-personal", { names: [...new Set(names)].join(", ") })] : [];
}
