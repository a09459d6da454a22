import { isDeepStrictEqual } from "node:util";
import { showsNothing } from "../person-name.ts";
import { withoutIds } from "./button-ids.ts";
import { type Button, type Content, type Version, buttonsOf, versionsOf } from "./content.ts";
import { emailIn } from "./links.ts";
import {
  type PersonalParts,
  type PersonalText,
  linksIn,
  personalParts,
  placeholdersIn,
} from "./personal-parts.ts";
import {
  type PersonFacts,
  LONGEST_URL,
  longestLength,
  longestLink,
  personalize,
  placeholdersOf,
  placeholdersOfLink,
  unknownNamesIn,
} from "./personal.ts";

/** Who is in the audience of a post. */
export interface Receivers {
  people: boolean;
  channels: boolean;
  groups: boolean;
  /** It answers /start, and is no campaign: nothing is counted. */
  welcome?: true;
}

/** What is known of an attribute that a post asks for. */
export interface AttributeFacts {
  /** How many people of the audience lack it. */
  lacking: number;
  /** How long the longest value in the audience is. */
  characters: number;
  bytes: number;
}
export type KnownAttributes = ReadonlyMap<string, AttributeFacts>;

/** A finding about a post before it is sent; `language` is that of the version, null for the default one. */
export type Finding = (Fault | Note) & {
  language: string | null;
  /** The bot that it concerns; absent if it concerns all that send the post, or the only one. */
  bot?: number;
};

/** Telegram would refuse it, or some people would get nonsense. */
type Fault = { level: "error" } & (
  | { type: "personal-too-long"; over: number; limit: number }
  /** People without these names would get an empty text. */
  | { type: "personal-empty" }
  /** Votes and answers need a campaign. */
  | { type: "welcome-button" }
  /** With the longest values an address is longer than Telegram accepts. */
  | { type: "personal-link-too-long"; over: number; limit: number }
  /** The post says {code}, and the campaign has no codes, or too few. */
  | { type: "no-codes" }
  /** A welcome has no codes. */
  | { type: "welcome-codes" }
  | { type: "too-few-codes"; codes: number; withheld: number; people: number; lacking: number }
  /** It began without codes, so nobody was given one. */
  | { type: "codes-too-late" }
  | { type: "app-button" }
  | { type: "inline-button" }
  /** Channels accept only anonymous polls. */
  | { type: "open-poll" }
  /** Only channels accept polls for members or for certain countries. */
  | { type: "channel-poll" }
  | { type: "album-buttons" }
  | { type: "no-source" }
  /** Another bot than the one that has the source is to send it, and sees no messages of that chat. */
  | { type: "forward-elsewhere" | "copy-elsewhere" }
  /** The bot that is to send it has not got these files yet, or can never get them. */
  | { type: "files-missing"; count: number }
  | { type: "files-unknown" }
  /** A segment asks of a campaign or list what it cannot answer, or several bots are to send to the first so many. */
  | {
      type: `segment-campaign-${"unknown" | "itself" | "elsewhere" | "chats" | "old" | "no-votes" | "no-poll" | "anonymous"}`;
      number: string;
    }
  /** Nobody can have voted for it, or answered it; `choices` are those that there are. */
  | { type: "segment-choice-unknown"; number: string; choice: string; choices: string }
  | { type: "segment-list-unknown"; name: string }
  | { type: "segment-first-of-several" }
  /** Telegram turns it into a website: http://mailto:info@example.com/ */
  | { type: "mail-link"; email: string }
);

/** What an admin should know. */
type Note = { level: "note" } & (
  | { type: "unknown-name" | "no-default" | "not-personal"; name: string }
  /** So many people of the audience have no such attribute. */
  | { type: "no-attribute"; name: string; count: number }
  | { type: "forward-drops" | "forward-buttons" | "forward-mute" }
  | { type: "source-must-stay" }
  | { type: "effect-people-only" }
  | { type: "dice" }
  /** The campaign has codes, and its post does not say {code}. */
  | { type: "codes-unused" }
  /** So many newcomers can get a step of their series before its codes run out. */
  | { type: "codes-of-step"; codes: number }
  /** Each recipient gets a poll of their own; forwards share one. */
  | { type: "own-poll" | "shared-poll" | "welcome-poll" }
  | { type: "inline-mode" }
  /** The bot that is to send it may not know the person who is mentioned. */
  | { type: "mention-elsewhere" }
  /** Another program receives the taps on its buttons, and Herald has not heard of any for days. */
  | { type: "taps-unheard" }
);

