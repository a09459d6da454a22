import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import * as schema from "../src/db/schema.ts";
import {
  type Node,
  type SourceFile,
  isNode,
  nameOf,
  neighboursOf,
  quasisOf,
  sourceIn,
} from "./support/source.ts";

/*
 * What the rooms of src/ promise each other and lint cannot say. Code is parsed, not searched.
 */

/** Only the owner of a table writes it. The owner is a folder of src/ or a file in it. */
const OWNERS: Record<string, readonly [owner: string, why: string]> = {
  homes: ["campaign/", "settings and the numbering of campaigns"],
  senders: ["senders/", "the bots that post, and their sealed tokens"],
  processes: ["delivery/", "which processes share the senders of a home"],
  recipients: ["audience/", "who can be written to"],
  forgotten: ["audience/", "who is to stay off the list"],
  lists: ["audience/", "people who were picked one by one"],
  list_members: ["audience/", "who is on which list"],
  segments: ["audience/", "conditions kept under a name"],
  chats: ["audience/", "groups and channels, and the bot's rights there"],
  topics: ["audience/", "the topics of forums"],
  preferences: ["access/", "what each admin set for themselves"],
  admins: ["access/", "who may do what"],
  api_keys: ["access/", "which programs may call the HTTP API"],
  audit: ["access/", "who did what"],
  media: ["media/", "what each bot calls a file"],
  dialogs: ["db/dialog-state.ts", "the conversations plugin's own affair, kept as it hands it over"],
  campaigns: ["campaign/", "states and revisions; the engine moves counters through campaign/counters.ts"],
  series: ["campaign/", "what the next run is made from"],
  welcomes: ["campaign/", "the posts that answer /start"],
  code_pools: ["campaign/", "where personal codes come from"],
  codes: ["campaign/", "who got which code"],
  bundle_people: ["delivery/", "whom the campaigns of a bundle have frozen"],
  deliveries: ["delivery/", "the engine moves each from claim to outcome"],
  sent_edits: [
    "campaign/",
    "how far the edits of sent posts are; the engine moves them through campaign/sent-edits.ts",
  ],
  follow_ups: ["delivery/", "what is still to be done with messages that were sent"],
  votes: ["campaign/", "who voted for what under a post"],
  departures: ["campaign/", "who left by the button under a post"],
  taps: ["campaign/", "how often buttons were tapped"],
  polls: ["campaign/", "the polls that a campaign sent"],
  poll_totals: ["campaign/", "what its polls add up to"],
  poll_answers: ["campaign/", "who chose what"],
  heard_updates: ["db/heard-updates.ts", "which relayed updates were heard, whatever they are about"],
  queued_updates: ["db/queued-updates.ts", "what Telegram has posted, whatever it is about"],
  inboxes: ["inbox/", "what becomes of what people write"],
  inbox_threads: ["inbox/", "where in the group each person is"],
  inbox_messages: ["inbox/", "which message stands for which"],
  cards: ["campaign/", "the messages that show a campaign"],
  news: ["campaign/", "what is still to be told of campaigns"],
  webhooks: ["webhooks/", "addresses that are told of events, and what signs what they are told"],
  webhook_messages: ["webhooks/", "what they are still to be told, and what came of it"],
  troubles: ["db/troubles.ts", "written while little else works"],
};

/** Writes past the owner, each with its reason. One that is gone has to leave this list. */
const FOREIGN_WRITES: Record<string, string> = {
  "audience/forgotten.ts → homes": "the key of its hashes, made once",
  "campaign/erase-from-bundles.ts → bundle_people": "erasing a person concerns every table that has them",
  "campaign/revive.ts → deliveries": "a retry is a move of the campaign, and takes its deliveries along",
  "campaign/supergroup.ts → ?": "campaigns and series in turn, both its own",
  "campaign/supergroup.ts → deliveries": "they follow the group in one transaction with the campaigns",
  "delivery/pace/retry-after.ts → senders": "how long Telegram wants silence from the engine's bot",
  "delivery/upkeep/held-leases.ts → senders": "which process runs the engines of several bots",
  "delivery/upkeep/lease-row.ts → senders": "which process runs the engine of a bot",
  "senders/purge.ts → ?": "every table of a removed bot in turn, once its engine has stopped",
  "senders/purge.ts → cards": "they go with the campaigns of a removed bot",
  "senders/purge.ts → news": "they go with the campaigns of a removed bot",
  "senders/purge.ts → troubles": "they go with a removed bot",
  "campaign/votes/old-votes.ts → ?": "votes, polls and poll_answers in turn, all its own",
};

/** Folders that import each other in a circle. One that is gone has to leave this list. */
const CYCLES: readonly string[] = [];

/** Base names that are there twice. One that is gone has to leave this list. */
const TWICE: readonly string[] = [];

/** Base names one letter apart that mean what they say. */
const ALIKE: Record<string, string> = {
  "render sender": "what content/ does to a post, and a bot that posts",
};

const FILES = sourceIn("src");

/** Tables by the name that code gives them. */
const TABLES = new Map(
  Object.entries(schema).flatMap(([name, table]) =>
    is(table, PgTable) ? [[name, getTableName(table)] as const] : [],
  ),
);
const TABLE_NAMES = new Set<string>(TABLES.values());

