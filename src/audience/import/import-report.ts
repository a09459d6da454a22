import { attributeColumn } from "./columns.ts";
import type { FileShape, ImportSummary, RowRead } from "./import-summary.ts";
import type { RowFault } from "./person-row.ts";

/* The import's report for the operator. */

const SEPARATORS: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "vertical bars",
};

/** What happens to a row with a fault. */
export function describeResult({ loses }: RowFault): string {
  return loses === "row" ? "not imported" : `imported without ${loses}`;
}

/** How the file was read, and the field each of its columns was read as. */
export function describeShape({ encoding, delimiter, hasHeader, columns }: FileShape): string {
  const known = columns.flatMap(({ name, as }) =>
    as === null || isAttribute(as) ? [] : [name === as ? name : `${quoted(name)} → ${as}`],
  );
  const attributes = columns.flatMap(({ name, as }) =>
    as === null || !isAttribute(as) ? [] : [named(name, as.slice(ATTRIBUTE.length))],
  );
  const ignored = columns.flatMap(({ name, as }) => (as === null ? [quoted(name)] : []));
  const how = [
    `Read as ${encoding}`,
    ...(delimiter !== null && columns.length > 1
      ? [`separated by ${SEPARATORS[delimiter] ?? quoted(delimiter)}`]
      : []),
    ...(hasHeader ? [] : ["without a header line"]),
  ];
  return inLines([
    `${how.join(", ")}.`,
    `Columns: ${known.join(", ")}.`,
    ...(attributes.length > 0 ? [`Attributes: ${attributes.join(", ")}.`] : []),
    ...(ignored.length > 0 ? [`Columns ignored: ${ignored.join(", ")}.`] : []),
  ]);
}

const ATTRIBUTE = attributeColumn("");

function isAttribute(as: string): boolean {
  return as.startsWith(ATTRIBUTE);
}

function named(written: string, name: string): string {
  return written === name ? name : `${quoted(written)} → ${name}`;
}

/** A row as Herald reads it. The operator has the file, so of a phone number only enough to recognise it is shown. */
export function describeRow({ line, person, faults }: RowRead): string {
  if (!person) return `line ${line}: not imported, see below`;
  const { chat_id, language, first_name, last_name, username, phone, joined_at, opted_out, blocked } = person;
  const attributes = Object.entries(person.attributes).map(([name, value]) => `${name}: ${value}`);
  const parts = [
    String(chat_id),
    [first_name, last_name].filter(Boolean).join(" "),
    username && `@${username}`,
    language,
    phone && `${phone.slice(0, 5)}…${phone.slice(-2)}`,
    joined_at && `joined ${joined_at.toISOString().slice(0, 10)}`,
    ...person.tags.map((tag) => `#${tag}`),
    ...attributes.slice(0, 5).map((one) => (one.length > 40 ? `${one.slice(0, 40)}…` : one)),
    opted_out && "has left, will get nothing",
    blocked && "has blocked the bot, will get nothing",
    ...faults.map(({ loses }) => `without ${loses}`),
  ];
  return `line ${line}: ${parts.filter(Boolean).join(" · ")}`;
}

export function describeSummary(summary: ImportSummary, dryRun: boolean): string {
  const { rows, inserted, updated, unchanged, duplicates, refused, forgotten, incomplete, gone } = summary;
  const total = `${formatNumber(rows)} ${rows === 1 ? "row" : "rows"}`;
  return inLines([
    dryRun
      ? `${total}: ${formatNumber(rows - refused - duplicates)} can be imported. Nothing was: this was a dry run.`
      : `${total}: ${formatNumber(inserted)} inserted, ${formatNumber(updated)} updated, ${formatNumber(unchanged)} unchanged.`,
    ...(duplicates > 0 ? [`${formatNumber(duplicates)} repeated a person and were merged.`] : []),
    ...(gone > 0
      ? [`${formatNumber(gone)} left or blocked the bot: kept on the list, but sent nothing.`]
      : []),
    ...(forgotten > 0
      ? [`${formatNumber(forgotten)} had been erased and stay off the list until they start the bot anew.`]
      : []),
    ...(refused > 0 ? [`${formatNumber(refused)} were not imported.`] : []),
    ...(incomplete > 0 ? [`${formatNumber(incomplete)} lost a field that was wrong.`] : []),
  ]);
}

function inLines(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function quoted(name: string): string {
  return `"${name.length > 40 ? `${name.slice(0, 40)}…` : name}"`;
}

export function formatNumber(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
