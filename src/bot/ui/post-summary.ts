import type { Taps } from "../../campaign/votes/button-votes.ts";
import { buttonsIn } from "../../content/button-ids.ts";
import {
  type Content,
  type PostOptions,
  type Version,
  buttonsOf,
  hasCallbackButtons,
  summarize,
} from "../../content/content.ts";
import { type PollSwitch, pollSwitchesFor } from "../../content/poll-options.ts";
import { type Translate, languageName } from "./words.ts";

/* What cards and lists say about a post. */

/** "photo", "album of 4". */
export function kindName(t: Translate, version: Version): string {
  switch (version.kind) {
    case "album":
      return t("kind-album", { parts: version.parts.length });
    case "poll":
      return t(version.poll.type === "quiz" ? "kind-quiz" : "kind-poll");
    case "copy":
      return t("kind-copy", { what: version.what });
    default:
      return t(`kind-${version.kind}`);
  }
}

/** "photo, 312 characters, 2 buttons": one version of a post. */
export function describeVersion(t: Translate, content: Content, version: Version): string {
  const { characters, buttons } = summarize({ ...version, buttons: buttonsOf(content, version) });
  return t("post-summary", { kind: kindName(t, version), characters, buttons });
}

/** "photo “Our new menu…”": its kind, and how it begins. */
export function postName(t: Translate, version: Version): string {
  const { opening } = summarize({ ...version, buttons: [] });
  return t("post-name", { kind: kindName(t, version), opening: opening || "none" });
}

/** The name of a version: its language; null is the default version. */
export function versionName(t: Translate, language: string | null): string {
  return language === null ? t("version-default") : languageName(language);
}

/** Options that are on or off. */
export const SWITCHES = ["silent", "protect", "noPreview", "forward", "pin"] as const;
export type Switch = (typeof SWITCHES)[number] | PollSwitch;

/** The effects that are free to use, by id. No reference lists the ids; these are the ones in Telegram's apps. */
export const FREE_EFFECTS: ReadonlyMap<string, string> = new Map([
  ["5104841245755180586", "🔥"],
  ["5107584321108051014", "👍"],
  ["5104858069142078462", "👎"],
  ["5159385139981059251", "❤️"],
  ["5046509860389126442", "🎉"],
  ["5046589136895476101", "💩"],
]);

/** An effect as the emoji that stands for it. Effects that are not free have no name. */
export function effectName(t: Translate, effect: string): string {
  return FREE_EFFECTS.get(effect) ?? t("effect-own");
}

function effectWords(t: Translate, effect: string): string {
  return FREE_EFFECTS.has(effect)
    ? t("option-is-effect", { effect: effectName(t, effect) })
    : t("option-is-own-effect");
}

/** The options that are set, such as "silent, deleted after 24 h", and those of its poll. Null if there are none. */
export function describeOptions(
  t: Translate,
  options: PostOptions = {},
  ofPolls: readonly PollSwitch[] = [],
): string | null {
  const { effect, deleteAfterHours: hours } = options;
  const set = [
    ...[...SWITCHES, ...ofPolls].filter((which) => options[which]).map((which) => t(`option-is-${which}`)),
    ...(effect === undefined ? [] : [effectWords(t, effect)]),
    ...(hours === undefined ? [] : [t("option-is-deleted", { hours })]),
  ];
  return set.length > 0 ? set.join(", ") : null;
}

/** Admins recognise a post on a card by its first words. */
const OPENING_ON_CARD = 40;

/** "“Our autumn menu is here, …” · photo, 2 buttons", and the languages that it has versions for. */
export function contentLines(t: Translate, content: Content): string[] {
  const languages = Object.keys(content.versions ?? {});
  const { opening, buttons } = summarize(content, OPENING_ON_CARD);
  const kind = t("post-summary", { kind: kindName(t, content), characters: 0, buttons });
  const isPlain = content.kind === "text" && buttons === 0;
  return [
    [...(opening ? [t("card-opening", { opening })] : []), ...(isPlain ? [] : [kind])].join(" · "),
    ...(languages.length > 0
      ? [t("card-versions", { versions: languages.map(languageName).join(", ") })]
      : []),
  ];
}

/** The options of a post, such as when it is deleted. */
export function optionLines(t: Translate, content: Content): string[] {
  const set = describeOptions(t, content.options, pollSwitchesFor(content));
  return set === null ? [] : [t("review-options", { options: set })];
}

/** For this many buttons a card shows counts; a post may have a hundred buttons. */
const MOST_TAPPED = 10;

/** How often the buttons that answer to Herald were tapped, in their order below the post. */
export function tapLines(t: Translate, content: Content, taps: Taps): string[] {
  if (!hasCallbackButtons(content)) return [];
  const retired = new Set(content.retired);
  const line = (key: string, kind: "vote" | "answer", counts: Taps["votes"]) => {
    // Buttons that an edit removed are listed only if someone tapped them.
    const named = buttonsIn(content).filter(
      (button) => kind in button && (!retired.has(button) || counts.get(button.text)),
    );
    const names = [...new Set(named.map(({ text }) => text))];
    const shown = names
      .slice(0, MOST_TAPPED)
      .map((button) => t("tap-count", { button, count: counts.get(button) ?? 0 }));
    const more = names.length > MOST_TAPPED ? ["…"] : [];
    return names.length > 0 ? [t(key, { buttons: [...shown, ...more].join(" · ") })] : [];
  };
  return [...line("card-votes", "vote", taps.votes), ...line("card-taps", "answer", taps.answers)];
}
