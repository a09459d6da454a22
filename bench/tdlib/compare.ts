import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import * as fc from "fast-check";
import { readEntities } from "../../playground/text/entities.ts";
import { fixFormatted } from "../../src/content/formatting/formatted-text.ts";
import { parseHtml } from "../../src/content/formatting/html.ts";
import { parseMarkdown } from "../../src/content/formatting/markdown.ts";
import { FormattingError } from "../../src/content/formatting/formatting-error.ts";
import { Refusal } from "../../playground/wire/refusal.ts";
import { linkFrom } from "../../src/content/links.ts";
import { formatted, html, link, markdown } from "./generate.ts";
import { type Library, type Result, loadLibrary } from "./library.ts";
import { TABLE } from "./table.ts";

const HELP = `Compares the local Telegram, and Herald's check of links, with TDLib.

  npm run tdlib -- [options]

  --runs N     generated inputs of each kind (5000)
  --seed N     the generator's seed (1)
  --write      writes TDLib's answers to the table into test/playground/tdlib.json
  --help       this text

Exits with 1 if there is a difference.
`;

/** How many differences are shown; all are counted. */
const MOST_SHOWN = 10;

/** Something that TDLib and we both do. */
interface Comparison<Input> {
  name: string;
  inputs: fc.Arbitrary<Input>;
  table: readonly Input[];
  ours(input: Input): unknown;
  theirs(library: Library, input: Input): unknown;
}

const COMPARISONS = [
  comparison({
    name: "HTML",
    inputs: html,
    table: TABLE.html,
    ours: (text) => answerOf(() => parseHtml(text)),
    theirs: (library, text) => library.parse("html", text),
  }),
  comparison({
    name: "MarkdownV2",
    inputs: markdown,
    table: TABLE.markdown,
    ours: (text) => answerOf(() => parseMarkdown(text)),
    theirs: (library, text) => library.parse("markdown", text),
  }),
  comparison({
    name: "entities",
    inputs: formatted,
    table: TABLE.entities,
    ours: ({ text, entities }) => answerOf(() => fixFormatted({ text, entities: readEntities(entities) })),
    theirs: (library, { text, entities }) => library.fix(text, entities),
  }),
  comparison({
    name: "links",
    inputs: link,
    table: TABLE.links,
    ours: (url) => answerOf(() => fixFormatted({ text: "x", entities: readEntities([linkAt(url)]) })),
    theirs: (library, url) => library.fix("x", [linkAt(url)]),
  }),
  comparison({
    name: "Herald's links: what Herald accepts, Telegram accepts",
    inputs: link,
    table: TABLE.links,
    ours: (word) => linkFrom(word) !== null,
    theirs: (library, word) =>
      linkFrom(word) !== null && !("error" in library.fix("x", [linkAt(linkFrom(word) ?? "")])),
  }),
  comparison({
    name: "Herald's links: what Telegram accepts, Herald accepts",
    inputs: link,
    table: TABLE.links,
    ours: (word) => linkFrom(word) !== null,
    theirs: (library, word) =>
      linkFrom(word) !== null ||
      (/^\w+:\/\//.test(word) && isOpenable(word) && !("error" in library.fix("x", [linkAt(word)]))),
  }),
];

/**
 * Herald deliberately refuses URLs that no browser opens (http://a%zz.com), that contain a space, or that have a user name
 * before an IPv6 address; TDLib accepts any name there.
 */
function isOpenable(url: string): boolean {
  return URL.canParse(url) && !/\s|@\[/.test(url);
}

function comparison<Input>(one: Comparison<Input>): Comparison<unknown> {
  return one;
}

function linkAt(url: string) {
  return { type: "text_link" as const, offset: 0, length: 1, url };
}

/** Our answer in TDLib's words: the Bot API server adds "Bad Request: " and begins with a small letter. */
function answerOf(make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof FormattingError)) throw error;
    const words = error.message.replace("Bad Request: ", "");
    return { error: words.charAt(0).toUpperCase() + words.slice(1) };
  }
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await main(Number(values.runs), Number(values.seed));

async function main(numRuns: number, seed: number): Promise<void> {
  const library = await loadLibrary();
  process.stdout.write(`TDLib ${library.version}, seed ${seed}, ${numRuns} generated inputs of each kind\n`);
  let all = 0;
  for (const { name, inputs, table, ours, theirs } of COMPARISONS) {
    const generated = fc.sample(inputs, { seed, numRuns });
    let [differences, refused] = [0, 0];
    for (const input of [...table, ...generated]) {
      const [we, they] = [ours(input), theirs(library, input)];
      if (typeof they === "object" && they !== null && "error" in they) refused += 1;
      if (isDeepStrictEqual(we, they)) continue;
      differences += 1;
      if (differences <= MOST_SHOWN)
        process.stdout.write(
          `  ${JSON.stringify(input)}\n    TDLib: ${JSON.stringify(they)}\n    ours:  ${JSON.stringify(we)}\n`,
        );
    }
    all += differences;
    const said = refused > 0 ? `, ${refused} of them refused` : "";
    process.stdout.write(
      `${name}: ${table.length + generated.length} inputs${said}, ${differences} differences\n`,
    );
  }
  if (values.write) writeTable(library);
  process.exitCode = all > 0 ? 1 : 0;
}

function writeTable(library: Library): void {
  const says = ({ name, table, theirs }: Comparison<unknown>) => [
    name,
    table.map((input) => ({ input, output: theirs(library, input) })),
  ];
  const tables = Object.fromEntries(COMPARISONS.slice(0, 4).map(says));
  const path = fileURLToPath(new URL("../../test/playground/tdlib.json", import.meta.url));
  writeFileSync(path, `${JSON.stringify({ tdlib: library.version, ...tables })}\n`);
}
