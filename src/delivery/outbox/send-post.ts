import { Api, GrammyError, HttpError, type Transformer } from "grammy";
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

/**
 * The engine's own connection to Telegram, so that campaigns and replies to admins never queue behind each other.
 * No automatic retry is installed, because it would repeat calls that may have arrived.
 */
export function createSendApi(
  token: string,
  apiRoot: string,
  timeoutSeconds = TIMEOUT_SECONDS,
  { throttle = createThrottle(), paid, proxy }: SendApiParts = {},
): Api {
  const post = createPost(apiRoot, "broadcast", proxy);
  const api = new Api(token, { apiRoot });
  // Calls pass transformers from last to first: wait for the chat, ask whether it may leave, pay, leave.
  api.config.use(leaving(token, post, timeoutSeconds * 1_000));
  if (paid) api.config.use(paying(paid));
  api.config.use(asking, throttle.transformer);
  return api;
}

/** Makes the call itself: grammY's client would take three times as long to. It has no files to upload. */
function leaving(token: string, post: Post, timeoutMs: number): Transformer {
  return async (_call, method, payload, signal) => {
    try {
      const body = JSON.stringify(payload);
      return (await post({
        path: `/bot${token}/${method}`,
        contentType: "application/json",
        body,
        signal,
        timeoutMs,
      })) as never;
    } catch (error) {
      throw new HttpError(`Network request for '${method}' failed!`, error);
    }
  };
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
export async function send(api: SendApi, call: ApiCall, mayLeave?: () => Promise<boolean>): Promise<Outcome> {
  if (mayLeave) questions.set(call.payload, mayLeave);
  try {
    const made = await perform(api, call);
    return arrived(made, weightOf(call));
  } catch (error) {
    if (error instanceof Withheld) return { type: "withheld" };
    if (error instanceof GrammyError || error instanceof HttpError) return classify(error);
    throw error;
  }
}

/** Telegram silently leaves out what it cannot forward (Bot API, forwardMessages), so this compares the counts. */
function arrived(made: readonly (Message | MessageId)[], asked: number): Outcome {
  if (made.length === 0)
    return { type: "refused", class: "content", description: "nothing of it could be forwarded" };
  const [poll] = made.flatMap((message) => ("poll" in message ? [message.poll] : []));
  return {
    type: "sent",
    messageIds: made.map((message) => message.message_id),
    ...(made.length < asked && { asked }),
    ...(poll && { pollId: poll.id }),
  };
}
