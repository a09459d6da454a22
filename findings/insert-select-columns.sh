#!/usr/bin/env bash
# An insert from a select that leaves out a column with a default compiles, and throws when it runs.
#
# Expected: insert(table).select(query) takes what values() takes: columns with a default, or that may be null, can be left out,
#   as in SQL. TypeScript accepts such a query without a word.
# Instead: it throws "selected fields are not the same or are in a different order": every column of the table has to be
#   selected, in the order of the table. So a column that is added to a table breaks such inserts elsewhere when they run, and
#   no compiler tells.
# Seen with drizzle-orm 0.45.4, typescript 5.9.3; no network.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error drizzle-orm@0.45.4 typescript@5.9.3 >/dev/null 2>&1
cat >probe.mts <<'TS'
import { sql } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pg-proxy";
const bots = pgTable("bots", { id: integer("id").primaryKey(), name: text("name"), rate: integer("rate").notNull().default(28) });
const db = drizzle(async () => ({ rows: [] }));
const build = (insert: () => { toSQL(): { sql: string } }) => {
  try {
    return insert().toSQL().sql;
  } catch (error) {
    return `throws: ${(error as Error).message}`;
  }
};
const values = build(() => db.insert(bots).values({ id: 1 }));
const some = build(() => db.insert(bots).select(db.select({ id: sql<number>`1`.as("id") }).from(bots)));
const all = build(() =>
  db.insert(bots).select(
    db.select({ id: sql<number>`1`.as("id"), name: sql<string>`'a'`.as("name"), rate: sql<number>`28`.as("rate") }).from(bots),
  ),
);
console.log(`values(), one column: ${values}\nselect(), one column: ${some}\nselect(), all columns: ${all}`);
process.exit(values.startsWith("insert") && some.startsWith("throws") && all.startsWith("insert") ? 0 : 1);
TS
echo 'declare const process: { exit(code: number): never };' >globals.d.ts
npx --no-install tsc --module nodenext --target es2022 --strict --skipLibCheck --lib es2022,dom globals.d.ts probe.mts
node probe.mjs
