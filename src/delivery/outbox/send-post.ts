import { Api, GrammyError, HttpError, type Transformer } from "grammy";
import type { Message, MessageId } from "grammy/types";
import { type ApiCall, type SendApi, perform, weightOf } from "../../telegram/api-call.ts";
import type { Proxy } from "../../telegram/proxy.ts";
import { createFetch } from "../../telegram/fetch.ts";
import { type Outcome, classify } from "../../telegram/outcome.ts";
import { type Paid, isPayable } from "../pace/paid-rate.ts";
import { type Throttle, createThrottle } from "../pace/throttle.ts";

/**
 * A send that is silent for so long is given up as uncertain. Telegram may hold a call 8 s before it answers 429,
 * and grammY's own default of 500 s would keep a place in flight for minutes.
 */
const TIMEOUT_SECONDS = 30;

export interface SendApiParts {
  throttle?: Pick<Throttle, "transformer">;
  /** Without it, nothing is paid for. */
  paid?: Pick<Paid, "on">;
  /** On the way to Telegram. */
  proxy?: Proxy | null;
}

/**
 * The engine's own connection to Telegram. Its calls never queue behind replies to admins, nor those behind its.
 * No automatic retry is installed: it would repeat what may have arrived.
 */
export function createSendApi(
  token: string,
  apiRoot: string,
  timeoutSeconds = TIMEOUT_SECONDS,
  { throttle = createThrottle(), paid, proxy }: SendApiParts = {},
): Api {
  const api = new Api(token, { apiRoot, timeoutSeconds, fetch: createFetch(apiRoot, "broadcast", proxy) });
  // A call passes them from the last to the first: it waits for its chat, is asked about once more, is paid for, leaves.
  if (paid) api.config.use(paying(paid));
  api.config.use(asking, throttle.transformer);
  return api;
}

/** What is to be asked right before a call leaves, by its payload. */
const questions = new WeakMap<object, () => Promise<boolean>>();

/** A call that has waited may not be wanted any more. */
const asking: Transformer = async (call, method, payload, signal) => {
  const mayLeave = questions.get(payload);
  if (mayLeave && !(await mayLeave())) throw new HeldBack();
  return call(method, payload, signal);
};

class HeldBack extends Error {
  override readonly name = "HeldBack";
}

/** Lets Telegram take Stars for what is sent above the free rate, while `paid` is on. */
export function paying(paid: Pick<Paid, "on">): Transformer {
  return (call, method, payload, signal) =>
    call(method, paid.on && isPayable(method) ? { ...payload, allow_paid_broadcast: true } : payload, signal);
}

/**
 * Makes one call and says what it came to. `mayLeave` is asked when the call has waited for its chat and is about to
 * leave; when it says no, the call is withheld.
 * @throws only what is neither Telegram's answer nor the network's: a fault of ours.
 */
export async function send(api: SendApi, call: ApiCall, mayLeave?: () => Promise<boolean>): Promise<Outcome> {
  if (mayLeave) questions.set(call.payload, mayLeave);
  try {
    const made = await perform(api, call);
    return arrived(made, weightOf(call));
  } catch (error) {
    if (error instanceof HeldBack) return { type: "withheld" };
    if (error instanceof GrammyError || error instanceof HttpError) return classify(error);
    throw error;
  }
}

/** Telegram leaves out without a word what it cannot forward (Bot API, forwardMessages), so the counts are compared. */
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
