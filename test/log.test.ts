import { DrizzleQueryError } from "drizzle-orm";
import { GrammyError, HttpError } from "grammy";
import { describe, expect, test } from "vitest";
import { createLog, rootCause, withoutToken } from "../src/log.ts";

const TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const SECRETS = ["AAHdqTcv", "the post's own words", "+4915112345678"];

function logTo(level: string) {
  const lines: string[] = [];
  return { log: createLog(level, { write: (line: string) => void lines.push(line) }), lines };
}

const address = `https://api.telegram.org/bot${TOKEN}/sendMessage`;

const ERRORS: Record<string, () => unknown> = {
  "what Telegram answered to a post": () =>
    new GrammyError(
      "Call to 'sendMessage' failed!",
      { ok: false, error_code: 400, description: "Bad Request: chat not found", parameters: {} },
      "sendMessage",
      { chat_id: 1, text: SECRETS[1] },
    ),
  "a network error with the address": () =>
    new HttpError(
      `Network request for 'sendMessage' failed! request to ${address} failed`,
      new Error(`request to ${address} failed, reason: connect ECONNREFUSED`),
    ),
  "a statement with its parameters": () =>
    new DrizzleQueryError(
      "update recipients set phone = $1, name = $2",
      [SECRETS[2], SECRETS[1]],
      Object.assign(new Error("duplicate key value"), { code: "23505", parameters: [SECRETS[2]] }),
    ),
  "a statement that nests deeper": () =>
    new Error("settling failed", {
      cause: new DrizzleQueryError("select $1", [SECRETS[2]], new Error("connection lost")),
    }),
  "a string that was thrown": () => `request to ${address} failed`,
};

describe.each(["info", "debug"])("at level %s no secret comes out of", (level) => {
  test.each(Object.entries(ERRORS))("%s", (_, make) => {
    const { log, lines } = logTo(level);
    log.error({ err: make() }, "it failed");
    expect(lines).toHaveLength(1);
    for (const secret of SECRETS) expect(lines.join()).not.toContain(secret);
  });

  // By itself pino takes the message of a bare error over as `msg`, past the serializer.
  test.each(Object.entries(ERRORS).filter(([, make]) => make() instanceof Error))(
    "%s, logged without words",
    (_, make) => {
      const { log, lines } = logTo(level);
      log.error({ err: make() });
      log.error(make());
      for (const secret of SECRETS) expect(lines.join()).not.toContain(secret);
    },
  );
});

// A stack begins with the whole message.
test.each(["info", "debug"])("at level %s only the first line of a message comes out", (level) => {
  const { log, lines } = logTo(level);
  log.error({ err: new Error(`it failed\nparams: ${SECRETS[1]}`) }, "it failed");
  expect(lines.join()).not.toContain(SECRETS[1]);
});

test("an error's line keeps what an operator needs: class, code and message", () => {
  const { log, lines } = logTo("info");
  log.warn({ err: ERRORS["a statement with its parameters"]?.(), campaign: 12 }, "cannot go on");
  expect(JSON.parse(lines[0]!)).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    err: { type: expect.any(String), message: "duplicate key value", code: "23505" },
    campaign: 12,
    msg: "cannot go on",
  });
});

test("the stack comes with the level debug only", () => {
  for (const [level, has] of [
    ["info", false],
    ["debug", true],
  ] as const) {
    const { log, lines } = logTo(level);
    log.error({ err: new Error("it failed") }, "it failed");
    expect("stack" in JSON.parse(lines[0]!).err).toBe(has);
  }
});

test.each([
  [`request to ${address} failed`, "request to https://api.telegram.org/bot<token>/sendMessage failed"],
  [TOKEN, "<token>"],
  [`${TOKEN} and ${TOKEN}`, "<token> and <token>"],
  ["at 12:30:45 campaign 12345 sent 99", "at 12:30:45 campaign 12345 sent 99"],
])("withoutToken: %s", (text, expected) => {
  expect(withoutToken(text)).toBe(expected);
});

test("the root cause is the innermost error", () => {
  const inner = new Error("inner");
  expect(rootCause(new Error("outer", { cause: new Error("middle", { cause: inner }) }))).toBe(inner);
  expect(rootCause(new Error("alone", { cause: "no error" })).message).toBe("alone");
});