interface Write {
  file: string;
  /** As the database calls it; `?` when the code does not say it at the place. */
  table: string;
}

function writesIn({ path, nodes }: SourceFile): Write[] {
  return nodes.flatMap((node) => {
    const tables = node.type === "CallExpression" ? tableOfCall(node) : tablesOfSql(node);
    return tables.map((table) => ({ file: path, table }));
  });
}

/** Of `db.insert(campaigns)`, where the object is a database or a transaction. */
function tableOfCall({ callee, arguments: given }: Node): string[] {
  if (!isNode(callee) || callee.type !== "MemberExpression") return [];
  const verb = nameOf(callee["property"]);
  const receiver = nameOf(callee["object"]);
  if (!["insert", "update", "delete"].includes(verb) || !["db", "tx"].includes(receiver)) return [];
  return [TABLES.get(nameOf(Array.isArray(given) ? given[0] : undefined)) ?? "?"];
}

/** Of sql`update campaigns c set …`, also within a longer statement. `for update` and `do update` name no table. */
function tablesOfSql({ type, tag, quasi }: Node): string[] {
  if (type !== "TaggedTemplateExpression" || nameOf(tag) !== "sql" || !isNode(quasi)) return [];
  const values: unknown[] = Array.isArray(quasi["expressions"]) ? quasi["expressions"] : [];
  const statement = quasisOf(quasi)
    .map((text, index) => `${text}${index < values.length ? `$${index}` : ""}`)
    .join("");
  const verbs = /\b(?:insert\s+into|delete\s+from|(?<!for\s+|do\s+)update)\s+(\$\d+|\w+)/gi;
  return [...statement.matchAll(verbs)].flatMap(([, word = ""]) => {
    if (word.startsWith("$")) return [TABLES.get(nameOf(values[Number(word.slice(1))])) ?? "?"];
    return TABLE_NAMES.has(word) ? [word] : [];
  });
}

describe("tables", () => {
  test("each has an owner, and a reason for it", () => {
    expect(Object.keys(OWNERS).toSorted()).toEqual([...TABLE_NAMES].toSorted());
  });

  test("are written by their owners only", () => {
    const writes = FILES.flatMap(writesIn);
    expect(writes.length).toBeGreaterThan(60);
    const foreign = writes
      .filter(({ file, table }) => !file.startsWith(OWNERS[table]?.[0] ?? "?"))
      .map(({ file, table }) => `${file} → ${table}`);
    expect([...new Set(foreign)].toSorted()).toEqual(Object.keys(FOREIGN_WRITES).toSorted());
  });
});

/** The folder that a file belongs to; what lies in src/ itself stands for itself. */
function roomOf(path: string): string {
  const folder = dirname(path);
  return folder === "." ? path : folder;
}

/** Sets of rooms each of which leads to all the others, by imports of values and of types. */
function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reached = new Map([...edges.keys()].map((room) => [room, reachableFrom(room)]));
  function reachableFrom(room: string): Set<string> {
    const seen = new Set<string>();
    const next = [...(edges.get(room) ?? [])];
    for (let one = next.pop(); one !== undefined; one = next.pop()) {
      if (seen.has(one)) continue;
      seen.add(one);
      next.push(...(edges.get(one) ?? []));
    }
    return seen;
  }
  const found = new Map<string, string[]>();
  for (const [room, others] of reached) {
    if (!others.has(room)) continue;
    const circle = [...others].filter((other) => reached.get(other)?.has(room)).toSorted();
    found.set(circle.join(" "), circle);
  }
  return [...found.values()];
}

describe("rooms", () => {
  test("do not import each other in a circle, types included", () => {
    const edges = new Map<string, Set<string>>();
    for (const file of FILES) {
      const room = roomOf(file.path);
      const others = neighboursOf(file).map(roomOf);
      const known = edges.get(room) ?? new Set();
      for (const other of others) if (other !== room) known.add(other);
      edges.set(room, known);
    }
    const found = circles(edges).map((circle) => circle.join(" ↔ "));
    expect(found.toSorted()).toEqual(CYCLES.toSorted());
  });
});

function isOneLetterApart(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at);
  return rest === long.slice(at + 1);
}

describe("names of files", () => {
  const names = FILES.map(({ path }) => basename(path, ".ts"));
  const distinct = [...new Set(names)];

  test("are there once, wherever the file lies", () => {
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual(TWICE);
  });

  test("differ by more than a letter", () => {
    const pairs = distinct.flatMap((name, index) =>
      distinct
        .slice(index + 1)
        .flatMap((other) => (isOneLetterApart(name, other) ? [`${name} ${other}`] : [])),
    );
    expect(pairs.toSorted()).toEqual(Object.keys(ALIKE).toSorted());
  });
});

const foldersIn = (folder: string) =>
  readdirSync(join(import.meta.dirname, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

test("tests lie in folders named like the rooms of src/", () => {
  const rooms = new Set([...foldersIn("../src"), "playground", "support"]);
  expect(foldersIn(".").filter((name) => !rooms.has(name))).toEqual([]);
});
