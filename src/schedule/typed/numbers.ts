import { ENGLISH } from "./english.ts";
import { after, either, figures, followed, listed, maybe, rule, saying, word, words } from "./parser.ts";
import { RUSSIAN } from "./russian.ts";

/* Numbers, in digits and in words. */

export const dot = word(".");
/** One or two digits. */
export const one = figures(/^\d\d?$/);
export const two = figures(/^\d\d$/);

const unitWords = listed(1, ENGLISH.cardinals, RUSSIAN.cardinals);
const tenWords = rule([listed(2, ENGLISH.tens, RUSSIAN.tens)], ([tens]) => tens * 10);
/** 1 to 59 in words. */
export const spelled = either(
  unitWords,
  tenWords,
  rule([tenWords, maybe(word("-")), unitWords], ([tens, , unit]) => (unit < 10 ? tens + unit : null)),
);

const ordinalWords = listed(1, RUSSIAN.ordinalGenitives);
/** As in "двадцать пятого ноября" and "в половине седьмого". */
export const ordinalGenitive = either(
  ordinalWords,
  saying(30, word("тридцатого")),
  rule([tenWords, ordinalWords], ([tens, unit]) => (unit < 10 && tens < 40 ? tens + unit : null)),
);

/** What follows the digits in "25th" and "25-го". */
export const dateEnding = either(
  word("st nd rd th"),
  rule([maybe(word("-")), word("го ого е ое")], ([, ending]) => ending),
);

/** "2nd", "2-й", "second", "вторую". */
export const ordinal = either(
  followed(one, either(word("st nd rd th"), after(maybe(word("-")), word("й ый ой ю ую ью е ое ье")))),
  listed(1, ENGLISH.ordinals, RUSSIAN.ordinals),
);

export const whole = either(figures(/^\d{1,4}$/), spelled);
export const andAHalf = either(words("and a half"), words("с половиной"));
