import { is } from "drizzle-orm";
import { NoopLogger } from "drizzle-orm/logger";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import { vi } from "vitest";
import * as schema from "../../src/db/schema.ts";

export interface Statement {
  text: string;
  params: unknown[];
}

/** Every statement that this process sends from now on, on any database. Restored after the test. */
export function statementLog(): Statement[] {
  const statements: Statement[] = [];
  // This is the logger of every database without one of its own.
  vi.spyOn(NoopLogger.prototype, "logQuery").mockImplementation((...[text, params]: unknown[]) => {
    statements.push({ text: String(text), params: Array.isArray(params) ? params : [] });
  });
  return statements;
}

const CONFIGS = Object.values(schema).flatMap((value) => (is(value, PgTable) ? [getTableConfig(value)] : []));

export const TABLES = CONFIGS.map(({ name }) => name);

const OWNER_COLUMNS = new Map(CONFIGS.map(({ name, columns }) => [name, columns[0]?.name]));

/** The column that says whose a row is: `home_id` in a home's table, `bot_id` in a sender's. It is the first one. */
export function ownerColumn(table: string): string | undefined {
  return OWNER_COLUMNS.get(table);
}

/** A sender's tables that are also looked up by the home. */
const OF_HOME_TOO: ReadonlySet<string> = new Set(["senders", "campaigns"]);

/** The columns that may lead a key or hold a statement to one owner. */
export function ownerColumns(table: string): (string | undefined)[] {
  return OF_HOME_TOO.has(table) ? [ownerColumn(table), "home_id"] : [ownerColumn(table)];
}

/** A whole statement or one in parentheses: the tables it names, and its conditions on them. */
interface Level {
  parent: Level | null;
  /** Its text, with `⟨n⟩` in place of each pair of parentheses. */
  text: string;
  inner: string[];
}

interface Named {
  table: string;
  alias: string;
  inserted: boolean;
}

/**
 * The tables of which a statement may reach rows beyond one home or sender, which have the same id here. Empty if it names
 * no table of ours.
 */
export function reachesBeyond({ text, params }: Statement, botId: number): string[] {
  const plain = text
    .replaceAll(/--.*$/gm, " ")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll('"', "");
  if (!/^\s*(?:with|select|insert|update|delete)\b/i.test(plain)) return [];
  const beyond: string[] = [];
  visit(plain, null);
  return beyond;

  function visit(of: string, parent: Level | null): void {
    const level = split(of, parent);
    const all = named(level.text);
    for (const one of all) {
      const within = one.inserted ? insertsOwn(one, level) : isOwn(one, level, all.length === 1);
      if (!within) beyond.push(one.table);
    }
    for (const inner of statementsIn(level.inner)) visit(inner, level);
  }

  /** Whether an owner column of `alias` equals this id by a condition that always applies, that is, outside any `or`. */
  function isOwn(one: Named, level: Level, alone: boolean): boolean {
    return ownerColumns(one.table).some((owner) => isOwnBy(owner, one, level, alone));
  }

  function isOwnBy(owner: string | undefined, { alias }: Named, level: Level, alone: boolean): boolean {
    const column = alone ? `(?:${alias}\\.)?${owner}` : `${alias}\\.${owner}`;
    return conditions(level).some((condition) => {
      const own = new RegExp(`(?<![\\w.])${column} = \\$(\\d+)(?!\\d)`).exec(condition);
      if (own && isThisBot(own[1])) return true;
      const other = new RegExp(`(?<![\\w.])${alias}\\.${owner} = (\\w+)\\.${owner}`).exec(condition)?.[1];
      if (other === undefined) return false;
      for (let at: Level | null = level; at; at = at.parent) {
        const found = named(at.text).find((one) => one.alias === other);
        if (found) return ownerColumn(found.table) === owner && isOwn(found, at, false);
      }
      return false;
    });
  }

  /** Whether an INSERT sets the owner column to this id in every row. */
  function insertsOwn({ table }: Named, { text, inner }: Level): boolean {
    const into = /\binto \w+(?: (?:as )?\w+)? ?⟨(\d+)⟩(.*)/is.exec(text);
    const at = (inner[Number(into?.[1])] ?? "")
      .split(",")
      .findIndex((column) => column.trim() === ownerColumn(table));
    const rest = into?.[2] ?? "";
    if (at < 0) return false;
    const values = /^\s*values ((?:⟨\d+⟩(?:, )?)+)/i.exec(rest)?.[1];
    const rows = values
      ? [...values.matchAll(/⟨(\d+)⟩/g)].map(([, index]) => split(inner[Number(index)] ?? "", null).text)
      : [/^\s*select (.*?)(?= from\b|$)/is.exec(rest)?.[1] ?? ""];
    return rows.every((row) => {
      const parameter = /^\s*\$(\d+)(?:::bigint)?\s*$/.exec(row.split(",")[at] ?? "");
      return isThisBot(parameter?.[1]);
    });
  }

  function isThisBot(parameter: string | undefined): boolean {
    return parameter !== undefined && Number(params[Number(parameter) - 1]) === botId;
  }
}

/** Splits off what is in parentheses. */
function split(of: string, parent: Level | null): Level {
  const inner: string[] = [];
  let text = "";
  let depth = 0;
  for (const letter of of) {
    if (letter === ")") depth -= 1;
    if (depth > 0) inner[inner.length - 1] += letter;
    else if (letter !== "(" && letter !== ")") text += letter;
    if (letter !== "(") continue;
    if (depth === 0) text += `⟨${inner.push("") - 1}⟩`;
    depth += 1;
  }
  return { parent, text: text.replaceAll(/\s+/g, " "), inner };
}

const STATEMENT = /^\s*(?:with|select|insert|update|delete)\b/i;

/** The statements in parentheses, at any depth. */
function statementsIn(inner: string[]): string[] {
  return inner.flatMap((text) => (STATEMENT.test(text) ? [text] : statementsIn(split(text, null).inner)));
}

function named(text: string): Named[] {
  // A table may also follow a comma in FROM; elsewhere, none of these words follows a comma.
  const pattern = new RegExp(
    `(?:\\b(from|join|update|into|using|only)|,) (${TABLES.join("|")})\\b(?! =)(?:(?: as)? (?!set\\b|where\\b|on\\b|order\\b|limit\\b|left\\b|inner\\b|join\\b|group\\b|values\\b|select\\b|for\\b|returning\\b|default\\b)(\\w+))?`,
    "gi",
  );
  return [...text.matchAll(pattern)].map(([, word, table = "", alias]) => ({
    table,
    alias: alias ?? table,
    inserted: word?.toLowerCase() === "into",
  }));
}

/** The conditions that all rows of a level meet, including those in parentheses without a statement or an `or`. */
function conditions({ text, inner }: Pick<Level, "text" | "inner">): string[] {
  const demanded = /\b(?:where|on)\b(.*)/is.exec(text)?.[1] ?? text;
  if (/\bor\b/i.test(demanded.replaceAll(/\bdo update .*$/gis, ""))) return [];
  return [
    demanded,
    ...[...demanded.matchAll(/(not )?⟨(\d+)⟩/g)].flatMap(([, negated, index]) => {
      const group = inner[Number(index)] ?? "";
      return negated || STATEMENT.test(group) ? [] : conditions(split(group, null));
    }),
  ];
}
