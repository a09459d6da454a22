#!/usr/bin/env bash
# Telegram cuts styles that are nested as its own documentation shows.
#
# Expected: "Message entities can be nested" (Bot API, formatting options), so bold 0-8 around italic 2-4 stays unchanged,
#   and the message that sendMessage returns has the same two entities; only entities that overlap partially are changed.
# Instead: the outer style is cut where the inner one begins, but not where it ends: bold 0-2, bold 2-8, italic 2-4. A link
#   around a style stays whole. So a comparison of a sent message's entities with those of its source finds a difference
#   in every post with bold italics, and two adjacent bold pieces come back as one.
# Seen with TDLib 1.8.65 (npm prebuilt-tdlib 0.1008065.0, tdl 8.1.0), the library inside the Bot API server; no network.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error prebuilt-tdlib@0.1008065.0 tdl@8.1.0 >/dev/null 2>&1
cat >probe.cjs <<'JS'
const tdl = require("tdl");
tdl.configure({ tdjson: require("prebuilt-tdlib").getTdjson(), verbosityLevel: 0 });
console.log("TDLib", tdl.execute({ _: "getOption", name: "version" }).value);
// A text without any Markdown goes through the same function as one that is sent (fix_formatted_text).
const kept = (...entities) =>
  tdl
    .execute({
      _: "parseMarkdown",
      text: {
        _: "formattedText",
        text: "abcdefgh",
        entities: entities.map(([type, from, to]) => ({ offset: from, length: to - from, type })),
      },
    })
    .entities.map(({ type, offset, length }) => `${type._.slice(14)} ${offset}-${offset + length}`)
    .join(", ");
const [bold, italic] = [{ _: "textEntityTypeBold" }, { _: "textEntityTypeItalic" }];
const link = { _: "textEntityTypeTextUrl", url: "https://example.com" };
const cases = [
  ["bold 0-8 around italic 2-4", kept([bold, 0, 8], [italic, 2, 4]), "Bold 0-2, Bold 2-8, Italic 2-4"],
  ["bold 0-3 and bold 3-6", kept([bold, 0, 3], [bold, 3, 6]), "Bold 0-6"],
  ["a link 0-8 around bold 2-4", kept([link, 0, 8], [bold, 2, 4]), "TextUrl 0-8, Bold 2-4"],
];
for (const [what, came] of cases) console.log(`${what} becomes: ${came}`);
process.exit(cases.every(([, came, expected]) => came === expected) ? 0 : 1);
JS
node probe.cjs
