import { type Server, type Socket, createServer } from "node:net";
import { GrammyError, HttpError } from "grammy";
import { afterEach, describe, expect, test } from "vitest";
import { NeverConnected, type Outcome, type RefusalClass, classify } from "../../src/telegram/outcome.ts";
import { createSendApi, send } from "../../src/delivery/outbox/send-post.ts";

interface Parameters {
  retry_after?: number;
  migrate_to_chat_id?: number;
}

function answer(code: number, description: string, parameters: Parameters = {}): GrammyError {
  return new GrammyError(
    "Call to 'sendMessage' failed!",
    { ok: false, error_code: code, description, parameters },
    "sendMessage",
    { chat_id: 1, text: "the post" },
  );
}

/** TELEGRAM.md's table, row by row. */
const TABLE: Record<Exclude<RefusalClass, "unauthorized" | "other">, string[]> = {
  blocked: ["bot was blocked by the user", "USER_IS_BLOCKED"],
  deactivated: ["user is deactivated", "INPUT_USER_DEACTIVATED", "USER_DELETED"],
  unreachable: [
    "bot can't initiate conversation with a user",
    "chat not found",
    "PEER_ID_INVALID",
    "user not found",
    "the bot can't send messages to the bot",
    "USER_IS_BOT",
  ],
  personal: [
    "user restricted receiving of voice note messages",
    "user restricted receiving of video note messages",
    "user restricted receiving of video messages",
    "VOICE_MESSAGES_FORBIDDEN",
    "VIDEO_MESSAGES_FORBIDDEN",
    "PRIVACY_PREMIUM_REQUIRED",
    "USER_PRIVACY_RESTRICTED",
    "ALLOW_PAYMENT_REQUIRED",
    "ALLOW_PAYMENT_REQUIRED_15",
  ],
  "chat-lost": [
    "bot was kicked from the group chat",
    "bot was kicked from the supergroup chat",
    "bot was kicked from the channel chat",
    "bot is not a member of the channel chat",
    "bot is not a member of the supergroup chat",
    "the group chat was deleted",
    "CHANNEL_PRIVATE",
    "CHAT_ID_INVALID",
  ],
  "no-rights": [
    "not enough rights to send text messages to the chat",
    "not enough rights to send photos to the chat",
    "have no write access to the chat",
    "need administrator rights in the channel chat",
    "CHAT_WRITE_FORBIDDEN",
    "CHAT_ADMIN_REQUIRED",
    "CHAT_SEND_PLAIN_FORBIDDEN",
    "CHAT_SEND_MEDIA_FORBIDDEN",
    "CHAT_SEND_PHOTOS_FORBIDDEN",
    "CHAT_SEND_STICKERS_FORBIDDEN",
    "CHAT_SEND_VIDEOS_FORBIDDEN",
    "not enough rights to send rich messages to the chat",
    "not enough rights to send quizzes to the chat",
  ],
  "topic-closed": ["TOPIC_CLOSED", "TOPIC_DELETED", "message thread not found"],
  "no-stars": ["BALANCE_TOO_LOW"],
  content: [
    "message text is empty",
    "message is too long",
    "message caption is too long",
    "can't parse entities: Can't find end of the entity starting at byte offset 3",
    "ENTITY_BOUNDS_INVALID",
    "ENTITY_MENTION_USER_INVALID",
    "BUTTON_URL_INVALID",
    "BUTTON_DATA_INVALID",
    "BUTTON_TYPE_INVALID",
    "inline keyboard button URL 'htp://x' is invalid: Wrong HTTP URL",
    "REPLY_MARKUP_INVALID",
    "wrong file identifier/HTTP URL specified",
    "wrong remote file identifier specified: Wrong character in the string",
    "MEDIA_EMPTY",
    "MEDIA_INVALID",
    "MEDIA_CAPTION_TOO_LONG",
    "poll question length must not exceed 300",
    "poll must have at least 2 option",
    "poll options length must not exceed 100",
    "poll can't have more than 10 options",
    "message to copy not found",
    "message to forward not found",
    "messages to forward not found",
    "there are no messages to forward",
    "message can't be copied",
    "messages can't be forwarded",
    "MESSAGE_ID_INVALID",
    "CHAT_FORWARDS_RESTRICTED",
    "EFFECT_ID_INVALID",
    "message effects can be used only in private chats",
    "non-anonymous polls can't be sent to channel chats",
    "wrong correct option ID specified",
    "POLL_ANSWERS_INVALID",
    "QUIZ_CORRECT_ANSWERS_EMPTY",
    "RICH_MESSAGE_INVALID",
    "EMOTICON_INVALID",
    "reply markup is too long",
    "documents can't be mixed with other media types",
    'can\'t parse InputRichBlock: Field "type" must be of type String',
    "can't parse InputPollMedia: Media not found",
    'can\'t parse MessageEntity: Field "offset" is required',
    "rich message must be non-empty",
    "correct quiz option list must be non-empty",
    "wrong quiz correct_option_id",
    "open_period must be from 5 to 600",
    "inline keyboard button text must be encoded in UTF-8",
    "can't use switch_inline_query button in a channel chat, because users will not be able to use the button",
    "can't use web_app button in the chat",
    "switch_inline_query_chosen_chat is empty",
    "MESSAGE_TOO_LONG",
    "MESSAGE_EMPTY",
    "GROUPED_MEDIA_INVALID",
    "DOCUMENT_INVALID",
    "VIDEO_FILE_INVALID",
    "DICE_EMOJI_INVALID",
    "TODO_ITEMS_EMPTY",
    "can't use file of type Photo as Document",
  ],
};

