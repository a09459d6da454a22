import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { FluentResource } from "@fluent/bundle";
import { describe, expect, test } from "vitest";
import { type Translate, type Values, loadWords } from "../src/bot/ui/words.ts";
import { TRANSITIONS } from "../src/campaign/campaign.ts";
import { readConfig } from "../src/config.ts";
import { CAMPAIGN_STATES, DELIVERY_STATES, PAUSE_REASONS } from "../src/db/states.ts";
import { ERROR_CODES } from "../src/errors.ts";
import type { RefusalClass } from "../src/telegram/outcome.ts";
import { callsOf, isNode, nodesIn, quasisOf, sourceIn, stringOf } from "./support/source.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
/** Every document of the project, by its path. */
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

/** The arrows of a diagram: [from, to]. */
function arrows(section: string): [string, string][] {
  return [...section.matchAll(/^ +(\S+) --> (\S+)/gm)].map(([, from = "", to = ""]) => [from, to]);
}

/** The first cells of the table under a heading. */
function rows(section: string, heading: string): string[] {
  const table = section.split(`| ${heading} `)[1]?.split("\n\n", 1)[0] ?? "";
  return [...table.matchAll(/^\| `(\w+)` /gm)].map(([, name = ""]) => name);
}

/** Key → the placeables in its message. */
function messages(locale: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, value } of new FluentResource(read(`locales/${locale}.ftl`)).body) {
    if (found.has(id)) throw new Error(`${locale}.ftl has ${id} twice`);
    const names = [...nodesIn(value)].flatMap(({ type, name }) => (type === "var" ? [String(name)] : []));
    found.set(id, sorted(names));
  }
  return found;
}

/** Each refusal; the compiler sees to it that none is missing. */
const REFUSALS = Object.keys({
  blocked: true,
  deactivated: true,
  unreachable: true,
  personal: true,
  "chat-lost": true,
  "no-rights": true,
  "topic-closed": true,
  "no-stars": true,
  content: true,
  unauthorized: true,
  other: true,
} satisfies Record<RefusalClass, true>);

describe("docs/states.md", () => {
  const [campaign = "", delivery = ""] = read("docs/states.md")
    .split(/^## (?=Campaign|Delivery)/m)
    .slice(1);

  test("the campaign's arrows are the transition table", () => {
    const drawn = arrows(campaign)
      .filter(([from, to]) => from !== "[*]" && to !== "[*]")
      .map(([from, to]) => `${from} → ${to}`);
    const allowed = Object.entries(TRANSITIONS).flatMap(([from, tos]) =>
      tos.map((to: string) => `${from} → ${to}`),
    );
    expect(drawn.toSorted()).toEqual(allowed.toSorted());
  });

  test("a campaign ends in the states that nothing leads out of, and a discarded draft", () => {
    const ends = arrows(campaign)
      .filter(([, to]) => to === "[*]")
      .map(([from]) => from);
    const final = CAMPAIGN_STATES.filter((state) => TRANSITIONS[state].length === 0);
    expect(ends.toSorted()).toEqual(["draft", ...final].toSorted());
  });

  test("every state and reason to pause has a row that explains it, and no other has", () => {
    expect(rows(campaign, "state")).toEqual([...CAMPAIGN_STATES]);
    expect(rows(campaign, "`pause_reason`")).toEqual([...PAUSE_REASONS]);
    expect(rows(delivery, "state")).toEqual([...DELIVERY_STATES]);
  });

  test("the delivery's diagram draws every state and no other", () => {
    expect(sorted(arrows(delivery).flat())).toEqual(sorted(["[*]", ...DELIVERY_STATES]));
  });
});

describe("configuration", () => {
  const required = { BOT_TOKEN: "123456:ABC", OWNER_IDS: "1" };

  /** What readConfig asks the environment for. */
  const known = (() => {
    const asked = new Set<string>();
    const env: Record<string, string | undefined> = { ...required };
    readConfig(
      new Proxy(env, {
        get(target, name) {
          if (typeof name === "string") asked.add(name.toUpperCase()); // proxies have lower-case names, too
          return target[String(name)];
        },
      }),
    );
    return sorted(asked);
  })();

  /** The defaults that can be written down; the others are none, or the machine's. */
  const defaults = (() => {
    const config = readConfig({ ...required, HTTP_PORT: "8080" });
    return {
      DATA_DIR: config.database.type === "embedded" ? config.database.dataDir : "",
      TELEGRAM_API_ROOT: config.telegramApiRoot,
      MESSAGES_PER_SECOND: String(config.messagesPerSecond),
      PAID_BROADCAST: config.paidBroadcast ? "on" : "off",
      CONFIRM_TYPED_FROM: String(config.confirmTypedFrom),
      LATE_LIMIT: String(config.lateLimitHours),
      MAX_SCHEDULED: String(config.maxScheduled),
      RETENTION_DAYS: String(config.retentionDays),
      BACKUPS: String(config.backups.kept),
      HTTP_HOST: config.http?.host ?? "",
      WEBHOOK: config.webhookUrl === null ? "off" : "on",
      LOG_LEVEL: config.logLevel,
    };
  })();

  /** The table of docs/configuration.md: variable → its default. */
  const table = Object.fromEntries(
    [...read("docs/configuration.md").matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\| \S.{20,} \|$/gm)].map(
      ([, name = "", value = ""]) => [name, value],
    ),
  );

  // `#NAME=value` is a setting that is off; `# text` is text.
  const example = read(".env.example");
  const suggested = parseEnv(example.replace(/^#(?=[A-Z_]+=)/gm, ""));

  test("docs/configuration.md has every variable, and no other", () => {
    expect(sorted(Object.keys(table))).toEqual(known);
  });

  test("its defaults are those that are used", () => {
    const quoted = Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, `\`${value}\``]),
    );
    expect(table).toEqual({
      BOT_TOKEN: "none",
      OWNER_IDS: "none",
      DATABASE_URL: "none",
      TIMEZONE: "the machine's",
      HTTPS_PROXY: "none",
      HTTP_PROXY: "none",
      ALL_PROXY: "none",
      NO_PROXY: "none",
      HTTP_PORT: "none",
      PUBLIC_URL: "none",
      WEBHOOK_ALLOW: "none",
      EXTRA_BOT_TOKENS: "none",
      SECRET_KEY: "none",
      ...quoted,
    });
  });

  test(".env.example has every variable, and beside them only those of compose.yaml", () => {
    const composed = [...read("compose.yaml").matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
    expect(sorted(Object.keys(suggested))).toEqual(sorted([...known, ...composed]));
  });

  test(".env.example asks only for what has no default, and shows the others with theirs", () => {
    expect(parseEnv(example)).toEqual({ BOT_TOKEN: "", OWNER_IDS: "" });
    expect(suggested).toMatchObject(defaults);
    expect(() => readConfig({ ...suggested, ...required })).not.toThrow();
  });
});

