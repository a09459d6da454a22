import { GrammyError, HttpError, type RawApi, type Transformer } from "grammy";
import type { Message, MessageId } from "grammy/types";
import { type ApiCall, type SendApi, perform, weightOf } from "../../telegram/api-call.ts";
import { type Post, createPost } from "../../telegram/post.ts";
import type { Proxy } from "../../telegram/proxy.ts";
import { type Outcome, classify } from "../../telegram/outcome.ts";
import { type Paid, isPayable } from "../pace/paid-rate.ts";
import { type Throttle, createThrottle } from "../pace/throttle.ts";

/**
 * A send without an answer for this long is given up as uncertain. Telegram may hold a call for 8 s before it answers 429,
 * and grammY's default of 500 s would keep a place in flight for minutes.
 */
const TIMEOUT_SECONDS = 30;

export interface SendApiParts {
  throttle?: Pick<Throttle, "transformer">;
  /** Without it, nothing is paid for. */
  paid?: Pick<Paid, "on">;
  /** The proxy on the way to Telegram. Default: none. */
  proxy?: Proxy | null;
}

/** Makes a call, as grammY's transformers see it. */
type Call = Parameters<Transformer>[0];

/**
 * The engine's own connection to Telegram, so that campaigns and replies to admins never queue behind each other.
 * No automatic retry is installed, because it would repeat calls that may have arrived. It has no files to upload.
 */
export function createSendApi(
  token: string,
  apiRoot: string,
  timeoutSeconds = TIMEOUT_SECONDS,
  { throttle = createThrottle(), paid, proxy }: SendApiParts = {},
): RawApi {
  const leave = leaving(token, createPost(apiRoot, "broadcast", proxy), timeoutSeconds * 1_000);
  // A call waits for its chat, is asked whether it may still leave, is paid for, and leaves.
  const paidFor = paid ? through(paying(paid), leave) : leave;
  return rawApi(through(throttle.transformer, through(asking, paidFor)));
}

function through(transformer: Transformer, call: Call): Call {
  return (method, payload, signal) => transformer(call, method, payload, signal);
}

function leaving(token: string, post: Post, timeoutMs: number): Call {
  return (method, payload, signal) =>
    post({
      path: `/bot${token}/${method}`,
      contentType: "application/json",
      body: JSON.stringify(payload),
      signal,
      timeoutMs,
    }).catch((error: unknown) => {
      throw new HttpError(`Network request for '${method}' failed!`, error);
    }) as never;
}

/** What grammY makes of a call, at a third of its cost: one function for each method, and one promise for each call. */
function rawApi(call: Call): RawApi {
  const methods = new Map<string | symbol, unknown>();
  const create =
    (method: keyof RawApi) =>
    (payload: object = {}, signal?: AbortSignal) =>
      call(method, payload as never, signal as never).then((answer) => {
        if (answer.ok) return answer.result;
        throw new GrammyError(`Call to '${method}' failed!`, answer, method, payload as never);
      });
  return new Proxy({} as RawApi, {
    get(_, method) {
      if (!methods.has(method)) methods.set(method, create(method as keyof RawApi));
      return methods.get(method);
    },
  });
}

/** The question to ask right before a call leaves, by its payload. */
const questions = new WeakMap<object, () => Promise<boolean>>();

/** A call that has waited may no longer be wanted. */
const asking: Transformer = (call, method, payload, signal) => {
  const mayLeave = questions.get(payload);
  if (!mayLeave) return call(method, payload, signal);
  return mayLeave().then((may) => {
    if (!may) throw new Withheld();
    return call(method, payload, signal);
  });
};

class Withheld extends Error {
  override readonly name = "Withheld";
}

/** Allows Telegram to charge Stars for sends above the free rate while `paid` is on. */
export function paying(paid: Pick<Paid, "on">): Transformer {
  return (call, method, payload, signal) =>
    call(method, paid.on && isPayable(method) ? { ...payload, allow_paid_broadcast: true } : payload, signal);
}

/**
 * Makes one call and resolves with its outcome. `mayLeave` is asked when the call has waited for its chat and is about to
 * leave; if it says no, the call is withheld.
 * @throws only errors that are neither Telegram's answer nor the network's: faults of our own.
 */
export function send(api: SendApi, call: ApiCall, mayLeave?: () => Promise<boolean>): Promise<Outcome> {
  if (mayLeave) questions.set(call.payload, mayLeave);
  return perform(api, call).then((made) => arrived(made, weightOf(call)), failed);
}

function failed(error: unknown): Outcome {
  if (error instanceof Withheld) return { type: "withheld" };
  if (error instanceof GrammyError || error instanceof HttpError) return classify(error);
  throw error;
}

/** Telegram silently leaves out what it cannot forward (Bot API, forwardMessages), so this compares the counts. */
function arrived(made: readonly (Message | MessageId)[], asked: number): Outcome {
  if (made.length === 0)
    return { type: "refused", class: "content", description: "nothing of it could be forwarded" };
  const poll = made.map((message) => ("poll" in message ? message.poll : undefined)).find(Boolean);
  return {
    type: "sent",
    messageIds: made.map((message) => message.message_id),
    ...(made.length < asked && { asked }),
    ...(poll && { pollId: poll.id }),
  };
}