/**
 * Errors come first, and the default version before the others. `known` has the attributes that the post asks for and that
 * somebody has.
 */
export function check(content: Content, to: Receivers, known: KnownAttributes = new Map()): Finding[] {
  const findings = versionsOf(content).flatMap(({ language, version }) => {
    // Only people get versions by language.
    const who = language === null ? to : { ...to, channels: false, groups: false };
    if (!who.people && !who.channels && !who.groups) return [];
    return checkVersion(content, version, who, known).map((finding) => ({ ...finding, language }));
  });
  if (content.options?.effect !== undefined && (to.channels || to.groups))
    findings.push({ level: "note", type: "effect-people-only", language: null });
  return errorsFirst(findings);
}

export function errorsFirst(findings: Finding[]): Finding[] {
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}

const isError = ({ level }: Finding) => level === "error";

function checkVersion(
  content: Content,
  version: Version,
  to: Receivers,
  known: KnownAttributes,
): (Fault | Note)[] {
  const rows = buttonsOf(content, version);
  const buttons = rows.flat();
  const forward = content.options?.forward === true;
  return [
    ...checkSource(version, forward),
    ...checkPoll(version, to, forward),
    ...(forward
      ? checkForward(version, rows, content.options?.effect, known)
      : [
          ...checkButtons(version, buttons, to),
          ...checkPersonal(version, rows, to, known),
          ...checkLinks(version, buttons),
          ...checkDice(version),
        ]),
    ...(version.kind === "poll" ? [{ level: "note" as const, type: pollNote(to, forward) }] : []),
  ];
}

function pollNote({ welcome }: Receivers, forward: boolean): "own-poll" | "shared-poll" | "welcome-poll" {
  return welcome ? "welcome-poll" : forward ? "shared-poll" : "own-poll";
}

function checkSource(version: Version, forward: boolean): (Fault | Note)[] {
  if (!forward && version.kind !== "copy") return [];
  return version.source
    ? [{ level: "note", type: "source-must-stay" }]
    : [{ level: "error", type: "no-source" }];
}

function checkPoll(version: Version, to: Receivers, forward: boolean): Fault[] {
  if (version.kind !== "poll") return [];
  const { is_anonymous, members_only, country_codes } = version.poll;
  const faults: Fault[] = [];
  if (is_anonymous === false && to.channels) faults.push({ level: "error", type: "open-poll" });
  const bounded = members_only === true || (country_codes ?? []).length > 0;
  if (bounded && !forward && (to.people || to.groups)) faults.push({ level: "error", type: "channel-poll" });
  return faults;
}

function checkLinks(version: Version, buttons: Button[]): Fault[] {
  const urls = buttons.flatMap((button) => ("url" in button ? [button.url] : []));
  const emails = [...linksIn(version), ...urls].map(emailIn).filter((email) => email !== null);
  return [...new Set(emails)].map((email) => ({ level: "error", type: "mail-link", email }));
}

function checkForward(
  version: Version,
  rows: Button[][],
  effect: string | undefined,
  known: KnownAttributes,
): Note[] {
  const goAlong = version.source?.buttons;
  const drops =
    (rows.length > 0 && !goAlong) ||
    version.below !== undefined ||
    placeholdersIn(personalParts(version, []), known).length > 0;
  // forwardMessage has a parameter for the effect, forwardMessages does not.
  const mute = effect !== undefined && version.kind === "album";
  return [
    ...(drops ? [{ level: "note", type: "forward-drops" } as const] : []),
    ...(goAlong && !isDeepStrictEqual(goAlong, withoutIds(rows))
      ? [{ level: "note", type: "forward-buttons" } as const]
      : []),
    ...(mute ? [{ level: "note", type: "forward-mute" } as const] : []),
  ];
}

