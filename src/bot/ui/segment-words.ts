import type {
  Attribute,
  Choice,
  Comparison,
  Condition,
  Segment,
  Time,
} from "../../audience/segment/segment.ts";
import { type Translate, type Values, languageName } from "./words.ts";

/** A segment in words that follow "people": "with the tag vip, seen in the last 30 days". */
export function describeSegment(t: Translate, segment: Segment): string {
  if ("all" in segment) return withReminder(t, segment.all).join(", ");
  if ("any" in segment) return segment.any.map((one) => describePart(t, one)).join(` ${t("segment-or")} `);
  if (!("not" in segment)) return describeCondition(t, segment, false);
  const { not } = segment;
  if ("all" in not || "any" in not || "not" in not)
    return t("segment-except", { conditions: describeSegment(t, not) });
  return describeCondition(t, not, true);
}

/** In brackets, if it would read differently without them. */
function describePart(t: Translate, segment: Segment): string {
  const words = describeSegment(t, segment);
  return "all" in segment || "any" in segment ? `(${words})` : words;
}

/** The parts of an "and". The reminder of a survey is the one that reads better in one piece: who got it and has not answered. */
function withReminder(t: Translate, segments: readonly Segment[]): string[] {
  const parts: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (isReminded(segments[index - 1], segment)) continue;
    parts.push(
      "got" in segment && isReminded(segment, next)
        ? t("segment-reminder", { number: String(segment.got) })
        : describePart(t, segment),
    );
  }
  return parts;
}

function isReminded(got: Segment | undefined, next: Segment | undefined): boolean {
  if (!got || !next || !("got" in got) || !("not" in next) || !("answered" in next.not)) return false;
  const { campaign, choice } = next.not.answered;
  return campaign === got.got && choice === undefined;
}

function describeCondition(t: Translate, condition: Condition, isNot: boolean): string {
  const say = (key: string, values: Values = {}) => t(`segment-${isNot ? "no-" : ""}${key}`, values);
  if ("tag" in condition) return say("tag", { name: condition.tag });
  if ("source" in condition) return say("source", { name: condition.source });
  if ("list" in condition) return say("list", { name: condition.list });
  if ("language" in condition) return say("language", { name: languageName(condition.language) });
  if ("premium" in condition) return say("premium");
  if ("phone" in condition) return say("phone");
  if ("attribute" in condition) return say("attribute", attributeWords(t, condition.attribute));
  if ("joined" in condition) return say("joined", { time: timeWords(t, condition.joined) });
  if ("seen" in condition) return say("seen", { time: timeWords(t, condition.seen) });
  if ("blocked" in condition) return say("blocked", { time: timeWords(t, condition.blocked) });
  if ("voted" in condition) return choiceWords(say, "voted", condition.voted);
  if ("answered" in condition) return choiceWords(say, "answered", condition.answered);
  if ("chance" in condition) return say("chance", { percent: String(condition.chance) });
  if ("got" in condition) return say("got", { number: String(condition.got) });
  if ("failed" in condition) return say("failed", { number: String(condition.failed) });
  if ("uncertain" in condition) return say("uncertain", { number: String(condition.uncertain) });
  return say("among", { number: String(condition.among) });
}

function attributeWords(t: Translate, { name, compare, value }: Attribute): Values {
  return {
    name,
    value:
      compare === "="
        ? String(value)
        : t("segment-compare", { compare: SIGNS[compare], value: String(value) }),
  };
}

/** Fluent takes no signs as the names of variants. */
const SIGNS: Record<Comparison, string> = {
  "=": "equal",
  "<": "below",
  "<=": "most",
  ">": "above",
  ">=": "least",
};

function choiceWords(
  say: (key: string, values: Values) => string,
  key: "voted" | "answered",
  { campaign, choice }: Choice,
): string {
  const number = String(campaign);
  return choice === undefined ? say(key, { number }) : say(`${key}-for`, { number, choice });
}

function timeWords(t: Translate, time: Time): string {
  if ("day" in time) return t("segment-day", { compare: SIGNS[time.compare], day: time.day });
  const inDays = time.hours % 24 === 0;
  const values = { count: inDays ? time.hours / 24 : time.hours };
  return t(`segment-${time.ago === "<" ? "last" : "before"}-${inDays ? "days" : "hours"}`, values);
}
