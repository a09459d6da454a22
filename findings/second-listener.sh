#!/usr/bin/env bash
# In node-telegram-bot-api 2, a second handler of the same kind of update hears nothing, and `handleUpdate` resolves although the
# first one threw.
#
# Expected: the package is known for its event emitter: `bot.on("message", …)` can be called any number of times, in any order,
#   and each listener gets each message. Version 1.2.0 still does that, with `processUpdate`.
# Instead: in 2.1.0 `on` adds middleware. The first that does not call `next()` ends the chain, so a logger or a relay that is
#   added behind it is never called, without a word. It gets a context, of which `text` is undefined: the message is in
#   `ctx.message`. What a handler throws is printed, and the update counts as handled.
# Seen with node-telegram-bot-api 1.2.0 and 2.1.0 on Node 20.20.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error one@npm:node-telegram-bot-api@1.2.0 two@npm:node-telegram-bot-api@2.1.0 >/dev/null 2>&1
cat >probe.mjs <<'JS'
import { TelegramBot } from "one";
import { Bot } from "two";

const chat = { id: 7, type: "private" };
const update = (update_id) => ({
  update_id,
  message: { message_id: 1, date: 0, chat, from: { id: 7, is_bot: false, first_name: "A" }, text: "hello" },
});

/** Who hears an update, and what `text` of the argument is there. */
async function heard(bot, hand) {
  const seen = [];
  bot.on("message", (given) => void seen.push(`first: ${given.text}`));
  bot.on("message", (given) => void seen.push(`second: ${given.text}`));
  await hand(update(1));
  return seen.join(", ");
}

const one = new TelegramBot("1:A", { polling: false });
console.log("1.2.0:", await heard(one, (given) => one.processUpdate(given)));

const two = new Bot("1:A");
console.log("2.1.0:", await heard(two, (given) => two.handleUpdate(given)));

const passing = new Bot("1:A");
passing.use((context, next) => (console.log("2.1.0, with next():", context.message.text), next()));
console.log("2.1.0, behind it:", await heard(passing, (given) => passing.handleUpdate(given)));

const throwing = new Bot("1:A");
throwing.on("message", () => {
  throw new Error("a handler fails");
});
console.error = () => undefined; // it is printed there
console.log("2.1.0, after a throw:", await throwing.handleUpdate(update(2)).then(() => "resolved", () => "rejected"));
JS
node probe.mjs | tee output
diff output - <<'TXT'
1.2.0: first: hello, second: hello
2.1.0: first: undefined
2.1.0, with next(): hello
2.1.0, behind it: first: undefined
2.1.0, after a throw: resolved
TXT