test("the newest version of CHANGELOG.md is that of package.json, and each has its date or is not released yet", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const headings = [...read("CHANGELOG.md").matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  expect(headings[0]).toMatch(new RegExp(`^${version} – `));
  for (const heading of headings)
    expect(heading).toMatch(/^\d+\.\d+\.\d+ – (?:not released yet|\d{4}-\d\d-\d\d \([0-9a-f]{7}\))$/);
});

test("the commands that the documents name exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const unknown = [...DOCUMENTS, ".env.example", ".ci/run"].flatMap((path) =>
    [...read(path).matchAll(/npm run ([\w:]+)/g)]
      .filter(([, name = ""]) => !(name in scripts))
      .map(([command]) => `${path}: ${command}`),
  );
  expect(unknown).toEqual([]);
});

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

test("the anchors in the documents' links exist", () => {
  const broken = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)]
      .filter(([, target = "", anchor = ""]) => {
        const headings = read(target === "" ? path : join(path, "..", target)).matchAll(/^#+ (.+)$/gm);
        return ![...headings].some(([, heading = ""]) => anchorOf(heading) === anchor);
      })
      .map(([, target = "", anchor = ""]) => `${path} → ${target}#${anchor}`),
  );
  expect(broken).toEqual([]);
});

test("the links between the documents lead somewhere", () => {
  const broken = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#]+)\)/g)]
      .filter(([, target = ""]) => !existsSync(join(root, path, "..", target)))
      .map(([, target = ""]) => `${path} → ${target}`),
  );
  expect(broken).toEqual([]);
});

/** What an expression may come to: the two sides of `a ? b : c`, else itself. */
function resultsOf(node: unknown): unknown[] {
  if (!isNode(node) || node.type !== "ConditionalExpression") return [node];
  return [node["consequent"], node["alternate"]].flatMap(resultsOf);
}

describe("words", () => {
  const en = messages("en");
  const ru = messages("ru");

  test("English and Russian have the same keys with the same placeables", () => {
    expect(Object.fromEntries(ru)).toEqual(Object.fromEntries(en));
  });

  test.each(["en", "ru"] as const)("every message of %s can be formatted", (locale) => {
    const t: Translate = loadWords()(locale);
    const broken = [...en].flatMap(([key, names]) => {
      const values: Values = Object.fromEntries(names.map((name) => [name, 3]));
      const text = t(key, values);
      // A message that Fluent cannot read is dropped and shown as {key}, a value that it misses as {$value}.
      return text.trim() === "" || /\{\$|^\{[\w-]+\}$/.test(text) ? [`${key}: ${text}`] : [];
    });
    expect(broken).toEqual([]);
  });

  const sources = sourceIn("src");

  test("every key that the source asks for exists", () => {
    const keys = [...en.keys()];
    const missing = sources.flatMap(({ path, nodes }) => {
      const asked = callsOf(nodes, "CallExpression", "t").flatMap(([key]) => resultsOf(key));
      const whole = asked.map(stringOf).filter((key) => key !== undefined && !en.has(key));
      const begun = asked
        .map((node) => quasisOf(node)[0] ?? "")
        .filter((prefix) => /^[a-z-]+-$/.test(prefix) && !keys.some((key) => key.startsWith(prefix)));
      return [...whole, ...begun].map((key) => `${path}: ${key}`);
    });
    expect(missing).toEqual([]);
  });

  test("every key is used", () => {
    const nodes = sources.flatMap((file) => file.nodes);
    const said = new Set(nodes.map(stringOf));
    const prefixes = nodes.map((node) => quasisOf(node)[0] ?? "").filter((start) => /^[a-z-]+-$/.test(start));
    const unused = [...en.keys()].filter(
      (key) => !said.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  test("what has a word of its own has it: states, reasons to pause, refusals, errors", () => {
    expect(REFUSALS).toContain("blocked");
    expect(ERROR_CODES).toContain("conflict");
    // Not shown as reasons: these two pause the campaign and leave the delivery pending.
    const reasons = REFUSALS.filter((name) => name !== "content" && name !== "unauthorized");
    const expected = [
      ...CAMPAIGN_STATES.map((name) => `state-${name}`),
      ...PAUSE_REASONS.filter((name) => name !== "admin").map((name) => `paused-${name}`),
      ...PAUSE_REASONS.map((name) => `why-${name}`),
      ...[...reasons, "unavailable", "uncertain"].map((name) => `reason-${name}`),
      ...ERROR_CODES.map((name) => `error-${name}`),
    ];
    expect(expected.filter((key) => !en.has(key))).toEqual([]);
  });
});
