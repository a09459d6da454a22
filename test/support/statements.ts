import { is } from "drizzle-orm";
import { NoopLogger } from "drizzle-orm/logger";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import { vi } from "vitest";
import * as schema from "../../src/db/schema.ts";

export interface Statement {
  text: string;
  params: unknown[];
}

/** Every statement that this process sends from now on, whoever opened the database. Restored after the test. */
export function statementLog(): Statement[] {
  const statements: Statement[] = [];
  // The logger of every database that was given none.
  vi.spyOn(NoopLogger.prototype, "logQuery").mockImplementation((...[text, params]: unknown[]) => {
    statements.push({ text: String(text), params: Array.isArray(params) ? params : [] });
  });
  return statements;
}

export const TABLES = Object.values(schema).flatMap((value) =>
  is(value, PgTable) ? [getTableConfig(value).name] : [],
);

/** A statement in parentheses or the whole one: what it names, and what it demands of that. */
interface Level {
  parent: Level | null;
  /** Its text; `⟨n⟩` stands for what is in parentheses. */
  text: string;
  inner: string[];
}

interface Named {
  table: string;
  alias: string;
  inserted: boolean;
}

/** What in a statement reaches rows of more than this one bot: a table for each. Empty when it names no table of ours. */
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
      const within = one.inserted ? insertsOwn(level) : isOwn(one.alias, level, all.length === 1);
      if (!within) beyond.push(one.table);
    }
    for (const inner of statementsIn(level.inner)) visit(inner, level);
  }

  /** Whether `alias.bot_id` is this bot's, by a condition that always holds: one that stands in no `or`. */
  function isOwn(alias: string, level: Level, alone: boolean): boolean {
    const column = alone ? `(?:${alias}\\.)?bot_id` : `${alias}\\.bot_id`;
    return conditions(level).some((condition) => {
      const own = new RegExp(`(?<![\\w.])${column} = \\$(\\d+)(?!\\d)`).exec(condition);
      if (own && isThisBot(own[1])) return true;
      const other = new RegExp(`(?<![\\w.])${alias}\\.bot_id = (\\w+)\\.bot_id`).exec(condition)?.[1];
      if (other === undefined) return false;
      for (let at: Level | null = level; at; at = at.parent)
        if (named(at.text).some((one) => one.alias === other)) return isOwn(other, at, false);
      return false;
    });
  }

  /** The column bot_id of an INSERT gets this bot, in each row. */
  function insertsOwn({ text, inner }: Level): boolean {
    const into = /\binto \w+(?: (?:as )?\w+)? ?⟨(\d+)⟩(.*)/is.exec(text);
    const at = (inner[Number(into?.[1])] ?? "").split(",").findIndex((column) => column.trim() === "bot_id");
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

/** The text of one level, and what it holds in parentheses. */
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

/** Those in parentheses, however many pairs they stand in. */
function statementsIn(inner: string[]): string[] {
  return inner.flatMap((text) => (STATEMENT.test(text) ? [text] : statementsIn(split(text, null).inner)));
}

function named(text: string): Named[] {
  // Behind a comma in FROM stands a table, too; elsewhere none of these words follows one.
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

/** Of a level, what is demanded of all its rows: parentheses are opened unless they hold a statement or an `or`. */
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
