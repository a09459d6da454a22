#!/usr/bin/env bash
# Date libraries have no zone data of their own, and the newest Node does not have the newest.
#
# Expected: updating the date library or Node gives the right hours. Luxon, date-fns-tz, Day.js, the Temporal polyfills and
# croner convert by the IANA database, so a current version of them on a current Node knows the latest changes.
# Instead: all of them use Intl, so their data is as old as the ICU in the Node that runs them (Node 20.20.2: 2025c, 24.22.3 and
# 26.12.1: 2026e). 2026f keeps Cuba on UTC-4 after November 2026: on each of these versions of Node, every one of these libraries
# puts 15 December 2026, 09:00 in Havana an hour late. moment-timezone 0.6.6, which has its own copy (2026f), does not.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error --ignore-scripts luxon@3.7.2 date-fns-tz@3.2.0 date-fns@4.1.0 \
  dayjs@1.11.23 temporal-polyfill@1.0.8 @js-temporal/polyfill@0.5.1 croner@11.0.1 moment-timezone@0.6.6
cat >havana.mjs <<'JS'
import { Temporal as Other } from "@js-temporal/polyfill";
import { Cron } from "croner";
import { fromZonedTime } from "date-fns-tz";
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone.js";
import utc from "dayjs/plugin/utc.js";
import { DateTime } from "luxon";
import moment from "moment-timezone";
import { Temporal } from "temporal-polyfill";

dayjs.extend(utc);
dayjs.extend(timezone);
const zone = "America/Havana";
const local = "2026-12-15T09:00:00";
const own = moment.tz(local, zone).toDate();
const byIntl = {
  luxon: DateTime.fromISO(local, { zone }).toJSDate(),
  "date-fns-tz": fromZonedTime(local, zone),
  dayjs: dayjs.tz(local, zone).toDate(),
  "temporal-polyfill": new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds),
  "@js-temporal/polyfill": new Date(Other.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds),
  croner: new Cron("0 9 15 12 *", { timezone: zone }).nextRun(new Date("2026-12-01T00:00:00Z")),
};
console.log(`Node ${process.version}, Intl ${process.versions.tz}, moment-timezone ${moment.tz.version} with ${moment.tz.dataVersion}`);
console.log(`${local} in Havana:`);
console.log(`  ${own.toISOString()}  moment-timezone`);
for (const [name, instant] of Object.entries(byIntl)) console.log(`  ${instant.toISOString()}  ${name}`);
const late = Object.values(byIntl).every((instant) => instant.getTime() - own.getTime() === 3_600_000);
console.log(late ? "All that ask Intl are an hour late." : "Changed: not all of them are an hour late.");
process.exitCode = late ? 0 : 1;
JS
node havana.mjs
