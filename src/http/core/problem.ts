import { z } from "@hono/zod-openapi";
import type { DomainError, ErrorCode } from "../../errors.ts";

/*
 * Errors are problem details (RFC 9457): what was wrong, where, and what to do. Never a stack.
 */

/** A refusal with its status; the door answers it as problem details. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: ProblemStatus;
  readonly code: string;
  readonly more: Record<string, unknown>;
  readonly headers: Record<string, string>;

  /** `detail` is a sentence for the caller; `more` is added to the body, `headers` to the answer. */
  constructor(
    status: ProblemStatus,
    code: string,
    detail: string,
    { more = {}, headers = {} }: { more?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.more = more;
    this.headers = headers;
  }
}

const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
} as const;
export type ProblemStatus = keyof typeof TITLES;

/** One fault of a request: where, as a JSON pointer into the body or the name of a parameter, and what. */
export const Fault = z
  .object({
    pointer: z.string().optional().openapi({ example: "/content/buttons/0/0/url" }),
    parameter: z.string().optional().openapi({ example: "limit" }),
    detail: z.string(),
  })
  .openapi("Fault");
export type Fault = z.infer<typeof Fault>;

export const ProblemDetails = z
  .looseObject({
    type: z.string().openapi({ example: "urn:herald:problem:count-moved" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(Fault).optional(),
  })
  .openapi("Problem");

/** The responses of an operation that are problems. Where a key is needed, one of the role `relay` is answered 403. */
export function problems(...statuses: ProblemStatus[]) {
  const all = new Set<ProblemStatus>(statuses.includes(401) ? [...statuses, 403] : statuses);
  return Object.fromEntries(
    [...all].map((status) => [
      status,
      { description: TITLES[status], content: { "application/problem+json": { schema: ProblemDetails } } },
    ]),
  );
}

export function answerOf(problem: Problem): Response {
  const { status, code, message, more, headers } = problem;
  const body = {
    type: `urn:herald:problem:${code}`,
    title: TITLES[status],
    status,
    detail: message,
    ...more,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}

/** A request that has these faults, of which there is at least one. */
export function invalidRequest(errors: readonly Fault[]): Problem {
  const [first] = errors;
  const where = first?.pointer ?? first?.parameter;
  const more = errors.length > 1 ? ` There are ${errors.length - 1} more.` : "";
  const sentence = `The request is not valid${where ? ` at ${where}` : ""}: ${first?.detail ?? "see errors."}${more}`;
  return new Problem(422, "invalid", sentence, { more: { errors } });
}

/** The JSON pointer (RFC 6901) to a place in a body. */
export function pointerTo(path: readonly string[]): string {
  return path.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

type Details = DomainError["details"];
type Words = readonly [status: ProblemStatus, detail: (details: Details) => string];

/** What a refusal of the domain means over HTTP. */
const REFUSALS: Record<ErrorCode, Words> = {
  "not-found": [404, ({ id }) => `There is no campaign ${id}.`],
  forbidden: [
    403,
    () => "This key's role does not allow this. An owner can make another key: /keys in the bot.",
  ],
  conflict: [409, ({ id, state }) => `Not possible now: campaign ${id} is ${state}.`],
  changed: [
    409,
    ({ id }) => `Campaign ${id} has changed in the meantime. Read it again, and send its revision.`,
  ],
  nobody: [409, ({ id }) => `There is nobody left to retry in campaign ${id}.`],
  "no-campaign": [
    409,
    ({ id }) => `Draft ${id} is to answer /start or to greet newcomers, and cannot be sent as a campaign.`,
  ],
  unsendable: [409, ({ id }) => `Campaign ${id} cannot be sent as it is. Its findings and faults say why.`],
  "not-editable": [
    409,
    ({ id, why, language }) =>
      `What campaign ${id} has sent cannot become this post (${why}${language === "none" ? "" : `, version ${language}`}): docs/api.md.`,
  ],
  "no-edit": [409, ({ id }) => `No edit of what campaign ${id} has sent is in that state.`],
  "no-audience": [409, ({ id }) => `Campaign ${id} reaches nobody now. Change its audience.`],
  "count-moved": [
    409,
    ({ before, after }) =>
      `It was agreed to send to ${before}, but now ${after} would get it. Send agreed_count ${after} if that is right.`,
  ],
  "count-not-typed": [409, ({ count }) => `Send agreed_count ${count} if that many are to get it.`],
  "reach-needed": [409, () => 'The campaign repeats: say "run" or "series" in reach.'],
  "later-run": [409, ({ later }) => `Only the next run can change the repeat: campaign ${later}.`],
  "needs-time": [409, () => "A scheduled campaign needs a time in the future: starts_at."],
  "details-gone": [410, ({ days }) => `The deliveries were kept for ${days} days, and are deleted.`],
  overdue: [409, () => "Its time has passed. Use send to send it now, or cancel it."],
  past: [422, () => "starts_at has passed."],
  "too-far": [422, () => "starts_at is more than two years ahead."],
  "origin-reused": [
    422,
    ({ id }) =>
      `This Idempotency-Key was used for another request, which created campaign ${id}. Use a new one.`,
  ],
  "bots-for-chats": [
    422,
    () => "Groups and channels get their posts from one bot: name one bot, or choose people.",
  ],
  "bots-too-many": [422, ({ count }) => `A campaign has at most ${count} bots.`],
  "bot-unknown": [404, () => "There is no such bot."],
  "bot-beside": [409, () => "Another program answers this bot, so it also answers /start."],
  "person-forgotten": [409, ({ id }) => `${id} was erased, and can only come back by starting the bot anew.`],
  "list-unknown": [404, () => "There is no such list."],
  "list-name-unfit": [422, () => "A list's name has 1 to 64 characters, and no comma."],
  "list-name-taken": [409, ({ name }) => `There is a list named ${name} already.`],
  "too-many-lists": [409, ({ count }) => `There are ${count} lists already, the most that a bot can have.`],
  "segment-unknown": [404, () => "There is no such saved segment."],
  "segment-name-unfit": [422, () => "A segment's name has 1 to 64 characters, and no comma."],
  "segment-name-taken": [409, ({ name }) => `There is a saved segment named ${name} already.`],
  "too-many-segments": [
    409,
    ({ count }) => `There are ${count} saved segments already, the most that a bot can have.`,
  ],
  "too-many-webhooks": [
    409,
    ({ count }) => `There are ${count} webhooks already, the most that there can be.`,
  ],
  "webhook-disabled": [409, () => "The webhook is disabled. Enable it first: PATCH it with enabled true."],
  "bot-is-home": [409, () => "The home bot is the one of BOT_TOKEN: change it there."],
  "bot-known": [409, () => "This bot is there already."],
  "bot-leaving": [409, () => "This bot is still being removed. Add it again later."],
  "bot-elsewhere": [409, () => "This bot belongs to another Herald on this database."],
  "bot-configured": [
    409,
    () => "This bot's token is in EXTRA_BOT_TOKENS: change it there, and restart Herald.",
  ],
  "bot-needs-token": [409, () => "This bot needs its token again: /bots in the bot."],
  "bot-may-be-polled": [
    409,
    () => "A program may be polling for the bot's updates; it would stop with an error.",
  ],
  "bot-has-webhook": [409, ({ host }) => `A webhook at ${host} receives the bot's updates.`],
  "bot-name-unfit": [422, ({ most }) => `A name has 1 to ${most} characters.`],
  "bot-rate-unfit": [422, ({ least, most }) => `A rate is a number from ${least} to ${most}.`],
  "bot-rate-not-free": [
    409,
    ({ rate, free }) => `${rate} messages a second are above Telegram's free limit of about ${free}.`,
  ],
  "bot-removal-not-typed": [409, ({ name }) => `Give the name of the bot to remove it: ${name}.`],
  "bot-campaigns-moved": [
    409,
    ({ before, after }) => `It was agreed to end ${before} campaigns, but now ${after} would end.`,
  ],
  "bot-token-malformed": [422, () => "This is not a bot's token."],
  "bot-token-of-another": [422, () => "This is the token of another bot."],
  "bot-token-refused": [422, () => "Telegram refuses this token."],
  "bot-not-managed": [409, () => "Telegram does not give the home this bot's token."],
  "telegram-unreachable": [503, () => "Telegram does not answer. Try again later."],
  "no-secret-key": [409, () => "There is no key to encrypt tokens with. Set SECRET_KEY, and restart Herald."],
  "code-pattern-unfit": [
    422,
    () => "The pattern needs more #, or has characters that no code should have. See docs/posts.md.",
  ],
  "no-code-pool": [409, ({ id }) => `Campaign ${id} was confirmed without codes. Add them to a draft.`],
  "codes-lacking": [
    409,
    ({ lacking, id }) =>
      `People who wait for step ${id} need a code with this post, and ${lacking} codes are missing: POST /v1/campaigns/${id}/codes.`,
  ],
  "category-unknown": [422, () => "There is no such category: GET /v1/categories lists them."],
  "category-name-unfit": [422, ({ most }) => `A category's name has 1 to ${most} characters, in one line.`],
  "category-name-taken": [409, ({ name }) => `There is a category ${name} already.`],
  "too-many-categories": [409, ({ count }) => `There are ${count} categories, the most that there can be.`],
  "too-many": [
    409,
    ({ count }) => `${count} campaigns are scheduled already, the most that MAX_SCHEDULED allows.`,
  ],
};

export function problemOf({ code, details }: DomainError): Problem {
  const [status, detail] = REFUSALS[code];
  return new Problem(status, code, detail(details), { more: details });
}
