#!/usr/bin/env bash
# Ids of users end at 2^40 for Telegram's own library, not at 2^52.
#
# Expected: "this number may have more than 32 significant bits … but it has at most 52 significant bits" (Bot API, User.id
#   and Chat.id), so each id up to 2^52 - 1 can be that of somebody, and tg://user?id=… of it is a mention.
# Instead: TDLib, inside the Bot API server, takes ids up to 2^40 - 1. A larger one makes no mention and no error: the text
#   becomes an ordinary link. Thirteen digits, such as a time in milliseconds in the wrong column, are never anybody.
# Seen with TDLib 1.8.65 (npm prebuilt-tdlib 0.1008065.0, tdl 8.1.0); no network.
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
const typeOf = (id) =>
  tdl.execute({
    _: "parseTextEntities",
    text: `<a href="tg://user?id=${id}">somebody</a>`,
    parse_mode: { _: "textParseModeHTML" },
  }).entities[0].type._;
const seen = [2n ** 40n - 1n, 2n ** 40n, 2n ** 52n - 1n].map((id) => [id, typeOf(id)]);
for (const [id, type] of seen) console.log(`tg://user?id=${id}: ${type}`);
const expected = ["textEntityTypeMentionName", "textEntityTypeTextUrl", "textEntityTypeTextUrl"];
process.exit(seen.every(([, type], index) => type === expected[index]) ? 0 : 1);
JS
node probe.cjs
