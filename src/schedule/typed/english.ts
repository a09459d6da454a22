/** The English words of the grammar. A string has the forms of one word, separated by spaces. */
export const ENGLISH = {
  /** January first. */
  months: [
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
  ],
  /** Monday first. */
  weekdays: [
    "monday mon",
    "tuesday tue tues",
    "wednesday wed",
    "thursday thu thur thurs",
    "friday fri",
    "saturday sat",
    "sunday sun",
  ],
  /** Every Monday, not the coming one. */
  weekdayPlurals: ["mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"],
  /** One first. */
  cardinals: [
    ..."one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split(" "),
    ..."fifteen sixteen seventeen eighteen nineteen".split(" "),
  ],
  /** Twenty first. */
  tens: ["twenty", "thirty", "forty fourty", "fifty"],
  /** First first. */
  ordinals: "first second third fourth fifth sixth seventh eighth ninth tenth".split(" "),
  every: "every each",
  units: {
    minute: "minute minutes min mins m",
    hour: "hour hours hr hrs h",
    day: "day days",
    week: "week weeks",
    month: "month months",
    year: "year years",
  },
} as const;
