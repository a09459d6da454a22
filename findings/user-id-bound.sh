#!/usr/bin/env bash
# For Telegram's own library, user ids end at 2^40, not at 2^52.
#
# Expected: "this number may have more than 32 significant bits … but it has at most 52 significant bits" (Bot API, User.id
#   and Chat.id), so every id up to 2^52 - 1 can be a user's, and tg://user?id=… with it is a mention.
# Instead: TDLib, inside the Bot API server, accepts ids up to 2^40 - 1. A larger one gives neither a mention nor an error: the
#   text becomes an ordinary link. So thirteen digits, such as milliseconds from the wrong column, are never a user.
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
