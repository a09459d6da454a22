import type { MessageEntity } from "@grammyjs/types";

/*
 * TDLib's synchronous functions, which need neither a network nor an account, translated into the Bot API's terms.
 * The types are our own, because those of `tdl` exist only once bench/tdlib is installed.
 */

interface Tdl {
  configure(options: { tdjson: string; verbosityLevel: number }): void;
  execute(request: object): Answer;
}
type Answer =
  | { _: "formattedText"; text: string; entities: TextEntity[] }
  | { _: "optionValueString"; value: string }
  | { _: "error"; message: string };
interface TextEntity {
  offset: number;
  length: number;
  type: { _: string } & Record<string, unknown>;
}

/** The result for a text: what Telegram makes of it, or its error. */
export type Result = { text: string; entities: MessageEntity[] } | { error: string };

export interface Library {
  version: string;
  /** Applies `parse_mode`, without fixing entities. */
  parse(mode: "html" | "markdown", text: string): Result;
  /** What Telegram makes of a text and its entities. The text must not contain Markdown. */
  fix(text: string, entities: MessageEntity[]): Result;
}

export async function loadLibrary(): Promise<Library> {
  const [tdl, { getTdjson }] = (await Promise.all([load("tdl"), load("prebuilt-tdlib")])) as [
    Tdl,
    { getTdjson(): string },
  ];
  tdl.configure({ tdjson: getTdjson(), verbosityLevel: 0 });
  const version = tdl.execute({ _: "getOption", name: "version" });
  return {
    version: version._ === "optionValueString" ? version.value : "unknown",
    parse: (mode, text) => {
      const parse_mode =
        mode === "html" ? { _: "textParseModeHTML" } : { _: "textParseModeMarkdown", version: 2 };
      return resultOf(tdl.execute({ _: "parseTextEntities", text, parse_mode }));
    },
    fix: (text, entities) =>
      resultOf(
        tdl.execute({
          _: "parseMarkdown",
          text: { _: "formattedText", text, entities: entities.map(toTdlib) },
        }),
      ),
  };
}

async function load(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (error) {
    throw new Error(`${name} is not installed: npm install --prefix bench/tdlib`, { cause: error });
  }
}

function resultOf(answer: Answer): Result {
  if (answer._ === "error") return { error: answer.message };
  if (answer._ !== "formattedText") throw new Error(`TDLib answered ${answer._}`);
  return { text: answer.text, entities: answer.entities.map(fromTdlib) };
}

/** Types whose names differ in more than case. */
const NAMES: Record<string, string> = {
  BlockQuote: "blockquote",
  ExpandableBlockQuote: "expandable_blockquote",
  TextUrl: "text_link",
  MentionName: "text_mention",
  PreCode: "pre",
};

function fromTdlib({ offset, length, type }: TextEntity): MessageEntity {
  const name = type._.replace("textEntityType", "");
  const fields: Record<string, unknown> = {
    type: NAMES[name] ?? name.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase(),
    offset,
    length,
  };
  if (name === "PreCode") fields["language"] = type["language"];
  if (name === "TextUrl") fields["url"] = type["url"];
  if (name === "MentionName") fields["user"] = { id: type["user_id"], is_bot: false, first_name: "" };
  if (name === "CustomEmoji") fields["custom_emoji_id"] = String(type["custom_emoji_id"]);
  if (name === "DateTime")
    Object.assign(fields, {
      unix_time: type["unix_time"],
      date_time_format: formatOf(type["formatting_type"]),
    });
  // The fields match the type.
  return fields as unknown as MessageEntity;
}

/** The letters of a date format, as the Bot API server writes them. */
function formatOf(given: unknown): string {
  const type = (given ?? {}) as {
    _?: string;
    show_day_of_week?: boolean;
    date_precision?: { _: string };
    time_precision?: { _: string };
  };
  if (type._ === "dateTimeFormattingTypeRelative") return "r";
  return `${type.show_day_of_week ? "w" : ""}${letterOf(type.date_precision, "d")}${letterOf(type.time_precision, "t")}`;
}

function letterOf(part: { _: string } | undefined, short: string): string {
  if (part?._.endsWith("Short")) return short;
  return part?._.endsWith("Long") ? short.toUpperCase() : "";
}

function toTdlib(entity: MessageEntity): TextEntity {
  const { type, offset, length } = entity;
  const as = (_: string, fields: object = {}) => ({
    offset,
    length,
    type: { _: `textEntityType${_}`, ...fields },
  });
  if (entity.type === "pre" && entity.language !== undefined)
    return as("PreCode", { language: entity.language });
  if (entity.type === "pre") return as("Pre");
  if (entity.type === "text_link") return as("TextUrl", { url: entity.url });
  if (entity.type === "text_mention") return as("MentionName", { user_id: entity.user.id });
  if (entity.type === "custom_emoji") return as("CustomEmoji", { custom_emoji_id: entity.custom_emoji_id });
  if (entity.type === "date_time") return as("DateTime", { unix_time: entity.unix_time });
  const known = Object.entries(NAMES).find(([, name]) => name === type)?.[0];
  return as(known ?? type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}