const PREFIX: Record<number, string> = { 400: "Bad Request", 403: "Forbidden" };

/** All the shapes in which one text of the table arrives. */
function shapes(text: string): { code: number; description: string }[] {
  return [400, 403].flatMap((code) => [
    { code, description: `${PREFIX[code]}: ${text}` },
    { code, description: text },
    { code, description: `${PREFIX[code]}: ${text.toUpperCase()}` },
    { code, description: `${PREFIX[code]}: ${text.toLowerCase()}` },
    { code, description: `${PREFIX[code]}: failed to send message #2 with the error message "${text}"` },
  ]);
}

describe("what Telegram answers", () => {
  for (const [refusal, texts] of Object.entries(TABLE))
    test.each(texts)(`${refusal}: %s`, (text) => {
      for (const { code, description } of shapes(text))
        expect(classify(answer(code, description))).toEqual({ type: "refused", class: refusal, description });
    });

  // Telegram's older wording of USER_IS_BOT, still given by self-hosted servers.
  test.each(["Forbidden: bots can't send messages to bots", "Forbidden: bot can't send messages to bots"])(
    "unreachable: %s",
    (description) => {
      expect(classify(answer(403, description))).toMatchObject({ type: "refused", class: "unreachable" });
    },
  );

  test.each([
    [401, "Unauthorized"],
    [404, "Not Found"],
    [400, "Logged out"],
    [401, "Unauthorized: Logged out"],
    [400, "Bad Request: FROZEN_METHOD_INVALID"],
    [420, "frozen_method_invalid"],
  ])("the bot itself: %i %s", (code, description) => {
    expect(classify(answer(code, description))).toEqual({
      type: "refused",
      class: "unauthorized",
      description,
    });
  });

  test.each([
    [500, "Internal Server Error: restart"],
    [400, "Bad Request: Group send failed"],
    [400, "Bad Request: GROUP SEND FAILED"],
    [400, 'Bad Request: failed to send message #1 with the error message "Group send failed"'],
  ])("not taken, so it is tried again: %i %s", (code, description) => {
    expect(classify(answer(code, description))).toEqual({ type: "stumbled", description });
  });

  // A Bot API server that closes says so of what is on its way, and of what Telegram took but the server could not show.
  test.each([
    [500, "Internal Server Error: request aborted"],
    [500, "Internal Server Error: sent message was immediately deleted and can't be returned"],
    [500, "Internal Server Error: receive invalid message identifier as sent message identifier"],
    [500, "Internal Server Error: Unexpected REPLY_MESSAGE_ID_INVALID error"],
    [500, "Internal Server Error"],
    [501, "Not Implemented"],
    [502, "Bad Gateway"],
    [503, "Service Unavailable"],
    [504, "Gateway Timeout"],
    [400, "Bad Request: Bad Gateway"],
  ])("it may have been taken, so it is uncertain: %i %s", (code, description) => {
    expect(classify(answer(code, description))).toEqual({ type: "uncertain", description });
  });

  test.each<[number, string, Parameters, number]>([
    [429, "Too Many Requests: retry after 35", { retry_after: 35 }, 35_000],
    [429, "Too Many Requests: retry after 10800", { retry_after: 10_800 }, 10_800_000],
    [429, "Too Many Requests", {}, 1_000],
    // The parameter is the truth, whatever stands around it.
    [400, "Bad Request: chat not found", { retry_after: 3 }, 3_000],
    [420, "FLOOD_WAIT_7", { retry_after: 7 }, 7_000],
    [429, "Too Many Requests: retry after 0", { retry_after: 0 }, 0],
  ])("wait: %i %s %j", (code, description, parameters, waitMs) => {
    expect(classify(answer(code, description, parameters))).toEqual({
      type: "deferred",
      waitMs,
      description,
    });
  });

  test("migrated: the new id comes from the parameters", () => {
    const error = answer(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: -1_001_234_567_890,
    });
    expect(classify(error)).toEqual({ type: "migrated", toChatId: -1_001_234_567_890 });
  });

  test.each([
    [400, "Bad Request: SOMETHING_NEW"],
    [403, "Forbidden"],
    [409, "Conflict: terminated by other getUpdates request"],
    [400, "Bad Request: message can't be sent"],
  ])("anything else keeps its description: %i %s", (code, description) => {
    expect(classify(answer(code, description))).toEqual({ type: "refused", class: "other", description });
  });
});

