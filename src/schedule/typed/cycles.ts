import { ordinal, whole } from "./numbers.ts";
import { type Parser, after, either, maybe, optional, rule, saying, word, words } from "./parser.ts";
import { type Unit, unit } from "./spans.ts";
import { every } from "./weekdays.ts";

/* How often: "every other day", "каждые две недели", "раз в месяц", "hourly". */

export interface Cycle {
  unit: Unit;
  /** The interval: 2 for every other. */
  step: number;
}

const cycleOf = (unit: Unit, step = 1): Cycle => ({ unit, step });

/** "every week", "every 2 weeks", "every other week", "каждую вторую неделю". */
const byEvery = rule(
  [every, either(saying(1, optional(word("single"))), saying(2, word("other")), whole, ordinal), unit],
  ([, step, unit]) => (step > 0 ? cycleOf(unit, step) : null),
);

/** "once a week", "once every two weeks", "раз в две недели". */
const byOnce = rule(
  [
    either(
      after(word("once"), either(word("a an per in"), every)),
      after(optional(word("1 один")), words("раз в")),
    ),
    maybe(whole),
    unit,
  ],
  ([, step, unit]) => cycleOf(unit, step ?? 1),
);

export const cycle: Parser<Cycle> = either(
  byEvery,
  byOnce,
  // "the 15th of every month", "каждого второго месяца"
  after(word("of in"), byEvery),
  saying(cycleOf("month"), after(word("of"), after(word("the a"), word("month"))), word("месяца")),
  saying(cycleOf("hour"), word("hourly ежечасно")),
  saying(
    cycleOf("minute", 30),
    after(every, after(word("half пол"), after(optional(word("an")), word("hour часа")))),
  ),
  saying(cycleOf("day"), word("daily everyday ежедневно"), words("all days"), words("все дни")),
  saying(cycleOf("day", 2), words("через день")),
  saying(cycleOf("week"), word("weekly еженедельно")),
  saying(
    cycleOf("week", 2),
    word("fortnightly biweekly"),
    words("bi - weekly"),
    after(every, word("fortnight")),
    words("через неделю"),
  ),
  saying(cycleOf("month"), word("monthly ежемесячно")),
  saying(
    cycleOf("month", 3),
    word("quarterly ежеквартально"),
    after(every, word("quarter квартал")),
    words("раз в квартал"),
  ),
  saying(cycleOf("year"), word("yearly annually ежегодно")),
);
