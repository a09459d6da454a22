import * as fc from "fast-check";
import {
  type Comparison,
  type Condition,
  type Segment,
  type Time,
  COMPARISONS,
  allOf,
  anyOf,
} from "../../../src/audience/segment/segment.ts";
import { dayBoundsIn } from "../../../src/schedule/day-bounds.ts";

/** What people have, and what segments ask for: few values, so that they meet. */
export const TAGS = ["vip", "spring fair", "не беспокоить", "or", 'a"b'];
export const SOURCES = ["promo_vk0", "Promo", "(x)"];
export const TEXTS = ["Kazan", "Казань", "Nizhny Novgorod", "2020-05-01", "2021-01-31", "<3", "a=b", "x,"];
export const NUMBERS = [0, 18, 18.5, -3, 1_000_000];
export const NAMES = ["city", "age", "born", "возраст", "source"];
export const LISTS = ["spring fair", "vip"];
export const LANGUAGES = ["en", "ru", "de"];
/** The votes and polls of tests have these choices. */
export const CHOICES = ["👍", "Blue sky", "Да (точно)"];
export const CAMPAIGNS = [1, 2];
export const ZONE = "Europe/Moscow";
export const DAYS = ["2026-02-27", "2026-03-01", "2026-03-02"];

const boundsOf = dayBoundsIn(ZONE);
const compare = fc.constantFrom<Comparison>(...COMPARISONS);
const time: fc.Arbitrary<Time> = fc.oneof(
  fc.record({ ago: fc.constantFrom("<" as const, ">" as const), hours: fc.constantFrom(1, 12, 24, 72, 168) }),
  fc.record({ compare, day: fc.constantFrom(...DAYS) }).map(({ compare, day }) => {
    const { from, to } = boundsOf(day);
    return { compare, day, from: from.toISOString(), to: to.toISOString() };
  }),
);
const campaign = fc.constantFrom(...CAMPAIGNS);
const choice = fc.oneof(
  fc.record({ campaign }),
  fc.record({ campaign, choice: fc.constantFrom(...CHOICES) }),
);
const value = fc.oneof(
  fc.record({
    compare: fc.constant<Comparison>("="),
    value: fc.constantFrom<string | number>(...TEXTS, ...NUMBERS),
  }),
  fc.record({ compare, value: fc.constantFrom<string | number>("2020-05-01", "2021-01-31", ...NUMBERS) }),
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ tag: fc.constantFrom(...TAGS) }),
  fc
    .record({ name: fc.constantFrom(...NAMES), value })
    .map(({ name, value }) => ({ attribute: { name, ...value } })),
  fc.record({ source: fc.constantFrom(...SOURCES) }),
  fc.record({ list: fc.constantFrom(...LISTS) }),
  fc.record({ language: fc.constantFrom(...LANGUAGES) }),
  fc.constantFrom<Condition>({ premium: true }, { phone: true }),
  fc.oneof(fc.record({ joined: time }), fc.record({ seen: time }), fc.record({ blocked: time })),
  fc.oneof(
    fc.record({ got: campaign }),
    fc.record({ failed: campaign }),
    fc.record({ uncertain: campaign }),
    fc.record({ among: campaign }),
  ),
  fc.oneof(fc.record({ voted: choice }), fc.record({ answered: choice })),
  fc.record({ chance: fc.constantFrom(0.5, 10, 50, 99.99) }),
);

/** Segments as the parser makes them: lists are flat, and have two parts at least. */
export const randomSegment: fc.Arbitrary<Segment> = fc.letrec<{ segment: Segment }>((tie) => ({
  segment: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    condition,
    tie("segment").map((not) => ({ not })),
    fc.array(tie("segment"), { minLength: 2, maxLength: 3 }).map(allOf),
    fc.array(tie("segment"), { minLength: 2, maxLength: 3 }).map(anyOf),
  ),
})).segment;