const json = (body: string, head = `Content-Length: ${body.length}`) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n${head}\r\n\r\n${body}`;

const page = (status: string, headers: string[] = [], body = "<html>") =>
  [
    `HTTP/1.1 ${status}`,
    "Content-Type: text/html",
    `Content-Length: ${body.length}`,
    ...headers,
    "",
    body,
  ].join("\r\n");

describe("what goes wrong on the way", () => {
  const token = "1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
  const servers: Server[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
  });

  /** A server that treats each connection as told. */
  async function server(handle: (socket: Socket) => void): Promise<string> {
    const made = createServer((socket) => {
      socket.on("error", () => undefined);
      handle(socket);
    });
    servers.push(made);
    await new Promise<void>((listening) => made.listen(0, "127.0.0.1", listening));
    const address = made.address();
    if (!address || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  /** A server that reads the request, answers with `text` and closes. */
  const answering = (text: string) => server((socket) => socket.once("data", () => socket.end(text)));
  async function outcomeAt(root: string, timeoutSeconds?: number): Promise<Outcome> {
    const api = createSendApi(token, root, timeoutSeconds);
    const outcome = await send(api, { method: "sendMessage", payload: { chat_id: 1, text: "Hello" } });
    const text = JSON.stringify(outcome);
    expect(text).not.toContain(token);
    expect(text).not.toContain("AAHdqTcv");
    return outcome;
  }

  test("the control: a call that is answered with a message is sent", async () => {
    const root = await answering(json('{"ok":true,"result":{"message_id":5}}'));
    expect(await outcomeAt(root)).toEqual({ type: "sent", messageIds: [5] });
  });

  describe("nothing left, so it is tried again", () => {
    test("nobody listens at the port", async () => {
      const outcome = await outcomeAt("http://127.0.0.1:1");
      expect(outcome).toMatchObject({
        type: "stumbled",
        description: expect.stringContaining("ECONNREFUSED"),
      });
    });

    test("the name does not resolve", async () => {
      const outcome = await outcomeAt("http://herald.invalid");
      expect(outcome).toMatchObject({
        type: "stumbled",
        description: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
      });
    });

    test("the connection breaks during the TLS handshake", async () => {
      const root = await server((socket) => socket.once("data", () => socket.resetAndDestroy()));
      expect(await outcomeAt(root.replace("http:", "https:"))).toMatchObject({ type: "stumbled" });
    });

    test("whatever the reason, if the connection never stood", () => {
      const reason = new Error(`connect ETIMEDOUT, asked for /bot${token}/sendMessage`);
      const outcome = classify(new HttpError("failed", new NeverConnected(reason)));
      expect(outcome).toMatchObject({
        type: "stumbled",
        description: expect.stringContaining("connect ETIMEDOUT"),
      });
      expect(JSON.stringify(outcome)).not.toContain("AAHdqTcv");
    });
  });

  describe("a page in Telegram's place", () => {
    test.each([
      "200 OK",
      "303 See Other",
      "403 Forbidden",
      "408 Request Timeout",
      "409 Conflict",
      "500 Internal Server Error",
      "502 Bad Gateway",
      "503 Service Unavailable",
      "504 Gateway Time-out",
      "520 Unknown",
      "524 A Timeout Occurred",
      "599 Network Connect Timeout",
    ])("%s may stand for a call that was taken: uncertain", async (status) => {
      expect(await outcomeAt(await answering(page(status)))).toEqual({
        type: "uncertain",
        description: `a proxy answered ${status.slice(0, 3)} in Telegram's place`,
      });
    });

    test.each([
      "400 Bad Request",
      "401 Unauthorized",
      "404 Not Found",
      "405 Not Allowed",
      "407 Proxy Authentication Required",
      "414 Request-URI Too Large",
      "431 Request Header Fields Too Large",
    ])("%s is decided before a call is passed on: not taken, tried again", async (status) => {
      expect(await outcomeAt(await answering(page(status)))).toMatchObject({ type: "stumbled" });
    });

    test.each([
      [
        `https://api.example.com/bot${token}/sendMessage`,
        ", use the address that it points to: https://api.example.com",
      ],
      [
        `https://example.com/telegram/bot${token.replace(":", "%3A")}/sendMessage`,
        ", use the address that it points to: https://example.com/telegram",
      ],
      [
        `https://example.com/login?next=/bot${token}`,
        ", use the address that it points to: https://example.com/login",
      ],
      ["/elsewhere", ""],
      ["javascript:alert(1)", ""],
    ])("a redirect to %s: not taken, tried again, and it says where to", async (location, hint) => {
      for (const status of [301, 302, 307, 308])
        expect(await outcomeAt(await answering(page(`${status} Moved`, [`Location: ${location}`])))).toEqual({
          type: "stumbled",
          description: `a proxy answered ${status} in Telegram's place${hint}`,
        });
    });

    test("413: the post is too large for a gateway in front of Telegram, for everyone", async () => {
      expect(await outcomeAt(await answering(page("413 Request Entity Too Large")))).toEqual({
        type: "refused",
        class: "content",
        description: "a proxy answered 413 in Telegram's place",
      });
    });

    test.each([
      [["Retry-After: 7"], 7_000],
      [["Date: Mon, 02 Mar 2026 12:00:00 GMT", "Retry-After: Mon, 02 Mar 2026 12:01:30 GMT"], 90_000],
      [[], 1_000],
      [["Retry-After: 0"], 1_000],
      [["Retry-After: soon"], 1_000],
      [["Date: Mon, 02 Mar 2026 12:00:00 GMT", "Retry-After: Sun, 01 Mar 2026 12:00:00 GMT"], 1_000],
      // A gateway may be misconfigured: it does not silence the bot for a year.
      [["Retry-After: 31536000"], 3_600_000],
    ])("429 waits as its Retry-After says and is no attempt: %j", async (headers, waitMs) => {
      expect(await outcomeAt(await answering(page("429 Too Many Requests", headers)))).toEqual({
        type: "deferred",
        waitMs,
        description: "a proxy answered 429 in Telegram's place",
      });
    });

    test.each([
      ["a gateway's own JSON", "504 Gateway Time-out", '{"message":"timing out"}'],
      ["a gateway's own JSON", "503 Unavailable", '{"message":"no"}'],
      [
        "the Bot API's JSON, from a gateway",
        "502 Bad Gateway",
        '{"ok":false,"error_code":502,"description":"Bad Gateway"}',
      ],
      ["a success that is no answer of the Bot API", "200 OK", '{"hello":true}'],
      ["nothing", "502 Bad Gateway", ""],
    ])("%s (%s): uncertain", async (_, status, body) => {
      expect(await outcomeAt(await answering(page(status, [], body)))).toMatchObject({
        type: "uncertain",
        description: expect.any(String),
      });
    });
  });

  test("the Bot API's answer is recognized by its body, whatever content type a proxy gives it", async () => {
    const body = '{"ok":true,"result":{"message_id":5}}';
    const root = await answering(
      `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await outcomeAt(root)).toEqual({ type: "sent", messageIds: [5] });
  });

  test("the connection is cut before the request was read: uncertain, or tried again if it never stood", async () => {
    const outcome = await outcomeAt(await server((socket) => socket.destroy()));
    const neverStood = /connect E/.test(JSON.stringify(outcome));
    expect(outcome).toMatchObject({ type: neverStood ? "stumbled" : "uncertain" });
  });

  describe("it may have arrived, so it is not sent again", () => {
    test("the connection is cut after the request was read", async () => {
      const root = await server((socket) => socket.once("data", () => socket.destroy()));
      expect(await outcomeAt(root)).toMatchObject({ type: "uncertain" });
    });

    test("the connection is reset after the request was read", async () => {
      const root = await server((socket) => socket.once("data", () => socket.resetAndDestroy()));
      expect(await outcomeAt(root)).toMatchObject({
        type: "uncertain",
        description: expect.stringContaining("ECONNRESET"),
      });
    });

    test("no answer comes in time", async () => {
      const sockets: Socket[] = [];
      const root = await server((socket) => sockets.push(socket));
      expect(await outcomeAt(root, 0.2)).toMatchObject({
        type: "uncertain",
        description: expect.stringContaining("timed out"),
      });
      for (const socket of sockets) socket.destroy();
    });

    test("a read times out", () => {
      const error = Object.assign(new Error("read ETIMEDOUT"), { code: "ETIMEDOUT" });
      expect(classify(new HttpError("failed", error))).toEqual({
        type: "uncertain",
        description: "read ETIMEDOUT",
      });
    });

    test("a kept connection is cut in the head of the answer", async () => {
      expect(await outcomeAt(await answering("HTTP/1.1 200 OK\r\nConte"))).toMatchObject({
        type: "uncertain",
      });
    });

    test("a chunked answer breaks off", async () => {
      const root = await answering(json('5\r\n{"ok"\r\n', "Transfer-Encoding: chunked"));
      expect(await outcomeAt(root)).toMatchObject({
        type: "uncertain",
        description: expect.stringContaining("Invalid EOF state"),
      });
    });

    // An "ok" that breaks off in the middle was sent; calling it stumbled would send it twice.
    test.each(['{"ok":true,"result":{"message_id":5,"text":"Hel', '{"ok":true,', ""])(
      "the body ends too early: %s",
      async (body) => {
        const root = await answering(json(body, "X-Length: unknown"));
        expect(await outcomeAt(root)).toMatchObject({ type: "uncertain" });
      },
    );

    test.each([null, undefined, "a string", { nothing: true }])("something odd is thrown: %j", (thrown) => {
      expect(classify(new HttpError("failed", thrown))).toMatchObject({ type: "uncertain" });
    });
  });
});