function checkButtons(version: Version, buttons: Button[], to: Receivers): (Fault | Note)[] {
  const findings: (Fault | Note)[] = [];
  const some = (action: "app" | "here" | "share" | "vote" | "answer") =>
    buttons.some((button) => action in button);
  if (buttons.length > 0 && version.kind === "album" && !version.below)
    findings.push({ level: "error", type: "album-buttons" });
  if (some("app") && (to.channels || to.groups)) findings.push({ level: "error", type: "app-button" });
  if (to.welcome && (some("vote") || some("answer")))
    findings.push({ level: "error", type: "welcome-button" });
  const inline = some("share") || some("here");
  if (inline && to.channels) findings.push({ level: "error", type: "inline-button" });
  if (inline) findings.push({ level: "note", type: "inline-mode" });
  return findings;
}

function checkDice({ kind }: Version): Note[] {
  return kind === "dice" ? [{ level: "note", type: "dice" }] : [];
}

function checkPersonal(
  version: Version,
  rows: Button[][],
  to: Receivers,
  known: KnownAttributes,
): (Fault | Note)[] {
  const parts = personalParts(version, rows);
  const without = placeholdersIn(parts, known).filter(({ hasDefault }) => !hasDefault);
  // Every person has a first name; chats have no names at all.
  const nameless = without.filter(
    ({ name }) => !known.has(name) && (name !== "first_name" || to.channels || to.groups),
  );
  const lacking = [...known].filter(
    ([name, { lacking }]) => lacking > 0 && without.some((place) => place.name === name),
  );
  const plain = placeholdersOf(plainText(version, rows.flat()), known);
  return [
    ...parts.texts.flatMap((text) => checkText(text, known)),
    ...parts.links.flatMap((url) => checkLink(url, known)),
    ...named("unknown-name", unknownNamesIn(wordsOf(parts), known)),
    ...named(
      "no-default",
      nameless.map(({ name }) => name),
    ),
    ...lacking.map(([name, { lacking: count }]): Note => ({
      level: "note",
      type: "no-attribute",
      name,
      count,
    })),
    ...named(
      "not-personal",
      plain.map(({ name }) => name),
    ),
  ];
}

function named(type: "unknown-name" | "no-default" | "not-personal", names: string[]): Note[] {
  return [...new Set(names)].map((name) => ({ level: "note", type, name }));
}

function wordsOf({ texts, links }: PersonalParts): string {
  return [...texts.map(({ text }) => text), ...links.map(withBraces)].join("\n");
}

function checkText({ text, limit, needed }: PersonalText, known: KnownAttributes): Fault[] {
  if (placeholdersOf(text, known).length === 0) return [];
  const faults: Fault[] = [];
  const over = longestLength(text, known) - limit;
  if (over > 0) faults.push({ level: "error", type: "personal-too-long", over, limit });
  if (needed && showsNothing(personalize({ text }, leastOf(known)).text))
    faults.push({ level: "error", type: "personal-empty" });
  return faults;
}

/** Somebody of whom no more is known than of everyone. */
function leastOf(known: KnownAttributes): PersonFacts {
  const attributes = Object.fromEntries(
    [...known].map(([name, { lacking }]) => [name, lacking > 0 ? null : "x"]),
  );
  return { language: null, firstName: null, lastName: null, username: null, attributes };
}

function checkLink(url: string, known: KnownAttributes): Fault[] {
  if (placeholdersOfLink(url, known).length === 0) return [];
  const over = longestLink(url, known) - LONGEST_URL;
  return over > 0 ? [{ level: "error", type: "personal-link-too-long", over, limit: LONGEST_URL }] : [];
}

/** The texts that are sent unchanged. */
function plainText(version: Version, buttons: Button[]): string {
  const unchanged = buttons.map((button) => {
    if ("vote" in button) return button.text;
    if ("answer" in button) return button.answer;
    if ("share" in button) return button.share;
    return "here" in button ? button.here : "";
  });
  return JSON.stringify([fieldsOf(version), ...unchanged]);
}

/** Telegram may have percent-encoded the braces in an address. */
function withBraces(url: string): string {
  return url.replaceAll(/%7B/gi, "{").replaceAll(/%7C/gi, "|").replaceAll(/%7D/gi, "}");
}

/** The readable fields of kinds that have no caption. */
function fieldsOf(version: Version): object | null {
  switch (version.kind) {
    case "poll":
      return version.poll;
    case "rich": {
      const { html, markdown } = version.rich;
      return { html, markdown };
    }
    case "venue":
      return version.venue;
    case "contact":
      return version.contact;
    default:
      return null;
  }
}
