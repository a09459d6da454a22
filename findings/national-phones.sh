#!/usr/bin/env bash
# With a plus sign in front, many national phone numbers become valid numbers of another country.
#
# Expected: with the exact patterns of the "max" metadata, the digits of a national number without its country code are not
#   a valid international number, so all numbers of a national list that is read with "+" in front are refused.
# Instead: 18 % of Brazil's mobile numbers, 10 % of India's and 9 % of the USA's are valid numbers of other countries
#   (Germany, Belgium, Russia, Cuba …). An import that reads digits as international numbers stores them, and looks right
#   because the rest of the list is refused. The country has to be given.
# Seen with libphonenumber-js 1.13.16. The numbers are drawn with a fixed seed; each is valid in its own country.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error libphonenumber-js@1.13.16 >/dev/null 2>&1
cat >probe.cjs <<'JS'
const { parsePhoneNumberFromString: parse } = require("libphonenumber-js/max");
console.log("libphonenumber-js", require("libphonenumber-js/package.json").version);
let seed = 1;
const digit = () => Math.floor(((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648) * 10);
const draw = (country, length) => {
  for (;;) {
    const digits = Array.from({ length }, digit).join("");
    const own = parse(digits, country);
    if (own?.isValid() && own.country === country && own.nationalNumber === digits) return digits;
  }
};
let holds = true;
for (const [country, length, least] of [
  ["BR", 11, 12],
  ["IN", 10, 6],
  ["US", 10, 5],
]) {
  const numbers = Array.from({ length: 500 }, () => draw(country, length));
  const foreign = numbers.map((digits) => parse(`+${digits}`, { extract: false })).filter((number) => number?.isValid());
  const share = (100 * foreign.length) / numbers.length;
  const whose = [...new Set(foreign.map((number) => number.country ?? `+${number.countryCallingCode}`))].slice(0, 6);
  console.log(`${country}: ${share.toFixed(1)} % of 500 national numbers are valid with a +, as those of ${whose.join(", ")} …`);
  holds &&= share >= least;
}
process.exit(holds ? 0 : 1);
JS
node probe.cjs
