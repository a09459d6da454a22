import { GrammyError, HttpError } from "grammy";
import { expect, test } from "vitest";
import { type EditOutcome, classifyEdit } from "../../src/telegram/edit-call.ts";
import { NeverConnected, ProxyAnswer } from "../../src/telegram/outcome.ts";

const answer = (error_code: number, description: string, parameters = {}) =>
  new GrammyError("failed", { ok: false, error_code, description, parameters }, "editMessageText", {});
const network = (error: unknown) => new HttpError("failed", error);

test.each<[string, GrammyError | HttpError, Partial<EditOutcome> & { class?: string; waitMs?: number }]>([
  [
    "shows it already",
    answer(
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
    ),
    { type: "unchanged" },
  ],
  ["deleted", answer(400, "Bad Request: message to edit not found"), { type: "gone" }],
  ["deleted, as a token", answer(400, "Bad Request: MESSAGE_ID_INVALID"), { type: "gone" }],
  ["not editable", answer(400, "Bad Request: message can't be edited"), { type: "gone" }],
  ["another kind", answer(400, "Bad Request: there is no text in the message to edit"), { type: "gone" }],
  [
    "a supergroup",
    answer(400, "Bad Request: group chat was upgraded", { migrate_to_chat_id: -100 }),
    { type: "gone" },
  ],
  ["blocked", answer(403, "Forbidden: bot was blocked by the user"), { type: "refused", class: "blocked" }],
  ["deactivated", answer(403, "Forbidden: user is deactivated"), { type: "refused", class: "deactivated" }],
  [
    "kicked",
    answer(403, "Forbidden: bot was kicked from the channel chat"),
    { type: "refused", class: "chat-lost" },
  ],
  ["a wrong button", answer(400, "Bad Request: BUTTON_URL_INVALID"), { type: "refused", class: "content" }],
  ["a refused token", answer(401, "Unauthorized"), { type: "refused", class: "unauthorized" }],
  [
    "too fast",
    answer(429, "Too Many Requests: retry after 7", { retry_after: 7 }),
    { type: "deferred", waitMs: 7_000 },
  ],
  ["a failing server", answer(500, "Internal Server Error"), { type: "again" }],
  ["a gateway", network(new ProxyAnswer(502)), { type: "again" }],
  ["no answer", network(new Error("timed out after 30 s")), { type: "again" }],
  ["no connection", network(new NeverConnected(new Error("refused"))), { type: "again" }],
  ["anything else", answer(400, "Bad Request: whatever"), { type: "refused", class: "other" }],
])("%s", (_name, error, outcome) => {
  expect(classifyEdit(error)).toMatchObject(outcome);
});
