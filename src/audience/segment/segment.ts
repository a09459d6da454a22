import {
  type Shape,
  byField,
  either,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  text,
  yes,
} from "../../stored-json.ts";

/**
 * A choice of people by what is known of them, as data: conditions joined by and, or and not. It is typed as one line
 * (read-line.ts, print-line.ts), compiled to SQL (segment-sql.ts) and evaluated when the campaign starts.
 */
export type Segment = { all: Segment[] } | { any: Segment[] } | { not: Segment } | Condition;

/** One condition. What is not known of a person does not meet it. */
export type Condition =
  | { tag: string }
  | { attribute: Attribute }
  | { source: string }
  /** On the list of that name, spelled as a tag is. */
  | { list: string }
  | { language: string }
  | { premium: true }
  | { phone: true }
  /** When they started the bot, last wrote or tapped, or blocked the bot. */
  | { joined: Time }
  | { seen: Time }
  | { blocked: Time }
  /** What became of the copy of a campaign; `among` means that there was one. */
  | { got: number }
  | { failed: number }
  | { uncertain: number }
  | { among: number }
  /** By a button under the post, and in its poll. Without a choice, any. */
  | { voted: Choice }
  | { answered: Choice }
  /** That many of a hundred, by a hash of their id, so the same people each time. */
  | { chance: number };

export interface Attribute {
  name: string;
  compare: Comparison;
  /** Numbers compare with numbers only, texts and dates with texts only. */
  value: string | number;
}

export const COMPARISONS = ["=", "<", "<=", ">", ">="] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Less or more than so many hours before the campaign starts, or a day. */
export type Time =
  | { ago: "<" | ">"; hours: number }
  | {
      compare: Comparison;
      /** As `2026-11-30`. */
      day: string;
      /** When it begins and when the next one does, in the time zone of the person who typed it, as ISO instants. */
      from: string;
      to: string;
    };

export interface Choice {
  campaign: number;
  choice?: string;
}

const time: Shape<Time> = either(
  object<Extract<Time, { ago: unknown }>>({ ago: oneOf(["<", ">"]), hours: number }),
  object<Extract<Time, { day: unknown }>>({ compare: oneOf(COMPARISONS), day: text, from: text, to: text }),
);
const choice = object<Choice>({ campaign: integer, choice: optional(text) });
const several: Shape<Segment[]> = { faultIn: (value) => list(segmentShape).faultIn(value) };
const negated: Shape<Segment> = { faultIn: (value) => segmentShape.faultIn(value) };

export const segmentShape: Shape<Segment> = byField<Segment>({
  all: several,
  any: several,
  not: negated,
  tag: text,
  attribute: object<Attribute>({ name: text, compare: oneOf(COMPARISONS), value: either(text, number) }),
  source: text,
  list: text,
  language: text,
  premium: yes,
  phone: yes,
  joined: time,
  seen: time,
  blocked: time,
  got: integer,
  failed: integer,
  uncertain: integer,
  among: integer,
  voted: choice,
  answered: choice,
  chance: number,
});

/** The most conditions of a segment, how deep they may be nested, and the most campaigns that they name. */
export const MOST_CONDITIONS = 50;
export const MOST_DEPTH = 10;
export const MOST_CAMPAIGNS = 10;

/** Everyone who meets all of these. One that is itself such a list is merged into it. */
export function allOf(segments: readonly Segment[]): Segment {
  const flat = segments.flatMap((one) => ("all" in one ? one.all : [one]));
  const [only] = flat;
  return only && flat.length === 1 ? only : { all: flat };
}

export function anyOf(segments: readonly Segment[]): Segment {
  const flat = segments.flatMap((one) => ("any" in one ? one.any : [one]));
  const [only] = flat;
  return only && flat.length === 1 ? only : { any: flat };
}

/** The conditions that must all be met; none without a segment. */
export function partsOf(segment: Segment | undefined): Segment[] {
  if (!segment) return [];
  return "all" in segment ? segment.all : [segment];
}

export function conditionsIn(segment: Segment): Condition[] {
  if ("all" in segment) return segment.all.flatMap(conditionsIn);
  if ("any" in segment) return segment.any.flatMap(conditionsIn);
  return "not" in segment ? conditionsIn(segment.not) : [segment];
}

export function depthOf(segment: Segment): number {
  if ("not" in segment) return 1 + depthOf(segment.not);
  const parts = "all" in segment ? segment.all : "any" in segment ? segment.any : [];
  return 1 + Math.max(0, ...parts.map(depthOf));
}

/** False if it has more conditions, names more campaigns, or is nested deeper than a line may be. */
export function isWithinLimits(segment: Segment): boolean {
  return (
    conditionsIn(segment).length <= MOST_CONDITIONS &&
    campaignsIn(segment).length <= MOST_CAMPAIGNS &&
    depthOf(segment) <= MOST_DEPTH
  );
}

/** The campaign that a condition is about. */
export function campaignOf(condition: Condition): number | null {
  if ("got" in condition) return condition.got;
  if ("failed" in condition) return condition.failed;
  if ("uncertain" in condition) return condition.uncertain;
  if ("among" in condition) return condition.among;
  if ("voted" in condition) return condition.voted.campaign;
  return "answered" in condition ? condition.answered.campaign : null;
}

/** The names of the lists that a segment is about. */
export function listsIn(segment: Segment): string[] {
  return conditionsIn(segment).flatMap((one) => ("list" in one ? [one.list] : []));
}

/** The campaigns that a segment is about, each once. */
export function campaignsIn(segment: Segment): number[] {
  return [...new Set(conditionsIn(segment).flatMap((one) => campaignOf(one) ?? []))];
}
